"""A database that fails at any statement or commit of an ingest: a code, one line, and nothing is lost."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from places import rows
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from archive.patience import WAIT

sys.path.insert(0, str(Path(__file__).parent / "faults"))

from here import reading_here
from ingest_kills import _misjudged
from tinydocs import write_few

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
    with place.open(create=False) as archive:
        sources = "SELECT s.name, s.ordinal, d.sha256, d.status FROM source s JOIN document d ON d.id = s.document_id"
        return [*_misjudged(submitted, rows(archive, sources)), *map(str, archive.verify().problems)]


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_each_statement_of_an_ingest_may_fail_and_is_made_good(guidang, place, tmp_path, quick, lasting):
    place.open().close()
    submitted = write_few(tmp_path / "0", 0)
    _, statements = _ingested(guidang, place, tmp_path / "0")
    assert statements > 30
    codes = set()
    for number in range(1, statements + 1, 1 if place.kind == "sqlite" else 3):
        folder = tmp_path / str(number)
        submitted += write_few(folder, number)
        done, _ = _ingested(guidang, place, folder, number, lasting)
        codes.add(done.code)
        assert done.code in (3, 5), done.err
        if done.code == 5:
            (line,) = done.err.splitlines()
            assert "give the same command again, nothing is lost" in line
        with place.open(create=False) as archive:
            assert archive.verify().problems == ()
        assert _ingested(guidang, place, folder)[0].code == 3
    assert 5 in codes
    assert _judged(place, submitted) == []
