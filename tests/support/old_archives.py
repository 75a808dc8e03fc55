"""Archives as earlier versions made them, unpacked from tests/data, in either kind of database."""

from __future__ import annotations

import lzma
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, Table, func, insert, inspect, select

from archive.db.engine import engine_for, writing
from archive.db.location import locate
from archive.index.page_index import is_search_index
from archive.maintenance import schema_upgrade
from archive.objects.base import name_of
from tests.support.paths import SAMPLES, TESTS
from tests.support.places import Server

DATA = TESTS / "data"
SCHEMAS = sorted(path.name.removeprefix("archive-")[:4] for path in DATA.glob("archive-*.db.xz"))
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class OldArchive:
    """An archive of an earlier schema; `objects` is the folder of its originals."""

    schema: str
    kind: str
    location: str
    objects: Path

    def engine(self) -> Engine:
        return engine_for(locate(self.location).database)

    def rows(self) -> Rows:
        """Every row of every table but those of the search index, in an order that is always the same."""
        engine = self.engine()
        with engine.connect() as connection:
            found = {
                table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for table in _tables(engine).values()
            }
        engine.dispose()
        return found

    def everything(self) -> tuple[object, ...]:
        """The names of all tables and indexes, the rows, and those of the index of SQLite."""
        engine = self.engine()
        look = inspect(engine)
        names = sorted(look.get_table_names())
        indexes = [(name, sorted(str(one["name"]) for one in look.get_indexes(name))) for name in names]
        with engine.connect() as connection:
            held = [
                connection.exec_driver_sql(f"SELECT * FROM {name}").fetchall()
                for name in names
                if is_search_index(name)
            ]
        engine.dispose()
        return names, indexes, held, self.rows()


def unpack(schema: str, kind: str, folder: Path, server: Server) -> OldArchive:
    """An archive of this schema with its originals, and something in every table."""
    home = folder / "old"
    home.mkdir()
    with lzma.open(DATA / f"archive-{schema}.db.xz") as packed, (home / "guidang.db").open("wb") as database:
        shutil.copyfileobj(packed, database)
    old = OldArchive(schema, "sqlite", str(home), home / "objects")
    _fill_empty_tables(old)
    _put_originals(old)
    return old if kind == "sqlite" else _in_postgresql(old, server)


def _put_originals(old: OldArchive) -> None:
    samples = {sha256(path.read_bytes()).hexdigest(): path for path in SAMPLES.rglob("*") if path.is_file()}
    for digest in (row[1] for row in old.rows()["document"]):
        target = old.objects / name_of(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(samples[digest], target)


def _fill_empty_tables(old: OldArchive) -> None:
    """Readings beside the first are rare: if the archive has none, the first value and cell get one."""
    reading = {"ordinal": 0, "text": "１", "confidence": 1 / 3, "method": "scale 2"}
    engine = old.engine()
    tables = _tables(engine)
    with writing(engine) as connection:
        for name, keys in (
            ("value_reading", ("run_id", "value")),
            ("cell_reading", ("run_id", "grid", "cell")),
        ):
            if connection.execute(select(tables[name])).first() is None:
                first = dict.fromkeys(keys, 0) | {"run_id": 1}
                connection.execute(insert(tables[name]), first | reading)
    engine.dispose()


def _in_postgresql(old: OldArchive, server: Server) -> OldArchive:
    """The same rows in a PostgreSQL database with the same schema."""
    moved = OldArchive(old.schema, "postgresql", server.new_database("template0"), old.objects)
    source, target = old.engine(), moved.engine()
    with writing(target) as connection:
        migrate_to(connection, old.schema)
    tables = _tables(source)
    with source.connect() as theirs, writing(target) as ours:
        for table in tables.values():
            if table.name != "alembic_version" and (found := theirs.execute(select(table)).mappings().all()):
                ours.execute(insert(table), [dict(row) for row in found])
        for name in tables.keys() & {
            "document",
            "run",
            "page",
            "verdict",
            "crawl_round",
            "crawl_task",
            "sighting",
        }:
            last = select(func.max(tables[name].c.id)).scalar_subquery()
            ours.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), last)))
    source.dispose()
    target.dispose()
    return moved


def migrate_to(connection: Any, schema: str) -> None:
    """Bring the tables, and nothing else, to a schema."""
    config = Config()
    config.set_main_option("script_location", str(schema_upgrade.MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, schema)


def _tables(engine: Engine) -> dict[str, Table]:
    """The tables as they are in the database, those that others refer to first."""
    found = MetaData()
    found.reflect(engine, only=lambda name, _: not is_search_index(name))
    return {table.name: table for table in found.sorted_tables}
