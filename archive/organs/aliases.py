"""The table of organs and of their other names: only people write into it, every link with who and when."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Delete, delete, insert, select, update
from sqlmodel import col

from archive.db.engine import only_writer_of
from archive.db.people_schema import OrganAliasRow, OrganRow
from archive.organs import names as organs
from archive.organs import reports_by_year
from archive.organs.organ_list_file import ListedOrgan, ListError, OrganList
from core.errors import UsageError
from core.problems import Problem

# SQLite takes no more than some thousand values in one statement.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class OrganLink:
    """That a name printed in reports means an organ, who said so, and when."""

    written: str
    organ: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A name of an organ, how many reports print it, on which years, and who linked it to another."""

    organ: str
    written: str
    years: tuple[int, ...]
    reports: int
    region: str
    supervisor: str
    linked_by: str
    linked_at: str


@dataclass(frozen=True, slots=True)
class ListLoadSummary:
    """What loading a list did; `dropped` organs were not in a list that was to be the whole one."""

    organs: int
    linked: tuple[str, ...]
    unlinked: tuple[str, ...]
    dropped: tuple[str, ...]


def links(connection: Connection) -> list[OrganLink]:
    """All links, in the order of names."""
    columns = (
        col(OrganAliasRow.written),
        col(OrganAliasRow.organ),
        col(OrganAliasRow.who),
        col(OrganAliasRow.at),
    )
    return sorted(
        (OrganLink(*row) for row in connection.execute(select(*columns))), key=lambda one: one.written
    )


def link(connection: Connection, written: Sequence[str], organ: str, who: str, at: str) -> list[str]:
    """Link names to an organ; give those that were not linked to it before.

    Raises UsageError for a name that means another organ already, or is one in its own right.
    """
    only_writer_of(connection, OrganRow, OrganAliasRow)
    known = organs.links(connection)
    if organ in known:
        raise UsageError(f"{organ} is itself another name of {known[organ]}: link to that")
    new = [name for name in dict.fromkeys(written) if known.get(name) != organ]
    own = _in_their_own_right(connection)
    for name in new:
        _check_free(name, organ, known, own)
    if organ not in {one.name for one in listed(connection)}:
        connection.execute(insert(OrganRow).values(_row(ListedOrgan(organ))))
    _link(connection, dict.fromkeys(new, organ), who, at)
    return new


def unlink(connection: Connection, written: Sequence[str]) -> None:
    """Let names mean nothing but themselves again. Raises UsageError for one that is not linked.

    An organ that was there for these links only, unlisted and in no report, goes with them.
    """
    only_writer_of(connection, OrganRow, OrganAliasRow)
    known = organs.links(connection)
    for name in dict.fromkeys(written):
        if name not in known:
            raise UsageError(f"{name} is not linked to any organ; `guidang organs list` shows the links")
    _delete(connection, delete(OrganAliasRow), col(OrganAliasRow.written), written)
    _forget(connection, {known[name] for name in written})


def load(
    connection: Connection, wanted: OrganList, who: str, at: str, whole: bool = False
) -> ListLoadSummary:
    """Make the table say what a list says: of the organs it names, or (`whole`) of all there are.

    A link that stands already keeps who and when. Raises ListError if the list contradicts
    what the archive says of organs that it does not name.
    """
    only_writer_of(connection, OrganRow, OrganAliasRow)
    before = organs.links(connection)
    names = {organ.name for organ in wanted.organs}
    after = {alias: organ.name for organ in wanted.organs for alias in organ.aliases}
    gone = [name for name, owner in before.items() if (whole or owner in names) and after.get(name) != owner]
    _delete(connection, delete(OrganAliasRow), col(OrganAliasRow.written), gone)
    dropped = [organ.name for organ in listed(connection) if whole and organ.name not in names]
    _delete(connection, delete(OrganRow), col(OrganRow.name), dropped)
    if problems := [*conflicts(connection, wanted)]:
        raise ListError(wanted.file, problems)
    _keep(connection, wanted.organs)
    linked = {alias: owner for alias, owner in after.items() if before.get(alias) != owner}
    _link(connection, linked, who, at)
    return ListLoadSummary(len(names), tuple(linked), tuple(gone), tuple(dropped))


def noted(connection: Connection) -> dict[str, str]:
    """For each linked name, who linked it and when: the comments of an exported list."""
    return {one.written: f"{one.who}, {one.at}" for one in links(connection)}


def listed(connection: Connection) -> list[ListedOrgan]:
    """Every organ that people named, with its aliases, in the order of names."""
    aliases: dict[str, list[str]] = {}
    for one in links(connection):
        aliases.setdefault(one.organ, []).append(one.written)
    columns = (col(OrganRow.name), col(OrganRow.region), col(OrganRow.supervisor), col(OrganRow.years))
    rows = sorted(connection.execute(select(*columns)).all(), key=lambda row: row.name)
    return [
        ListedOrgan(name, region, supervisor, tuple(aliases.get(name, ())), _years(years))
        for name, region, supervisor, years in rows
    ]


def with_printed(connection: Connection) -> list[ListedOrgan]:
    """Every organ that people named, and every name that reports print beside."""
    known = listed(connection)
    names = {name for organ in known for name in organ.names}
    printed = {report.written for report in reports_by_year.held(connection)} - {""}
    new = (ListedOrgan(name) for name in printed - names)
    return sorted((*known, *new), key=lambda organ: organ.name)


def printed_names(connection: Connection) -> list[PrintedName]:
    """Every name that reports print or people listed, in the order of organs; "" is a name not read."""
    known = {one.name: one for one in listed(connection)}
    linked = {one.written: one for one in links(connection)}
    reports: dict[tuple[str, str], list[int]] = {(name, name): [] for name in known}
    reports |= {(one.organ, one.written): [] for one in linked.values()}
    for report in reports_by_year.held(connection):
        reports.setdefault((report.organ, report.written), []).append(report.year or 0)
    return [
        _printed_name(written, years, known.get(organ, ListedOrgan(organ)), linked.get(written))
        for (organ, written), years in sorted(reports.items())
    ]


def _printed_name(
    written: str, years: Sequence[int], organ: ListedOrgan, linked: OrganLink | None
) -> PrintedName:
    return PrintedName(
        organ=organ.name,
        written=written,
        years=tuple(sorted({year for year in years if year})),
        reports=len(years),
        region=organ.region,
        supervisor=organ.supervisor,
        linked_by=linked.who if linked else "",
        linked_at=linked.at if linked else "",
    )


def conflicts(connection: Connection, wanted: OrganList) -> Iterator[Problem]:
    """Where a list and the links of the archive say that one name means two organs."""
    known = organs.links(connection)
    own = _in_their_own_right(connection)
    for organ in wanted.organs:
        line = wanted.lines.get(organ.name, 0)
        if organ.name in known:
            yield Problem(line, f"{organ.name} is linked to {known[organ.name]} in the archive")
        for alias in organ.aliases:
            line = wanted.lines.get(alias, 0)
            if known.get(alias, organ.name) != organ.name:
                yield Problem(line, f"{alias} is linked to {known[alias]} in the archive")
            elif alias in own:
                yield Problem(line, f"{alias} is listed as an organ of its own in the archive")


def _in_their_own_right(connection: Connection) -> set[str]:
    """The organs of which somebody said more than the name, and which so cannot be another's name."""
    return {one.name for one in listed(connection) if one != ListedOrgan(one.name)}


def _check_free(name: str, organ: str, known: Mapping[str, str], own: Collection[str]) -> None:
    """Raise UsageError if a name cannot come to mean an organ."""
    if name == organ:
        raise UsageError(f"{name} cannot be another name of itself")
    if name in known:
        raise UsageError(f"{name} is linked to {known[name]}: `guidang organs unlink {name}` first")
    if name in own:
        raise UsageError(
            f"{name} is listed as an organ of its own: take it out of the list first "
            "(`guidang organs export`, edit it, `guidang organs load --whole`)"
        )


def _forget(connection: Connection, names: Collection[str]) -> None:
    """Drop the organs of which nothing is said and which no report prints, a mistyped one for instance."""
    printed = {report.written for report in reports_by_year.held(connection)}
    unsaid = [name for name in names if name not in _in_their_own_right(connection) | printed]
    _delete(connection, delete(OrganRow), col(OrganRow.name), unsaid)


def _link(connection: Connection, links: Mapping[str, str], who: str, at: str) -> None:
    """Store links; the entry of a name as an organ, which says nothing, goes."""
    _delete(connection, delete(OrganRow), col(OrganRow.name), links)
    rows = [{"written": name, "organ": organ, "who": who, "at": at} for name, organ in links.items()]
    if rows:
        connection.execute(insert(OrganAliasRow), rows)


def _keep(connection: Connection, wanted: Sequence[ListedOrgan]) -> None:
    """Store organs; those that are there already are changed."""
    known = {one.name: one for one in listed(connection)}
    if new := [_row(organ) for organ in wanted if organ.name not in known]:
        connection.execute(insert(OrganRow), new)
    for organ in wanted:
        before = known.get(organ.name, organ)
        if organ != replace(before, aliases=organ.aliases):
            named = col(OrganRow.name) == organ.name
            connection.execute(update(OrganRow).where(named).values(_row(organ)))


def _row(organ: ListedOrgan) -> dict[str, Any]:
    years = None if organ.years is None else list(organ.years)
    return {"name": organ.name, "region": organ.region, "supervisor": organ.supervisor, "years": years}


def _delete(connection: Connection, rows: Delete, column: Any, names: Collection[str]) -> None:
    wanted = list(dict.fromkeys(names))
    for start in range(0, len(wanted), AT_ONCE):
        connection.execute(rows.where(column.in_(wanted[start : start + AT_ONCE])))


def _years(stored: list[int] | None) -> tuple[int, ...] | None:
    return None if stored is None else tuple(stored)
