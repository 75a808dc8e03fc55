"""What a page is made of: paragraphs, headings, tables and pictures, in the order of the markup."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of text as the markup ends it; `level` 1 to 6 for a heading, else 0.

    `linked` of its characters are inside of `links` links.
    """

    text: str
    level: int = 0
    linked: int = 0
    links: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture at the first of its addresses that there is, or what else is drawn and not told in text."""

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HtmlCell:
    """A cell of a table, its top left corner at `row` and `column`.

    `pictured` says that there is print in it which is no text, `doubted` that its text
    may stand elsewhere or say something else.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    pictured: bool = False
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A table. A cell begins in each row and each column; where the markup has no cell, there is none."""

    n_rows: int
    n_columns: int
    cells: tuple[HtmlCell, ...]


Block = Paragraph | Picture | HtmlTable
