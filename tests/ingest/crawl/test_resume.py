"""A crawl that is killed anywhere and gone on with ends in the same rows as one that nothing disturbed."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, select
from sqlmodel import SQLModel

from archive.archive import Archive
from archive.crawl.records import Task, TaskKind, Visit, VisitOutcome
from tests.support import visited
from tests.support.places import new_place
from tests.support.visited import SITE, file, page, task

PATHS = ("/", "/list", "/a.pdf", "/b.pdf", "/c.html")
NUMBERS = itertools.count()
BODIES = (b"one", b"two")
TROUBLE = {
    "gone": visited.GONE,
    "login": visited.LOGIN,
    "unmodified": visited.UNMODIFIED,
    "error": visited.visit(VisitOutcome.ERROR, None, reason="timeout"),
}


class Killed(BaseException):
    """What no code catches, like the end of the process."""


@dataclass(frozen=True)
class Web:
    """What each address gives in a night: a body to keep, links to follow, or trouble; and the order."""

    gives: dict[str, Any]
    order: int

    def visit(self, task: Task) -> Visit:
        path = task.url.removeprefix(visited.HOST)
        given = self.gives[path]
        if isinstance(given, bytes):
            return file(path, given)
        if isinstance(given, str):
            return TROUBLE[given]
        return page(*(link(target) for target in given))

    def next(self, waiting: list[Task]) -> Task:
        return min(waiting, key=lambda one: sha256(f"{self.order}{one.address}".encode()).digest())


def link(path: str) -> Task:
    return task(path, TaskKind.LIST if path in ("/", "/list") else TaskKind.REPORT)


gives = st.one_of(
    st.sampled_from(BODIES), st.sampled_from(sorted(TROUBLE)), st.lists(st.sampled_from(PATHS), max_size=4)
)
nights = st.lists(
    st.builds(Web, st.fixed_dictionaries(dict.fromkeys(PATHS, gives)), st.integers(0, 9)),
    min_size=1,
    max_size=3,
)


def crawl(archive: Archive, web: Web, number: int) -> None:
    """One night; where it was broken off, it goes on."""
    memory, now = archive.crawl, visited.night_of(number)
    last = memory.history.rounds(1)
    if last and last[0].started == f"{now:%Y-%m-%dT%H:%M:%SZ}" and last[0].state != "open":
        return
    begun, _ = memory.begin(now, now)
    memory.plan(begun.id, [task("/", TaskKind.START), *memory.known(SITE)])
    while waiting := memory.waiting(begun.id):
        chosen = web.next(waiting)
        memory.see(begun.id, chosen, web.visit(chosen), now)
    memory.close_site(replace(memory.night(begun.id, SITE), state="complete"), now)
    memory.close(begun.id, "complete", "", (), now + timedelta(hours=1))


class Killer:
    """Ends the process before one of its statements or commits, counted from 0; None: never."""

    def __init__(self, after: int | None) -> None:
        self.left = after

    def __call__(self, *_: object) -> None:
        if self.left == 0:
            raise Killed
        if self.left is not None:
            self.left -= 1


@contextmanager
def killing(after: int | None) -> Iterator[Killer]:
    killer, points = Killer(after), ("before_cursor_execute", "commit")
    for point in points:
        event.listen(Connection, point, killer)
    try:
        yield killer
    finally:
        for point in points:
            event.remove(Connection, point, killer)


def crawl_nights(opened: Callable[[], Archive], webs: list[Web], kills: list[int]) -> SimpleNamespace:
    """All nights, with a kill after so many statements each time until the kills are used up."""
    left = iter(kills)
    for number, web in enumerate(webs, start=1):
        while True:
            with opened() as archive, killing(next(left, None)):
                try:
                    crawl(archive, web, number)
                except Killed:
                    continue
            break
    with opened() as archive:
        verified = archive.verify()
        assert (verified.problems, verified.notes) == ((), ())  # no stray original either
        return SimpleNamespace(
            rows=dump(archive),
            known={one.address.removeprefix(visited.HOST) for one in archive.crawl.known(SITE)},
            changes=list(archive.crawl.history.changes()),
        )


def dump(archive: Archive) -> dict[str, list[tuple[object, ...]]]:
    """All rows; ids, which have gaps where PostgreSQL rolled back, by their place."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name != "setting"]
    with archive.sessions.reading() as connection:
        held = {table: connection.execute(select(table)).all() for table in tables}
    places: dict[str, dict[object, int]] = {}
    for table, rows in held.items():
        if "id" in table.c:
            places[table.name] = {number: n for n, number in enumerate(sorted(row.id for row in rows))}
    refers = {"round_id": "crawl_round", "sighting_id": "sighting", "before_id": "sighting"}
    refers |= {"links_id": "sighting", "document_id": "document"}
    found = {}
    for table, rows in held.items():
        owners = [table.name if one.name == "id" else refers.get(one.name) for one in table.c]
        told = (
            tuple(places[owner].get(cell) if owner else cell for owner, cell in zip(owners, row, strict=True))
            for row in rows
        )
        found[table.name] = sorted(told, key=repr)
    return found


def standing(webs: list[Web]) -> set[str]:
    """Which addresses stand for a document after some nights, by a model of a few lines."""
    stands: set[str] = set()
    for web in webs:
        waiting, seen = {"/", *stands}, set()
        while paths := waiting - seen:
            for path in paths:
                seen.add(path)
                given = web.gives[path]
                if isinstance(given, bytes):
                    stands.add(path)
                elif given == "gone":
                    stands.discard(path)
                elif isinstance(given, list):
                    waiting |= set(given)
    return stands


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    """An archive with nothing in it, faster to copy than to make."""
    folder = tmp_path_factory.mktemp("empty") / "archive"
    Archive.open(folder, create=True).close()
    return folder


@settings(max_examples=15, deadline=None)
@given(webs=nights, kills=st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_killed_crawl_ends_in_the_same_rows(empty, tmp_path_factory, webs, kills):
    folder = tmp_path_factory.mktemp("crawl")

    def opener(name: str) -> Callable[[], Archive]:
        shutil.copytree(empty, folder / name)
        return lambda: Archive.open(folder / name, write=True)

    whole = crawl_nights(opener("whole"), webs, [])
    killed = crawl_nights(opener("killed"), webs, kills)
    assert killed == whole
    if all("unmodified" not in web.gives.values() for web in webs):
        assert whole.known == standing(webs)
    shutil.rmtree(folder)


WEBS = [
    Web(
        dict(zip(PATHS, (["/list", "/c.html"], ["/a.pdf", "/b.pdf"], b"one", b"one", b"two"), strict=True)), 1
    ),
    Web(dict(zip(PATHS, ("unmodified", ["/a.pdf"], b"two", "unmodified", "gone"), strict=True)), 2),
]


def test_crawl_killed_at_every_few_statements_ends_in_the_same_rows(place, server, tmp_path):
    place.open().close()
    whole = crawl_nights(lambda: place.open(create=False, write=True), WEBS, [])
    (tmp_path / "other").mkdir()
    other = new_place(place.kind, tmp_path / "other", server)
    other.open().close()
    killed = crawl_nights(lambda: other.open(create=False, write=True), WEBS, list(range(3, 60, 2)))
    assert killed == whole
    kinds = [(one.kind, one.url.removeprefix(visited.HOST)) for one in whole.changes]
    assert sorted(kinds) == [
        ("new", "/a.pdf"),
        ("new", "/b.pdf"),
        ("new", "/c.html"),
        ("replaced", "/a.pdf"),
        ("unlinked", "/b.pdf"),
        ("vanished", "/c.html"),
    ]
