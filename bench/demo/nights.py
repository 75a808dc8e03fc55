"""Three nights over the invented county of tests/countyweb: what was found of what is there.

    .venv/bin/python -m bench.demo.nights [--site NAME…] [--list]

Prints a table for each night; `--list` names each document too. Nothing is read.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.archive import Archive
from tests.support import crawling
from tests.support.countyweb import County, Hit
from tests.support.crawling import Match


def main() -> None:
    """Spend three nights and print what came of them."""
    parser = argparse.ArgumentParser(description="Three nights over an invented county.")
    parser.add_argument("--site", action="append", default=[], choices=County.names())
    parser.add_argument("--list", action="store_true", help="name every document")
    options = parser.parse_args()
    with TemporaryDirectory() as folder, County(options.site) as county:
        plan, place = county.write_plan(Path(folder) / "SITES.toml"), Path(folder) / "archive"
        for night in (1, 2, 3):
            county.go_to(night)
            print("\n".join(spend(county, night, plan, place, options.list)), flush=True)


def spend(county: County, night: int, plan: Path, place: Path, listed: bool) -> Iterator[str]:
    """One night as lines of Markdown."""
    since = datetime.now(UTC).isoformat()
    ran = crawling.crawl(plan, place)
    told = crawling.run("changes", "--archive", place, "--since", since, "--format", "json")
    if ran.code not in (0, 3):
        sys.exit(f"the crawl ended with code {ran.code}: {ran.err}")
    yield f"\n## Night {night}: {ran.seconds:.1f} s, exit code {ran.code}\n"
    yield from asked(county.hits)
    if night == 1:
        with Archive.open(place) as archive:
            found = crawling.match(county.wanted(), crawling.kept(archive))
        yield from table(county, found)
        if listed:
            yield from names(found)
    yield from changes(told.json if told.code == 0 else [], county)


def asked(hits: Sequence[Hit]) -> Iterator[str]:
    """The requests of a night in numbers."""
    status = Counter(hit.status for hit in hits)
    counted = ", ".join(f"{count} × {code}" for code, count in sorted(status.items()))
    bare = sum(not hit.conditional and hit.plain != "/robots.txt" for hit in hits)
    size = sum(hit.size for hit in hits)
    yield f"{len(hits)} requests ({counted}), {size / 1e6:.2f} MB; {bare} without a condition,"
    yield f"at most {max((hit.at_once for hit in hits), default=0)} at once to a host."


def table(county: County, found: Match) -> Iterator[str]:
    """What was found of what is there, by site and kind."""
    yield "\n| site | kind | there | found |\n|---|---|---|---|"
    right = Counter((one.site, one.kind) for one, _ in found.right)
    for (site, kind), count in Counter((one.site, one.kind) for one in county.wanted()).items():
        yield f"| {site} | {kind} | {count} | {right[site, kind]} |"
    total = len(found.right) + len(found.missing)
    yield f"| all | | {total} | {len(found.right)} |\n"
    yield f"Taken though no report: {len(found.extra)}."


def names(found: Match) -> Iterator[str]:
    """Every document with what became of it."""
    yield from (f"- found {one.kind} {one.title} {document.addresses[0]}" for one, document in found.right)
    yield from (f"- MISSING {one.kind} {one.title} {one.addresses[0]}" for one in found.missing)
    yield from (f"- TAKEN {document.media_type} {document.addresses[0]}" for document in found.extra)


def changes(told: Iterable[dict[str, str]], county: County) -> Iterator[str]:
    """What `guidang changes` tells beside what the sites changed."""
    listed = {(one["kind"], crawling.simple(one["url"])) for one in told}
    if county.night == 1:
        yield f"\nChanges told: {dict(Counter(kind for kind, _ in listed))}."
        return
    edits = {(edit.kind, crawling.simple(edit.address)) for edit in county.edits()}
    yield f"\nEdits: {len(edits)}; told: {len(listed)}."
    yield from (f"- told {kind} {url}" for kind, url in sorted(listed & edits))
    yield from (f"- NOT TOLD {kind} {url}" for kind, url in sorted(edits - listed))
    yield from (f"- TOLD TOO {kind} {url}" for kind, url in sorted(listed - edits))


if __name__ == "__main__":
    main()
