"""How well documents were read, by where they came from and the month in which they came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, case, func, select
from sqlmodel import col

from archive.db.people_schema import VerdictRow
from archive.db.schema import FIRST_SOURCE, DocumentRow, RunRow, SourceRow, ValueRow
from archive.judged import verdict_overlay
from archive.records import VerdictKind

_MONTH = len("2026-12")


@dataclass(frozen=True, slots=True)
class ReadingQuality:
    """The values of some documents: how many the reading flagged or could not read, and people corrected."""

    source: str
    month: str
    documents: int
    values: int
    flagged: int
    corrected: int
    unread: int


def by_source_and_month(connection: Connection) -> list[ReadingQuality]:
    """The current readings by site or folder and by month of intake, UTC, in the order of both."""
    counted = (
        select(
            col(SourceRow.name),
            col(DocumentRow.added),
            func.count(),
            _sum(col(ValueRow.flags) != ""),
            _sum(col(VerdictRow.kind) == VerdictKind.CORRECT),
            _sum(col(ValueRow.state) == "unread"),
        )
        .select_from(DocumentRow)
        .join(SourceRow, FIRST_SOURCE)
        .join(RunRow, (col(RunRow.document_id) == col(DocumentRow.id)) & col(RunRow.is_current))
        .join(ValueRow, col(ValueRow.run_id) == col(RunRow.id))
        .outerjoin(VerdictRow, verdict_overlay.STANDING)
        .group_by(col(DocumentRow.id), col(SourceRow.name), col(DocumentRow.added))
    )
    rows = connection.execute(counted)
    one_each = (
        ReadingQuality(place_of(source), added[:_MONTH], 1, *map(int, counts))
        for source, added, *counts in rows
    )
    return _together(one_each)


def place_of(source: str) -> str:
    """The site that a source is of, or the folder; of a member that of its zip."""
    archive, _, _ = source.partition("!")
    if "://" in archive:
        return urlsplit(archive).netloc.rpartition("@")[2]
    return str(PurePosixPath(archive).parent)


def added_up(some: Iterable[ReadingQuality], source: str = "", month: str = "") -> ReadingQuality:
    """All of them as one, under this name."""
    told = [*some]
    names = ("documents", "values", "flagged", "corrected", "unread")
    return ReadingQuality(source, month, *(sum(getattr(one, name) for one in told) for name in names))


def _together(single: Iterable[ReadingQuality]) -> list[ReadingQuality]:
    sums: dict[tuple[str, str], ReadingQuality] = {}
    for one in single:
        name = one.source, one.month
        sums[name] = added_up((sums[name], one), *name) if name in sums else one
    return [sums[name] for name in sorted(sums)]


def _sum(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))
