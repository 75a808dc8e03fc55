"""Pages that are reports without their tables, and the file attached to each that has them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, select
from sqlmodel import col

from archive.crawl.records import VisitOutcome
from archive.db.crawl_schema import SightingDocumentRow, SightingRow
from archive.db.schema import DocumentRow, ReportRow, RunRow, ValueRow
from core.media_types import WEB_PAGES
from reconcile.model import State

# What a visit comes to that brought bytes which the archive did not have.
_BROUGHT = (VisitOutcome.NEW.value, VisitOutcome.REPLACED.value)
_IS_PAGE = col(DocumentRow.media_type).in_(WEB_PAGES)
_NAMES_BOTH = (col(ReportRow.organ) != "") & col(ReportRow.year).is_not(None)
_HAS_VALUES = exists().where(
    col(ValueRow.run_id) == col(RunRow.id), col(ValueRow.state) != State.MISSING.value
)


def attached_tables(connection: Connection) -> list[tuple[str, str]]:
    """The sha256 of each web page that names organ and year and has none of the values of its forms, and of
    the one file linked from it that has some and does not name both.

    A page with several such files is left out: which of them is its own is not told.
    """
    bare: dict[str, str] = {}
    for digest, *addresses in connection.execute(
        _seen(_IS_PAGE, _NAMES_BOTH, ~_HAS_VALUES).add_columns(
            col(SightingRow.url), col(SightingRow.final_url)
        )
    ):
        bare |= dict.fromkeys(addresses, digest)
    found: dict[str, dict[str, None]] = {}
    for digest, referrer in connection.execute(
        _seen(~_IS_PAGE, ~_NAMES_BOTH, _HAS_VALUES).add_columns(col(SightingRow.referrer))
    ):
        if referrer in bare:
            found.setdefault(bare[referrer], {})[digest] = None
    return [(page, next(iter(files))) for page, files in found.items() if len(files) == 1]


def _seen(*what: ColumnElement[bool]) -> Select[Any]:
    """The query for the sha256 of documents of one report that are like this, where they were seen first."""
    one_report = ~exists().where(col(ReportRow.run_id) == col(RunRow.id), col(ReportRow.part) > 1).correlate(
        RunRow
    )
    return (
        select(col(DocumentRow.sha256))
        .join_from(
            SightingRow, SightingDocumentRow, col(SightingDocumentRow.sighting_id) == col(SightingRow.id)
        )
        .join(DocumentRow, col(DocumentRow.id) == col(SightingDocumentRow.document_id))
        .join(RunRow, (col(RunRow.document_id) == col(DocumentRow.id)) & col(RunRow.is_current))
        .join(ReportRow, (col(ReportRow.run_id) == col(RunRow.id)) & (col(ReportRow.part) == 1))
        .where(col(SightingRow.outcome).in_(_BROUGHT), one_report, *what)
        .order_by(col(SightingRow.id))
    )
