"""What all views share: plain tables, texts made safe to print, signs and labels of values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

# What an original says must not steer the terminal.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
STAND_INS = {"blank": ("空", "dim"), "missing": ("缺", "red"), "unread": ("未识", "red")}
LONGEST_LIST = 40


def printable(value: object) -> str:
    """A value as one line of text without control characters; nothing for None."""
    return "" if value is None else CONTROL.sub(" ", str(value))


def spaced(parts: Iterable[object]) -> str:
    """The parts that there are, in one line."""
    return "  ".join(printable(part) for part in parts if part)


def page_range(numbers: Sequence[int]) -> str:
    """The first and the last of some pages: 2–4."""
    first, last = min(numbers), max(numbers)
    return str(first) if first == last else f"{first}–{last}"


def heading(text: str) -> Text:
    """The head of a block, behind an empty line."""
    return Text(f"\n{printable(text)}", style="bold")


def grid(columns: Sequence[str], rows: Iterable[Sequence[object]], header: bool = True) -> Table:
    """A plain table; cells fold rather than lose text."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, show_header=header)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(printable(cell)) for cell in row))
    return table


def state_and_text(state: str, raw: str) -> str:
    """What is printed as it is shown, the raw text beside a state that has a sign of its own."""
    sign = STAND_INS.get(state, ("", ""))[0]
    return f"{sign} {printable(raw)}".strip()


def labels(form: str, table: str, row: str, column: str) -> tuple[str, str]:
    """The printed labels of a value; its keys if it was stored under a form that is no longer known."""
    from reconcile.forms.registry import labels_of  # loads the forms, which a search can do without

    try:
        return labels_of(form, table, row, column)
    except KeyError:
        return row, column
