"""Whether the database is sound in itself: its files, its references, and what one row says of another."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import (
    Connection,
    ForeignKeyConstraint,
    Select,
    Table,
    and_,
    exists,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from archive.db import job_queue
from archive.db.crawl_schema import CrawlRoundRow, CrawlTaskRow, SightingDocumentRow, SightingRow
from archive.db.engine import is_postgresql
from archive.db.schema import FIRST_SOURCE, DocumentRow, ReportRow, RunRow
from archive.documents.documents import ARCHIVED
from archive.index.page_index import LEXEMES


def problems(connection: Connection) -> Iterator[str]:
    """What is wrong with the database, a line each."""
    yield from _orphans(connection) if is_postgresql(connection) else _as_sqlite_says(connection)
    yield from job_queue.problems(connection)
    for table in SQLModel.metadata.sorted_tables:
        if "ordinal" in table.c and (count := connection.execute(_gaps(table)).scalar_one()):
            yield f"rows of {table.name} are lost in {count} places: their numbers have gaps"
    for message, wanting in (*_contradictions(), *_contradictions_of_crawls()):
        if count := connection.execute(select(func.count()).select_from(wanting.subquery())).scalar_one():
            yield f"{count} {message}"


def _as_sqlite_says(connection: Connection) -> Iterator[str]:
    for (message,) in connection.execute(text("PRAGMA integrity_check")):
        # Newer SQLite looks into the search index as well, which index_check.py does in any case.
        if message != "ok" and LEXEMES not in message:
            yield message
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"a row of {row[0]} refers to a row of {row[2]} that is not there"


def _orphans(connection: Connection) -> Iterator[str]:
    """Rows that refer to nothing. Every table is read whole, so a page that cannot be read shows too."""
    for owner in SQLModel.metadata.sorted_tables:
        whole = select(func.count(literal_column(f'CAST("{owner.name}" AS text)'))).select_from(owner)
        connection.execute(whole).scalar_one()
        for constraint in owner.foreign_key_constraints:
            if count := connection.execute(_without_target(constraint)).scalar_one():
                target = constraint.referred_table.name
                yield f"{count} rows of {owner.name} refer to rows of {target} that are not there"


def _without_target(constraint: ForeignKeyConstraint) -> Select[int]:
    owner, target = constraint.table, constraint.referred_table.alias()
    pairs = [(link.parent, target.c[link.column.name]) for link in constraint.elements]
    found = exists().where(and_(*(here == there for here, there in pairs)))
    return select(func.count()).select_from(owner).where(~found, *(here.is_not(None) for here, _ in pairs))


def _gaps(table: Table) -> Select[int]:
    """How many times the ordinals under one parent are not 0, 1, 2 …"""
    parents = [column for column in table.primary_key if column.name != "ordinal"]
    ordinal = table.c.ordinal
    broken = (
        select(*parents)
        .group_by(*parents)
        .having((func.min(ordinal) != 0) | (func.max(ordinal) != func.count() - 1))
    )
    return select(func.count()).select_from(broken.subquery())


def _contradictions() -> Iterator[tuple[str, Select[int]]]:
    """What no document or run may be, as a message and the query for it."""
    document, run = col(DocumentRow.id), col(RunRow.id)
    current = exists().where(col(RunRow.document_id) == document, col(RunRow.is_current))
    yield (
        "archived documents have no current reading",
        select(document).where(col(DocumentRow.status) == ARCHIVED, ~current),
    )
    yield "documents have no source", select(document).where(~exists().where(FIRST_SOURCE))
    yield (
        "current readings are of runs that failed",
        select(run).where(col(RunRow.is_current), col(RunRow.outcome) != ARCHIVED),
    )
    report = exists().where(col(ReportRow.run_id) == run)
    yield "archived runs have no report", select(run).where(col(RunRow.outcome) == ARCHIVED, ~report)


def _contradictions_of_crawls() -> Iterator[tuple[str, Select[int]]]:
    """What no round, task or sighting may be."""
    sighting, earlier = col(SightingRow.id), aliased(SightingRow)
    held = select(func.count()).where(col(SightingDocumentRow.sighting_id) == sighting).scalar_subquery()
    yield (
        "sightings have other documents than they say",
        select(sighting).where(col(SightingRow.documents) != held),
    )
    for other in (col(SightingRow.before_id), col(SightingRow.links_id)):
        there = exists().where(
            col(earlier.id) == other,
            col(earlier.address) == col(SightingRow.address),
            col(earlier.site) == col(SightingRow.site),
        )
        yield (
            "sightings refer to earlier ones that are not there",
            select(sighting).where(other.is_not(None), ~there | (other >= sighting)),
        )
    seen = exists().where(
        col(SightingRow.round_id) == col(CrawlTaskRow.round_id),
        col(SightingRow.site) == col(CrawlTaskRow.site),
        col(SightingRow.address) == col(CrawlTaskRow.address),
    )
    yield "tasks ended without a sighting", select(col(CrawlTaskRow.id)).where(col(CrawlTaskRow.done), ~seen)
    latest = select(func.max(col(CrawlRoundRow.id))).scalar_subquery()
    yield (
        "rounds are open though later ones began",
        select(col(CrawlRoundRow.id)).where(
            col(CrawlRoundRow.state) == "open", col(CrawlRoundRow.id) != latest
        ),
    )
