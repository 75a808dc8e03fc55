"""How large an archive is and how much room it has: what a monitoring asks for, quickly."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlmodel import col

from archive.db import archive_folder
from archive.db.engine import is_postgresql
from archive.db.location import Location
from archive.db.schema import DocumentRow, RunRow
from archive.documents import documents


@dataclass(frozen=True, slots=True)
class Size:
    """Documents by status, bytes of originals and database, what is free where originals are.

    `free_inodes` is how many more files there can be. The free ones are None where originals
    lie at an address, or the file system does not say.
    `last_archived` is an ISO time in UTC, empty if nothing was ever archived.
    """

    documents: Mapping[str, int]
    originals_bytes: int
    database_bytes: int
    free_bytes: int | None
    free_inodes: int | None
    last_archived: str


def size(connection: Connection, location: Location, objects: Path | None) -> Size:
    """Measure an archive; `objects` is the folder of its originals, None if it has none."""
    counted = select(col(DocumentRow.status), func.count(), func.sum(col(DocumentRow.size)))
    by_status = {
        status: (int(count), int(total))
        for status, count, total in connection.execute(counted.group_by(col(DocumentRow.status)))
    }
    held = dict.fromkeys(documents.STATUSES, 0) | {name: count for name, (count, _) in by_status.items()}
    archived = select(func.max(col(RunRow.finished))).where(col(RunRow.outcome) == documents.ARCHIVED)
    free, inodes = _free(objects)
    return Size(
        documents=held,
        originals_bytes=sum(total for _, total in by_status.values()),
        database_bytes=_database_bytes(connection, location),
        free_bytes=free,
        free_inodes=inodes,
        last_archived=connection.execute(archived).scalar() or "",
    )


def _database_bytes(connection: Connection, location: Location) -> int:
    if is_postgresql(connection):
        held = select(func.pg_database_size(func.current_database()))
        return int(connection.execute(held).scalar_one())
    assert location.home is not None
    total = 0
    for name in (archive_folder.DATABASE, f"{archive_folder.DATABASE}-wal"):
        with suppress(FileNotFoundError):  # the second is there only while it is used
            total += (location.home / name).stat().st_size
    return total


def _free(place: Path | None) -> tuple[int | None, int | None]:
    if place is None:
        return None, None
    existing = next(one for one in (place, *place.absolute().parents) if one.exists())
    # Some file systems (btrfs) make inodes as they need them, and count none.
    found = os.statvfs(existing)
    return shutil.disk_usage(existing).free, found.f_favail if found.f_files else None
