"""Reading the cells of a recovered grid, one crop of ink at a time.

Detectors skip lone digits, and these forms are mostly lone digits. So nothing is
detected here: the grid says where the cells are, the ink where the print is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.engine.base import NUMERIC_ALPHABET, Engine, Recognised
from ocr.engine.text_boxes import cell_with_paper
from ocr.model import Cell, Reading, Table
from ocr.tables.grid import Grid, table_of
from ocr.tables.rule_removal import CleanedPage
from ocr.text.cell_crops import CellCrop, crop_cells
from ocr.text.cell_noise import is_bare, remove_noise
from ocr.text.cut_off import doubt_cut_off
from ocr.text.digits.marks import NUMBER, RAISED, Note, find_note, is_struck, print_mask
from ocr.text.digits.shapes import doubt_numbers
from ocr.text.dotted_zeros import remove_zero_dots
from ocr.text.ink import Band, extent_of, is_stacked, lines_of, pieces_of, print_of, type_size
from ocr.text.slanting_rules import wedges_of
from ocr.text.slashes_dashes import (
    BY_DIRTY_SHAPE,
    BY_SHAPE,
    DOUBTFUL,
    LOWEST_DIGIT,
    clean_strokes,
    confirm_signs,
    sign_by_shape,
    slant_of,
)
from ocr.text.wrapped_numbers import Extent, is_wrapped_number, whole_rows

# White round a crop, as a share of its height. Measured on the digits of hzq2023
# at 150, 200 and 300 dpi: 2 to 4 px at 200 dpi read every digit; none or more
# make 0 look like O, and 1 at 150 dpi like 11. Where the first leaves a doubt the
# second often settles it (a 1 of 0.69 becomes 1.00 on the sample mixed-scan).
_MARGINS = (0.13, 0.21)
# The mark of a note is small print. On the 12 scans of bench/cases/raised_digits.py single digits read right
# had 0.9959 and more, all else 0.9889 and less: below the first the cell is no surer than the second.
_SURE_NOTE, _UNSURE_NOTE = 0.99, 0.8
# A reading surer than this is not tried again with the other margin.
_SURE = 0.95
# A 1 that leans by so much, across for each step up, is in doubt; from the second on it may as
# well be a slash: italic figures lean by 0.2 to 0.25, slashes by 0.3 and more.
_LEANS, _LEANS_AS_SLASH = 0.2, 0.28
_LEANING_ONE, _SLASH = 0.8, Reading("/", 0.5, "shape")
# The confidence of a blank where something as tall as a digit was taken for dirt.
NOT_BARE = 0.8
# The most that a cell is sure of whose print a streak or blot touches.
SPOILT = 0.5
# No digit stands in a cell lower than this many em.
_SLIT = 0.75
# An O is wider than a 0: above this width for its height the sign stays as read.
_WIDEST_ZERO = 0.85
_FOLDED = {
    char: numeral for numeral, chars in NUMERIC_ALPHABET.items() if numeral.isdigit() for char in chars
} | dict.fromkeys("－−", "-")
# In a scan a comma may look like a point; then this is what three decimals may be.
_THOUSANDS, _POINT = re.compile(r"-?[1-9]\d{0,2}\.\d{3}"), 0.8


def read_table(cleaned: CleanedPage, grid: Grid, page: int, engine: Engine) -> Table:
    """Read every cell of a grid."""
    cuts = crop_cells(cleaned, grid)
    em = type_size([cut.ink for cut in cuts], cleaned.view.dpi)
    if cleaned.dirty:
        cuts = [replace(cut, ink=remove_noise(cut.ink, em, cleaned.view.dpi)) for cut in cuts]
    whole = whole_rows(_extents(cut, lines_of(cut.ink, em)) for cut in cuts)
    cells = [read_cell(cleaned, cut, em, page, engine, one_row=cut.row in whole) for cut in cuts]
    if cleaned.dirty:
        cells = confirm_signs(cells, [extent_of(cut.ink) for cut in cuts])
    cells = doubt_cut_off(doubt_numbers(cells, cuts, cleaned, em), cuts, grid, cleaned)
    box = cleaned.view.box(*grid.bounds)
    return table_of(grid, box, page, cells)


def _extents(cut: CellCrop, lines: Sequence[Band]) -> tuple[tuple[int, int], float, float, Sequence[Extent]]:
    return cut.row, 0.0, float(cut.ink.shape[0]), [extent(line) for line in lines]


def extent(line: Band) -> Extent:
    """Return where a line stands in its cell."""
    return Extent(line.top, line.bottom, line.width)


def read_cell(
    cleaned: CleanedPage, cut: CellCrop, em: float, page: int, engine: Engine, *, one_row: bool = False
) -> Cell:
    """Read one cell; `em` is the height in pixels of the type its table is set in.

    `one_row` says that no rule was lost across it.
    """
    lines = lines_of(cut.ink, em)
    clean = cleaned.clean[cut.top : cut.bottom, cut.left : cut.right]
    if cleaned.dirty:
        clean = mask_other_print(cut.ink, clean)
    reading, others = _read_slanting_head(clean, cut.ink, em, cleaned.view.dpi, engine) or read_lines(
        clean, cut.ink, lines, em, engine, one_row=one_row, dirty=cleaned.dirty
    )
    if not lines and not is_bare(
        cleaned.raw[cut.top : cut.bottom, cut.left : cut.right], em, cleaned.view.dpi
    ):
        reading = Reading("", NOT_BARE, "ink")
    # Lines so close hold no print: one of them is none, and the cell is beside them.
    is_slit = not lines and cut.bottom - cut.top < _SLIT * em
    if is_slit or cleaned.is_spoilt(np.s_[cut.top : cut.bottom, cut.left : cut.right], cut.ink):
        reading = replace(reading, confidence=min(reading.confidence, SPOILT))
    span = cut.span
    return Cell(
        row=span.row,
        column=span.column,
        row_span=span.row_span,
        column_span=span.column_span,
        text=reading.text,
        box=cleaned.view.box(cut.left, cut.top, cut.right, cut.bottom),
        confidence=reading.confidence,
        page=page,
        engine=engine.name,
        inked=bool(lines),
        others=others,
    )


def _read_slanting_head(
    clean: Pixels, ink: Pixels, em: float, dpi: float, engine: Engine
) -> tuple[Reading, tuple[Reading, ...]] | None:
    """Read the texts of a cell that slanting rules part; None where none do, or numbers stand beside them."""
    readings = []
    for wedge in (print_of(wedge, dpi) for wedge in wedges_of(ink, em)):
        lines = lines_of(wedge, em)
        read, others = read_lines(mask_other_print(wedge, clean), wedge, lines, em, engine, by_shape=False)
        if others or NUMBER.fullmatch(read.text):
            return None
        readings += [read] if lines else []
    if len(readings) < 2:
        return None
    text = " ".join(read.text for read in readings)
    return Reading(text, min(read.confidence for read in readings), "free"), ()


def shows_struck_number(cleaned: CleanedPage, cut: CellCrop, em: float, text: str) -> bool:
    """Tell whether the picture of a cell that says `text`, a number, has a stroke through its digits."""
    if not NUMBER.fullmatch(text):
        return False
    clean = cleaned.clean[cut.top : cut.bottom, cut.left : cut.right]
    lines = lines_of(cut.ink, em)
    parts = _by_width(text, lines)
    return any(is_struck(print_mask(clean, line), part) for line, part in zip(lines, parts, strict=True))


def _by_width(number: str, lines: Sequence[Band]) -> list[str]:
    """Part a number that goes on over lines, by how wide each is; no line is without a digit."""
    ends = np.cumsum([line.right - line.left for line in lines])
    cuts = [0, *(round(len(number) * end / ends[-1]) for end in ends)]
    return [number[start:end] or number[-1] for start, end in pairwise(cuts)]


def mask_other_print(ink: Pixels, clean: Pixels) -> Pixels:
    """Return a cell of a page, with paper over all that does not belong to the given print of it."""
    if not ink.any():
        return clean
    kept = cv2.dilate(ink, np.ones((5, 5), np.uint8)) > 0
    paper = np.percentile(clean, 95, axis=(0, 1)).astype(np.uint8)
    return np.asarray(np.where(kept[:, :, None], clean, paper), dtype=np.uint8)


def read_lines(
    clean: Pixels,
    ink: Pixels,
    lines: Sequence[Band],
    em: float,
    engine: Engine,
    *,
    by_shape: bool = True,
    one_row: bool = False,
    dirty: bool = False,
) -> tuple[Reading, tuple[Reading, ...]]:
    """Read the lines of print of one cell as one text, with other readings of it if they differ.

    `by_shape` allows a slash or a dash to be known by its shape alone, `one_row` a
    number to go on in the next line; on a `dirty` page two specks may look like a hyphen, and
    a broken 1 like a slash.
    """
    if not lines:
        return Reading("", 1.0, "ink"), ()
    plain = clean_strokes(ink, em) if dirty else ink
    signs = lines_of(plain, em) if dirty else lines
    if by_shape and len(signs) == 1 and (sign := sign_by_shape(plain, signs[0], em)):
        return Reading(sign, BY_DIRTY_SHAPE if dirty and sign in DOUBTFUL else BY_SHAPE, "shape"), ()
    if is_stacked(list(lines), em):
        read = engine.recognise(cell_with_paper(_side_by_side([_crop(clean, line) for line in lines])))
        if not read.text.isascii():  # digits are never stacked, but a number may be broken
            return Reading(read.text, read.confidence, "free"), ()
    pieces = [piece for line in lines for piece in pieces_of(ink, line)]
    readings = [_read_line(clean, ink, piece, em, engine) for piece in pieces]
    if len(readings) == 1:
        return readings[0]
    texts = [reading.text for reading, _ in readings]
    if any(others and not reading.text for reading, others in readings):
        # Beside a piece that may be anything the rest is no number.
        return Reading("", 0.0, "free"), tuple(
            one for pair in readings for one in (pair[0], *pair[1]) if one.text
        )
    goes_on = is_wrapped_number(texts, [extent(line) for line in lines], ink.shape[1], one_row=one_row)
    text = "".join(texts) if goes_on else join_lines(texts)
    return Reading(text, min(reading.confidence for reading, _ in readings), "free"), ()


def _read_line(
    clean: Pixels, ink: Pixels, line: Band, em: float, engine: Engine
) -> tuple[Reading, tuple[Reading, ...]]:
    """Read a piece of a line.

    Print too low for a digit is none, whatever it is read as; nor are digits that are struck out or
    unlike in size a number; a 1 that leans may be a slash, and a point before three digits a comma.
    """
    reading, others = _read_twice(clean, line, engine)
    if NUMBER.fullmatch(reading.text):
        mask = print_mask(clean, line)
        if is_struck(mask, reading.text):
            return Reading("", 0.0, reading.method), (reading, *others)
        if len(reading.text) > 1 and (note := find_note(mask)):
            return _read_noted(clean, ink, line, note, engine) or (
                Reading("", 0.0, reading.method),
                (reading,),
            )
    lean = slant_of(ink[line.top : line.bottom, line.left : line.right]) if reading.text == "1" else 0.0
    if lean >= _LEANS_AS_SLASH:
        return Reading("", 0.0, reading.method), (reading, _SLASH, *others)
    if lean >= _LEANS:
        return replace(reading, confidence=min(reading.confidence, _LEANING_ONE)), (_SLASH, *others)
    if line.height < LOWEST_DIGIT * em and any(map(str.isdecimal, reading.text)):
        return Reading("", 0.0, reading.method), (reading, *others)
    if _THOUSANDS.fullmatch(reading.text):
        comma = Reading(reading.text.replace(".", ","), 1 - _POINT, "look-alike")
        return replace(reading, confidence=min(reading.confidence, _POINT)), (comma, *others)
    return reading, others


def _read_noted(
    clean: Pixels, ink: Pixels, line: Band, note: Note, engine: Engine
) -> tuple[Reading, tuple[Reading, ...]] | None:
    """Read a number and the mark of a note behind it, each by itself; None where that cannot be done."""
    if note.start is None:
        return None
    start, paper = line.left + note.start, np.percentile(clean, 95, axis=(0, 1)).astype(np.uint8)
    before, behind = clean.copy(), clean.copy()
    before[:, start:], behind[:, :start] = paper, paper
    number, _ = _read_twice(before, replace(line, right=start), engine)
    mark, _ = _read_twice(behind, _tight(ink, replace(line, left=start)), engine)
    text = number.text + mark.text.translate(RAISED)
    if not number.text.isdecimal() or not mark.text:
        return None
    confidence = number.confidence if mark.confidence >= _SURE_NOTE else min(mark.confidence, _UNSURE_NOTE)
    return Reading(text, confidence, number.method), ()


def _tight(ink: Pixels, line: Band) -> Band:
    """Narrow a piece to the rows that have print, so that small print is read as large as any."""
    rows = np.flatnonzero(ink[line.top : line.bottom, line.left : line.right].any(axis=1))
    return (
        replace(line, top=line.top + int(rows[0]), bottom=line.top + int(rows[-1]) + 1) if rows.size else line
    )


def _read_twice(clean: Pixels, line: Band, engine: Engine) -> tuple[Reading, tuple[Reading, ...]]:
    """Read a piece of a line, with the other margin too where the first leaves a doubt."""
    first = as_value(read_piece(_crop(clean, line), engine), line)
    if first[0].confidence >= _SURE:
        return first
    second = as_value(read_piece(_crop(clean, line, _MARGINS[1]), engine), line)
    better, worse = (second, first) if second[0].confidence > first[0].confidence else (first, second)
    if better[0].text == worse[0].text:
        return better
    return better[0], (*better[1], worse[0])


def read_piece(crop: Pixels, engine: Engine) -> Recognised:
    """Read a piece of a line; where signs that are no numerals may be dotted zeros, without their dots."""
    read = engine.recognise(cell_with_paper(crop))
    strange = sum(char not in _FOLDED and char not in NUMERIC_ALPHABET for char in read.text)
    if not 0 < strange <= len(read.numeral):
        return read
    plain, dots = remove_zero_dots(crop)
    again = engine.recognise(cell_with_paper(plain)) if dots >= strange else read
    return again if len(again.numeral) == len(read.text) and again.numeral.count("0") >= strange else read


def as_value(read: Recognised, line: Band) -> tuple[Reading, tuple[Reading, ...]]:
    """Choose between the free and the numeric reading of a short line.

    They are the same sign where only look-alikes differ (O and 0, l and 1) and
    the shape allows it. Where they differ otherwise, sign for sign, the free
    reading stands and the numeric one is kept beside it.
    """
    numeral = Reading(read.numeral, read.numeral_confidence, "numeric")
    free = Reading(read.text, read.confidence, "free")
    if len(read.text) != len(read.numeral):
        return free, ()
    folded = "".join(_FOLDED.get(char, char) for char in read.text)
    narrow = line.width <= _WIDEST_ZERO * line.height * len(read.text)
    if read.text == read.numeral or (folded == read.numeral and narrow):
        return numeral, ()
    return free, (numeral,)


def join_lines(texts: Sequence[str]) -> str:
    """Join the pieces of a cell: nothing between Chinese, a space between words and between numbers.

    Two values in one cell, where a rule was lost, must never look like one number.
    """
    joined = ""
    for text in texts:
        spaced = joined[-1:].isascii() and joined[-1:].isalnum() and text[:1].isascii() and text[:1].isalnum()
        joined += " " + text if spaced else text
    return joined


def _crop(clean: Pixels, line: Band, share: float = _MARGINS[0]) -> Pixels:
    margin = max(2, round(share * line.height))
    return _framed(clean, line.left - margin, line.top - margin, line.right + margin, line.bottom + margin)


def _framed(clean: Pixels, left: int, top: int, right: int, bottom: int) -> Pixels:
    """Cut a rectangle that may reach beyond the image; what is beyond repeats the edge."""
    height, width = clean.shape[:2]
    inside = clean[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
    beyond = (max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width))
    return np.asarray(cv2.copyMakeBorder(inside, *beyond, cv2.BORDER_REPLICATE), dtype=np.uint8)


def _side_by_side(characters: Sequence[Pixels]) -> Pixels:
    """Set characters that stand one below another next to each other, as the recogniser reads them."""
    size = max(max(character.shape[:2]) for character in characters)
    return np.hstack([_centred(character, size) for character in characters])


def _centred(character: Pixels, size: int) -> Pixels:
    height, width = character.shape[:2]
    above, before = (size - height) // 2, (size - width) // 2
    border = (above, size - height - above, before, size - width - before)
    return np.asarray(cv2.copyMakeBorder(character, *border, cv2.BORDER_REPLICATE), dtype=np.uint8)
