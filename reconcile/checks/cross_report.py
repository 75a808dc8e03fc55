"""What the reports of several years or organs must say of each other (R5, R7).

Plain values in, comparisons out. A comparison never alters a value, and where a
term is not plainly printed nothing is compared: a blank is no zero.
docs/coverage.md gives the rules in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from reconcile.forms.registry import labels_of
from reconcile.model import Key, State

REQUESTS, PROACTIVE, REVIEW = "requests", "proactive", "review"
CARRIED_IN, CARRIED_OUT = "carried_in", "carried_out"
IN_FORCE, ISSUED, REPEALED = "in_force", "issued", "repealed"
NORMS = ("regulations", "normative_documents")
# The rows that R5 speaks of.
R5_ROWS = (CARRIED_IN, CARRIED_OUT, *NORMS)
ADDED_UP = (PROACTIVE, REQUESTS, REVIEW)
# No unit is printed above it: some reports mean 元, others 万元.
_NOT_ADDED = frozenset({("procurement", "amount")})
_BARE_NUMBER = re.compile(r"[\s\d,，.．+\-－‐‑‒–—―−﹣]*")


class ComparisonOutcome(StrEnum):
    """What came of a comparison.

    `contradiction`: every value in it is beyond doubt, so the reports contradict each
    other; `doubtful`: they differ, but a value in it is flagged, so it may be ours;
    `own_share`: an aggregate is higher than its units', as it counts the organ itself in.
    """

    HOLDS = "holds"
    CONTRADICTION = "contradiction"
    DOUBTFUL = "doubtful"
    OWN_SHARE = "own_share"
    NOT_COMPARABLE = "not_comparable"


class Covers(StrEnum):
    """What a supervising organ's report counts, to judge by most of its values."""

    UNITS = "units"
    UNITS_AND_ITSELF = "units_and_itself"
    ITSELF = "itself"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Term:
    """A value as one report prints it; `report` is whatever names that report to the caller."""

    report: str
    key: Key
    form: str
    state: State
    raw: str
    value: str
    doubtful: bool

    @property
    def number(self) -> Decimal:
        """What it adds to a sum: a blank and a dash nothing."""
        return Decimal(self.value) if self.value else Decimal(0)


Terms = Mapping[Key, Term]


@dataclass(frozen=True, slots=True)
class ReportComparison:
    """What one report says, and what others say it must be: the sum of `plus` less that of `minus`.

    `said` is None if that report has no such value; `expected` is the sum of the
    terms there are, None where there are none.
    """

    relation: str
    key: Key
    outcome: ComparisonOutcome
    said: Term | None
    plus: tuple[Term, ...]
    minus: tuple[Term, ...]
    message: str

    @property
    def expected(self) -> Decimal | None:
        return _sum(self.plus) - _sum(self.minus) if self.plus else None

    @property
    def terms(self) -> tuple[Term, ...]:
        return (*([self.said] if self.said else []), *self.plus, *self.minus)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A supervising organ's report beside those of its units, value by value."""

    covers: Covers
    comparisons: tuple[ReportComparison, ...]


def over_years(before: Terms, after: Terms) -> Iterator[ReportComparison]:
    """R5 between the reports of one organ on a year (`after`) and on the year before."""
    columns = [key.column for key in after if key.row == CARRIED_IN]
    columns += [key.column for key in before if key.row == CARRIED_OUT]
    for column in dict.fromkeys(columns):
        yield _carried(column, before, after)
    for row in NORMS:
        if Key(PROACTIVE, row, IN_FORCE) in after:
            yield _in_force(row, before, after)


def over_units(aggregate: Terms, units: Sequence[Terms], absent: int = 0) -> Aggregate:
    """R7 between a supervising organ's report and those of its units; `absent` units have none.

    Whether the report counts its units, itself as well, or itself only is not
    printed: most of its values tell.
    """
    keys = [key for key in aggregate if key.table in ADDED_UP and (key.row, key.column) not in _NOT_ADDED]
    compared = [_added_up(key, aggregate[key], units, absent) for key in keys]
    covers = _covers(compared)
    return Aggregate(covers, tuple(_judged(one, covers) for one in compared))


def _carried(column: str, before: Terms, after: Terms) -> ReportComparison:
    key = Key(REQUESTS, CARRIED_IN, column)
    said, carried = after.get(key), before.get(Key(REQUESTS, CARRIED_OUT, column))
    outcome = _outcome([said, carried], said, [carried], [])
    label = _label(said or carried, by_column=True)
    message = f"{label}列：上年结转 {_shown(said)}，上年报告结转下年度 {_shown(carried)}"
    return ReportComparison("R5", key, outcome, said, _there(carried), (), message)


def _in_force(row: str, before: Terms, after: Terms) -> ReportComparison:
    key = Key(PROACTIVE, row, IN_FORCE)
    said, last = after.get(key), before.get(key)
    issued, repealed = (after.get(Key(PROACTIVE, row, column)) for column in (ISSUED, REPEALED))
    outcome = _outcome([said, last, issued, repealed], said, [last, issued], [repealed])
    message = (
        f"{_label(said)}：现行有效 {_shown(said)}，"
        f"上年现行有效 {_shown(last)} ＋ 制发 {_shown(issued)} － 废止 {_shown(repealed)}"
    )
    return ReportComparison("R5", key, outcome, said, _there(last, issued), _there(repealed), message)


def _outcome(
    terms: Sequence[Term | None],
    said: Term | None,
    plus: Sequence[Term | None],
    minus: Sequence[Term | None],
) -> ComparisonOutcome:
    """Compare if every term is a printed number.

    Stricter than R1 to R4: within a report the total beside a blank shows what the
    blank means, across years nothing does.
    """
    if any(term is None or term.state is not State.READ for term in terms):
        return ComparisonOutcome.NOT_COMPARABLE
    if _sum(_there(said)) == _sum(_there(*plus)) - _sum(_there(*minus)):
        return ComparisonOutcome.HOLDS
    return _whose(_there(*terms))


def _whose(terms: Sequence[Term]) -> ComparisonOutcome:
    return (
        ComparisonOutcome.DOUBTFUL
        if any(term.doubtful for term in terms)
        else ComparisonOutcome.CONTRADICTION
    )


def _added_up(key: Key, said: Term, units: Sequence[Terms], absent: int) -> ReportComparison:
    """An aggregate beside the sum of its units; that it is higher is judged later."""
    terms = _there(*(unit.get(key) for unit in units))
    row, column = _labels(said)
    message = f"{row}·{column}：{_shown(said)}，{len(terms)} 个单位之和 {_sum(terms)}"
    comparable = not absent and len(terms) == len(units) and _can_be_told(said, terms)
    if not comparable:
        outcome = ComparisonOutcome.NOT_COMPARABLE
    elif said.number == _sum(terms):
        outcome = ComparisonOutcome.HOLDS
    else:
        outcome = _whose((said, *terms))
    return ReportComparison("R7", key, outcome, said, terms, (), message)


def _can_be_told(said: Term, units: Sequence[Term]) -> bool:
    """Say whether a value and its units' can be held against each other.

    As within a report, a blank and a dash count as 0 unless all are blank; but
    where the units are the lighter side, a number lost from a blank may be why.
    """
    if said.state is not State.READ or not all(
        _BARE_NUMBER.fullmatch(one.raw) for one in (said, *units) if one.value
    ):
        return False
    if any(one.state in (State.UNREAD, State.MISSING) for one in units):
        return False
    if all(one.state is State.BLANK for one in units):
        return False
    has_gaps = any(one.state is not State.READ for one in units)
    return not (has_gaps and _sum(units) < said.number)


def _covers(compared: Sequence[ReportComparison]) -> Covers:
    """What more than half of the values that say something speak for; in doubt what accuses less."""
    told = [one for one in compared if one.outcome is not ComparisonOutcome.NOT_COMPARABLE]
    pairs = [(_sum(_there(one.said)), _sum(one.plus)) for one in told]
    voting = [(said, units) for said, units in pairs if said or units]
    if not voting:
        return Covers.UNKNOWN
    if 2 * sum(said == units for said, units in voting) > len(voting):
        return Covers.UNITS
    is_higher = 2 * sum(said >= units for said, units in voting) > len(voting)
    return Covers.UNITS_AND_ITSELF if is_higher else Covers.ITSELF


def _judged(one: ReportComparison, covers: Covers) -> ReportComparison:
    """The comparison in the light of what the report counts."""
    if one.outcome not in (ComparisonOutcome.CONTRADICTION, ComparisonOutcome.DOUBTFUL) or one.said is None:
        return one
    if covers is Covers.ITSELF:
        return replace(one, outcome=ComparisonOutcome.NOT_COMPARABLE)
    if covers is Covers.UNITS_AND_ITSELF and one.said.number > _sum(one.plus):
        return replace(one, outcome=ComparisonOutcome.OWN_SHARE)
    return one


def _sum(terms: Sequence[Term]) -> Decimal:
    return sum((term.number for term in terms), Decimal(0))


def _there(*terms: Term | None) -> tuple[Term, ...]:
    return tuple(term for term in terms if term is not None)


def _shown(term: Term | None) -> str:
    """A value as people read it; what is not printed is said in a word."""
    if term is None:
        return "（无此项）"
    words = {
        State.BLANK: "（空）",
        State.MISSING: "（缺）",
        State.UNREAD: f"（未识{term.raw and ' '}{term.raw}）",
    }
    return words.get(term.state, term.raw) + ("?" if term.doubtful else "")


def _label(term: Term | None, by_column: bool = False) -> str:
    return _labels(term)[1 if by_column else 0] if term else ""


def _labels(term: Term) -> tuple[str, str]:
    try:
        return labels_of(term.form, term.key.table, term.key.row, term.key.column)
    except KeyError:  # stored under a form that this version no longer has
        return term.key.row, term.key.column
