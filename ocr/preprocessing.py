"""A scanned page made ready for reading: edges cut, upright, straight, flat, analysed.

The steps are in `ocr/image/`; here they stand in their order.
"""

from __future__ import annotations

from dataclasses import dataclass

from ocr.engine.base import Engine
from ocr.image.borders import remove_dark_borders
from ocr.image.deskew import skew_of_rules, skew_of_text
from ocr.image.dewarp import dewarp, flatten_sheet
from ocr.image.orientation import sample_characters, turn_upright
from ocr.image.page_image import PageImage, rotate_mask, rotate_small
from ocr.image.paper_edges import clear_desk, find_sheet
from ocr.image.ruling_lines import plain_rules
from ocr.page_analysis import PageAnalysis
from ocr.step_observer import StepObserver, no_observer

# A rotation smaller than this, in degrees, is not worth blurring the page.
_STRAIGHT = 0.03
# Plain rules agree within so many degrees. Measured on 23 pages of the corpus and others: scans have 0.03 and
# less between the quartiles, photographs 0.08 and more; of those all rules are found before they are asked.
_AGREEING = 0.05


@dataclass(frozen=True, slots=True)
class PreparedScan:
    """A scanned page set straight: its analysis, and how it got there."""

    analysis: PageAnalysis
    turned: int
    skew: float


def prepare_scan(
    stored: PageImage, engine: Engine, seen: StepObserver = no_observer, looked: PageAnalysis | None = None
) -> PreparedScan:
    """Set a page upright, straight and flat, and analyse it; `seen` is shown every step.

    `looked` is what was made of the page to see whether its text layer tells the truth.
    """
    looked = looked or PageAnalysis(stored, keeps_colour=True)
    seen("stored", stored.pixels)
    sheet = find_sheet(stored)
    stored = stored if sheet is None else clear_desk(stored, sheet)
    view = flatten_sheet(stored, sheet)
    seen("sheet", view.pixels)
    view = remove_dark_borders(view)
    seen("margins", view.pixels)
    analysis = looked.for_reading(view)
    marks = sample_characters(analysis.pale, analysis.ink, analysis.long_pieces)
    view, turn = turn_upright(view, marks, engine)
    analysis = analysis.of(view)
    seen("upright", view.pixels)
    skew = skew_angle(analysis)
    if abs(skew) > _STRAIGHT:
        view = rotate_small(view, skew)
    seen("straight", view.pixels)
    view = dewarp(stored, view)
    seen("flat", view.pixels)
    analysis = analysis.of(view)
    seen("without-colour", analysis.pale.pixels)
    analysis.show(seen)
    return PreparedScan(analysis, turn, skew)


def skew_angle(analysis: PageAnalysis) -> float:
    """Return the clockwise angle, in degrees, that straightens a page.

    The text gives it coarsely, ruled lines, where there are any, finely: the plain ones where they agree.
    """
    view = analysis.view
    coarse = skew_of_text(view.grey)
    plain = plain_rules(rotate_mask(analysis.ink, coarse), view.dpi)
    fine = skew_of_rules(plain, view.dpi, _AGREEING)
    if fine is None:
        straight = analysis.of(rotate_small(view, coarse))
        fine = skew_of_rules(straight.rulings.horizontal_mask, view.dpi)
    return coarse + (fine or 0.0)
