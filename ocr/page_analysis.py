"""What is made of the picture of a page before it is read: ink, rules, tables, the page without rules.

Scanned pages, digital pages and second readings ask the same object, so that they
cannot come to differ. Whatever was asked of a view once is kept with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ocr.arrays import Pixels
from ocr.image.binarise import binarise
from ocr.image.colour_removal import PalePage, remove_colour
from ocr.image.curve_tracing import long_pieces
from ocr.image.marks.blots import find_blots
from ocr.image.marks.fills import FlatPage, flatten_fills
from ocr.image.marks.streaks import remove_streaks
from ocr.image.page_image import PageImage
from ocr.image.ruling_lines import Rulings, find_rulings
from ocr.step_observer import StepObserver
from ocr.tables.borderless.detection import DetectedTables, add_borderless_tables
from ocr.tables.grid import Grid, find_grids
from ocr.tables.learned.second_opinion import with_second_opinion
from ocr.tables.rule_removal import CleanedPage, Inks, Rectangle, clean_page
from ocr.tables.stray_lines import without_strays


@dataclass(frozen=True, eq=False)
class PageAnalysis:
    """One view of a page, and what is found on it; each part is made when it is first asked for.

    With `keeps_colour` seals and tints stay, and are ink where they are dark. Pages
    are read without. Where the document tells print from drawing,
    `drawing` is the view without its print: rules are looked for there, and no stroke of a character is one.

    What does not depend on colours is taken from `looked`, the same view with them, where it was analysed.
    """

    view: PageImage
    keeps_colour: bool = False
    drawing: PageAnalysis | None = None
    looked: PageAnalysis | None = None

    @cached_property
    def _flat(self) -> FlatPage:
        return self.looked._flat if self.looked else flatten_fills(self.view)

    @property
    def flat(self) -> PageImage:
        """The view without filled areas, all print dark on light."""
        return self._flat.view

    @cached_property
    def pale(self) -> PageImage:
        """The view that all the rest is found on."""
        return self._without_streaks[0]

    @cached_property
    def _without_streaks(self) -> tuple[PageImage, Pixels | None]:
        return (self.flat, None) if self.keeps_colour else remove_streaks(self._bleached.view)

    @cached_property
    def _bleached(self) -> PalePage:
        return self.looked._bleached if self.looked else remove_colour(self.flat)

    @property
    def _same(self) -> PageAnalysis | None:
        """The analysis with colours where they change nothing."""
        return self.looked if self.looked and self.pale is self.looked.pale else None

    @cached_property
    def _blots(self) -> Pixels | None:
        if self._same:
            return self._same._blots
        return find_blots(self.pale.grey, self.view.dpi)

    @property
    def marks(self) -> Pixels | None:
        """255 where streaks, blots or strokes of a pen have spoilt the print, else 0; None without any."""
        coloured = None if self.keeps_colour else self._bleached.strokes
        masks = self._without_streaks[1], self._blots, self._strokes, coloured
        found = [mask for mask in masks if mask is not None]
        return np.bitwise_or.reduce(found) if found else None

    @property
    def _strokes(self) -> Pixels | None:
        """Stray lines, as far as they are ink and no edges of fills."""
        strays = self.rulings.strays
        return None if strays is None else strays & self.ink

    @cached_property
    def ink(self) -> Pixels:
        """255 on ink, else 0; shape (height, width)."""
        if self._same:
            return self._same.ink
        ink = binarise(self.pale.grey, self.view.dpi)
        return ink if self._blots is None else ink | self._blots

    @cached_property
    def rulings(self) -> Rulings:
        """The ruled lines, edges of fills among them; beside such they are often faint. Of blots none are."""
        if self.drawing:
            return self.drawing.rulings
        dpi = self.view.dpi
        return without_strays(find_rulings(self.ink, dpi, self.pale.grey, self._blots, self._flat.edges), dpi)

    @property
    def _edges(self) -> Pixels | None:
        return self.drawing._edges if self.drawing else self._flat.edges

    @property
    def _ruled_ink(self) -> Pixels:
        """The ink, and the edges of fills, which part a page as rules do."""
        return self.ink if self._edges is None else self.ink | self._edges

    @cached_property
    def long_pieces(self) -> Pixels:
        """255 on long thin runs of ink, rules mostly, else 0; shape (height, width)."""
        return long_pieces(self.ink, self.view.dpi)

    @cached_property
    def tables(self) -> DetectedTables:
        """The tables, ruled and borderless, those in doubt by a second opinion, and the rules in them."""
        ruled = find_grids(self.rulings, self.view.dpi)
        of_drawing = self.drawing._ruled_ink if self.drawing else None
        found = add_borderless_tables(ruled, self._ruled_ink, self.rulings, self.view.dpi, of_drawing)
        return with_second_opinion(
            found, self.view.pixels, self.ink, self._edges, self.view.dpi, drawn=of_drawing
        )

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The grids of all tables in pixels, from top to bottom."""
        return self.tables.grids

    @cached_property
    def cleaned(self) -> CleanedPage:
        """The page without rules and specks, ready for cutting."""
        cells = [grid.rectangle(span) for grid in self.grids for span in grid.spans]
        return self._cleaned(self.tables.rulings, cells)

    def cleaned_around(self, cells: Sequence[Rectangle]) -> CleanedPage:
        """The same where the cells of the tables are known, in pixels: no table is looked for."""
        return self._cleaned(self.rulings, cells)

    def _cleaned(self, rulings: Rulings, cells: Sequence[Rectangle]) -> CleanedPage:
        inks = Inks(self.flat.pixels, None if self.keeps_colour else self._bleached.print)
        return clean_page(self.pale, self.ink, rulings, cells, self.marks, inks)

    @property
    def without_colour(self) -> PageAnalysis:
        """The same view without its colours; itself where it has none."""
        if not self.keeps_colour:
            return self
        pale = self._bleached.view
        return self if pale is self.flat else PageAnalysis(pale, keeps_colour=True)

    def for_reading(self, view: PageImage) -> PageAnalysis:
        """Analyse a view without its colours; what is known of it already, if it is this one, is kept."""
        return PageAnalysis(view, looked=self if view is self.view else None)

    def changed(self, change: Callable[[PageImage], PageImage]) -> PageAnalysis:
        """Analyse the view changed, turned for instance, with what is drawn on it."""
        return PageAnalysis(
            change(self.view), self.keeps_colour, self.drawing and self.drawing.changed(change)
        )

    def of(self, view: PageImage) -> PageAnalysis:
        """Analyse what became of the view, likewise; if it is the same one, nothing is made anew."""
        return self if view is self.view else PageAnalysis(view, self.keeps_colour)

    def show(self, seen: StepObserver) -> None:
        """Show an observer the steps from the ink to the cleaned page."""
        seen("ink", self.ink)
        seen("rulings", self.rulings.mask)
        seen("grid", self.pale.pixels, (grid.rectangle(span) for grid in self.grids for span in grid.spans))
        seen("clean", self.cleaned.clean)
