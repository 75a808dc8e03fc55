"""Organs, and the several names under which reports print them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Select, func, select
from sqlmodel import col

from archive.db.people_schema import OrganAliasRow, OrganRow
from archive.db.schema import ReportRow


def written_names(connection: Connection, organ: str | None, region: str | None) -> Iterator[list[str]]:
    """For each filter that is given, the names in reports that it means (see `names_meant`)."""
    for query in names_meant(organ, region):
        yield list(connection.execute(query).scalars())


def names_meant(organ: str | None, region: str | None) -> Iterator[Select[str]]:
    """For each filter that is given, the query for the names in reports that it means.

    `organ` is a part of the name as printed or of the organ it is an alias of;
    `region` is the region of the organ, or the beginning of the printed name.
    """
    known = col(OrganAliasRow.organ)
    printed = (
        select(col(ReportRow.organ))
        .join_from(ReportRow, OrganAliasRow, col(OrganAliasRow.written) == col(ReportRow.organ), isouter=True)
        .join(OrganRow, col(OrganRow.name) == func.coalesce(known, col(ReportRow.organ)), isouter=True)
        .distinct()
    )
    if organ is not None:
        named = col(ReportRow.organ).contains(organ, autoescape=True) | known.contains(organ, autoescape=True)
        yield printed.where(named)
    if region is not None:
        within = col(OrganRow.region).startswith(region, autoescape=True)
        starts = col(ReportRow.organ).startswith(region, autoescape=True)
        yield printed.where(within | starts)


def links(connection: Connection) -> dict[str, str]:
    """The organ that each linked name means, as a person said; any other name means itself."""
    linked = select(col(OrganAliasRow.written), col(OrganAliasRow.organ))
    return {row.written: row.organ for row in connection.execute(linked)}
