"""What speaks for a report beginning at a place, and what against it, put together to one confidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import prod

from reconcile.report_title import Title
from reconcile.volume.marks.base import (
    LeafKind,
    LeafMarks,
    NumberMark,
    Place,
    SectionMark,
    TableMark,
    TitleMark,
    TitlePlace,
)
from reconcile.volume.marks.running_heads import head_title
from reconcile.volume.marks.section_headings import FIRST, PROBLEMS
from reconcile.volume.same_report import Likeness, known_organ, likeness

# Of sections that were there before so many make the whole of another report.
_MANY_SECTIONS = 3


@dataclass(frozen=True, slots=True)
class Clue:
    """A reason, in words for people, and its weight from 0 to 1; what speaks against is below 0."""

    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class SoFar:
    """What was seen of the report that goes on up to a place; `titled` also by a title that is spoilt."""

    title: Title = field(default_factory=Title)
    titled: bool = False
    sections: frozenset[int] = frozenset()
    tables: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    last: TableMark | None = None
    has_text: bool = False

    @property
    def has_body(self) -> bool:
        return bool(self.sections or self.tables or self.has_text)


@dataclass(frozen=True, slots=True)
class Start:
    """A place where a report may begin, and what stands from there up to the next title of another report.

    `leaf` are the marks of its leaf where it is the top of one, `before` those of the leaf before.
    `opening` is the first heading or table, where it stands near enough to belong to the beginning.
    """

    place: Place
    title: TitleMark | None
    opening: SectionMark | TableMark | None
    sections: tuple[SectionMark, ...]
    tables: tuple[TableMark, ...]
    exact: bool
    leaf: LeafMarks | None = None
    before: LeafMarks | None = None
    number_before: NumberMark | None = None


def confidence_of(clues: Sequence[Clue]) -> float:
    """From 0 to 1: independent reasons add up, each that speaks against takes its share away."""
    for_it = 1 - prod(1 - clue.weight for clue in clues if clue.weight > 0)
    return for_it * prod(1 + clue.weight for clue in clues if clue.weight < 0)


def clues_of(start: Start, so_far: SoFar) -> tuple[Clue, ...]:
    """All that speaks for and against; nothing where nothing begins again and no other title stands."""
    found = [*_of_title(start, so_far), *_of_sections(start, so_far), *_of_tables(start, so_far)]
    if found and _has_ended(so_far):
        found.append(Clue("前面的报告已到末节", 0.2))
    found += _of_leaf(start, so_far)
    return tuple(found) + tuple(_against(start, so_far)) if found else ()


def _of_title(start: Start, so_far: SoFar) -> Iterator[Clue]:
    if start.title is None:
        return
    title = start.title.title
    on_cover = start.title.where is TitlePlace.COVER
    if not title.text:
        yield Clue("有似题名的一行", 0.5)
        return
    found = likeness(title, so_far.title, exact=start.exact)
    if _heads_a_part(title, so_far.title, found) and not on_cover:
        return
    middle = start.title.where is TitlePlace.MIDDLE
    if found is Likeness.OTHER:
        yield Clue(f"另有题名“{title.text}”", 0.7 if middle else 0.9)
    elif found is Likeness.NEAR:
        yield Clue(f"另有相近的题名“{title.text}”", 0.6 if on_cover else 0.5)
    elif found is Likeness.SAME:
        yield Clue("题名再次出现", 0.6 if on_cover else 0.3)
    elif known_organ(title):
        yield Clue(f"有题名“{title.text}”", 0.8)
    else:
        yield Clue("有题名，未见机关", 0.35)


def _heads_a_part(title: Title, before: Title, found: Likeness) -> bool:
    """Say whether a title may head a part of the report before: 2025年部门预算情况说明 in a budget.

    A department has one budget a year. No other kind of report has parts that are titled like the whole.
    """
    same = title.subject and title.subject == before.subject and title.year in (None, before.year)
    return bool(same) and (found is Likeness.SAME or (found is Likeness.UNKNOWN and not known_organ(title)))


def _of_sections(start: Start, so_far: SoFar) -> Iterator[Clue]:
    opening = start.opening
    went_on = so_far.tables or (so_far.has_text and so_far.sections - {0, FIRST})
    if isinstance(opening, SectionMark) and opening.number == FIRST and went_on:
        yield Clue("“总体情况”再次出现", 0.75)
    again = {mark.number for mark in start.sections} & so_far.sections - {0}
    whole = len(again) >= _MANY_SECTIONS and max(again) >= PROBLEMS
    if start.opening and _has_ended(so_far) and whole and start.sections[0].number in again:
        yield Clue("各节再次出现", 0.5)


def _of_tables(start: Start, so_far: SoFar) -> Iterator[Clue]:
    first, last = start.tables[0] if start.tables else None, so_far.last
    if first is None or last is None or first.reprint:
        return
    known = first.name in so_far.tables or _has_ended(so_far)
    if (known and first.order < last.order) or (first.begins and first.name in so_far.whole):
        yield Clue("表格重新开始", 0.3)


def _has_ended(so_far: SoFar) -> bool:
    return bool(so_far.sections & {PROBLEMS, PROBLEMS + 1})


def _of_leaf(start: Start, so_far: SoFar) -> Iterator[Clue]:
    leaf, before = start.leaf, start.before
    if leaf is None or before is None:
        return
    number, last = leaf.number, start.number_before
    if number and last and number.number == 1 and last.number >= 1:
        yield Clue("页码重新从 1 起", 0.5 if number.of else 0.3)
    elif number and last and number.number <= last.number:
        yield Clue("页码倒退", 0.3)
    if likeness(head_title(leaf.head), so_far.title, exact=start.exact) is Likeness.OTHER:
        yield Clue(f"页眉改为“{leaf.head}”", 0.6)
    if before.kind in (LeafKind.SEPARATOR, LeafKind.CONTENTS):
        yield Clue("前有隔页或目录", 0.5)
    elif before.kind is LeafKind.BLANK:
        yield Clue("前有空白页", 0.1)


def _against(start: Start, so_far: SoFar) -> Iterator[Clue]:
    first = start.tables[0] if start.tables else None
    last = so_far.last
    if first and last and start.opening is first and goes_on(last, first):
        yield Clue("表格跨页相续", -0.6)
    leaf = start.leaf
    if leaf and leaf.number and start.number_before and _counts_on(start.number_before, leaf.number):
        yield Clue("页码相续", -0.8)
    if leaf and likeness(head_title(leaf.head), so_far.title, exact=start.exact) is Likeness.SAME:
        yield Clue("页眉仍为同一机关", -0.3 if start.title and start.title.title.organ else 0.0)


def goes_on(last: TableMark, first: TableMark) -> bool:
    """Say whether a table lacks its end on one leaf and its beginning on the next."""
    adjacent = first.place.leaf - last.place.leaf <= 1
    return adjacent and first.name == last.name and not last.ends and not first.begins


def _counts_on(before: NumberMark, number: NumberMark) -> bool:
    """Say whether it is the next page of so many; pages of a volume are counted through without that."""
    return number.of > 0 and (number.number, number.of) == (before.number + 1, before.of)
