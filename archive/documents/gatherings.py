"""Documents that are gathered of several files: these are kept, and only what they are together answers.

Which files, and in which order, is a word of a person (or of the program, where it is proved) on the
whole document; taking it back lets them answer by themselves again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce

from sqlalchemy import Connection, Select, func, select, update
from sqlmodel import col

from archive.db import job_queue
from archive.db.job_queue import Priority
from archive.db.people_schema import ReportWordRow
from archive.db.schema import DocumentRow, PageRow, RunRow
from archive.documents import current_parts, documents, reading_loader, report_words
from archive.documents.report_words import WHOLE_DOCUMENT, ReportWord, Reviewer
from archive.index import page_index
from archive.judged import standing_flags
from archive.records import ReportField, short
from core.errors import UsageError
from core.media_types import GATHERED
from ocr.model import Box, Page, Table
from reconcile.model import JoinedTable

# A gathering that somebody says is one report begins on its first page, and no other does.
_ONE_REPORT = ReportWord(ReportField.BORDERS, "1")


def sources(connection: Connection, members: Sequence[str]) -> list[str]:
    """The first source of each sha256 to be gathered.

    Raises UsageError for fewer than two, for one named twice, and for one that belongs to a gathering.
    """
    if len(set(members)) < max(2, len(members)):
        raise UsageError("name two documents or more, each once, in the order of their pages")
    for digest in members:
        if whole := gathering_of(connection, digest):
            raise UsageError(
                f"{short(digest)} is part of {short(whole)} already: `guidang reports undo {short(whole)} "
                f"{ReportField.MEMBERS.value}` takes that apart"
            )
    return [_first_source(connection, digest) for digest in members]


def _first_source(connection: Connection, digest: str) -> str:
    described = documents.described().where(col(DocumentRow.sha256) == digest)
    _, source, kind = connection.execute(described).one()
    if kind == GATHERED:
        raise UsageError(f"{short(digest)} is gathered itself: name the files that are in it")
    return source


def named(sources: Sequence[str]) -> str:
    """The source of what is gathered: the first one's, and a last file name that does not name this, too."""
    return f"{sources[0]} … {re.split('[/!]', sources[-1])[-1]}"


def begin(connection: Connection, whole: str, members: Sequence[str], one_report: bool, by: Reviewer) -> None:
    """Let a document, which is kept already, be what these are together; it waits to be read.

    Those that wait to be read need not be: what has been read answers until the whole is read.
    """
    document = documents.locked_id_of(connection, whole)
    report_words.say(connection, document, ReportWord(ReportField.MEMBERS, ",".join(members)), *by)
    said = report_words.standing(connection, document).get((WHOLE_DOCUMENT, ReportField.BORDERS))
    if one_report:
        report_words.say(connection, document, _ONE_REPORT, *by)
    elif said == _ONE_REPORT.said:  # it was gathered as one before
        report_words.take_back(connection, document, replace(_ONE_REPORT, said="", seen=said), *by)
    documents.set_status(connection, whole, documents.PENDING)
    job_queue.add(connection, [whole], Priority.INGEST)
    for digest in members:
        if documents.is_pending(connection, digest):
            documents.set_aside(connection, digest)


def has_been_read(connection: Connection, whole: str) -> None:
    """Let the members of a document, if it has any, answer no more: it does."""
    for digest in members_of(connection, whole):
        documents.set_aside(connection, digest)


def has_failed(connection: Connection, whole: str) -> None:
    """Let the members of a document, if it has any, answer again, unless an older reading of it does."""
    read = select(col(RunRow.id)).where(col(RunRow.document_id) == documents.id_of(connection, whole))
    if connection.execute(read.where(col(RunRow.is_current))).first() is None:
        _let_answer(connection, members_of(connection, whole))


def take_apart(connection: Connection, whole: str, by: Reviewer) -> tuple[str, ...]:
    """Take back that a document is gathered: its members, which it gives, answer, and it does no more.

    Raises UsageError where nobody gathered it.
    """
    members = members_of(connection, whole)
    if not members:
        raise UsageError(f"{short(whole)} is not gathered of several documents")
    document = documents.locked_id_of(connection, whole)
    word = ReportWord(ReportField.MEMBERS, "", seen=",".join(members))
    report_words.take_back(connection, document, word, *by)
    documents.set_aside(connection, whole)
    _let_answer(connection, members)
    return members


def _let_answer(connection: Connection, members: Iterable[str]) -> None:
    """Let documents that were set aside answer by their last reading; those that have none wait for one."""
    for digest in members:
        document = documents.locked_id_of(connection, digest)
        if not documents.has_status(connection, digest, documents.SET_ASIDE):
            continue
        archived = (col(RunRow.document_id) == document) & (col(RunRow.outcome) == documents.ARCHIVED)
        newest = select(col(RunRow.id)).where(archived).order_by(col(RunRow.id).desc()).limit(1)
        run = connection.execute(newest).scalar()
        if run is None:
            documents.set_status(connection, digest, documents.PENDING)
            job_queue.add(connection, [digest], Priority.INGEST)
            continue
        connection.execute(update(RunRow).where(col(RunRow.id) == run).values(is_current=True))
        documents.set_status(connection, digest, documents.ARCHIVED)
        current_parts.follow(connection, run)
        standing_flags.check_again(connection, run)
        page_index.add(connection, run)


def members_of(connection: Connection, whole: str) -> tuple[str, ...]:
    """The sha256 of what a document is gathered of, in order; none for a document that stands alone."""
    said = _standing().where(col(DocumentRow.sha256) == whole)
    return next((_listed(members) for _, members in connection.execute(said)), ())


def gathering_of(connection: Connection, member: str) -> str | None:
    """The sha256 of the document that this one is gathered in, if it is."""
    said = _standing().where(col(ReportWordRow.said).contains(member, autoescape=True))
    return next((str(whole) for whole, _ in connection.execute(said)), None)


def single_pages(connection: Connection) -> dict[str, str]:
    """The first source by sha256 of every document that was read and has one page."""
    pages = select(col(PageRow.run_id)).group_by(col(PageRow.run_id)).having(func.count() == 1)
    read = (
        documents.described()
        .join(RunRow, (col(RunRow.document_id) == col(DocumentRow.id)) & col(RunRow.is_current))
        .where(col(RunRow.id).in_(pages), col(DocumentRow.media_type) != GATHERED)
    )
    return {digest: source for digest, source, _ in connection.execute(read)}


def only_page(connection: Connection, digest: str) -> Page:
    """The page of a document that has one, with its tables as they were put together."""
    (stored,) = reading_loader.pages(connection, digest)
    tables = (told.table for told in reading_loader.tables(connection, digest))
    return replace(stored.page, tables=tuple(_table(table) for table in tables if table.cells))


def _table(joined: JoinedTable) -> Table:
    around = reduce(Box.union, (cell.box for cell in joined.cells))
    return Table(joined.pages[0], around, joined.n_rows, joined.n_columns, joined.cells)


def were_gathered(connection: Connection, members: Sequence[str]) -> bool:
    """Whether just these were gathered once, whatever became of it: it failed, or somebody took it apart."""
    rows = (
        col(ReportWordRow.field) == ReportField.MEMBERS.value,
        col(ReportWordRow.said) == ",".join(members),
    )
    return connection.execute(select(col(ReportWordRow.id)).where(*rows)).first() is not None


def _standing() -> Select[str, str]:
    """The query for gatherings that stand: sha256, and what is said of their members."""
    return (
        select(col(DocumentRow.sha256), col(ReportWordRow.said))
        .join_from(ReportWordRow, DocumentRow, col(DocumentRow.id) == col(ReportWordRow.document_id))
        .where(
            col(ReportWordRow.stands),
            col(ReportWordRow.part) == WHOLE_DOCUMENT,
            col(ReportWordRow.field) == ReportField.MEMBERS.value,
        )
    )


def _listed(said: str) -> tuple[str, ...]:
    return tuple(filter(None, said.split(",")))
