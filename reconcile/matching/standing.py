"""Which print of a table is in force, where the document says so: 更正前 and 更正后, 原表, 作废, 上年数据."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from ocr.model import Page
from reconcile.labels import half_width
from reconcile.matching.printed_tables import TablePart


class Standing(IntEnum):
    """What is said of a print; of two prints of a table the one that stands higher is in force."""

    OTHER_YEAR = 0
    WITHDRAWN = 1
    OPEN = 2
    IN_FORCE = 3


# Said in a caption or on a line of its own, which are short; a sentence speaks of both prints.
_LONGEST = 40
# A line of its own that is longer than this may be part of a sentence: it holds for the next section only.
_SHORT = 15
_SENTENCE = re.compile(r"。|[，,；;](?!.*[:：]$)")
_CHANGED = r"(?:更正|订正|勘误|修[正订改]|调整)"
_ANNOUNCED = re.compile(rf"{_CHANGED}(?:如下|为[:：]?$)")
_IN_FORCE = re.compile(
    rf"{_CHANGED}(?:之?后|稿|版|本|表)|以(?:此|本|下)[^上]{{0,4}}为准|^\W*新[表版稿]|^(?:以上|上[表述列]).{{0,8}}作废"
)
_WITHDRAWN = re.compile(
    rf"{_CHANGED}之?前(?!后)|^\W*(?:原|旧)(?:表|件|稿|版|数据|报告|公[布开]|发布)|[(（〔【\[](?:已?作废|原表?)[)）〕】\]]"
)
_HEADED = re.compile(r"^[(（]?[一二三四五六七八九十]{1,2}[)）、.．]")
_YEAR = re.compile(r"20\d\d(?=年)")
_OTHER_YEAR = re.compile(r"上一?年|去年")
_THIS_YEAR = re.compile(r"本年|今年")
_DATA = re.compile(r"(?:数据|情况|表|统计)\W*$")


def standings(pages: Sequence[Page], parts: Sequence[TablePart], year: int | None) -> tuple[Standing, ...]:
    """What is said of each part, by its caption or the line of its own that stands above it last.

    What the heading of a section says holds for that section, what a short line of its own says until
    another one. `year` is the one that the report speaks of.
    """
    by_page: dict[int, list[TablePart]] = {}
    for part in parts:
        by_page.setdefault(part.page, []).append(part)
    found: dict[int, Standing] = {}
    general, own = Standing.OPEN, Standing.OPEN
    for page in pages:
        here = by_page.get(page.number, [])
        for line in page.lines:
            inside = next((part for part in here if part.table.box.contains(*line.box.centre)), None)
            if inside:
                found.setdefault(inside.index, _captioned(inside, year) or own)
                continue
            said = _said(line.text, year)
            if _HEADED.match(_plain(line.text)):
                own = general if said is None else said
            elif said is not None:
                own = said
                general = said if len(_plain(line.text)) <= _SHORT else general
        for part in here:
            found.setdefault(part.index, own)
    return tuple(found[part.index] for part in parts)


def _captioned(part: TablePart, year: int | None) -> Standing | None:
    """What the first row says, if it is one cell over the whole table."""
    first = [cell for cell in part.table.cells if cell.row == 0]
    whole = len(first) == 1 and first[0].column_span == part.table.n_columns
    return _said(first[0].text, year) if whole else None


def _said(text: str, year: int | None) -> Standing | None:
    """What a line says of the print below it; None where it says nothing, or both."""
    words = _plain(text)
    if len(words) > _LONGEST or _SENTENCE.search(words):
        return None
    if _ANNOUNCED.search(words):
        return Standing.IN_FORCE
    told = [
        standing
        for standing, pattern in ((Standing.IN_FORCE, _IN_FORCE), (Standing.WITHDRAWN, _WITHDRAWN))
        if pattern.search(words)
    ]
    return (told[0] if len(told) == 1 else None) if told else _of_year(words, year)


def _of_year(words: str, year: int | None) -> Standing | None:
    """Of which year the print is said to be."""
    if not _DATA.search(words):
        return None
    years = {int(found) for found in _YEAR.findall(words)}
    if (year and years == {year}) or (not years and _THIS_YEAR.search(words)):
        return Standing.OPEN
    other = year is not None and bool(years) and max(years) < year
    return Standing.OTHER_YEAR if other or (not years and _OTHER_YEAR.search(words)) else None


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", half_width(text))
