"""Columns and rows whose labels say another thing than the form: of last year, 增 where it has 增/减."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from rapidfuzz import fuzz

from ocr.model import Cell
from reconcile.forms.form_model import FormTable
from reconcile.forms.registry import forms
from reconcile.labels import (
    can_contradict,
    contradicts,
    half_width,
    has_cjk,
    is_of_another_year,
    normalised_label,
)
from reconcile.matching.printed_tables import TablePart, same_columns
from reconcile.model import Finding, State
from reconcile.numerals import parse

# A label this like one of a form would be taken for it, were it not for the word that turns it.
_LIKE = 0.75
# Where a row's label was not read for sure, the word that turns it may be misread: the row is then laid
# by its position and doubted. A column so laid would not be.
_SURE = 0.9
# A year is no part of a number, and no amount: 32001, 2001.5 and 2001元 are values.
_YEAR = re.compile(r"(?<![\d.,])(20\d\d)(?:年度?)?(?![\d.,元万亿件条个次人项份宗%％])")
_BARE_YEAR = re.compile(r"20\d\d")
_THIS_YEAR = "本年"

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Remaining:
    """The parts without the cells that belong to another label, and by part what was left out."""

    parts: tuple[TablePart, ...]
    left_out: tuple[tuple[Finding, ...], ...]

    def findings(self, names: Sequence[str]) -> tuple[Finding, ...]:
        """What was left out of the parts that are tables of a form, by their names."""
        told = zip(self.left_out, names, strict=True)
        return tuple(finding for findings, name in told if name for finding in findings)


def without_others(
    parts: Sequence[TablePart], year: int | None, as_they_are: Collection[int] = ()
) -> Remaining:
    """Take out what stands under or beside a label that contradicts the form's, so that it is laid nowhere.

    `year` is the one that the report speaks of: 2022年 is 上年 in a report on 2023. The parts with an index
    in `as_they_are` are left so.
    """
    kept: list[TablePart] = []
    left_out: list[tuple[Finding, ...]] = []
    going_on: tuple[_Span, ...] = ()
    for part in parts:
        if part.index in as_they_are:
            kept.append(part)
            left_out.append(())
            continue
        if not (kept and same_columns(kept[-1], part) and kept[-1].table.n_columns == part.table.n_columns):
            going_on = ()
        columns = [
            cell for cell in part.table.cells if _is_other(cell, year, _headers()) and _heads(part, cell)
        ]
        sure = [cell for cell in part.table.cells if cell.row and cell.confidence >= _SURE]
        labels = (cell for cell in sure if cell not in columns and not (cell.column and _is_bare(cell)))
        rows = [cell for cell in labels if _is_other(cell, year, _row_labels())]
        dropped, going_on = _below(part, columns, going_on)
        dropped |= {cell for label in rows for cell in part.table.cells if _stands_beside(cell, label)}
        told = [("列", cell) for cell in columns] + [("行", cell) for cell in rows]
        left_out.append(tuple(_finding(kind, cell) for kind, cell in told))
        rest = tuple(cell for cell in part.table.cells if cell not in dropped)
        kept.append(replace(part, table=replace(part.table, cells=rest)) if dropped else part)
    return Remaining(tuple(kept), tuple(left_out))


def _is_other(cell: Cell, year: int | None, labels: tuple[str, ...]) -> bool:
    """Say whether a cell would be a label of the form, but for a word that says another thing."""
    if not has_cjk(cell.text) and not _YEAR.search(cell.text):
        return False
    return _says_other(normalised_label(_of_the_report(cell.text, year)), labels)


@lru_cache(maxsize=4096)
def _says_other(label: str, labels: tuple[str, ...]) -> bool:
    if not can_contradict(label) or any(_agrees(label, known) for known in _all_labels()):
        return False
    alike = any(fuzz.ratio(label, known, score_cutoff=100 * _LIKE) for known in labels)
    return alike or is_of_another_year(label)


def _agrees(label: str, known: str) -> bool:
    return fuzz.ratio(label, known, score_cutoff=100 * _LIKE) > 0 and not contradicts(label, known)


def _of_the_report(text: str, year: int | None) -> str:
    """The text with years told as the report sees them: 本年, 上年, 下年."""

    def told(match: re.Match[str]) -> str:
        gone = (year or 0) - int(match[1])
        return _THIS_YEAR if not gone else "上年" if gone > 0 else "下年"

    return _YEAR.sub(told, half_width(text)) if year else text


def _heads(part: TablePart, header: Cell) -> bool:
    """Say whether a cell is a header: not in the first column, and with no number beside it.

    A number alone is a year only among years: 2089 may be a value.
    """
    beside = [cell for cell in part.table.cells if cell.row == header.row and cell is not header]
    if _is_bare(header):
        years = [cell for cell in beside if _YEAR.fullmatch(cell.text.strip())]
        return bool(years) and not any(_is_number(cell) for cell in beside)
    return header.column > 0 and not any(_is_number(cell) for cell in beside if cell.column > header.column)


def _is_bare(label: Cell) -> bool:
    """Say whether a label is a number that may be a year, or a value."""
    return _BARE_YEAR.fullmatch(label.text.strip()) is not None


def _below(
    part: TablePart, headers: Sequence[Cell], open_above: Sequence[_Span]
) -> tuple[set[Cell], tuple[_Span, ...]]:
    """The headers, the cells below them down to the next label, and the columns that run on at its end.

    Labels that stand right below a header are its own columns and go with it.
    `open_above` are the columns that went on so in the part before.
    """
    dropped: set[Cell] = set(headers)
    going_on: list[_Span] = []
    starts = [(0, span, False) for span in open_above]
    starts += [
        (cell.row + cell.row_span, (cell.column, cell.column + cell.column_span), True) for cell in headers
    ]
    for first, span, headed in starts:
        below = list(_column(part, span, first))
        own = [_is_label(cell) and _is_inside(cell, span) for cell in below] if headed else []
        n_own = [*own, False].index(False)
        end = next((n for n, cell in enumerate(below) if n >= n_own and _is_label(cell)), len(below))
        dropped |= {cell for cell in below[:end] if _is_inside(cell, span)}
        going_on += [span] if end == len(below) else []
    return dropped, tuple(going_on)


def _column(part: TablePart, span: _Span, first: int) -> Iterator[Cell]:
    """The cells that touch some columns, from a row downwards."""
    touching = (
        cell
        for cell in part.table.cells
        if cell.column < span[1] and cell.column + cell.column_span > span[0]
    )
    return (cell for cell in sorted(touching, key=lambda cell: cell.row) if cell.row >= first)


def _is_inside(cell: Cell, span: _Span) -> bool:
    return span[0] <= cell.column and cell.column + cell.column_span <= span[1]


def _is_label(cell: Cell) -> bool:
    return has_cjk(cell.text) and parse(cell.text, inked=True).state is State.UNREAD


def _is_number(cell: Cell) -> bool:
    if _YEAR.fullmatch(cell.text.strip()):
        return False
    return parse(cell.text, inked=cell.inked).state in (State.READ, State.DASH)


def _stands_beside(cell: Cell, label: Cell) -> bool:
    """Say whether a cell begins on a row of the label, at its side or behind it."""
    return label.row <= cell.row < label.row + label.row_span and cell.column >= label.column


@cache
def _headers() -> tuple[str, ...]:
    return _normalised(label for table in _tables() for label in table.header_labels())


@cache
def _row_labels() -> tuple[str, ...]:
    rows = (row for table in _tables() for _, row in table.pairs())
    return _normalised(label for row in rows for label in (*row.labels, row.group, row.side))


def _tables() -> Iterator[FormTable]:
    """The tables that are told by their rows; the others leave out columns of other years by themselves."""
    tables = (table for form in forms().values() for table in form.tables.values())
    return (table for table in tables if not table.is_headed)


@cache
def _all_labels() -> tuple[str, ...]:
    return (*_headers(), *_row_labels())


def _normalised(labels: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(normalised_label, labels))))


def _finding(kind: str, label: Cell) -> Finding:
    said = f"表中“{label.text}”一{kind}，与法定表式所言不同，未列入"
    return Finding("extra_column" if kind == "列" else "extra_row", said, page=label.page)
