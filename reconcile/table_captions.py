"""What names a table: the line right above it, or a numbered one right below where the page does so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocr.model import Box, Page, Table
from reconcile.labels import has_cjk
from reconcile.matching.printed_tables import TablePart, half_of, is_page_number, upright_box

# How far a caption may stand from what is next to it, in heights of its line. The widest of 24 captions of
# real pages stands 1.9 away, section headings with text between much further.
_NEAR = 2.5
_LONGEST = 45
# In this outer share of a page's height stand running heads; titles too, where it is a picture of a table.
_MARGIN = 0.07
# Lines whose middles differ by less, in heights of a line, stand beside each other.
_BESIDE = 0.6
# A line whose middle is so near that of its table, in shares of the table's width, is centred.
_CENTRED = 0.1

_NUMBERED = re.compile(
    r"附[件表]?[:：]"
    r"|(?:[（(]?[续續]?附?[表圖图]格?|附件|Table|Tab\.|Figure|Fig\.)\s*[\d一二三四五六七八九十A-Z]",
    re.I,
)
_SENTENCE = re.compile(r"[。；;！？!?]|[，,、]$|[，,].*[，,]")
_ENDED = re.compile(r"[。：:；;！？!?]\W*$")
# Bracketed as a whole, it goes on with the line above: （2012年版）
_BRACKETED = re.compile(r"[（(【\[][^（(【\[]*[)）】\]]")
_HEADED = re.compile(r"[（(]?(?:第?[一二三四五六七八九十]{1,3}|\d{1,2}(?:\.\d{1,2})*)[）)、.．\s章节部]")
_CALLED = re.compile(r"表\W*$")
_UNIT = re.compile(r"[\s（(【\[]*(?:金[额額])?[单單]位\W*[:：]\s*\S{1,8}$")
# What stands between a table and its caption: units, who made it and when, boxes to tick, their questions.
_NOTE = re.compile(
    r"[□☐☑☒√■]|是否|^[^:：]{1,8}[:：]\s*\S"
    r"|^\W*(?:20|19)\d\d\s*年(?:度|\s*\d{1,2}\s*月(?:份|\s*\d{1,2}\s*日)?)?\W*$"
)
_REMARK = re.compile(
    r"^[（(]?(?:备?注|说明|說明|资料来源|資料來源|数据来源|来源|Notes?|Source)\d*\s*[:：.]", re.I
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line outside of tables; its box lies as the table is read (points)."""

    text: str
    box: Box


_Row = list[_Piece]


def captions_of_parts(pages: Sequence[Page], parts: Sequence[TablePart]) -> tuple[str, ...]:
    """The caption of each of the parts of the pages, by its index."""
    found = {
        id(table): caption
        for page in pages
        for table, caption in zip(page.tables, captions_of(page), strict=True)
    }
    return tuple(found[id(part.table)] for part in parts)


def captions_of(page: Page) -> tuple[str, ...]:
    """The caption of each table of a page, in the order of `page.tables`; empty where none names it.

    It is what is printed, without a unit that stands behind it. A line that numbers tables (表 1) below them
    counts where the last table has one below and the first has none above.
    """
    above = [_inside(table) or _above(page, table) for table in page.tables]
    below = [_below(page, table) for table in page.tables]
    order = sorted(range(len(above)), key=lambda n: upright_box(page, page.tables[n].box).top)
    if not order or not below[order[-1]] or _NUMBERED.match(above[order[0]]):
        return tuple(above)
    return tuple(
        under or ("" if _NUMBERED.match(over) else over) for over, under in zip(above, below, strict=True)
    )


def _above(page: Page, table: Table) -> str:
    box = upright_box(page, table.box, table.turned)
    rows = _rows_above(page, table)
    edge = box.top
    for number, row in enumerate(rows):
        top, bottom = _ends(row)
        if edge - bottom > _NEAR * (bottom - top):
            return ""
        edge = top
        if found := _named(row, box):
            return _caption(found, rows[number + 1 :], box)
        if any(not _is_note(piece, box, alone=len(row) == 1) for piece in row):
            return ""
    return ""


def _inside(table: Table) -> str:
    """The first row, if it is one cell over the whole table and says that it names a table."""
    first = [cell for cell in table.cells if cell.row == 0]
    whole = len(first) == 1 and table.n_columns > 1 and first[0].column_span == table.n_columns
    text = first[0].text.strip() if whole else ""
    called = _CALLED.search(text) or _NUMBERED.match(text)
    return text if called and _may_name(text) else ""


def _below(page: Page, table: Table) -> str:
    """The numbered line right below a table."""
    box = upright_box(page, table.box, table.turned)
    under = [one for one in _pieces(page, table) if one.box.centre[1] > box.bottom]
    first = min(under, key=lambda one: one.box.top, default=None)
    near = first is not None and first.box.top - box.bottom <= _NEAR * _height(first)
    return first.text if first and near and _NUMBERED.match(first.text) else ""


def _named(row: _Row, table: Box) -> _Piece | None:
    """The piece of a row that may name the table: the only one that is no note."""
    found = [piece for piece in row if not _is_note(piece, table, alone=len(row) == 1)]
    if len(found) != 1:
        return None
    text = _UNIT.sub("", found[0].text).strip()
    return _Piece(text, found[0].box) if _may_name(text) else None


def _may_name(text: str) -> bool:
    says_something = has_cjk(text) or len(re.findall(r"[^\W\d_]", text)) > 2
    return says_something and len(text) <= _LONGEST and not _SENTENCE.search(text) and not _REMARK.match(text)


def _is_note(piece: _Piece, table: Box, *, alone: bool) -> bool:
    """Say whether a piece only stands between the table and its caption: a unit, a date, set to the right."""
    if _NUMBERED.match(piece.text):
        return False
    if _NOTE.search(piece.text) or _UNIT.match(piece.text):
        return True
    at_right = piece.box.left > table.centre[0]
    return not _is_centred(piece.box, table) and (at_right or not alone)


def _caption(found: _Piece, above: Sequence[_Row], table: Box) -> str:
    """The line with the one above that it goes on with; nothing where it ends a paragraph."""
    over = above[0] if above else []
    near = [piece for piece in over if found.box.top - piece.box.bottom <= _NEAR * _height(found)]
    if _BRACKETED.fullmatch(found.text) and len(near) == 1 and _is_centred(near[0].box, table):
        return f"{near[0].text} {found.text}" if _may_name(near[0].text) else found.text
    is_tail = any(_runs_into(piece, found) for piece in near) and not _is_headed(found, table)
    return "" if is_tail else found.text


def _is_headed(found: _Piece, table: Box) -> bool:
    return _is_centred(found.box, table) or bool(_HEADED.match(found.text) or _NUMBERED.match(found.text))


def _runs_into(above: _Piece, line: _Piece) -> bool:
    """Say whether a line goes on with what a longer one right above it began."""
    height = max(_height(line), _height(above))
    close = line.box.top - above.box.bottom <= _NEAR * height
    # The first line of a paragraph is set in by two characters; a title in the middle begins further right.
    around = above.box.left <= line.box.left + _NEAR * height and above.box.right > line.box.right
    return close and around and not _ENDED.search(above.text)


def _rows_above(page: Page, table: Table) -> list[_Row]:
    """The lines above a table, nearest first, those beside each other together; up to the next table."""
    box = upright_box(page, table.box, table.turned)
    others = [upright_box(page, other.box, table.turned) for other in page.tables if other is not table]
    ceiling = max((other.bottom for other in others if other.bottom <= box.top), default=float("-inf"))
    over = [one for one in _pieces(page, table) if ceiling <= one.box.centre[1] < box.top]
    rows: list[_Row] = []
    for piece in sorted(over, key=lambda one: -one.box.centre[1]):
        if rows and abs(rows[-1][0].box.centre[1] - piece.box.centre[1]) < _BESIDE * _height(piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _pieces(page: Page, table: Table) -> Iterator[_Piece]:
    """The lines of a page over or under a table that are in no table and no running head."""
    box = upright_box(page, table.box, table.turned)
    sideways = (page.turned + table.turned) % 180 == 90
    height = page.width if sideways else page.height
    margin = _MARGIN * height
    for line in page.lines:
        place = upright_box(page, line.box, table.turned)
        free = not page.has_in_a_table(line)
        over = place.left < box.right and place.right > box.left
        body = margin <= place.centre[1] <= height - margin or _is_title(line.text)
        beside = half_of(page, line.box) != half_of(page, table.box)
        if free and over and body and not (line.vertical or beside or is_page_number(line.text)):
            yield _Piece(line.text.strip(), place)


def _is_title(text: str) -> bool:
    """Say whether a line in a margin is no running head: numbered, called a table, or in brackets."""
    return bool(
        _NUMBERED.match(text) or _HEADED.match(text) or _CALLED.search(text) or _BRACKETED.fullmatch(text)
    )


def _ends(row: _Row) -> tuple[float, float]:
    return min(piece.box.top for piece in row), max(piece.box.bottom for piece in row)


def _height(piece: _Piece) -> float:
    return piece.box.bottom - piece.box.top


def _is_centred(box: Box, table: Box) -> bool:
    return abs(box.centre[0] - table.centre[0]) <= _CENTRED * (table.right - table.left)
