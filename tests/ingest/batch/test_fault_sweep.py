"""A database that fails at any statement or commit of an ingest: a code, one line, and nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from archive.db.retry import WAIT
from tests.faults.here import reading_here
from tests.faults.ingest_kills import _misjudged
from tests.faults.tinydocs import write_few
from tests.support.places import rows

POINTS = ("before_cursor_execute", "commit")


def _full(connection: Connection) -> OperationalError:
    """What SQLAlchemy raises where the disk under a database is full."""
    if connection.dialect.name == "sqlite":
        return OperationalError("", {}, sqlite3.OperationalError("database or disk is full"))
    return OperationalError("", {}, psycopg.errors.DiskFull("could not extend file: No space left on device"))


class Failure:
    """Fails the Nth statement or commit, counted from 1, or every one from then on; 0: none."""

    def __init__(self, number: int, lasting: bool) -> None:
        self.number, self.lasting, self.seen = number, lasting, 0

    def __call__(self, connection: Connection, *_: object) -> None:
        self.seen += 1
        if self.seen == self.number or (self.lasting and self.seen > self.number > 0):
            raise _full(connection)


@contextmanager
def failing(number: int = 0, lasting: bool = False):
    failure = Failure(number, lasting)
    for point in POINTS:
        event.listen(Engine, point, failure)
    try:
        yield failure
    finally:
        for point in POINTS:
            event.remove(Engine, point, failure)


def _ingested(guidang, place, folder, number=0, lasting=False):
    with failing(number, lasting) as failure:
        done = guidang("ingest", folder, "--archive", place.location)
    return done, failure.seen


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setenv("GUIDANG_ENGINE", "null")
    monkeypatch.setenv(WAIT, "0")
    with reading_here():
        yield


def _judged(place, submitted):
    """What is not as it must be of what was submitted so far."""
    sql = "SELECT s.name, s.ordinal, d.sha256, d.status FROM source s JOIN document d ON d.id = s.document_id"
    with place.open(create=False) as archive:
        return [*_misjudged(submitted, rows(archive, sql)), *map(str, archive.verify().problems)]


def _without_objects(place):
    with place.open(create=False) as archive:
        return [
            one
            for (one,) in rows(archive, "SELECT sha256 FROM document")
            if not archive.documents.path(one).is_file()
        ]


# Prime steps, so that every kind of statement has its turn; step 1 takes two minutes.
@pytest.mark.parametrize(
    ("lasting", "first", "step"), [(False, 1, 7), (True, 2, 17)], ids=["once", "from then on"]
)
def test_statements_of_an_ingest_may_fail_and_are_made_good(
    guidang, place, tmp_path, quick, lasting, first, step
):
    place.open().close()
    submitted = write_few(tmp_path / "0", 0)
    _, statements = _ingested(guidang, place, tmp_path / "0")
    codes = set()
    for number in range(first, statements + 1, step):
        folder = tmp_path / str(number)
        submitted += write_few(folder, number)
        done, _ = _ingested(guidang, place, folder, number, lasting)
        codes.add(done.code)
        assert done.code in (3, 5), done.err
        (line,) = [line for line in done.err.splitlines() if line.startswith("guidang: ")]
        assert done.code == 3 or "give the same command again, nothing is lost" in line
        assert _without_objects(place) == []
        assert _ingested(guidang, place, folder)[0].code == 3
    assert 5 in codes
    assert _judged(place, submitted) == []
