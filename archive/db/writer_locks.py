"""Who may write to a PostgreSQL archive, who crawls for it, and who reads which document.

All of it is held as advisory locks of one session, which the server lets go when
the session ends, however its process does. Any number of writers share the
archive; what must be alone (an upgrade, a copy into it) shares it with nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

from sqlalchemy import ColumnElement, Connection, Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from archive.db.engine import LockedError, translated
from core.errors import ArchiveUnavailable

# Any numbers that no other program on the same server takes for advisory locks.
WRITER = 0x67756964
CRAWLER = 0x67756965
MAKER = 0x67756966
DOCUMENT = 0x6764

IN_USE = "other processes are writing to this archive (workers, an ingest): stop them first"
NOT_BESIDE = "another process is writing to this archive and must be alone: wait for it to end"
# How the server finds out within two minutes that a machine which held a claim has lost its power.
KEEPALIVE = (
    "SET tcp_keepalives_idle = 60",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 6",
)


class Writer:
    """A session that holds the right to write, and claims on documents; threads may share it."""

    def __init__(self, connection: Connection, alone: bool) -> None:
        self._connection = connection
        self._alone = alone
        self._claims: dict[str, int] = {}
        self._mutex = Lock()
        self._lost = False
        self._take()

    def claim(self, digest: str, number: int) -> bool:
        """Take a document, by sha256 and id, for this process; False if somebody has it already."""
        with self._mutex, translated():
            # A session may take its own lock a second time, so that must be known here.
            if digest in self._claims or not self._ask(func.pg_try_advisory_lock(DOCUMENT, number)):
                return False
            self._claims[digest] = number
            return True

    def release(self, digest: str) -> None:
        """Let go of a document if it was claimed here; a session that is lost has let go of it already."""
        with self._mutex, suppress(ArchiveUnavailable), translated():
            number = self._claims.pop(digest, None)
            if number is not None:
                self._ask(func.pg_advisory_unlock(DOCUMENT, number))

    @contextmanager
    def crawling(self) -> Iterator[None]:
        """Hold the right to crawl, which one has at a time. Raises LockedError if another has it."""
        with self._mutex, translated():
            if not self._ask(func.pg_try_advisory_lock(CRAWLER)):
                raise LockedError("another round of the crawler is under way: wait for it to end")
        yield
        with self._mutex, translated():
            self._ask(func.pg_advisory_unlock(CRAWLER))

    def _ask(self, question: ColumnElement[bool]) -> bool:
        if not self._lost:
            try:
                return self._answer(question)
            except DBAPIError as error:
                if self._alone or not error.connection_invalidated:
                    raise
                self._lost = True
                self._connection.rollback()
        self._take()  # the server was restarted: what was held is taken anew
        self._lost = False
        for number in self._claims.values():
            self._answer(func.pg_try_advisory_lock(DOCUMENT, number))
        return self._answer(question)

    def _take(self) -> None:
        take = func.pg_try_advisory_lock if self._alone else func.pg_try_advisory_lock_shared
        if not self._answer(take(WRITER)):
            raise LockedError(IN_USE if self._alone else NOT_BESIDE)
        for setting in KEEPALIVE:
            self._connection.execute(text(setting))

    def _answer(self, question: ColumnElement[bool]) -> bool:
        return bool(self._connection.execute(select(question)).scalar())


@contextmanager
def writer(engine: Engine, alone: bool) -> Iterator[Writer]:
    """Hold the right to write beside others, or alone. Raises LockedError at once if it cannot be had."""
    with translated(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield Writer(connection, alone)
        connection.invalidate()  # ends the session, and with it all that it holds


def wait_to_make(connection: Connection) -> None:
    """Wait until nobody else makes the tables of this database; holds until the transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(MAKER)))


def is_unclaimed(connection: Connection, number: int) -> bool:
    """Whether nobody has the document with this id; nobody can take it until the transaction ends."""
    return bool(connection.execute(select(func.pg_try_advisory_xact_lock(DOCUMENT, number))).scalar())
