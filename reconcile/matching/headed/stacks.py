"""The header of a table told by its heading: above each grid column a stack of labels, beside the form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ocr.model import Cell
from reconcile.forms.form_model import FormColumn
from reconcile.labels import half_width, normalised_label, similarity
from reconcile.matching.headed.row_keys import bare
from reconcile.matching.printed_tables import PartRow, TablePart
from reconcile.model import State
from reconcile.numerals import parse

# A column is the form's where the labels of its path are this like labels of the stack, on average.
_LIKE = 0.8
# Of two columns that fit alike, the one of which more labels are printed.
_FOR_LENGTH, _FOR_LOWEST = 0.01, 0.05
# 小计 below 基本支出 is 基本支出, if it is nothing else.
_SUBTOTALS, _FOR_SUBTOTAL = frozenset({"小计", "合计"}), 0.02
# No label of a path may be less like than this.
_OUTER = 0.7
_YEAR = re.compile(r"20\d\d(?=年|预|决|执|$)")
_WITH_YEAR = re.compile(r"20\d\d年?度?")
_OTHER_YEAR = re.compile(r"上一?年度?(?!结转)|去年|增减|增长|比较|较上|比上|执行数|变动|占比|完成")
_NOTE = re.compile(r"[(（【\[][^)）】\]]*[元\d列][^)）】\]]*[)）】\]]|单位[:：]?[百千万亿]?元")
_NO_VALUES = re.compile(
    r"^项目(?!支出)|科目|编码|代码|名称|行次|栏次|序号|^[类款项]+$|备注|^单位$|^功能分类|^经济分类"
)
_COUNT = re.compile(r"\d{1,2}(?:[=(（]?[\d+=()（）＋-]*)?|\*{1,2}")
_SAYS = re.compile(r"(?:单位|部门|名称|年度|日期|编号)[:：]")
_LINE_NUMBERS = frozenset({"行次", "栏次", "序号"})


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """Where the values of a column stand, from 0 to 1 of the table's width."""

    key: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class HeaderStack:
    """Neighbouring grid columns under the same labels, the outermost first."""

    labels: tuple[str, ...]
    left: float
    right: float

    @property
    def has_values(self) -> bool:
        """Say whether values may stand under it: none of its labels is one over labels of rows."""
        return bool(self.labels) and not any(_NO_VALUES.search(normalised_label(one)) for one in self.labels)


def stacks_of(part: TablePart, header: Sequence[PartRow]) -> tuple[HeaderStack, ...]:
    """The stacks of a header from left to right, without those of another year."""

    cells = [cell for row in header for cell in row.own if cell.text and not _is_title(cell, part)]

    def above(column: int) -> list[Cell]:
        return [cell for cell in cells if cell.column <= column < cell.column + cell.column_span]

    def labels(column: int) -> tuple[str, ...]:
        return tuple(cell.text for cell in above(column))

    def owner(column: int) -> tuple[int, int]:
        """The lowest cell above a grid column, by its place."""
        return max(((cell.row, cell.column) for cell in above(column)), default=(-1, column))

    groups = [list(group) for _, group in groupby(range(part.table.n_columns), key=owner)]
    found = [HeaderStack(labels(g[0]), part.edges[g[0]], part.edges[g[-1] + 1]) for g in groups]
    return tuple(_of_this_year(found))


def _is_title(cell: Cell, part: TablePart) -> bool:
    """Say whether a cell heads the table and no column of it: 支出总表 over all of it, 单位：万元."""
    return cell.column_span == part.table.n_columns or _SAYS.search(cell.text) is not None


def counts_columns(row: PartRow) -> bool:
    """Say whether a row numbers the columns: 栏次 1 2 3, or **, 1, 2, 3=4+5."""
    texts = [cell.text.strip() for cell in row.own if cell.text.strip()]
    numbers = [text for text in texts if _COUNT.fullmatch(half_width(text))]
    if any(normalised_label(text) in _LINE_NUMBERS for text in texts):
        return bool(numbers)
    counted = [re.split(r"\D", text)[0] for text in numbers if text[0].isdecimal()]
    rising = len(counted) > 1 and counted == [str(int(counted[0]) + n) for n in range(len(counted))]
    return len(numbers) == len(texts) and rising and counted[0] in ("1", "2")


def places_of(stacks: Sequence[HeaderStack], columns: Sequence[FormColumn]) -> tuple[ValueColumn, ...]:
    """Lay stacks beside columns, the likest first."""
    pairs = [
        (likeness, -n, m)
        for n, stack in enumerate(stacks)
        for m, column in enumerate(columns)
        if (likeness := _likeness(stack, column)) >= _LIKE
    ]
    places: dict[int, ValueColumn] = {}
    taken: set[int] = set()
    for _, n, m in sorted(pairs, reverse=True):
        if -n not in places and m not in taken:
            places[-n] = ValueColumn(columns[m].key, stacks[-n].left, stacks[-n].right)
            taken.add(m)
    return tuple(places[n] for n in sorted(places))


def _likeness(stack: HeaderStack, column: FormColumn) -> float:
    """How like the labels of a column are to some of a stack, in whichever order they are set."""
    if not stack.has_values:
        return 0.0
    labels = tuple(map(_plain, stack.labels))
    inner = _alike(labels, column)
    if len(labels) > 1 and normalised_label(labels[-1]) in _SUBTOTALS:
        return max(inner, _alike(labels[:-1], column) - _FOR_SUBTOTAL)
    return inner


def _alike(labels: Sequence[str], column: FormColumn) -> float:
    wanted = [(label,) for label in column.path[:-1]] + [column.labels]
    best = [max(similarity(said, known) for said in labels for known in names) for names in wanted]
    lowest = [max(similarity(labels[-1], known) for known in names) for names in wanted]
    if min(best) < _OUTER or max(lowest) < _LIKE:
        return 0.0
    return sum(best) / len(best) + _FOR_LENGTH * len(wanted) + _FOR_LOWEST * lowest[-1]


def _plain(label: str) -> str:
    return bare(_NOTE.sub("", _WITH_YEAR.sub("", half_width(label)))) or label


def _of_this_year(stacks: Sequence[HeaderStack]) -> Iterator[HeaderStack]:
    """The stacks but for those of another year: of several years the last is the report's."""
    years = [year_in(one.labels) for one in stacks]
    last = max(years, default=0)
    for stack, year in zip(stacks, years, strict=True):
        other = (year and year < last) or is_of_other_year(stack.labels)
        yield HeaderStack((), stack.left, stack.right) if other else stack


def year_in(labels: Sequence[str]) -> int:
    """The last year that labels name; 0 for none."""
    return max(map(int, _YEAR.findall(half_width("".join(labels)))), default=0)


def is_of_other_year(labels: Sequence[str]) -> bool:
    """Say whether labels speak of another year in words, or of a change."""
    return any(_OTHER_YEAR.search(label) for label in labels)


def has_numbers(row: PartRow) -> bool:
    """Say whether any cell that begins on the row is a number or a dash."""
    states = (parse(cell.text, inked=cell.inked).state for cell in row.own if cell.text)
    return any(state in (State.READ, State.DASH) for state in states)
