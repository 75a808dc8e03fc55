"""Whether the print on separate pages proves that they follow each other in one report."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from ocr.model import Page
from reconcile.matching.identification import tables_of
from reconcile.matching.printed_tables import parts_of
from reconcile.volume.border_evidence import goes_on
from reconcile.volume.leaves import leaves_of
from reconcile.volume.marks.base import LeafMarks, TitlePlace
from reconcile.volume.marks.leaf_marks import marks_of


class Turn(Enum):
    """What the print says of a page after the one before it."""

    GOES_ON = "goes on"
    BEGINS = "begins"
    UNTOLD = "untold"


def turns(pages: Sequence[Page]) -> tuple[Turn, ...]:
    """What the print says of each page, numbered from 1, after the one before; the first begins.

    A page goes on where its number is the next, or its first section, or where a table that lacks its end
    on the page before lacks its beginning here. A title at its top begins another report.
    """
    parts = parts_of(pages)
    leaves = leaves_of(pages, parts)
    marks = marks_of(leaves, tables_of(parts))
    found = [Turn.BEGINS]
    so_far: list[LeafMarks] = []
    for leaf, before, here in zip(leaves[1:], marks, marks[1:], strict=False):
        so_far.append(before)
        if leaf.half:  # both halves of a spread are one page
            continue
        found.append(_turn(so_far, here))
        if found[-1] is Turn.BEGINS:
            so_far.clear()
    return tuple(found)


def _turn(so_far: Sequence[LeafMarks], here: LeafMarks) -> Turn:
    if any(mark.where is not TitlePlace.MIDDLE for mark in here.titles):
        return Turn.BEGINS
    before = so_far[-1]
    if before.number and here.number:
        counts_on = here.number.number == before.number.number + 1 and here.number.of == before.number.of
        return Turn.GOES_ON if counts_on else Turn.UNTOLD
    return Turn.GOES_ON if _table_goes_on(so_far, here) or _sections_go_on(so_far, here) else Turn.UNTOLD


def _table_goes_on(so_far: Sequence[LeafMarks], here: LeafMarks) -> bool:
    last = so_far[-1].tables[-1:]
    return bool(last and here.tables) and goes_on(last[0], here.tables[0])


def _sections_go_on(so_far: Sequence[LeafMarks], here: LeafMarks) -> bool:
    """Whether the first section that is headed here is the one after the last before it."""
    numbers = [mark.number for leaf in so_far for mark in leaf.sections if mark.number]
    first = next((mark.number for mark in here.sections if mark.number), 0)
    return bool(numbers) and first == numbers[-1] + 1
