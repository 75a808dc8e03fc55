"""Opening the database: pragmas, transactions, and the one place where its errors are translated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from ocr.errors import ArchiveDamaged, ArchiveUnavailable

BUSY_TIMEOUT_MS = 10_000
DAMAGE = ("malformed", "not a database", "corrupt")


def engine_for(database: Path) -> Engine:
    """An engine on an SQLite file whose transactions are begun by us, not by the driver."""
    engine = create_engine(URL.create("sqlite", database=str(database)))
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the archive from first to last row."""
    with translated(), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that takes the write lock at once: all of it is stored, or nothing."""
    writers = engine.execution_options(begin="IMMEDIATE")
    with translated(), writers.begin() as connection:
        yield connection


@contextmanager
def translated() -> Iterator[None]:
    """Database errors as the project's own: damage, or an archive that cannot be reached.

    Raises ArchiveDamaged or ArchiveUnavailable.
    """
    try:
        yield
    except DatabaseError as error:
        message = str(error.orig).strip()
        if any(word in message for word in DAMAGE):
            raise ArchiveDamaged(f"the database is damaged ({message}); run `guidang verify`") from error
        if type(error).__name__ == "OperationalError":
            raise ArchiveUnavailable(f"the database cannot be used: {message}") from error
        raise


def _prepare(connection: Any, _record: object) -> None:
    """Leave BEGIN to us, wait for a busy file, keep foreign keys, and insist on WAL."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    mode = cursor.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    cursor.close()
    if mode != "wal":
        raise ArchiveUnavailable(f"SQLite fell back to journal mode {mode}; keep the archive on a local disk")


def _begin(connection: Connection) -> None:
    # A plain BEGIN takes the lock at the first write, when a snapshot may already be too old.
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
