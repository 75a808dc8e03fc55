"""The organs of an archive a page at a time, by name: those that reports print, those that people listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlmodel import col

from archive.db.people_schema import OrganRow
from archive.db.schema import ReportRow, RunRow
from archive.organs import names


@dataclass(frozen=True, slots=True)
class OrganPage:
    """Some of the organs, in the order of names, and how many there are in all."""

    organs: tuple[str, ...]
    total: int


def known(connection: Connection) -> dict[str, str]:
    """Every name that means an organ, printed in a current report, listed or linked, with its organ."""
    printed = (
        select(col(ReportRow.organ))
        .join(RunRow, (col(RunRow.id) == col(ReportRow.run_id)) & col(RunRow.is_current))
        .where(col(ReportRow.organ) != "")
        .distinct()
    )
    links = names.links(connection)
    listed = connection.execute(select(col(OrganRow.name))).scalars()
    own = {name: name for name in (*connection.execute(printed).scalars(), *listed)}
    return {**own, **links}


def page(organs: Mapping[str, str], part: str, first: int, count: int) -> OrganPage:
    """The organs of which a name has this part, from place `first`, counted from 0; `organs` is `known`."""
    found = sorted({organ for name, organ in organs.items() if part in name or part in organ})
    return OrganPage(tuple(found[first : first + count]), len(found))
