"""What people said follows the reports of a document: a newer reading may number them otherwise.

A verdict speaks of a value that a person saw on a page: it belongs to the report of the current run
that holds that page. A word speaks of a report: it belongs to the one that begins where that one did,
or stands on nearly the same pages; where there is none it waits, for it would name another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, select, update
from sqlmodel import col

from archive.db.people_schema import ReportWordRow, VerdictRow, as_seen
from archive.db.schema import GridCellRow, GridRow, ReportRow, RunRow, ValuePlaceRow, ValueRow
from archive.documents import report_words
from archive.documents.report_words import WHOLE_DOCUMENT
from archive.records import ReportField

Row = Any
# A report whose pages are alike by more than this is the same one; two that were joined are alike by half.
_SAME = 0.6


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The pages of a report, from 1."""

    part: int
    first: int
    last: int

    def likeness(self, other: _Stretch) -> float:
        """The pages that both have, as a share of those that either has."""
        both = min(self.last, other.last) - max(self.first, other.first) + 1
        either = max(self.last, other.last) - min(self.first, other.first) + 1
        return max(both, 0) / either

    def distance(self, page: int) -> int:
        """How many pages it is away; 0 where it holds the page."""
        return max(self.first - page, page - self.last, 0)


def follow(connection: Connection, run: int) -> None:
    """Give what people said of a document to the reports of its new current run, and let it answer."""
    document = connection.execute(select(col(RunRow.document_id)).where(col(RunRow.id) == run)).scalar_one()
    given = connection.execute(_verdicts_with_places(document)).all()
    words = connection.execute(_words(document)).all()
    if not (given or words):
        return
    stretches = _stretches(connection, run)
    _move_verdicts(connection, run, given, stretches)
    _move_words(connection, words, stretches)
    let_answer(connection, document, run)


def let_answer(connection: Connection, document: int, run: int) -> None:
    """Set what answers for each report of a run: what people say of it, else what was read."""
    said = report_words.standing(connection, document)
    read = select(
        col(ReportRow.part), col(ReportRow.title_read), col(ReportRow.organ_read), col(ReportRow.year_read)
    ).where(col(ReportRow.run_id) == run)
    for part, title, organ, year in connection.execute(read).all():
        answer = {
            "title": said.get((part, ReportField.TITLE), title),
            "organ": said.get((part, ReportField.ORGAN), organ),
            "year": int(said[part, ReportField.YEAR]) if (part, ReportField.YEAR) in said else year,
        }
        one = (col(ReportRow.run_id) == run, col(ReportRow.part) == part)
        connection.execute(update(ReportRow).where(*one).values(answer))


def _stretches(connection: Connection, run: int) -> list[_Stretch]:
    held = select(col(ReportRow.part), col(ReportRow.first_page), col(ReportRow.last_page))
    of_run = held.where(col(ReportRow.run_id) == run).order_by(col(ReportRow.part))
    return [_Stretch(*row) for row in connection.execute(of_run)]


def _move_verdicts(
    connection: Connection, run: int, given: Sequence[Row], stretches: Sequence[_Stretch]
) -> None:
    parts = {row.id: _part_of_value(connection, run, stretches, row) for row in given}
    keys = {row.id: (row.table_key, row.row_key, row.column_key) for row in given}
    _move(connection, VerdictRow, given, parts, keys)


def _words(document: int) -> Any:
    """What was said of the reports in a document."""
    of_reports = (col(ReportWordRow.document_id) == document, col(ReportWordRow.part) != WHOLE_DOCUMENT)
    return select(*ReportWordRow.__table__.c).where(*of_reports)  # type: ignore[attr-defined]


def _move_words(connection: Connection, given: Sequence[Row], stretches: Sequence[_Stretch]) -> None:
    parts = {row.id: _part_of_word(stretches, _Stretch(0, row.page, row.last_page)) for row in given}
    _move(connection, ReportWordRow, given, parts, {row.id: (row.field,) for row in given})


def _move(
    connection: Connection,
    owner: type[Any],
    given: Sequence[Row],
    parts: Mapping[int, int],
    keys: Mapping[int, tuple[str, ...]],
) -> None:
    """Set the parts of rows; where two that stand come to speak of the same, the newer one does."""
    if all(row.part == parts[row.id] for row in given):
        return
    newest = {
        (parts[row.id], keys[row.id]): row.id for row in sorted(given, key=lambda row: row.id) if row.stands
    }
    stand = set(newest.values())
    rows = [row.id for row in given]
    own = col(owner.id).in_(rows)
    # None stands while they change places: no two may stand for one value.
    connection.execute(update(owner).where(own).values(stands=False))
    connection.execute(update(owner).where(own).values(part=case(parts, value=col(owner.id))))
    connection.execute(update(owner).where(col(owner.id).in_(stand)).values(stands=True))


def _verdicts_with_places(document: int) -> Any:
    """The verdicts of a document, each with page and box where the value stood that a person saw."""
    placed = (
        (col(ValuePlaceRow.run_id) == col(ValueRow.run_id))
        & (col(ValuePlaceRow.value) == col(ValueRow.ordinal))
        & (col(ValuePlaceRow.ordinal) == 0)
    )
    report = (col(ReportRow.run_id) == col(VerdictRow.seen_run)) & (
        col(ReportRow.part) == col(VerdictRow.seen_part)
    )
    sides = (getattr(ValuePlaceRow, side) for side in ("page", "left", "top", "right", "bottom"))
    return (
        select(*VerdictRow.__table__.c, *map(col, sides), col(ReportRow.first_page))  # type: ignore[attr-defined]
        .select_from(VerdictRow)
        .outerjoin(ValueRow, as_seen(ValueRow))
        .outerjoin(ValuePlaceRow, placed)
        .outerjoin(ReportRow, report)
        .where(col(VerdictRow.document_id) == document)
    )


def _part_of_value(connection: Connection, run: int, stretches: Sequence[_Stretch], row: Row) -> int:
    """The report that holds the place where a value was seen."""
    if row.page is None:
        return _part_beginning(stretches, row.first_page or 1)
    here = _nearest(stretches, row.page)
    if len(here) == 1:
        return here[0].part
    inside = (
        (col(GridCellRow.page) == row.page)
        & (col(GridCellRow.left) <= (row.left + row.right) / 2)
        & (col(GridCellRow.right) >= (row.left + row.right) / 2)
        & (col(GridCellRow.top) <= (row.top + row.bottom) / 2)
        & (col(GridCellRow.bottom) >= (row.top + row.bottom) / 2)
    )
    same = (col(GridRow.run_id) == col(GridCellRow.run_id)) & (col(GridRow.ordinal) == col(GridCellRow.grid))
    printed = select(col(GridRow.part)).join_from(GridCellRow, GridRow, same)
    found = connection.execute(printed.where(col(GridCellRow.run_id) == run, inside).limit(1)).scalar()
    return found if found in {one.part for one in here} else here[0].part


def _part_of_word(stretches: Sequence[_Stretch], spoken_of: _Stretch) -> int:
    """The report that was spoken of; none of them is, and the part below 0, where it is not there."""
    best = max(stretches, key=lambda one: (one.first == spoken_of.first, one.likeness(spoken_of)))
    is_it = best.first == spoken_of.first or best.likeness(spoken_of) > _SAME
    return best.part if is_it else -spoken_of.first


def _part_beginning(stretches: Sequence[_Stretch], page: int) -> int:
    """The report that begins on a page, else one that holds it, else the nearest."""
    here = _nearest(stretches, page)
    return next((one.part for one in here if one.first == page), here[0].part)


def _nearest(stretches: Sequence[_Stretch], page: int) -> list[_Stretch]:
    least = min(one.distance(page) for one in stretches)
    return [one for one in stretches if one.distance(page) == least]
