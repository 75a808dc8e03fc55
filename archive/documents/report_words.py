"""What people say of the reports in documents, as it is kept: rows are only added, some `stands`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, insert, select
from sqlmodel import col

from archive.db.people_schema import ReportWordRow
from archive.db.schema import DocumentRow
from archive.db.text_values import storable
from archive.documents.taking_back import last_two, let_stand
from archive.records import ReportField
from reconcile.model import Said

Reviewer = tuple[str, str, str]
"""Who says it, a note beside it, and when."""
# The part of what is said of a whole document.
WHOLE_DOCUMENT = 0


@dataclass(frozen=True, slots=True)
class ReportWord:
    """Something to be said of the report `part`, which stands on these pages; `seen` stood there before."""

    field: ReportField
    said: str
    seen: str = ""
    part: int = WHOLE_DOCUMENT
    page: int = 1
    last_page: int = 1


def say(connection: Connection, document: int, word: ReportWord, who: str, note: str, at: str) -> None:
    """Keep a word and let it stand in place of the one before it."""
    let_stand(connection, ReportWordRow, _about(document, word), None)
    _add(connection, document, word, who, note, at, stands=True)


def take_back(connection: Connection, document: int, word: ReportWord, who: str, note: str, at: str) -> bool:
    """Let the word before the standing one stand again, if there is one; False if there was none to undo."""
    about = _about(document, word)
    found = last_two(connection, ReportWordRow, about, col(ReportWordRow.undoes).is_(None))
    if not found:
        return False
    last, *before = found
    let_stand(connection, ReportWordRow, about, before[0] if before else None)
    _add(connection, document, word, who, note, at, undoes=last)
    return True


def standing(connection: Connection, document: int) -> dict[tuple[int, ReportField], str]:
    """What stands, by part and field."""
    words = select(col(ReportWordRow.part), col(ReportWordRow.field), col(ReportWordRow.said)).where(
        col(ReportWordRow.document_id) == document, col(ReportWordRow.stands)
    )
    return {(part, ReportField(field)): said for part, field, said in connection.execute(words)}


def of_documents(connection: Connection, only: str | None = None) -> dict[str, Said]:
    """What people say that reading needs to know, by sha256: where reports begin, and their years."""
    words = (
        select(
            col(DocumentRow.sha256),
            col(ReportWordRow.field),
            col(ReportWordRow.page),
            col(ReportWordRow.said),
        )
        .join_from(ReportWordRow, DocumentRow, col(DocumentRow.id) == col(ReportWordRow.document_id))
        .where(
            col(ReportWordRow.stands),
            col(ReportWordRow.part) >= WHOLE_DOCUMENT,
            col(ReportWordRow.field).in_((ReportField.BORDERS, ReportField.YEAR)),
        )
        .order_by(col(ReportWordRow.id))
    )
    if only is not None:
        words = words.where(col(DocumentRow.sha256) == only)
    found: dict[str, list[tuple[str, int, str]]] = {}
    for digest, field, page, said in connection.execute(words):
        found.setdefault(digest, []).append((field, page, said))
    return {digest: _said(rows) for digest, rows in found.items()}


def _said(rows: Iterable[tuple[str, int, str]]) -> Said:
    told = list(rows)
    borders = next((pages_of(said) for field, _, said in told if field == ReportField.BORDERS), ())
    years = tuple((page, int(said)) for field, page, said in told if field == ReportField.YEAR)
    return Said(borders, years)


def pages_of(said: str) -> tuple[int, ...]:
    """The pages on which reports begin, as they are kept."""
    return tuple(int(page) for page in said.split(",") if page)


def history(connection: Connection, document: str | None) -> Select[*tuple[Any, ...]]:
    """Every word in the order in which it was said, or those on one sha256."""
    rows = ReportWordRow.__table__  # type: ignore[attr-defined]
    told = (
        select(
            col(DocumentRow.sha256).label("document"),
            *(column for column in rows.c if column.key != "document_id"),
        )
        .join_from(ReportWordRow, DocumentRow, col(DocumentRow.id) == col(ReportWordRow.document_id))
        .order_by(rows.c.id)
    )
    return told if document is None else told.where(col(DocumentRow.sha256) == document)


def _about(document: int, word: ReportWord) -> ColumnElement[bool]:
    """What is said of the same field of the same report."""
    return and_(
        col(ReportWordRow.document_id) == document,
        col(ReportWordRow.part) == word.part,
        col(ReportWordRow.field) == word.field.value,
    )


def _add(
    connection: Connection,
    document: int,
    word: ReportWord,
    who: str,
    note: str,
    at: str,
    stands: bool = False,
    undoes: int | None = None,
) -> None:
    row: Mapping[str, object] = {
        "document_id": document,
        "part": word.part,
        "page": word.page,
        "last_page": word.last_page,
        "field": word.field.value,
        "said": storable(word.said),
        "seen": storable(word.seen),
        "stands": stands,
        "note": storable(note),
        "who": who,
        "at": at,
        "undoes": undoes,
    }
    connection.execute(insert(ReportWordRow).values(row))
