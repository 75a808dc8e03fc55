"""What is told by charts, made ready to be drawn: series, organs, shares of values, bands of confidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from archive.comparison.value_series import SeriesPoint
from archive.values.confidence_reliability import ConfidenceBand
from archive.values.reading_quality import ReadingQuality, added_up
from web.views.bar_chart import Bar, BarGroup, bar_chart
from web.views.drawing import Drawing, shown
from web.views.line_chart import LineValue, line_chart
from web.views.printed_values import is_doubted, sign_of

_PARTS = ("flagged", "corrected", "unread")


def over_years(points: Sequence[SeriesPoint]) -> Drawing | None:
    """A value over years; None where there is no number."""
    return line_chart([LineValue(str(one.year), one.number, sign_of(one), is_doubted(one)) for one in points])


def over_organs(points: Sequence[SeriesPoint]) -> Drawing | None:
    """A value of several organs; None where there is no number."""
    return bar_chart([BarGroup(one.organ, (_bar(one),)) for one in points])


def _bar(point: SeriesPoint) -> Bar:
    if point.number is None:
        return Bar(None, sign_of(point), "gap")
    doubted = is_doubted(point)
    return Bar(point.number, shown(point.number) + "?" * doubted, "doubt" if doubted else "sound")


def largest(every: Sequence[ReadingQuality], count: int, rest: str) -> list[ReadingQuality]:
    """The sources with the most values, each over all months, and all others as one under a name."""
    names = dict.fromkeys(one.source for one in every)
    sums = [added_up((one for one in every if one.source == name), name) for name in names]
    sums.sort(key=lambda one: (-one.values, one.source))
    others = sums[count:]
    return [*sums[:count], *([added_up(others, rest)] if others else [])]


def quality(named: Sequence[tuple[str, ReadingQuality]], word: Callable[[str], str]) -> Drawing | None:
    """Of the values under each name the shares that were flagged, corrected and not read, in per cent."""
    groups = [
        BarGroup(name, tuple(_share(getattr(one, part), one.values, part, word(part)) for part in _PARTS))
        for name, one in named
    ]
    return bar_chart(groups, " %", Decimal(1))


def _share(count: int, of: int, look: str, word: str) -> Bar:
    share = percent(count, of)
    return Bar(share, f"{word} {share:.2f} %", look)


def reliability(bands: Sequence[ConfidenceBand]) -> Drawing | None:
    """Of the judged values in each band the share that was right, and across it what the confidence says."""
    groups = [
        BarGroup(
            f"{one.low:.2f}–{one.high:.2f}",
            (
                Bar(
                    percent(one.right, one.judged),
                    f"{percent(one.right, one.judged):.1f} % · {one.right:,} / {one.judged:,}",
                    "sound",
                    Decimal(f"{100 * one.promised:.2f}"),
                ),
            ),
        )
        for one in bands
    ]
    return bar_chart(groups, " %", Decimal(100))


def percent(count: int, of: int) -> Decimal:
    """A share in per cent; 0 of nothing is 0."""
    return Decimal(100 * count) / Decimal(of) if of else Decimal(0)
