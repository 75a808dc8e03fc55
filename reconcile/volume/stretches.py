"""Which leaves, and which lines of a leaf, each report has; what belongs to none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reconcile.volume.marks.base import LeafKind, LeafMarks, Place
from reconcile.volume.report_borders import BEGINS, Border

_SENTENCES = 3
_OUTSIDE = frozenset({LeafKind.SEPARATOR, LeafKind.CONTENTS, LeafKind.BLANK})


@dataclass(frozen=True, slots=True)
class Stretch:
    """One report from `start` to before `stop`; `doubts` are places inside where another may begin."""

    start: Place
    stop: Place
    border: Border
    doubts: tuple[Border, ...] = ()


def stretches_of(borders: Sequence[Border], marks: Sequence[LeafMarks]) -> tuple[Stretch, ...]:
    """The reports of a document in reading order; a single one has all leaves.

    What has no text of a report goes with the one before. Blank leaves, separators and contents of a volume
    belong to none where they stand between reports, and neither does what stands before the first.
    """
    whole = _with_body(_cut(borders, Place(len(marks))), marks)
    if len(whole) <= 1:
        # Of a document with one report nothing is outside.
        first = whole[0].border if whole else borders[0]
        doubts = tuple(doubt for stretch in whole for doubt in stretch.doubts)
        return (Stretch(Place(0), Place(len(marks)), replace(first, confidence=1.0, clues=()), doubts),)
    return tuple(_trimmed(stretch, marks) for stretch in whole)


def _cut(borders: Sequence[Border], end: Place) -> list[Stretch]:
    """The document cut at its borders; those that are less likely than not are doubts inside."""
    begins = [border for border in borders if border.confidence >= BEGINS]
    stops = [border.place for border in begins[1:]] + [end]
    return [
        Stretch(border.place, stop, border, tuple(_doubts(borders, border.place, stop)))
        for border, stop in zip(begins, stops, strict=True)
    ]


def _doubts(borders: Sequence[Border], start: Place, stop: Place) -> Iterator[Border]:
    return (one for one in borders if one.confidence < BEGINS and start <= one.place < stop)


def _with_body(stretches: Sequence[Stretch], marks: Sequence[LeafMarks]) -> list[Stretch]:
    """Put what has no text of a report to the one before; before the first it belongs to none."""
    whole: list[Stretch] = []
    for stretch in stretches:
        if _has_body(stretch, marks):
            whole.append(stretch)
        elif whole and not _is_cover(stretch, marks):
            before = whole[-1]
            whole[-1] = replace(before, stop=stretch.stop, doubts=before.doubts + stretch.doubts)
    return whole


def _has_body(stretch: Stretch, marks: Sequence[LeafMarks]) -> bool:
    """Say whether anything of a report stands there; without a title a preface has text, too."""
    inside = [marks[n] for n in _leaves(stretch)]
    tables = [mark.place for leaf in inside for mark in leaf.tables]
    sections = [
        mark for leaf in inside for mark in leaf.sections if stretch.start <= mark.place < stretch.stop
    ]
    known = any(mark.number for mark in sections)
    if known or any(stretch.start <= place < stretch.stop for place in tables):
        return True
    n_sentences = sum(marks[n].n_sentences for n in _leaves(stretch) if Place(n) < stretch.stop)
    return bool(stretch.border.title.text) and (bool(sections) or n_sentences >= _SENTENCES)


def _is_cover(stretch: Stretch, marks: Sequence[LeafMarks]) -> bool:
    return marks[stretch.start.leaf].kind is LeafKind.COVER


def _leaves(stretch: Stretch) -> range:
    return range(stretch.start.leaf, stretch.stop.leaf + bool(stretch.stop.line))


def _trimmed(stretch: Stretch, marks: Sequence[LeafMarks]) -> Stretch:
    """Leave out what stands at either end and belongs to no report."""
    start, stop = stretch.start, stretch.stop
    while not start.line and marks[start.leaf].kind in _OUTSIDE:
        start = Place(start.leaf + 1)
    while not stop.line and marks[stop.leaf - 1].kind in _OUTSIDE:
        stop = Place(stop.leaf - 1)
    return replace(stretch, start=start, stop=stop)
