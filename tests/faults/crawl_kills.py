"""Kill a crawl at random moments, go on with it, and compare its archive with that of an undisturbed crawl.

    .venv/bin/python -m tests.faults.crawl_kills [--kills N] [--seed N] [--site NAME…]

A crawl is killed (SIGKILL) and resumed until its round is complete, then the next begins in an empty
archive, until N kills are spent. Exit code 1 if anything differs, with a line for each difference.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.parse import urlsplit

from archive.archive import Archive
from tests.support import crawling
from tests.support.countyweb import County
from tests.support.places import Place, rows

Told = Callable[[str], None]
Snapshot = Mapping[str, Collection[object]]
# How often a crawl is killed while it starts: the rest dies among its requests.
EARLY = 0.15
START_SECONDS = 3.0
MOST_REQUESTS = 7
LAST_WORDS = 0.08
# A site whose pages differ at every answer gives no two archives that are the same.
SITES = tuple(name for name in County.names() if name != "restless")
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run of kills did: `differences` are empty if all is well."""

    kills: int
    crawls: int
    seconds: float
    differences: tuple[str, ...]


def spend_kills(
    county: County, plan: Path, new_place: Callable[[str], Place], kills: int, seed: int, told: Told
) -> Spent:
    """Kill crawls of a county `kills` times in all; each gets an archive of its own."""
    rng, began, spent, crawls = random.Random(seed), monotonic(), 0, 0
    untouched = _crawl_whole(county, plan, new_place("undisturbed"))
    differences: list[str] = []
    while spent < kills and not differences:
        place = new_place(f"killed-{crawls}")
        place.open(write=True).close()
        county.forget(times=True)
        died = _kill_until_done(county, plan, place, kills - spent, rng, differences)
        spent, crawls = spent + died, crawls + 1
        differences += compare(untouched, snapshot(place)) + unsound(place)
        told(f"crawl {crawls}: {died} kills, {spent} of {kills}; {len(differences)} differences")
    return Spent(spent, crawls, monotonic() - began, tuple(differences))


def _crawl_whole(county: County, plan: Path, place: Place) -> Snapshot:
    place.open(write=True).close()
    county.forget(times=True)
    ran = crawling.crawl(plan, place.location)
    if ran.code not in (0, 3):
        raise RuntimeError(f"the undisturbed crawl ended with code {ran.code}: {ran.err}")
    return snapshot(place)


def _kill_until_done(
    county: County, plan: Path, place: Place, kills: int, rng: random.Random, differences: list[str]
) -> int:
    """Start, kill, look what was asked in vain; the last start is left in peace. Gives the kills."""
    died = 0
    while True:
        committed, asked = _committed(place), len(county.hits)
        process = crawling.start_crawl(plan, place.location)
        killed = died < kills and _kill(process, county, asked, rng)
        said = (process.stderr.read() if process.stderr else b"").decode()
        code = process.wait(PATIENCE)
        again = {(hit.host, hit.plain) for hit in county.hits[asked:]} & committed
        differences += [f"{host}{path} was committed and asked for again" for host, path in sorted(again)]
        if not killed:
            if code not in (0, 3):
                differences.append(f"the last crawl ended with code {code}: {said[-500:]}")
            return died
        died += 1
        if _is_over(place):
            return died


def _is_over(place: Place) -> bool:
    """Whether the round was closed before the blow fell: what is left was only to tell of it."""
    with place.open(create=False) as archive:
        return [one.state for one in archive.crawl.history.rounds(1)] == ["complete"]


def _kill(process: subprocess.Popen[bytes], county: County, asked: int, rng: random.Random) -> bool:
    """Kill at a random moment; False if the crawl was over before it came."""
    if rng.random() < EARLY:
        sleep(rng.uniform(0.2, START_SECONDS))
    else:
        wanted, until = asked + rng.randint(1, MOST_REQUESTS), monotonic() + PATIENCE
        while process.poll() is None and monotonic() < until and not county.log.wait_for(wanted, 0.02):
            pass
        sleep(rng.uniform(0, LAST_WORDS))
    if process.poll() is not None:
        return False
    process.kill()
    return True


def _committed(place: Place) -> set[tuple[str, str]]:
    """Host and address of every visit that is in the archive."""
    with place.open(create=False) as archive:
        urls = [crawling.simple(one.url) for one in archive.crawl.history.sightings()]
    return {(urlsplit(url).hostname or "", "/" + url.split("/", 3)[3]) for url in urls}


def snapshot(place: Place) -> Snapshot:
    """All that two crawls must have in common; what depends on the clock, or on counters, is left out."""
    with place.open(create=False) as archive:
        return {
            "document": [
                (one.sha256, one.media_type, sorted(map(crawling.simple, one.addresses)))
                for one in crawling.kept(archive)
            ],
            "sighting": sorted(_sightings(archive)),
            "round": [(one.id, one.state, one.reason) for one in archive.crawl.history.rounds()],
            "night": sorted(_nights(archive)),
            "alarm": sorted(_alarms(archive)),
            "waiting": [
                task.address
                for one in archive.crawl.history.rounds()
                for task in archive.crawl.waiting(one.id)
            ],
            "object": sorted(str(path.relative_to(place.objects)) for path in _files(place.objects)),
            "task": rows(archive, "SELECT site, count(*) FROM crawl_task GROUP BY site ORDER BY site"),
        }


def _sightings(archive: Archive) -> Iterator[tuple[str, ...]]:
    told = ("round", "site", "kind", "outcome", "reason", "status", "media_type", "title", "tls", "documents")
    for one in archive.crawl.history.sightings():
        known = asdict(one)
        redirects = [(status, crawling.simple(url)) for status, url in one.redirects]
        where = [crawling.simple(url) for url in (one.address, one.url, one.final_url, one.referrer)]
        yield (*where, str(redirects), *(str(known[name]) for name in told))


def _nights(archive: Archive) -> Iterator[tuple[str, ...]]:
    for round in archive.crawl.history.rounds():
        for one in archive.crawl.history.nights(round.id):
            counted = (
                one.round,
                one.site,
                one.state,
                one.reason,
                sorted(one.outcomes.items()),
                one.documents,
            )
            yield tuple(map(str, (*counted, one.reports)))


def _alarms(archive: Archive) -> Iterator[tuple[str, ...]]:
    for round in archive.crawl.history.rounds():
        for one in archive.crawl.history.alarms(round.id):
            yield (one.site, one.severity, one.kind, crawling.simple(one.url), one.message)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def compare(untouched: Snapshot, resumed: Snapshot) -> list[str]:
    """A line for each thing that one of two archives has more of."""
    found = []
    for name, there in untouched.items():
        here = list(resumed[name])
        for one in there:
            if one in here:
                here.remove(one)
            else:
                found.append(f"lost {name}: {one}")
        found += [f"more {name}: {one}" for one in here]
    return found


def unsound(place: Place) -> list[str]:
    """What `guidang verify` has to say, if it has anything to say."""
    ran = crawling.run("verify", "--archive", place.location, "--quiet")
    return [] if ran.code == 0 and not ran.out else [f"verify ends with {ran.code}: {ran.out} {ran.err}"]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--site", action="append", default=[], choices=County.names())
    options = parser.parse_args()
    with TemporaryDirectory() as folder, County(options.site or SITES) as county:
        plan = county.write_plan(Path(folder) / "SITES.toml")

        def new_place(name: str) -> Place:
            return Place("sqlite", str(Path(folder) / name), Path(folder) / name / "objects")

        spent = spend_kills(county, plan, new_place, options.kills, options.seed, _tell)
    for difference in spent.differences:
        print(difference)
    print(f"{spent.kills} kills over {spent.crawls} crawls, {spent.seconds:.0f} s: ", end="")
    print(f"{len(spent.differences)} differences" if spent.differences else "the archives are the same")
    return 1 if spent.differences else 0


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
