"""The tables of docs/operations.md that are made from the program; run this to make them anew.

Each stands between `<!-- NAME: made by make docs -->` and an empty line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from core.failure_codes import Failure
from core.settings_schema import UNITS, Setting, known_settings
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "operations.md"


def settings_table() -> str:
    """The settings that bound no document."""
    return _table(
        ("variable", "effect", "unit and range", "default"),
        (
            (f"`{one.variable}`", _effect(one), " ".join(filter(None, (one.unit, one.bounds))), _default(one))
            for one in known_settings().values()
            if not one.is_limit
        ),
    )


def limits_table() -> str:
    """The settings that bound what is read of a document."""
    return _table(
        ("setting", "the most", "unit", "default"),
        (
            (f"`{one.variable}`", _effect(one), one.unit, _default(one))
            for one in known_settings().values()
            if one.is_limit
        ),
    )


def failures_table() -> str:
    """Why a document cannot be read."""
    return _table(
        ("code", "stage", "the reason says", "what to do"),
        (
            (f"`{one}`", ", ".join(f"`{stage}`" for stage in one.stages) or "any", one.says, one.remedy)
            for one in Failure
        ),
    )


TABLES: Mapping[str, Callable[[], str]] = {
    "settings": settings_table,
    "limits": limits_table,
    "failures": failures_table,
}


def made_anew(text: str) -> str:
    """The page with every table as the program has it now."""
    for name, table in TABLES.items():
        before, mark, after = text.partition(f"<!-- {name}: made by make docs -->\n")
        rest = re.sub(r"\A(?:\|.*\n)*", "", after)
        text = before + mark + table() + rest
    return text


def _effect(one: Setting) -> str:
    return str(one.field.description)


def _default(one: Setting) -> str:
    value = one.field.default
    if value is None:
        return "unset"
    if isinstance(value, str):
        return f"`{value}`"
    if one.unit == "bytes":
        unit = next(unit for unit in "GMk" if value >= UNITS[unit])
        return f"{value // UNITS[unit]} {unit}iB"
    return f"{value:,}" if one.is_limit else f"{value:g}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n".replace("|  |", "| |") for line in lines)


if __name__ == "__main__":
    PAGE.write_text(made_anew(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
