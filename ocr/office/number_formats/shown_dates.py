"""Dates and times as a workbook shows them: days since 1900 or 1904, and parts of a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from ocr.office.number_formats.format_codes import Mark, Section

_DAY = 86_400
_1900, _1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
# Before 1 March 1900 programs do not agree on days; behind the last one there is no date.
_FIRST, _LAST = 61, 2_958_466
_WEEKDAYS = "一二三四五六日"
# Letters of dates by what is shown for them; of names of months and days nobody knows in which language.
_LETTERS = {
    **{"y": "yy", "yy": "yy", "yyy": "yyyy", "yyyy": "yyyy", "aaa": "aaa", "aaaa": "aaaa"},
    **{one: one for one in ("m", "mm", "d", "dd", "h", "hh", "s", "ss", "minute", "minutes")},
}
_MONTHS = frozenset({("date", "m"), ("date", "mm")})


def shown_date(section: Section, value: Decimal, from_1904: bool) -> str | None:
    """Return a date or time; None where its look is not sure: names of months, years of eras, no date."""
    marks = _with_minutes(section.marks)
    if any((kind == "date" and text not in _LETTERS) or kind in ("text", "general") for kind, text in marks):
        return None
    marks = [(kind, _LETTERS[text] if kind == "date" else text) for kind, text in marks]
    fraction = _places_of_seconds(marks)
    if fraction is None or not 0 <= value < _LAST:
        return None
    calendar = any((kind == "date" and text[0] in "yda") or (kind, text) in _MONTHS for kind, text in marks)
    if calendar and not from_1904 and value < _FIRST:
        return None
    seconds = _seconds(value, marks, fraction)
    moment = (_1904 if from_1904 else _1900) + timedelta(seconds=int(seconds))
    return "".join(_pieces(marks, moment, seconds))


def _with_minutes(marks: Sequence[Mark]) -> list[Mark]:
    """Tell minutes from months: they stand behind hours or before seconds."""
    told = [n for n, (kind, _) in enumerate(marks) if kind in ("date", "elapsed")]
    found = list(marks)
    for place, n in enumerate(told):
        before = marks[told[place - 1]][1][0] if place else ""
        after = marks[told[place + 1]][1][0] if place + 1 < len(told) else ""
        if marks[n] in _MONTHS and (before == "h" or after == "s"):
            found[n] = "date", "minute" if marks[n][1] == "m" else "minutes"
    return found


def _places_of_seconds(marks: Sequence[Mark]) -> int | None:
    """Return how many digits stand behind seconds; None for digits anywhere else."""
    digits = [n for n, (kind, _) in enumerate(marks) if kind == "digit"]
    if not digits:
        return 0
    start = digits[0]
    behind = start >= 2 and marks[start - 1][0] == "point" and marks[start - 2][1][:1] == "s"
    sound = behind and digits == list(range(start, start + len(digits))) and len(digits) <= 3
    return len(digits) if sound and all(marks[n][1] == "0" for n in digits) else None


def _seconds(value: Decimal, marks: Sequence[Mark], places: int) -> Decimal:
    """Return the seconds since the first day, rounded where seconds are shown."""
    exact = (value * _DAY).quantize(Decimal("0.001"), ROUND_HALF_UP)
    has_seconds = any(kind in ("date", "elapsed") and text[0] == "s" for kind, text in marks)
    way = ROUND_HALF_UP if has_seconds else ROUND_FLOOR
    return exact.quantize(Decimal(1).scaleb(-places), way)


def _pieces(marks: Sequence[Mark], moment: datetime, seconds: Decimal) -> Iterator[str]:
    halves = any(kind == "half" for kind, _ in marks)
    whole = int(seconds)
    elapsed = {"h": whole // 3600, "m": whole // 60, "s": whole}
    behind = iter(f"{seconds % 1:f}".partition(".")[2])
    for kind, text in marks:
        if kind == "half":
            yield "上午" if moment.hour < 12 else "下午"
        elif kind == "elapsed":
            yield f"{elapsed[text[0]]:0{len(text)}}"
        elif kind == "digit":
            yield next(behind, "0")
        elif kind == "date":
            yield _part(text, moment, halves)
        else:
            yield text


def _part(text: str, moment: datetime, halves: bool) -> str:
    if text.startswith("a"):
        return ("星期" if text == "aaaa" else "") + _WEEKDAYS[moment.weekday()]
    if text.startswith("y"):
        return f"{moment.year % 100:02}" if text == "yy" else f"{moment.year:04}"
    hour = (moment.hour % 12 or 12) if halves else moment.hour
    values = {"m": moment.month, "d": moment.day, "h": hour, "s": moment.second}
    if text.startswith("minute"):
        return f"{moment.minute:0{2 if text == 'minutes' else 1}}"
    return f"{values[text[0]]:0{len(text)}}"
