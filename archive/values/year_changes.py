"""Changes between years, and conditions on sums and changes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from archive.values.aggregation import EXACT, CountedSum, Grouping, SumLine, Sums
from archive.values.facts import CONDITION, OPERATORS
from core.errors import UsageError

OF_CHANGES = ("change", "change_percent")
OF_SUMS = ("sum", *OF_CHANGES)


@dataclass(frozen=True, slots=True)
class Change:
    """How much more a year has than the one before; `percent` of that, to a tenth, if it was above 0.

    It is doubtful if either sum is, or if not as many reports count in both.
    """

    change: Decimal
    percent: Decimal | None
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of a field of OF_SUMS with a number; nothing compares with what was not read."""

    field: str
    compare: Callable[[Any, Any], bool]
    number: Decimal

    def holds(self, tally: CountedSum, change: Change | None) -> bool:
        found = {
            "sum": tally.sum,
            "change": change and change.change,
            "change_percent": change and change.percent,
        }[self.field]
        return found is not None and self.compare(found, self.number)


def split_conditions(texts: Iterable[str]) -> tuple[tuple[str, ...], tuple[Condition, ...]]:
    """The conditions on single values as they are, and those on sums and changes."""
    on_values, on_sums = [], []
    for text in texts:
        match = CONDITION.fullmatch(unicodedata.normalize("NFKC", text))
        if match and match[1] in OF_SUMS:
            on_sums.append(Condition(match[1], OPERATORS[match[2]], Decimal(match[3])))
        else:
            on_values.append(text)
    return tuple(on_values), tuple(on_sums)


def check(conditions: Sequence[Condition], with_changes: bool, grouping: Grouping | None) -> None:
    """Raises UsageError for changes, or a condition on sums or changes, where there are none."""
    across = grouping is not None and grouping.across
    if not across and (with_changes or any(condition.field in OF_CHANGES for condition in conditions)):
        raise UsageError("changes are between years: give --across year")
    if conditions and grouping is None:
        raise UsageError("a condition on a sum needs --by, like --by organ")


def change(before: CountedSum | None, after: CountedSum | None) -> Change | None:
    """The change between two sums of which every input was read; None for all others."""
    if before is None or after is None or not (before.is_plain and after.is_plain):
        return None
    assert before.sum is not None
    assert after.sum is not None
    difference = EXACT.subtract(after.sum, before.sum)
    percent = _percent(difference, before.sum) if before.sum > 0 else None
    counted = [tally.reports - tally.left_out for tally in (before, after)]
    doubtful = before.is_doubtful or after.is_doubtful or counted[0] != counted[1]
    return Change(difference, percent, doubtful)


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    """Rounded half up to a tenth, whatever the size of the numbers."""
    tenths = floor(Fraction(part) * 1000 / Fraction(whole) + Fraction(1, 2))
    return EXACT.scaleb(Decimal(tenths), Decimal(-1))


def changes(cells: Mapping[int | None, CountedSum]) -> dict[int | None, Change]:
    """The change into each year from the year just before it, where there is one."""
    found = {year: change(cells.get(year - 1), tally) for year, tally in cells.items() if year is not None}
    return {year: one for year, one in found.items() if one is not None}


def chosen(sums: Sums, conditions: Sequence[Condition]) -> Sums:
    """The lines with a year (or only cell) for which all conditions hold."""
    if not conditions:
        return sums
    return replace(sums, lines=tuple(line for line in sums.lines if _holds(line, conditions)))


def _holds(line: SumLine, conditions: Sequence[Condition]) -> bool:
    into = changes(line.cells)
    return any(
        all(condition.holds(tally, into.get(year)) for condition in conditions)
        for year, tally in line.cells.items()
    )
