"""The archive at a glance, and one document in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import col

from archive.db.people_schema import VerdictRow
from archive.db.schema import DocumentRow, FindingRow, GridRow, PageRow, RunRow, SourceRow, ValueRow
from archive.documents import documents, gatherings, reading_loader, stored_reports
from archive.documents.reading_writer import NO_PART as OUTSIDE
from archive.documents.records import RunProvenance
from archive.documents.stored_reports import StoredReport
from archive.judged import verdict_overlay
from archive.records import PEOPLES_FLAGS, short
from archive.status.records import DocumentView, Status
from archive.values import facts, verdicts
from core.errors import UsageError
from reconcile.model import DOCUMENT_FLAGS


def status(connection: Connection) -> Status:
    """Counts over all documents and over the current readings."""
    held = _counts(connection, col(DocumentRow.status), None)
    sources = connection.execute(select(func.count()).select_from(SourceRow)).scalar_one()
    standing = select(func.count()).select_from(VerdictRow).where(col(VerdictRow.stands))
    values = _values(connection)
    return Status(
        documents=dict.fromkeys(documents.STATUSES, 0) | held,
        sources=sources,
        duplicates=sources - sum(held.values()),
        pages=_counts(connection, col(PageRow.route), PageRow),
        values=_summed((state, count) for state, _, _, count in values),
        flags=_summed((flag, count) for _, flags, _, count in values for flag in flags),
        table_flags=_split(_counts(connection, col(GridRow.flags), GridRow)),
        document_flags=_document_flags(connection),
        needs_review=sum(count for *_, doubtful, count in values if doubtful),
        verdicts=connection.execute(standing).scalar_one(),
        # What a person judged needs a look only where a newer reading says something else.
        contradicted=sum(
            count for _, flags, doubtful, count in values if doubtful and flags & set(PEOPLES_FLAGS)
        ),
    )


def view(connection: Connection, digest: str, path: Path, part: int | None = None) -> DocumentView:
    """All that is known of the document with this sha256, or of one report in it.

    Raises UsageError for a part that it has not.
    """
    document = connection.execute(
        select(
            col(DocumentRow.id), col(DocumentRow.media_type), col(DocumentRow.size), col(DocumentRow.status)
        ).where(col(DocumentRow.sha256) == digest)
    ).one()
    reports = tuple(stored_reports.reports(connection, digest))
    chosen = _chosen(reports, digest, part)
    parts = {one.part for one in reports} | {OUTSIDE} if chosen is None else {chosen.part}
    failure = documents.failures(connection, digest)
    tables = [one for one in reading_loader.tables(connection, digest) if one.part in parts]
    told = [one for one in reading_loader.findings(connection, digest) if one.part in parts]
    return DocumentView(
        document=digest,
        media_type=document.media_type,
        size=document.size,
        status=document.status,
        sources=documents.sources(connection, document.id),
        members=gatherings.members_of(connection, digest),
        gathered_in=gatherings.gathering_of(connection, digest),
        path=path,
        failure=failure[0] if failure else None,
        reports=reports,
        chosen=chosen,
        run=_current_run(connection, document.id),
        runs=documents.count_runs(connection, document.id),
        pages=tuple(stored.page for stored in reading_loader.pages(connection, digest)),
        tables=tuple(one.table for one in tables),
        table_numbers=tuple(one.number for one in tables),
        facts=tuple(facts.read(connection, facts.query_for(facts.FactFilter(digest, part)))),
        findings=tuple(one.finding for one in told if not one.settled),
        settled=tuple(one.finding for one in told if one.settled),
        verdicts=tuple(one for one in verdicts.history(connection, digest) if one.part in parts),
    )


def _chosen(reports: Sequence[StoredReport], digest: str, part: int | None) -> StoredReport | None:
    if part is None:
        return reports[0] if len(reports) == 1 else None
    found = next((one for one in reports if one.part == part), None)
    if found is None:
        raise UsageError(f"{short(digest)} has {len(reports)} reports; there is no report {part}")
    return found


def _current_run(connection: Connection, document: int) -> RunProvenance | None:
    run = select(
        col(RunRow.version),
        col(RunRow.engines),
        col(RunRow.options),
        col(RunRow.started),
        col(RunRow.finished),
        col(RunRow.seconds),
    ).where(col(RunRow.document_id) == document, col(RunRow.is_current))
    row = connection.execute(run).one_or_none()
    if row is None:
        return None
    version, engines, options, started, finished, seconds = row
    return RunProvenance(version, engines, options, _moment(started), _moment(finished), seconds)


def _values(connection: Connection) -> list[tuple[str, frozenset[str], bool, int]]:
    """State, flags, whether a look is needed, and how many current values have all three, in one pass."""
    told = (
        verdict_overlay.STATE.label("state"),
        verdict_overlay.FLAGS.label("flags"),
        verdict_overlay.NEEDS_REVIEW.label("needs_review"),
    )
    # Named by a list of runs, values are read in their own order and not by way of an index on their keys.
    current = select(col(RunRow.id)).where(col(RunRow.is_current))
    counted = (
        verdict_overlay.overlaid(
            select(*told, func.count()).join_from(ValueRow, RunRow, col(ValueRow.run_id) == col(RunRow.id))
        )
        .where(col(ValueRow.run_id).in_(current))
        .group_by(*told)
    )
    return [
        (state, frozenset(flags.split(";")) - {""}, bool(doubtful), int(count))
        for state, flags, doubtful, count in connection.execute(counted)
    ]


def _summed(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The sum for each name, sorted by name."""
    sums: Counter[str] = Counter()
    for name, count in counts:
        sums[name] += count
    return dict(sorted(sums.items()))


def _counts(connection: Connection, column: Any, owner: Any) -> dict[str, int]:
    """How often each content of a column occurs, in current runs if its table hangs off runs."""
    counted = select(column, func.count()).group_by(column).order_by(column)
    if owner is not None:
        counted = counted.join_from(owner, RunRow, _is_current(owner))
    return {str(name): int(count) for name, count in connection.execute(counted)}


def _document_flags(connection: Connection) -> dict[str, int]:
    """How many current readings have each finding that asks to look at the whole document."""
    kind = col(FindingRow.kind)
    counted = (
        select(kind, func.count(col(FindingRow.run_id).distinct()))
        .join_from(FindingRow, RunRow, _is_current(FindingRow))
        .where(kind.in_(DOCUMENT_FLAGS))
        .group_by(kind)
        .order_by(kind)
    )
    return {name: int(count) for name, count in connection.execute(counted)}


def _is_current(owner: Any) -> Any:
    return (col(owner.run_id) == col(RunRow.id)) & col(RunRow.is_current)


def _split(counts: dict[str, int]) -> dict[str, int]:
    """Counts of `;`-joined flags as counts of each flag."""
    return _summed((flag, count) for joined, count in counts.items() for flag in joined.split(";") if flag)


def _moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
