"""People have the last word on reports: who reported when, and where in a document reports begin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, select
from sqlmodel import col

from archive.db.schema import PageRow, RunRow
from archive.documents import current_parts, documents, report_words, stored_reports
from archive.documents.report_words import ReportWord, Reviewer
from archive.documents.stored_reports import StoredReport
from archive.index import page_index
from archive.records import ReportField, ReportName, short
from archive.reports.records import ReportNaming, SaidOfReport
from core.errors import UsageError


def name_report(connection: Connection, name: ReportName, said: ReportNaming, by: Reviewer) -> None:
    """Let what a person says of a report answer from now on. Raises UsageError if there is no such report."""
    document = documents.locked_id_of(connection, name.document)
    report = _report(connection, name)
    told = {ReportField.ORGAN: said.organ, ReportField.YEAR: said.year, ReportField.TITLE: said.title}
    words = [
        _word(report, field, str(content), _shown(getattr(report, field)))
        for field, content in told.items()
        if content is not None
    ]
    if not words:
        raise UsageError("say what the report is, by --organ, --year or --title")
    for word in words:
        report_words.say(connection, document, word, *by)
    _let_answer(connection, document)


def prefer(connection: Connection, name: ReportName, by: Reviewer) -> None:
    """Let this reading count of all of its organ and year. Raises UsageError if there is no such report."""
    document = documents.locked_id_of(connection, name.document)
    report = _report(connection, name)
    report_words.say(connection, document, _word(report, ReportField.PREFERRED, "yes"), *by)


def split(connection: Connection, document: str, at: Sequence[int], by: Reviewer) -> None:
    """Say that reports begin on these pages too; it holds from the next reading on.

    Raises UsageError for a page that is not there, or where reports begin already.
    """
    begins = _first_pages(connection, document)
    last = _last_page(connection, document)
    if beyond := [page for page in at if not 1 <= page <= last]:
        raise UsageError(f"there is no page {beyond[0]}: the document has {last}")
    if set(at) <= set(begins):
        raise UsageError(f"reports begin on {_listed(at)} already: see `guidang reports list`")
    _set_borders(connection, document, {*begins, *at}, by)


def join(connection: Connection, document: str, part: int | None, by: Reviewer) -> None:
    """Say that the document is one report, or that a part belongs to the one before it.

    Raises UsageError where there is nothing to join.
    """
    begins = _first_pages(connection, document)
    if len(begins) == 1:
        raise UsageError("the document is one report already")
    if part is None:
        _set_borders(connection, document, begins[:1], by)
    elif 1 < part <= len(begins):
        _set_borders(connection, document, [*begins[: part - 1], *begins[part:]], by)
    else:
        raise UsageError(f"there is no report before report {part}")


def take_back(connection: Connection, name: ReportName, field: ReportField, by: Reviewer) -> None:
    """Take back what was last said of a field; what was said before it stands again.

    Raises UsageError where nobody said anything.
    """
    document = documents.locked_id_of(connection, name.document)
    is_whole = field is ReportField.BORDERS
    word = ReportWord(field, "") if is_whole else _word(_report(connection, name), field, "")
    seen = report_words.standing(connection, document).get((word.part, field), "")
    word = replace(word, seen=seen)
    if not report_words.take_back(connection, document, word, *by):
        raise UsageError(f"nobody said anything of {field.value} that could be taken back")
    _let_answer(connection, document)


def history(connection: Connection, document: str | None = None) -> Iterable[SaidOfReport]:
    """Everything that was said, in order, of all reports or those of one sha256."""
    rows = connection.execute(report_words.history(connection, document))
    return (SaidOfReport(**row._mapping) for row in rows)


def _word(report: StoredReport, field: ReportField, said: str, seen: str = "") -> ReportWord:
    return ReportWord(field, said, seen, report.part, report.first_page, report.last_page)


def _set_borders(connection: Connection, document: str, begins: Iterable[int], by: Reviewer) -> None:
    seen = ",".join(map(str, _first_pages(connection, document)))
    word = ReportWord(ReportField.BORDERS, ",".join(map(str, sorted(begins))), seen)
    report_words.say(connection, documents.locked_id_of(connection, document), word, *by)


def _first_pages(connection: Connection, document: str) -> list[int]:
    reports = list(stored_reports.reports(connection, document))
    if not reports:
        raise UsageError(f"{short(document)} has not been read")
    return [report.first_page for report in reports]


def _last_page(connection: Connection, document: str) -> int:
    of_run = (col(PageRow.run_id) == col(RunRow.id)) & col(RunRow.is_current)
    counted = select(func.max(col(PageRow.number))).join_from(PageRow, RunRow, of_run)
    number = documents.id_of(connection, document)
    return connection.execute(counted.where(col(RunRow.document_id) == number)).scalar() or 0


def _report(connection: Connection, name: ReportName) -> StoredReport:
    reports = stored_reports.reports(connection, name.document)
    found = next((one for one in reports if one.part == name.part), None)
    if found is None:
        raise UsageError(f"there is no report {name.part} in {short(name.document)}")
    return found


def _let_answer(connection: Connection, document: int) -> None:
    """Let the reports of the current run say what people say, and the index find them by it."""
    current = select(col(RunRow.id)).where(col(RunRow.document_id) == document, col(RunRow.is_current))
    run = connection.execute(current).scalar_one()
    page_index.remove(connection, run)
    current_parts.let_answer(connection, document, run)
    page_index.add(connection, run)


def _shown(content: object) -> str:
    return "" if content is None else str(content)


def _listed(pages: Sequence[int]) -> str:
    return ", ".join(f"page {page}" for page in pages)
