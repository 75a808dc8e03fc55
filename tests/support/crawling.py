"""Crawls as processes of their own (a reactor runs once a process), and what they leave in an archive."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import unquote

from archive.archive import Archive
from tests.support.countyweb import Hit, Wanted
from tests.support.countyweb.server import plain
from tests.support.paths import ROOT
from tests.support.places import rows

COMMAND = (sys.executable, "-c", "import sys, cli; sys.exit(cli.main())")
# Longer than any crawl of the county takes on a busy machine.
PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, what it printed, and how long it took."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


def run(*arguments: object) -> Ran:
    """Run a command of guidang in a process of its own."""
    began = monotonic()
    words = [*COMMAND, *map(str, arguments)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    return Ran(done.returncode, done.stdout, done.stderr, monotonic() - began)


def crawl(plan: Path, archive: object, *options: object) -> Ran:
    """One round over the sites of a plan; nothing is read afterwards."""
    return run("crawl", plan, "--archive", archive, "--no-read", *options)


def start_crawl(plan: Path, archive: object) -> subprocess.Popen[bytes]:
    """The same, left to itself: to be killed."""
    words = [*COMMAND, "crawl", str(plan), "--archive", str(archive), "--no-read", "--quiet"]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


@dataclass(frozen=True, slots=True)
class Kept:
    """A document of an archive: its hash, media type and every address that it came from."""

    sha256: str
    media_type: str
    addresses: tuple[str, ...]


def kept(archive: Archive) -> list[Kept]:
    """Every document, by its hash."""
    found = [archive.status.document(sha256) for (sha256,) in rows(archive, "SELECT sha256 FROM document")]
    return sorted(
        (Kept(one.document, one.media_type, one.sources) for one in found), key=lambda one: one.sha256
    )


@dataclass(frozen=True, slots=True)
class Match:
    """What was found of what is there: `right` pairs, what is `missing`, and what is no report at all."""

    right: Sequence[tuple[Wanted, Kept]]
    missing: Sequence[Wanted]
    extra: Sequence[Kept]


def match(wanted: Iterable[Wanted], documents: Sequence[Kept]) -> Match:
    """Lay what is kept beside what is there: a file by its bytes and its address, a page by its address."""
    right, missing = [], []
    for one in wanted:
        fits = next((document for document in documents if _fits(one, document)), None)
        if fits is None:
            missing.append(one)
        else:
            right.append((one, fits))
    used = {document.sha256 for _, document in right}
    return Match(right, missing, [document for document in documents if document.sha256 not in used])


def _fits(wanted: Wanted, document: Kept) -> bool:
    is_there = {simple(address) for address in document.addresses} & set(map(simple, wanted.addresses))
    is_right = document.sha256 == wanted.sha256 if wanted.sha256 else document.media_type != "text/html"
    return bool(is_there) and is_right


def simple(address: str) -> str:
    """An address without session ids and escapes."""
    return unquote(plain(address))


def fetched(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Requests whose answer had a body to take, but for robots.txt, which is asked for every night."""
    return (hit for hit in hits if hit.status == 200 and hit.plain != "/robots.txt")
