"""The reports in documents as they answer, each with where it says who it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from archive.db.people_schema import ReportWordRow
from archive.db.schema import FIRST_SOURCE, DocumentRow, GridRow, MentionRow, ReportRow, RunRow, SourceRow
from archive.documents.report_words import WHOLE_DOCUMENT
from ocr.model import Box
from reconcile.model import Mention, Named

Place = tuple[int, int]
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report in a document; `title`, `organ` and `year` as they answer, `…_read` as the reading has them.

    `said` are those that a person said. `first_page` and `last_page` from 1; `confidence` that it begins
    and ends there. `mentions` say where it is printed who reports on what.
    """

    document: str
    source: str
    part: int
    title: str
    organ: str
    year: int | None
    title_read: str
    organ_read: str
    year_read: int | None
    form: str
    first_page: int
    last_page: int
    confidence: float
    said: tuple[str, ...]
    mentions: tuple[Mention, ...]


def reports(connection: Connection, document: str | None = None) -> Iterator[StoredReport]:
    """The reports of all current readings in the order of intake, or those of one sha256."""
    chosen = _chosen() if document is None else _chosen().where(col(DocumentRow.sha256) == document)
    rows = connection.execute(chosen, execution_options={"yield_per": _ROWS_AT_ONCE})
    for batch in rows.partitions():
        yield from _complete(connection, batch)


def at_places(connection: Connection, places: Sequence[Place]) -> tuple[StoredReport, ...]:
    """The reports of these runs and parts, in their order."""
    chosen = _chosen().where(col(ReportRow.run_id).in_({run for run, _ in places}))
    rows = {(row.run_id, row.part): row for row in connection.execute(chosen)}
    return tuple(_complete(connection, [rows[place] for place in places if place in rows]))


def _chosen() -> Any:
    named = ("title", "organ", "year", "title_read", "organ_read", "year_read")
    placed = ("first_page", "last_page", "confidence")
    return (
        select(
            col(DocumentRow.id).label("number"),
            col(DocumentRow.sha256).label("document"),
            col(SourceRow.name).label("source"),
            col(ReportRow.run_id),
            col(ReportRow.part),
            *(col(getattr(ReportRow, name)) for name in (*named, *placed)),
        )
        .select_from(DocumentRow)
        .join(SourceRow, FIRST_SOURCE)
        .join(RunRow, (col(RunRow.document_id) == col(DocumentRow.id)) & col(RunRow.is_current))
        .join(ReportRow, col(ReportRow.run_id) == col(RunRow.id))
        .order_by(col(DocumentRow.id), col(ReportRow.part))
    )


def _complete(connection: Connection, batch: Sequence[Any]) -> Iterator[StoredReport]:
    runs = {row.run_id for row in batch}
    mentions, forms = _mentions(connection, runs), _forms(connection, runs)
    said = _said(connection, {row.number for row in batch})
    own = [name for name in StoredReport.__dataclass_fields__ if name not in ("form", "said", "mentions")]
    for row in batch:
        place = row.run_id, row.part
        yield StoredReport(
            **{name: getattr(row, name) for name in own},
            form=forms.get(place, ""),
            said=tuple(said.get((row.number, row.part), ())),
            mentions=tuple(mentions.get(place, ())),
        )


def _mentions(connection: Connection, runs: set[int]) -> dict[Place, list[Mention]]:
    held = select(*MentionRow.__table__.c).where(col(MentionRow.run_id).in_(runs))  # type: ignore[attr-defined]
    found: dict[Place, list[Mention]] = {}
    for row in connection.execute(held.order_by(col(MentionRow.ordinal))):
        box = Box(row.left, row.top, row.right, row.bottom)
        told = Mention(Named(row.named), row.text, row.kind, row.confidence, row.page, box)
        found.setdefault((row.run_id, row.part), []).append(told)
    return found


def _forms(connection: Connection, runs: set[int]) -> dict[Place, str]:
    """The form that most tables of each report have."""
    counted = (
        select(col(GridRow.run_id), col(GridRow.part), col(GridRow.form))
        .where(col(GridRow.run_id).in_(runs), col(GridRow.form) != "")
        .group_by(col(GridRow.run_id), col(GridRow.part), col(GridRow.form))
        .order_by(func.count(), col(GridRow.form))
    )
    return {(run, part): form for run, part, form in connection.execute(counted)}


def _said(connection: Connection, documents: set[int]) -> dict[Place, list[str]]:
    words = select(col(ReportWordRow.document_id), col(ReportWordRow.part), col(ReportWordRow.field)).where(
        col(ReportWordRow.document_id).in_(documents),
        col(ReportWordRow.stands),
        col(ReportWordRow.part) != WHOLE_DOCUMENT,
    )
    found: dict[Place, list[str]] = {}
    for document, part, field in connection.execute(words.order_by(col(ReportWordRow.id))):
        found.setdefault((document, part), []).append(field)
    return found
