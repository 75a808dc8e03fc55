"""Sums of facts: one line a group and value name, exact, and honest about what went into them.

One pass over the facts, in the order of intake; memory grows with the groups,
not with the facts. Different values (other table, row or column) are different
lines unless the caller names what is to be summed `over`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from sys import intern

from archive.organs.reports_by_year import ReportStanding
from archive.records import PEOPLES_FLAGS
from archive.values.records import Fact
from core.errors import UsageError

DIMENSIONS = ("organ", "region", "year", "form", "document")
KEYS = ("table", "row", "column")
SUMMABLE = ("row", "column")
# Of a group in which nothing was read, the first of these says why.
UNREADABLE = ("unread", "missing", "blank", "dash")
# Sums of plain decimals, however long: never rounded.
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)

ZERO = Decimal(0)
NO_FLAGS: frozenset[str] = frozenset()

Name = tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """What makes a line: `by` of DIMENSIONS, and the KEYS that are not in `over`.

    With `across`, a line has a cell a year.
    """

    by: tuple[str, ...]
    over: tuple[str, ...] = ()
    across: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that name a line."""
        return (*self.by, *(key for key in KEYS if key not in self.over))


@dataclass(frozen=True, slots=True)
class CountedSum:
    """A sum with its inputs counted by state; `sum` is None where nothing was read.

    `flagged` inputs have a flag that no person has settled, or are printed so by
    mistake; `needs_review` is how many of them a person should look at, `flags`
    names all flags. `reports` is how many documents say something here,
    `left_out` how many of them do not count, because a newer report of the same
    organ and year does.
    """

    sum: Decimal | None
    read: int
    blank: int
    dash: int
    unread: int
    missing: int
    flagged: int
    needs_review: int
    flags: str
    reports: int
    left_out: int

    @property
    def state(self) -> str:
        """`read`; `partial` if an input is unread or missing; else why there is no sum."""
        if self.read:
            return "partial" if self.unread or self.missing else "read"
        return next(state for state in UNREADABLE if getattr(self, state))

    @property
    def is_plain(self) -> bool:
        """Whether every input was read."""
        return self.read > 0 and not (self.blank or self.dash or self.unread or self.missing)

    @property
    def is_doubtful(self) -> bool:
        """Whether an input is unread, missing or to be looked at."""
        return bool(self.unread or self.missing or self.needs_review)


@dataclass(frozen=True, slots=True)
class SumLine:
    """A group under the columns of its grouping; its only cell has no year unless years lie side by side."""

    name: Name
    cells: Mapping[int | None, CountedSum]


@dataclass(frozen=True, slots=True)
class Sums:
    """Lines in the order of their names, values in that of the form; `years` are those of any line.

    `forms` tells, by table, row and column, a form that has the value.
    """

    grouping: Grouping
    lines: tuple[SumLine, ...]
    years: tuple[int | None, ...]
    forms: Mapping[tuple[str, str, str], str]


def grouping(by: Sequence[str], over: Sequence[str], across: bool) -> Grouping | None:
    """The grouping that options ask for; None if they ask for none.

    Raises UsageError for a name that is no dimension.
    """
    wanted, summed = _split(by, (*DIMENSIONS, *KEYS), "--by"), _split(over, SUMMABLE, "--over")
    if both := set(wanted) & set(summed):
        raise UsageError(f"--by and --over both name {', '.join(sorted(both))}")
    if not (wanted or summed or across):
        return None
    dimensions = tuple(name for name in wanted if name not in KEYS and not (across and name == "year"))
    return Grouping(dimensions or (("organ",) if across and not wanted else ()), summed, across)


def summed(facts: Iterable[Fact], grouping: Grouping, standing: ReportStanding) -> Sums:
    """Add up facts that come in the order of their reports."""
    groups: dict[Name, dict[int | None, _Tally]] = {}
    forms: dict[tuple[str, str, str], str] = {}
    name_of = _namer(grouping, standing)
    number, report = 0, ("", 0)
    for fact in facts:
        if (fact.document, fact.part) != report:
            number, report = number + 1, (fact.document, fact.part)
        cells = groups.setdefault(name_of(fact), {})
        year = fact.year if grouping.across else None
        stands = "document" in grouping.by or (fact.document, fact.part, fact.table) not in standing.older
        if (tally := cells.get(year)) is None:
            tally = cells[year] = _Tally()
        tally.add(fact, number, stands)
        forms.setdefault((fact.table, fact.row, fact.column), fact.form)
    return _ordered(grouping, groups, forms)


def _is_flagged(flags: set[str], needs_review: int) -> bool:
    """Whether flags still say something against a value: what a person judged is settled."""
    return bool(needs_review) or "source_anomaly" in flags or flags.isdisjoint(PEOPLES_FLAGS)


@dataclass(slots=True)
class _Tally:
    """A tally in the making, small because there may be as many as values; reports count from 1."""

    sum: Decimal = ZERO
    read: int = 0
    blank: int = 0
    dash: int = 0
    unread: int = 0
    missing: int = 0
    flagged: int = 0
    needs_review: int = 0
    flags: frozenset[str] = NO_FLAGS
    reports: int = 0
    left_out: int = 0
    report: int = 0

    def add(self, fact: Fact, report: int, stands: bool) -> None:
        if report != self.report:
            self.report = report
            self.reports += 1
            self.left_out += not stands
        if not stands:
            return
        setattr(self, fact.state, getattr(self, fact.state) + 1)
        if fact.state == "read":
            self.sum = EXACT.add(self.sum, Decimal(fact.value))
        if fact.flags:
            flags = set(fact.flags.split(";"))
            self.flagged += _is_flagged(flags, fact.needs_review)
            self.flags |= flags
        self.needs_review += fact.needs_review

    @property
    def has_inputs(self) -> bool:
        return self.reports > self.left_out

    def finished(self) -> CountedSum:
        return CountedSum(
            sum=self.sum if self.read else None,
            read=self.read,
            blank=self.blank,
            dash=self.dash,
            unread=self.unread,
            missing=self.missing,
            flagged=self.flagged,
            needs_review=self.needs_review,
            flags=";".join(sorted(self.flags)),
            reports=self.reports,
            left_out=self.left_out,
        )


def _split(texts: Iterable[str], known: Sequence[str], option: str) -> tuple[str, ...]:
    """Names out of texts like `organ,year`, each once."""
    names = dict.fromkeys(name.strip() for text in texts for name in text.split(","))
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"{option} cannot use {unknown[0]!r}: write one or several of {','.join(known)}")
    return tuple(names)


def _namer(grouping: Grouping, standing: ReportStanding) -> Callable[[Fact], Name]:
    """The function that names the group of a fact."""
    derived: dict[str, Callable[[Fact], str]] = {
        "organ": lambda fact: standing.organ(fact.organ),
        "document": lambda fact: str(fact.report),
        "region": lambda fact: standing.regions.get(standing.organ(fact.organ), ""),
    }
    parts = [derived.get(name) or _field(name) for name in grouping.names]
    return lambda fact: tuple(_shared(part(fact)) for part in parts)


def _shared(part: str | int | None) -> str | int | None:
    """The same text in many names takes the memory of one."""
    return intern(part) if isinstance(part, str) else part


def _field(name: str) -> Callable[[Fact], str | int | None]:
    def of(fact: Fact) -> str | int | None:
        content: str | int | None = getattr(fact, name)
        return content

    return of


def _ordered(
    grouping: Grouping,
    groups: dict[Name, dict[int | None, _Tally]],
    forms: Mapping[tuple[str, str, str], str],
) -> Sums:
    """The groups as lines, emptied on the way.

    A group or year is left out if no report that counts contributes to it.
    """
    first = len(grouping.by)
    place: dict[Name, int] = {}
    for name in groups:
        place.setdefault(name[first:], len(place))
    ordered = sorted(groups, key=lambda name: (*_sortable(name[:first]), place[name[first:]]))
    lines = tuple(line for name in ordered if (line := _line(name, groups.pop(name))).cells)
    years = {year for line in lines for year in line.cells}
    return Sums(grouping, lines, tuple(sorted(years, key=lambda year: (year is None, year or 0))), forms)


def _line(name: Name, cells: Mapping[int | None, _Tally]) -> SumLine:
    return SumLine(name, {year: tally.finished() for year, tally in cells.items() if tally.has_inputs})


def _sortable(name: Name) -> Iterator[tuple[bool, str | int | None]]:
    return ((part is None, "" if part is None else part) for part in name)
