"""Across reports: gathers what `reconcile.checks.cross_report` compares, people's corrections in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlmodel import col

from archive.comparison.records import R5, R7, SUMMARY, AcrossFilter, AcrossFinding, AcrossTerm
from archive.db.schema import DocumentRow, ValueRow
from archive.organs import aliases, reports_by_year
from archive.organs.names import links
from archive.organs.reports_by_year import CurrentReport, Place
from archive.records import ReportName
from archive.values import facts
from archive.values.records import Fact
from reconcile.checks.cross_report import (
    ADDED_UP,
    R5_ROWS,
    Aggregate,
    ComparisonOutcome,
    Covers,
    ReportComparison,
    Term,
    over_units,
    over_years,
)
from reconcile.model import Key, State

# Two documents a comparison: what one query asks for.
PAIRS_AT_ONCE = 200
_HEADLINE = Key("requests", "new", "total")
_COVERS = {
    Covers.UNITS: "本报告为所属单位之和",
    Covers.UNITS_AND_ITSELF: "本报告合计所属单位及本机关",
    Covers.ITSELF: "本报告不是所属单位的汇总，不作比较",
    Covers.UNKNOWN: "没有可比的数值",
}


@dataclass(frozen=True, slots=True)
class _Reading:
    """A report with those of its facts that are compared."""

    held: CurrentReport
    facts: Mapping[Key, Fact]

    @property
    def terms(self) -> dict[Key, Term]:
        return {key: _term(fact) for key, fact in self.facts.items()}


def across(connection: Connection, wanted: AcrossFilter) -> Iterator[AcrossFinding]:
    """Every wanted comparison, those that hold too, by relation, organ and year."""
    places = reports_by_year.by_place(connection, reports_by_year.held(connection))
    is_named = _named(connection, wanted.organ)
    asked = sorted(
        (organ, year)
        for organ, year in places
        if wanted.year in (None, year) and is_named(organ, places[organ, year])
    )
    if wanted.relation in (None, R5):
        yield from _over_years(connection, places, asked)
    if wanted.relation in (None, R7):
        yield from _over_units(connection, places, asked)


def of_report(connection: Connection, name: ReportName, organ: str) -> list[AcrossFinding]:
    """R5 of one report, given its organ: with the year before, and with the year after."""
    organ = links(connection).get(organ, organ)
    reports = reports_by_year.held(connection, organ=organ)
    place = next((report.place for report in reports if report.name == str(name)), None)
    if place is None:
        return []
    years = [(organ, place[1]), (organ, place[1] + 1)]
    places = reports_by_year.by_place(connection, reports)
    return list(_over_years(connection, places, [year for year in years if year in places]))


def _named(connection: Connection, part: str | None) -> Callable[[str, Sequence[CurrentReport]], bool]:
    """A test whether an organ has this part in a name, printed or given by people."""
    if part is None:
        return lambda organ, reports: True
    owners = {one.organ for one in aliases.links(connection) if part in one.written}
    return lambda organ, reports: (
        part in organ or organ in owners or any(part in one.written for one in reports)
    )


def _over_years(
    connection: Connection, places: Mapping[Place, Sequence[CurrentReport]], asked: Sequence[Place]
) -> Iterator[AcrossFinding]:
    pairs = [((organ, year - 1), (organ, year)) for organ, year in asked if (organ, year - 1) in places]
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        some = pairs[start : start + PAIRS_AT_ONCE]
        counting = {place: places[place][0] for pair in some for place in pair}
        readings = _readings(connection, counting.values(), rows=R5_ROWS)
        for before, after in some:
            last, this = (readings[counting[place].name] for place in (before, after))
            aside = _set_aside(places, (before, after))
            for one in over_years(last.terms, this.terms):
                yield _finding(one, after, {one.held.name: one for one in (last, this)}, aside)


def _over_units(
    connection: Connection, places: Mapping[Place, Sequence[CurrentReport]], asked: Sequence[Place]
) -> Iterator[AcrossFinding]:
    units = _units(connection)
    for organ, year in asked:
        if known := units.get(organ):
            own = [(unit, year) for unit in known if (unit, year) in places]
            lacking = [unit for unit in known if (unit, year) not in places]
            counting = [places[place][0] for place in ((organ, year), *own)]
            readings = _readings(connection, counting, tables=ADDED_UP)
            first, *rest = (readings[report.name] for report in counting)
            found = over_units(first.terms, [unit.terms for unit in rest], len(lacking))
            aside = _set_aside(places, ((organ, year), *own))
            yield _summary(found, (organ, year), len(known), lacking, aside)
            for one in found.comparisons:
                yield _finding(one, (organ, year), readings, aside)


def _units(connection: Connection) -> dict[str, list[str]]:
    """The units of each supervising organ, in the order of names."""
    known = links(connection)
    found: dict[str, list[str]] = {}
    for organ in aliases.listed(connection):
        if organ.supervisor:
            found.setdefault(known.get(organ.supervisor, organ.supervisor), []).append(organ.name)
    return found


def _readings(
    connection: Connection,
    reports: Collection[CurrentReport],
    rows: Sequence[str] = (),
    tables: Sequence[str] = (),
) -> dict[str, _Reading]:
    """The wanted facts of some reports, by the names of these."""
    query = facts.query_for(facts.FactFilter()).where(
        col(DocumentRow.sha256).in_([report.document for report in reports])
    )
    if rows:
        query = query.where(col(ValueRow.row_key).in_(rows))
    if tables:
        query = query.where(col(ValueRow.table_key).in_(tables))
    found: dict[str, dict[Key, Fact]] = {report.name: {} for report in reports}
    for fact in facts.read(connection, query):
        if (own := found.get(str(fact.report))) is not None:
            own[Key(fact.table, fact.row, fact.column)] = fact
    return {report.name: _Reading(report, found[report.name]) for report in reports}


def _term(fact: Fact) -> Term:
    key = Key(fact.table, fact.row, fact.column)
    doubtful = bool(fact.needs_review)
    return Term(str(fact.report), key, fact.form, State(fact.state), fact.raw, fact.value, doubtful)


def _set_aside(places: Mapping[Place, Sequence[CurrentReport]], used: Sequence[Place]) -> tuple[str, ...]:
    return tuple(report.name for place in used for report in places[place][1:])


def _finding(
    one: ReportComparison, place: Place, readings: Mapping[str, _Reading], aside: tuple[str, ...]
) -> AcrossFinding:
    key, said = one.key, one.said
    named = [("said", term) for term in ([said] if said else [])]
    named += [("plus", term) for term in one.plus] + [("minus", term) for term in one.minus]
    return AcrossFinding(
        one.relation,
        *place,
        *(key.table, key.row, key.column),
        outcome=one.outcome.value,
        said=said.value if said else "",
        expected="" if one.expected is None else str(one.expected),
        message=one.message,
        set_aside=aside,
        terms=tuple(_printed(side, term, readings[term.report]) for side, term in named),
    )


def _printed(side: str, term: Term, reading: _Reading) -> AcrossTerm:
    held, fact = reading.held, reading.facts[term.key]
    return AcrossTerm(
        side,
        *(held.name, held.source, held.written, held.year),
        *(fact.table, fact.row, fact.column, fact.state, fact.raw, fact.value),
        *(fact.flags, fact.needs_review, fact.page),
    )


def _summary(
    found: Aggregate, place: Place, known: int, lacking: Sequence[str], aside: tuple[str, ...]
) -> AcrossFinding:
    """One line on an aggregate as a whole: which units there are, and what most values say."""
    headline = next((one for one in found.comparisons if one.key == _HEADLINE), None)
    if lacking:
        so_far = f"；目前 {headline.message}" if headline else ""
        message = (
            f"{known} 个所属单位中 {known - len(lacking)} 个有该年报告（缺：{'、'.join(lacking)}），"
            f"不能比较{so_far}"
        )
    else:
        message = f"{known} 个所属单位均有该年报告；{_COVERS[found.covers]}；{_counted(found)}"
    return AcrossFinding(R7, *place, "", "", "", SUMMARY, "", "", message, aside, ())


def _counted(found: Aggregate) -> str:
    counts = Counter(one.outcome for one in found.comparisons)
    words = {
        ComparisonOutcome.HOLDS: "一致",
        ComparisonOutcome.CONTRADICTION: "矛盾",
        ComparisonOutcome.DOUBTFUL: "存疑",
        ComparisonOutcome.OWN_SHARE: "本机关份额",
        ComparisonOutcome.NOT_COMPARABLE: "不可比",
    }
    return "，".join(f"{word} {counts[outcome]}" for outcome, word in words.items() if counts[outcome])
