"""Opening the database: pragmas, transactions, and the one place where its errors are translated.

SQLite and PostgreSQL take the same statements; what they need said differently
is said here, in `index.py` and in `integrity.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError

from archive.db.retry import with_retries
from core.errors import ArchiveDamaged, ArchiveUnavailable, UsageError

# Readers and commands that are given by hand wait so long without a word; writers go on in `patience`.
BUSY_TIMEOUT_MS = 10_000
CONNECT_TIMEOUT_S = 10
DAMAGE = ("malformed", "not a database", "corrupt")
# PostgreSQL's class XX: data_corrupted and index_corrupted.
DAMAGE_STATES = ("XX001", "XX002")
# numeric_value_out_of_range
OUT_OF_RANGE = "22003"
TOO_LARGE = "a number is larger than any that the archive could hold"
# A query that another transaction broke off, or a server that went away, in PostgreSQL's words.
UNREACHABLE_CLASSES = ("08", "57", "53")
# What passes by itself: a lost connection, a server that stops or starts, one with too many connections.
PASSING_STATES = ("08", "57P", "53300")
SQLITE_BUSY, SQLITE_LOCKED = 5, 6
# What to do, by the words of SQLite or PostgreSQL; it is said of no other error.
AGAIN = "then give the same command again, nothing is lost"
REMEDIES = {
    "full": f"free some space on its disk, {AGAIN}",
    "No space left": f"free some space on the disk of the server, {AGAIN}",
    "disk I/O error": f"look after its disk (`dmesg`), {AGAIN}",
    "unable to open": f"see that its folder and its disk can be read and written, {AGAIN}",
    "locking protocol": f"the locks of its file system fail: keep it on a local disk, {AGAIN}",
    "readonly": f"make its folder and its disk writable, {AGAIN}",
    "locked": f"another program holds guidang.db: let it end, {AGAIN}",
}


class LockedError(ArchiveUnavailable):
    """Another process is writing to this archive."""


def engine_for(database: URL) -> Engine:
    """An engine on an SQLite file or a PostgreSQL database; transactions are begun by us."""
    if database.get_backend_name() == "sqlite":
        engine = create_engine(database)
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine
    return create_engine(database, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_TIMEOUT_S})


def is_postgresql(connection: Connection) -> bool:
    """Whether this is a connection to PostgreSQL; otherwise it is SQLite."""
    return connection.dialect.name == "postgresql"


def insert_or_ignore(connection: Connection, table: Any) -> Any:
    """An insert that leaves a row that is there already as it is."""
    if is_postgresql(connection):
        from sqlalchemy.dialects import postgresql  # an archive in a folder does without

        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the archive from first to last row."""
    with translated(), engine.connect() as connection:
        if is_postgresql(connection):
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that takes SQLite's write lock at once: all of it is stored, or nothing."""
    writers = engine.execution_options(begin="IMMEDIATE")
    with translated(), with_retries(partial(_begun, writers), _passes) as connection:
        yield connection
        connection.commit()


def _begun(writers: Engine) -> Connection:
    """A connection whose transaction has begun; closing it undoes what was not committed."""
    connection = writers.connect()
    try:
        connection.begin()
    except BaseException:
        connection.close()
        raise
    return connection


def _passes(error: Exception) -> bool:
    """Whether a database that cannot be had now may be had in a while."""
    if not isinstance(error, OperationalError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in (SQLITE_BUSY, SQLITE_LOCKED)
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(PASSING_STATES)


def _with_remedy(message: str) -> str:
    remedy = next((remedy for word, remedy in REMEDIES.items() if word in message), "")
    return f"{message}; {remedy}" if remedy else message


def only_writer_of(connection: Connection, *tables: Any) -> None:
    """Wait until nobody else changes these tables, and keep others from it until the transaction ends.

    SQLite has one writer anyway.
    """
    if is_postgresql(connection):
        names = ", ".join(f'"{table.__tablename__}"' for table in tables)
        connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


@contextmanager
def translated() -> Iterator[None]:
    """Database errors as our own: damage, an archive that cannot be reached, or a text that is none.

    Raises ArchiveDamaged, ArchiveUnavailable or UsageError.
    """
    try:
        yield
    except UnicodeEncodeError as error:
        raise UsageError(f"{error.object!r} has bytes that are no text in UTF-8") from error
    except OverflowError as error:  # of SQLite's driver
        raise UsageError(TOO_LARGE) from error
    except DatabaseError as error:
        message, state = first_line(error), getattr(error.orig, "sqlstate", None) or ""
        if state in DAMAGE_STATES or (not state and any(word in message for word in DAMAGE)):
            raise ArchiveDamaged(f"the database is damaged ({message}); run `guidang verify`") from error
        if state == OUT_OF_RANGE:
            raise UsageError(TOO_LARGE) from error
        if isinstance(error, OperationalError | InterfaceError) or state[:2] in UNREACHABLE_CLASSES:
            raise ArchiveUnavailable(f"the database cannot be used: {_with_remedy(message)}") from error
        raise
    except InterfaceError as error:
        raise ArchiveUnavailable(f"the database cannot be used: {first_line(error)}") from error


def first_line(error: Any) -> str:
    """What the database itself said of an error, in one line."""
    return next(iter(str(error.orig).strip().splitlines()), type(error.orig).__name__)


def _prepare(connection: Any, _record: object) -> None:
    """Leave BEGIN to us, wait for a busy file, keep foreign keys, and insist on WAL."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    # What was committed survives a power cut (docs/decisions/0023); not every SQLite is built with FULL.
    cursor.execute("PRAGMA synchronous = FULL")
    mode = cursor.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    cursor.close()
    if mode != "wal":
        raise ArchiveUnavailable(f"SQLite fell back to journal mode {mode}; keep the archive on a local disk")


def _begin(connection: Connection) -> None:
    # A plain BEGIN takes the lock at the first write, when a snapshot may already be too old.
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
