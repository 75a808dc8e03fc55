"""What options choose, as the filters that the archive takes; names that nothing can have are refused.

The archive is imported inside of the functions: a command loads only what its own filter needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from core.errors import UsageError

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.documents.provenance import ProvenanceFilter
    from archive.records import ReportName
    from archive.search.search import SearchFilter
    from archive.values.facts import FactFilter
    from archive.values.review_queue import ReviewFilter


def pages(
    *,
    year: int | None,
    organ: str | None,
    region: str | None,
    form: str | None,
    table: str | None,
    row: str | None,
    flag: str | None,
    source: str | None,
    page: int | None,
) -> SearchFilter:
    """Which pages to search. Raises UsageError for a flag that no value can have."""
    from archive.search.search import SearchFilter

    return SearchFilter(
        year=year,
        organ=organ,
        region=region,
        form=form,
        table=table,
        row=row,
        flag=known_flag(flag),
        source=source,
        page=page,
    )


def facts(
    *,
    table: Sequence[str] | None,
    row: Sequence[str] | None,
    column: Sequence[str] | None,
    year: Sequence[str] | None,
    organ: str | None,
    region: str | None,
    form: Sequence[str] | None,
    state: Sequence[str] | None,
    flag: str | None,
    where: tuple[str, ...],
) -> FactFilter:
    """Which values to list or add up. Raises UsageError for a state or flag that no value can have."""
    from archive.records import PEOPLES_FLAGS
    from archive.values.facts import FactFilter

    return FactFilter(
        table=table,
        row=row,
        column=column,
        year=year,
        organ=organ,
        region=region,
        form=form,
        state=known_states(state),
        flag=known_flag(flag, *PEOPLES_FLAGS),
        where=where,
    )


def doubts(
    archive: Archive,
    *,
    document: str | None,
    organ: str | None,
    year: int | None,
    table: str | None,
    flag: str | None,
    limit: int | None,
    everything: bool = False,
) -> ReviewFilter:
    """Which values to review. Raises UsageError for a flag or document that there is not."""
    from archive.records import PEOPLES_FLAGS
    from archive.values.facts import FactFilter
    from archive.values.review_queue import ReviewFilter

    digest, part = archive.documents.find_report(document) if document else (None, None)
    chosen = FactFilter(
        document=digest,
        part=part,
        organ=organ,
        year=year,
        table=table,
        flag=known_flag(flag, *PEOPLES_FLAGS),
    )
    return ReviewFilter(chosen, limit, everything)


def report_of(archive: Archive, name: str) -> ReportName:
    """The report that a name means, as `3fa9c1` or `3fa9c1:2`.

    Raises UsageError if there is none, or if the document holds several and none is named.
    """
    return archive.reports.only(*archive.documents.find_report(name))


def documents(named: Sequence[str] | None, year: int | None, organ: str | None) -> ProvenanceFilter:
    """Which documents to hand over; none named means all that fit."""
    from archive.documents.provenance import ProvenanceFilter

    return ProvenanceFilter(named or None, year, organ)


def known_flag(name: str | None, *others: str) -> str | None:
    """The flag as given. Raises UsageError for one that no value can have."""
    if name is None:
        return None
    from reconcile.model import Flag

    return known(name, (*Flag, *others), "flag")


def known_states(names: Sequence[str] | None) -> list[str] | None:
    """The states as given. Raises UsageError for one that no value can have."""
    if names is None:
        return None
    from reconcile.model import State

    return [known(name, State, "state") for name in names]


def known(name: str, names: Iterable[str], what: str) -> str:
    """The name as given. Raises UsageError, which lists them all, for one that is not among `names`."""
    choice = tuple(names)
    if name not in choice:
        raise UsageError(f"no {what} {name!r}; {what}s are {', '.join(choice)}")
    return name
