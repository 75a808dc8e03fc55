"""Numbers as a workbook shows them by their format; what is not surely shown so is told raw, and unsure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from core.yaml_loader import SAFE_LOADER
from ocr.office.number_formats.format_codes import Mark, Section, sections_of
from ocr.office.number_formats.shown_dates import shown_date

# So many digits of a number are kept, as by Excel; whatever stands behind is noise of binary fractions.
_DIGITS = 15
# In this room a number without a format has to fit, its point counted in, its sign not.
_GENERAL = 11
_BUILTIN = Path(__file__).with_name("builtin_formats.yaml")


@dataclass(frozen=True, slots=True)
class ShownText:
    """What a cell shows, and whether that is sure."""

    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format by its code; `sure` is false where its look depends on the machine that shows it."""

    code: str = "General"
    sure: bool = True

    def number(self, raw: str, from_1904: bool = False) -> ShownText:
        """Return how a number is shown; `raw` is how the file has it. Raises ValueError for no number."""
        value = float(raw)
        if not math.isfinite(value):
            raise ValueError(f"no number: {raw}")
        text = _shown(self.code, _decimal(value), from_1904)
        return (
            ShownText(text.strip(), self.sure)
            if text is not None
            else ShownText(_plain(_decimal(value)), False)
        )

    def text(self, text: str) -> ShownText:
        """Return how a text is shown."""
        sections = sections_of(self.code)
        if sections is None:
            return ShownText(text, False)
        own = sections[3] if len(sections) == 4 else sections[-1]
        if len(sections) < 4 and not own.has("text"):
            return ShownText(text)
        return ShownText("".join(text if kind == "text" else told for kind, told in own.marks).strip())


GENERAL = NumberFormat()


@cache
def builtin_format(number: int) -> NumberFormat:
    """Return a format that has a number only; of one that is not known nothing is sure."""
    told = _builtin().get(number)
    return NumberFormat(**told) if told else NumberFormat(sure=False)


@cache
def _builtin() -> dict[int, dict[str, Any]]:
    return dict(yaml.load(_BUILTIN.read_text(encoding="utf-8"), Loader=SAFE_LOADER))


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.{_DIGITS}g}")


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown(code: str, value: Decimal, from_1904: bool) -> str | None:
    """Return the text of a number by a format; None where that is not sure."""
    sections = sections_of(code)
    if sections is None or (chosen := _chosen(sections, value)) is None:
        return None
    section, signed = chosen
    if section.has("date", "elapsed", "half"):
        return shown_date(section, value, from_1904)
    told = "".join(_told(section, abs(value)) or ()) if section.marks else ""
    if not told and section.marks and section.has("digit", "general"):
        return None
    rounded_away = signed and not any(char in "123456789" for char in told)
    return None if rounded_away else f"{'-' if signed else ''}{told.strip()}"


def _chosen(sections: Sequence[Section], value: Decimal) -> tuple[Section, bool] | None:
    """Return the section for a number, and whether a minus comes before it; None if that is not sure."""
    numeric = sections[:3]
    if any(section.condition for section in numeric):
        found = next((one for one in numeric if one.admits(value)), None)
        return (found, False) if found is not None and value >= 0 else None
    if sections[0].has("text") and len(sections) == 1:
        return Section((("general", ""),)), value < 0
    if value < 0:
        return (numeric[1], False) if len(numeric) > 1 else (numeric[0], True)
    return (numeric[2], False) if value == 0 and len(numeric) > 2 else (numeric[0], False)


def _told(section: Section, value: Decimal) -> list[str] | None:
    """Return the pieces of a number of 0 or more; None where its look is not sure."""
    marks = section.marks
    if section.has("general"):
        general = _general(value)
        if general is None or section.has("digit", "point", "exponent"):
            return None
        return [general if kind == "general" else text for kind, text in marks]
    if section.has("text"):
        return None
    if not section.has("digit"):
        return [text for _, text in marks]
    if ("literal", "/") in marks:
        return None
    return _scientific(marks, value) if section.has("exponent") else _fixed(marks, value)


def _general(value: Decimal) -> str | None:
    """Return a number that has no format."""
    if value == 0:
        return "0"
    if value >= Decimal(10) ** _GENERAL:
        digits, _, exponent = f"{value:.5E}".partition("E")
        return f"{_plain(Decimal(digits))}E+{int(exponent):02}"
    whole = len(str(int(value)))
    text = _plain(_rounded(value, max(0, _GENERAL - 1 - whole)))
    return None if value < Decimal("0.0001") else text


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _fixed(marks: Sequence[Mark], value: Decimal) -> list[str] | None:
    """Lay the digits of a number on the marks for them, from the point to the left and to the right."""
    if sum(kind == "point" for kind, _ in marks) > 1:
        return None
    value = value.scaleb(2 * sum(kind == "percent" for kind, _ in marks))
    point = next((n for n, (kind, _) in enumerate(marks) if kind == "point"), len(marks))
    whole, behind = marks[:point], marks[point:]
    grouped, scaled, whole = _commas(whole, last=point == len(marks))
    if point < len(marks):
        _, after, behind = _commas(behind, last=True)
        scaled += after
    places = [text for kind, text in behind if kind == "digit"]
    try:
        number = _rounded(value.scaleb(-3 * scaled), len(places))
    except ArithmeticError:
        return None
    digits, _, fraction = f"{number:f}".partition(".")
    return [*_before(whole, "" if digits == "0" else digits, grouped), *_behind(behind, fraction)]


def _commas(marks: Sequence[Mark], last: bool) -> tuple[bool, int, list[Mark]]:
    """Return whether digits stand in groups of three, by how many thousands they are divided, and the rest.

    A comma behind the last digit divides, where the whole number ends there.
    """
    at = [n for n, (kind, _) in enumerate(marks) if kind == "digit"]
    if not at:
        return False, 0, [mark for mark in marks if mark[0] != "comma"]
    between = any(kind == "comma" for kind, _ in marks[at[0] : at[-1]])
    scaled = 0
    while last and at[-1] + scaled + 1 < len(marks) and marks[at[-1] + scaled + 1][0] == "comma":
        scaled += 1
    trailing = not last and at[-1] + 1 < len(marks) and marks[at[-1] + 1][0] == "comma"
    return between or trailing, scaled, [mark for mark in marks if mark[0] != "comma"]


def _before(marks: Sequence[Mark], digits: str, grouped: bool) -> Iterator[str]:
    """Yield what stands before the point; digits for which there is no mark come before the first of them."""
    first = next((n for n, (kind, _) in enumerate(marks) if kind == "digit"), None)
    backwards: list[str] = []
    n_told = 0

    def tell(digit: str) -> None:
        nonlocal n_told
        if grouped and n_told and n_told % 3 == 0:
            backwards.append(",")
        backwards.append(digit)
        n_told += 1

    left = digits
    for n in range(len(marks) - 1, -1, -1):
        kind, text = marks[n]
        if kind != "digit":
            backwards.append(text)
            continue
        if left:
            tell(left[-1])
            left = left[:-1]
        elif text == "0":
            tell("0")
        elif text == "?":
            backwards.append(" ")
        while n == first and left:
            tell(left[-1])
            left = left[:-1]
    if first is None and left:
        backwards.extend(reversed(left))
    yield from reversed(backwards)


def _behind(marks: Sequence[Mark], digits: str) -> Iterator[str]:
    """Yield the point and what stands behind; zeros at the end are shown where the format says 0."""
    shown = len(digits.rstrip("0"))
    needed = [text for kind, text in marks if kind == "digit"]
    shown = max([shown, *(n + 1 for n, text in enumerate(needed) if text == "0")])
    place = 0
    for kind, text in marks:
        if kind != "digit":
            yield text
            continue
        if place < shown:
            yield digits[place]
        elif text == "?":
            yield " "
        place += 1


def _scientific(marks: Sequence[Mark], value: Decimal) -> list[str] | None:
    """Return a number with its power of ten, one digit before the point."""
    at = next(n for n, (kind, _) in enumerate(marks) if kind == "exponent")
    mantissa, power = marks[:at], marks[at + 1 :]
    point = next((n for n, (kind, _) in enumerate(mantissa) if kind == "point"), len(mantissa))
    whole = sum(kind == "digit" for kind, _ in mantissa[:point])
    width = sum(kind == "digit" for kind, _ in power)
    if whole != 1 or any(kind not in ("digit", "point") for kind, _ in (*mantissa, *power)) or not width:
        return None
    places = sum(kind == "digit" for kind, _ in mantissa[point:])
    digits, _, exponent = f"{value:.{places}E}".partition("E")
    if value and _rounded(value.scaleb(-int(exponent)), places) != Decimal(digits):
        return None
    told = _fixed(mantissa, Decimal(digits))
    sign = "-" if int(exponent) < 0 else marks[at][1][1:].replace("-", "")
    return None if told is None else [*told, "E", sign, f"{abs(int(exponent)):0{width}}"]
