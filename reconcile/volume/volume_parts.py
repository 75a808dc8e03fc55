"""A document parted into its reports: by what people say, else by evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ocr.model import Page
from reconcile.matching.identification import Clues, clues_of, tables_of
from reconcile.matching.printed_tables import parts_of
from reconcile.model import NOTHING_SAID, Said
from reconcile.volume.binding import is_reversed
from reconcile.volume.leaves import Leaf, leaves_of
from reconcile.volume.marks.base import Place
from reconcile.volume.marks.leaf_marks import marks_of
from reconcile.volume.page_parts import part_of
from reconcile.volume.report_borders import SURE, Border, borders_of
from reconcile.volume.stretches import Stretch, stretches_of


@dataclass(frozen=True, slots=True)
class ReportPart:
    """The pages of one report, in the order in which they are read, and how its borders came about.

    `doubts` are places inside where another report may begin, each with the pages from there on.
    """

    pages: tuple[Page, ...]
    border: Border
    doubts: tuple[tuple[Border, frozenset[int]], ...] = ()

    @property
    def confidence(self) -> float:
        """How sure it is that the report begins there, and that it is one."""
        return min([self.border.confidence, *(1 - doubt.confidence for doubt, _ in self.doubts)])

    @property
    def first(self) -> int:
        """The number of its first page, as it is bound."""
        return min(page.number for page in self.pages)

    @property
    def is_sure(self) -> bool:
        return self.border.confidence >= SURE


@dataclass(frozen=True, slots=True)
class VolumeParts:
    """The reports of a document, at least one, in the order of their pages, and the pages of none.

    `clues` are those of its tables, as far as they were looked at to find the reports.
    """

    reports: tuple[ReportPart, ...]
    outside: tuple[Page, ...] = ()
    clues: Clues = field(default_factory=dict)

    @property
    def first_pages(self) -> tuple[int, ...]:
        return tuple(report.first for report in self.reports if report.pages)


def parted(pages: Sequence[Page], said: Said = NOTHING_SAID) -> VolumeParts:
    """Part a document where people say that reports begin; where nobody says, by evidence."""
    return parted_as_said(pages, said.first_pages) if said.first_pages else parted_by_evidence(pages)


def parted_as_said(pages: Sequence[Page], first_pages: Sequence[int]) -> VolumeParts:
    """Part a document at the tops of pages; those before the first belong to no report."""
    firsts = sorted({page.number for page in pages} & set(first_pages))
    if not firsts:
        return VolumeParts((ReportPart(tuple(pages), Border(Place(0), 1.0)),))
    stops = [*firsts[1:], max(page.number for page in pages) + 1]
    parts = (
        tuple(page for page in pages if first <= page.number < stop)
        for first, stop in zip(firsts, stops, strict=True)
    )
    reports = tuple(ReportPart(part, Border(Place(0), 1.0)) for part in parts)
    return VolumeParts(reports, tuple(page for page in pages if page.number < firsts[0]))


def parted_by_evidence(pages: Sequence[Page]) -> VolumeParts:
    """Part a document by the marks on its pages, whichever way round it is bound."""
    parts = parts_of(pages)
    leaves = leaves_of(pages, parts)
    clues = clues_of(parts)
    names = tables_of(parts, clues)
    marks = marks_of(leaves, names)
    if is_reversed(marks):
        pages, leaves = pages[::-1], _turned_round(leaves)
        marks = marks_of(leaves, names)
    stretches = stretches_of(borders_of(leaves, marks), marks)
    if len(stretches) == 1:
        return VolumeParts((_report(tuple(pages), stretches[0], leaves),), clues=clues)
    found = [_report(_pages(stretch, pages, leaves), stretch, leaves) for stretch in stretches]
    in_order = sorted(found, key=lambda report: report.first)
    return VolumeParts(tuple(in_order), _outside(stretches, pages, leaves), clues)


def _turned_round(leaves: Sequence[Leaf]) -> tuple[Leaf, ...]:
    """The leaves from the last page to the first; two side by side keep their order."""
    return tuple(sorted(leaves, key=lambda leaf: (-leaf.number, leaf.half)))


def _report(pages: tuple[Page, ...], stretch: Stretch, leaves: Sequence[Leaf]) -> ReportPart:
    doubts = tuple((doubt, _from(doubt.place, stretch.stop, leaves)) for doubt in stretch.doubts)
    return ReportPart(pages, stretch.border, doubts)


def _from(start: Place, stop: Place, leaves: Sequence[Leaf]) -> frozenset[int]:
    """The pages from a place up to another."""
    return frozenset(leaf.number for leaf in leaves[start.leaf : stop.leaf + bool(stop.line)])


def _pages(stretch: Stretch, pages: Sequence[Page], leaves: Sequence[Leaf]) -> tuple[Page, ...]:
    """What belongs to a stretch of every page, in the order in which they are read."""
    return _parts(pages, leaves, lambda place: stretch.start <= place < stretch.stop)


def _outside(stretches: Sequence[Stretch], pages: Sequence[Page], leaves: Sequence[Leaf]) -> tuple[Page, ...]:
    return _parts(pages, leaves, lambda place: not any(one.start <= place < one.stop for one in stretches))


def _parts(
    pages: Sequence[Page], leaves: Sequence[Leaf], belongs: Callable[[Place], bool]
) -> tuple[Page, ...]:
    order = {(leaf.number, leaf.half): n for n, leaf in enumerate(leaves)}
    parts = (
        part_of(page, lambda half, line, page=page: belongs(Place(order[page.number, half], line)))  # type: ignore[misc]
        for page in pages
    )
    return tuple(part for part in parts if part is not None)
