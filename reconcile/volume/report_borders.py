"""From the marks to the borders: leaf by leaf, what was seen so far against what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ocr.model import Route
from reconcile.report_title import Title
from reconcile.title_patterns import is_date, names_an_organ
from reconcile.volume.border_evidence import Clue, SoFar, Start, clues_of, confidence_of
from reconcile.volume.leaves import Leaf
from reconcile.volume.marks.base import (
    LeafMarks,
    NumberMark,
    Place,
    SectionMark,
    TableMark,
    TitleMark,
    TitlePlace,
)
from reconcile.volume.marks.running_heads import head_title
from reconcile.volume.marks.section_headings import FIRST
from reconcile.volume.same_report import Likeness, likeness

# From here on a report begins; from here on nobody needs to look; from here on it is worth a look.
BEGINS, SURE, DOUBTFUL = 0.5, 0.85, 0.3
# A title may have covers, blank leaves and an introduction between itself and the first heading.
_REACH, _NEAR = 8, 3
# A title that stands in the middle has its report right below, or at the foot of its leaf on the next.
_FOOT = 0.6
_SENTENCES = 3
# How sure a title makes that stands before any text of another report.
_OTHER = 0.9


@dataclass(frozen=True, slots=True)
class Border:
    """Where a report begins, or may begin, how sure that is, and why."""

    place: Place
    confidence: float
    title: Title = field(default_factory=Title)
    clues: tuple[Clue, ...] = ()


def borders_of(leaves: Sequence[Leaf], marks: Sequence[LeafMarks]) -> tuple[Border, ...]:
    """Every place at which a report begins or may begin, in order; the first is the document's own."""
    starts = list(_starts(leaves, marks))
    first = starts[0].title if starts else None
    found: list[Border] = [Border(Place(0), 1.0, first.title if first else Title())]
    so_far = SoFar()
    for n, start in enumerate(starts):
        border = _border(start, so_far) if n else None
        if border and border.confidence >= DOUBTFUL:
            found.append(border)
        if border and border.confidence >= BEGINS:
            so_far = SoFar()
        stop = starts[n + 1].place if n + 1 < len(starts) else Place(len(leaves))
        so_far = _seen(so_far, start, stop, marks)
    return tuple(found)


def _border(start: Start, so_far: SoFar) -> Border | None:
    """What may begin at a place; before a report has any text, only another title begins another."""
    title = start.title.title if start.title else Title()
    if not so_far.has_body:
        other = likeness(title, so_far.title, exact=start.exact) is Likeness.OTHER
        first = start.title is not None and not so_far.titled
        return Border(start.place, _OTHER, title) if first or (title.text and other) else None
    clues = clues_of(start, so_far)
    return Border(start.place, confidence_of(clues), title, clues) if clues else None


def _seen(so_far: SoFar, start: Start, stop: Place, marks: Sequence[LeafMarks]) -> SoFar:
    """What was seen, with what stands from a place up to the next."""
    title = start.title.title if start.title else Title()
    leaves = marks[start.place.leaf : stop.leaf + 1]
    sections = [mark for leaf in leaves for mark in leaf.sections if start.place <= mark.place < stop]
    tables = [mark for leaf in leaves for mark in leaf.tables if start.place <= mark.place < stop]
    sentences = sum(leaf.n_sentences for leaf in marks[start.place.leaf : stop.leaf])
    return replace(
        so_far,
        title=_fuller(_fuller(so_far.title, title), head_title(marks[start.place.leaf].head)),
        titled=so_far.titled or start.title is not None,
        sections=so_far.sections | {mark.number for mark in sections},
        tables=so_far.tables | {mark.name for mark in tables if mark.begins},
        whole=so_far.whole | {mark.name for mark in tables if mark.ends},
        last=tables[-1] if tables else so_far.last,
        has_text=so_far.has_text or sentences >= _SENTENCES,
    )


def _fuller(known: Title, title: Title) -> Title:
    """What is known of a report's title, with what another title of it adds."""
    text = known.text or title.text
    return replace(known, text=text, organ=known.organ or title.organ, year=known.year or title.year)


def _starts(leaves: Sequence[Leaf], marks: Sequence[LeafMarks]) -> Iterator[Start]:
    """The top of every leaf, and every place in the middle of one that a title or first heading marks."""
    number: NumberMark | None = None
    for n, (leaf, own) in enumerate(zip(leaves, marks, strict=True)):
        top = next((mark for mark in own.titles if mark.where is not TitlePlace.MIDDLE), None)
        place = _top_place(leaf, top, n)
        before = marks[n - 1] if n else None
        start = _start(place, top, leaves, marks)
        yield replace(start, leaf=own, before=before, number_before=number)
        yield from _middles(n, place, leaves, marks)
        number = own.number or number


def _top_place(leaf: Leaf, title: TitleMark | None, n: int) -> Place:
    """The top of the leaf, or the title where the report before ends with its seal above it."""
    return title.place if title and sealed_above(leaf, title.place.line) else Place(n)


def sealed_above(leaf: Leaf, line: int) -> bool:
    """Say whether an organ and a date below it stand above a line of a leaf."""
    above = [one.text for one in leaf.lines if one.index < line]
    return any(names_an_organ(first) and is_date(second) for first, second in pairwise(above))


def _middles(n: int, top: Place, leaves: Sequence[Leaf], marks: Sequence[LeafMarks]) -> Iterator[Start]:
    """The places in the middle of a leaf at which the sections begin again, with or without a title."""
    own = marks[n]
    bodies = [mark.place for mark in own.sections] + [mark.place for mark in own.tables]
    claimed: list[Place] = []
    for title in own.titles:
        if title.where is TitlePlace.MIDDLE and title.place > top:
            start = _start(title.place, title, leaves, marks)
            if start.opening and _is_right_below(start, leaves[n]):
                claimed.append(start.opening.place)
                yield start
    for mark in own.sections:
        is_first = mark.number == FIRST and mark.place not in claimed
        if is_first and any(place < mark.place for place in bodies):
            yield _start(mark.place, None, leaves, marks)


def _is_right_below(start: Start, leaf: Leaf) -> bool:
    """Say whether a report opens on the same leaf as its title, or the title stands at the foot of it."""
    if start.opening and start.opening.place.leaf == start.place.leaf:
        return True
    line = next(line for line in leaf.lines if line.index == start.place.line)
    return line.box.centre[1] > _FOOT * leaf.height


def _start(
    place: Place, title: TitleMark | None, leaves: Sequence[Leaf], marks: Sequence[LeafMarks]
) -> Start:
    leaf = leaves[place.leaf]
    exact = leaf.page.route is Route.DIGITAL
    ahead = marks[place.leaf : place.leaf + _REACH]
    stop = _next_title(place, title, ahead, exact=exact)
    sections = [m for own in ahead for m in own.sections if place <= m.place < stop]
    tables = [m for own in ahead for m in own.tables if place <= m.place < stop]
    bodies: list[SectionMark | TableMark] = [*sections, *tables]
    opening = min(bodies, key=lambda mark: mark.place, default=None)
    if opening and opening.place.leaf - place.leaf > (_NEAR if title else 0):
        opening = None
    first = tables and (title or tables[0].place.leaf == place.leaf)
    return Start(place, title, opening, tuple(sections), tuple(tables) if first else (), exact)


def _next_title(place: Place, title: TitleMark | None, ahead: Sequence[LeafMarks], *, exact: bool) -> Place:
    """The place of the next title that is not this report's own again."""
    for own in ahead:
        for mark in own.titles:
            if mark.place > place and (title is None or not _repeats(mark, title, exact=exact)):
                return mark.place
    return Place(place.leaf + len(ahead))


def _repeats(mark: TitleMark, title: TitleMark, *, exact: bool) -> bool:
    if not (mark.title.text and title.title.text):
        return True
    return likeness(mark.title, title.title, exact=exact) in (Likeness.SAME, Likeness.NEAR, Likeness.UNKNOWN)
