"""How the parts of an archive come to its database: to read, to write, or row after row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, Engine

from archive.db.engine import reading, writing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sessions:
    """Transactions on one database; those that write only where the archive was opened for it."""

    engine: Engine
    writable: bool

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A snapshot of what is there."""
        with reading(self.engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All that is changed inside, or nothing of it."""
        self.need_writer()
        with writing(self.engine) as connection:
            yield connection

    def stream(self, read: Callable[[Connection], Iterator[T]]) -> Iterator[T]:
        """What a query yields, the transaction open as long as somebody asks for more."""
        with self.reading() as connection:
            yield from read(connection)

    def need_writer(self) -> None:
        """Raise RuntimeError in an archive that was opened for reading."""
        if not self.writable:
            raise RuntimeError("the archive was opened for reading: Archive.open(..., write=True)")
