"""What is printed above a table, laid beside the headings of forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from rapidfuzz import fuzz

from reconcile.forms.form_model import FormTable
from reconcile.labels import normalised_label
from reconcile.matching.headed.row_keys import bare
from reconcile.matching.printed_tables import TablePart, rows_of

# A heading this like one of the form is that one, misread; what does not say that it heads a table (表)
# must be the same.
LIKE, _SAME = 0.8, 0.95
_LONGEST = 45
_ANY, _NEAR = re.compile(r"^[^，。；]{3,40}表(?:[(（][^)）]*[)）])?$"), 5
# What headings of one table have more or less: years, whose table it is, its number, that it is a summary.
_YEAR = re.compile(r"20\d\d年?度?|二[〇○零][〇○零一二三四五六七八九]{2}年?度?")
_NUMBER = re.compile(r"^(?:公开|附|预|决)?[件表]?\d{0,2}表?|公开\d{1,2}表$")
_PLAIN = re.compile(
    r"本?部门|本?单位|[省市区县州旗镇乡本]级|总体|情况|财务|明细|统计|汇总|公开|预算|年初|总|表|按|续|当年|科目"
)
_SAYINGS = (("收入支出", "收支"), ("因公出国境", ""), ("两费", ""))
_ORGAN = re.compile(
    r".*(?:局|委|办|厅|署|处|院|会|中心|学|校|馆|队|社|政府|街道|所|站|部|室|镇|乡|区|县|市|省)$"
)
# A heading with such a word is of another table than one without it.
_TELLING = ("决算", "基本", "收入", "基金", "资本", "项目", "三公", "采购")
# By economic class only what is basic is spent, where the heading of the form does not say otherwise.
_CLASS, _OF_CLASS = "经济", ("经济", "基本")


@lru_cache(maxsize=4096)
def core(heading: str) -> str:
    """A heading without marks, numbers and the words that headings of one table have more or less."""
    text = normalised_label(re.sub(r"[(（][^)）]*[)）]", "", bare(heading)))
    text = _PLAIN.sub("", _NUMBER.sub("", _YEAR.sub("", text)))
    for said, short in _SAYINGS:
        text = text.replace(said, short)
    return text


def heading_likeness(part: TablePart, table: FormTable) -> float:
    """How like the nearest heading of a part is to one of the table: 0 for none, else `LIKE` to 1."""
    return max((_likeness(line, table) for line in headings_of(part)), default=0.0)


def is_heading(text: str, table: FormTable) -> bool:
    """Say whether a line is the heading of the table, or an entry of contents that names it."""
    if "表" not in text or len(text) > 2 * _LONGEST:
        return False
    return _likeness(re.sub(r"[.…·\s\d]+$", "", text), table) >= _SAME


def has_a_heading(part: TablePart) -> bool:
    """Say whether anything right above a part heads a table, whichever it is."""
    return any(_ANY.search(re.sub(r"\s", "", line)) for line in part.above[-_NEAR:])


def headings_of(part: TablePart) -> Iterator[str]:
    """Lines above a part that may head it, and cells over all of its width or all of its values."""
    yield from (line for line in part.above if len(line) <= _LONGEST and not re.search(r"[。；;，,]", line))
    for row in rows_of(part)[:2]:
        yield from (
            cell.text for cell in row.own if cell.text and 3 * cell.column_span > part.table.n_columns
        )


@cache
def _cores(*headings: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(core, headings))))


def _likeness(line: str, table: FormTable) -> float:
    said, headings = core(line), (table.heading, *table.aliases)
    if _CLASS in line and not any(word in heading for word in _OF_CLASS for heading in headings):
        return 0.0
    likeness = max((_alike(said, known) for known in _cores(*headings)), default=0.0) if said else 0.0
    return likeness if likeness >= (LIKE if "表" in line else _SAME) else 0.0


def _alike(said: str, known: str) -> float:
    if said.endswith(known) and _ORGAN.fullmatch(said[: -len(known)]):
        return _SAME
    if any((word in said) != (word in known) for word in _TELLING):
        return 0.0
    return fuzz.ratio(said, known) / 100
