"""A copy of a whole archive into an empty one, of the same kind of database or the other.

It is the way from SQLite to PostgreSQL and back, and the backup of an archive
in use: the source is read as it stands at one moment, originals never change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Float, Row, Select, Table, func, insert, select
from sqlmodel import SQLModel, col

from archive.db import archive_settings, crawl_schema, job_queue, people_schema  # noqa: F401  (the metadata)
from archive.db.engine import is_postgresql
from archive.db.schema import DocumentRow, SettingRow
from archive.index import page_index
from archive.maintenance import fixity
from archive.maintenance.subset import EVERYTHING
from archive.objects.base import ObjectStore, digest_of
from core.errors import ArchiveDamaged, UsageError
from core.listeners import Told

ROWS_AT_ONCE = 10_000
ORIGINALS, ROWS, INDEX = "originals", "rows", "search index"
# Sums of hashes are kept to the size of one.
MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class TableDigest:
    """What a table holds: how many rows, and the sum of their hashes, in whatever order they come."""

    rows: int = 0
    hashes: int = 0


@dataclass(frozen=True, slots=True)
class CopySummary:
    """What was copied: rows by table, each table found to be the same, and originals.

    `damaged` are the sha256 of originals that are lost or changed in the source:
    they are not among those of the copy, though it has their documents.
    """

    rows: dict[str, int]
    originals: int
    damaged: tuple[str, ...]


def copy(
    source: Connection,
    originals: ObjectStore,
    writing: Callable[[], AbstractContextManager[Connection]],
    objects: ObjectStore,
    told: Told,
) -> CopySummary:
    """Copy the originals, then in one transaction all rows; compare what arrived with what was sent.

    A copy that was cut short leaves no row and may be begun again: originals that
    arrived are only hashed then. Raises UsageError unless the target is empty,
    ArchiveDamaged if a table did not arrive as it was.
    """
    with writing() as target:
        _need_empty(target)
    total = fixity.count(source, EVERYTHING)
    damaged = []
    for done, digest in enumerate(_digests(source), start=1):
        if not _send(originals, objects, digest):
            damaged.append(digest)
        told(ORIGINALS, done, total)
    with writing() as target:
        rows = _send_rows(source, target, told)
        _count_on(target)
        page_index.rebuild(target, partial(told, INDEX))
        job_queue.make(target)
    return CopySummary(rows, total - len(damaged), tuple(damaged))


def content(connection: Connection, table: Table) -> TableDigest:
    """What a table holds, in a form that does not depend on the database."""
    found = TableDigest()
    for rows in _batches(connection, table):
        found = _with(found, table, rows)
    return found


def _need_empty(target: Connection) -> None:
    for table in SQLModel.metadata.sorted_tables:
        if target.execute(_all(table).limit(1)).first() is not None:
            raise UsageError(
                f"the archive to copy into is not empty (it has rows of {table.name}): name a new one"
            )


def _digests(connection: Connection) -> Iterator[str]:
    digest = col(DocumentRow.sha256)
    yield from connection.execute(
        select(digest).order_by(digest).execution_options(yield_per=ROWS_AT_ONCE)
    ).scalars()


def _send(originals: ObjectStore, objects: ObjectStore, digest: str) -> bool:
    """See to it that an original is in the target; False if the source no longer has it as it was."""
    if digest_of(objects, digest) == digest:
        return True
    stream = originals.open(digest)
    if stream is None:
        return False
    try:
        with stream:
            objects.put(stream, expected=digest)
    except ArchiveDamaged:
        return False
    return True


def _send_rows(source: Connection, target: Connection, told: Told) -> dict[str, int]:
    tables = SQLModel.metadata.sorted_tables
    counts = {
        table: source.execute(select(func.count()).select_from(_all(table).subquery())).scalar_one()
        for table in tables
    }
    done, total = 0, sum(counts.values())
    for table in tables:
        sent = TableDigest()
        for rows in _batches(source, table):
            target.execute(insert(table), [dict(row._mapping) for row in rows])
            sent = _with(sent, table, rows)
            done += len(rows)
            told(ROWS, done, total)
        if content(target, table) != sent:
            raise ArchiveDamaged(f"the rows of {table.name} did not arrive as they were: nothing was copied")
    return {table.name: count for table, count in counts.items()}


def _all(table: Table) -> Select[Any]:
    """All rows of a table, but for the settings that each archive has for itself."""
    rows = select(table)
    return rows.where(col(SettingRow.name) != archive_settings.OBJECTS) if table.name == "setting" else rows


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    rows = _all(table).execution_options(yield_per=ROWS_AT_ONCE)
    return connection.execute(rows).partitions()


def _with(found: TableDigest, table: Table, rows: Iterable[Row[Any]]) -> TableDigest:
    """The content with some more rows."""
    floats = [number for number, column in enumerate(table.c) if isinstance(column.type, Float)]
    hashes = [_hash(list(row), floats) for row in rows]
    return TableDigest(found.rows + len(hashes), (found.hashes + sum(hashes)) % MODULUS)


def _hash(row: list[Any], floats: Iterable[int]) -> int:
    """A row as JSON, hashed: numbers to their last bit, texts to their last character."""
    for number in floats:
        if row[number] == 0:
            row[number] = 0.0  # SQLite keeps no sign of a zero
    return int.from_bytes(sha256(json.dumps(row).encode()).digest())


def _count_on(target: Connection) -> None:
    """Let PostgreSQL number new rows after the copied ones; SQLite does so by itself."""
    if not is_postgresql(target):
        return
    for table in SQLModel.metadata.sorted_tables:
        number = table.autoincrement_column
        if number is not None:
            sequence = func.pg_get_serial_sequence(table.name, number.name)
            last = select(func.max(number)).scalar_subquery()
            target.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))))
