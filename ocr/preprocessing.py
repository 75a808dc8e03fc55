"""A scanned page made ready for reading: edges cut, upright, straight, flat, analysed.

The steps are in `ocr/image/`; here they stand in their order.
"""

from __future__ import annotations

from dataclasses import dataclass

from ocr.engine.base import Engine
from ocr.engine.text_boxes import Quad
from ocr.image.borders import remove_dark_borders
from ocr.image.deskew import skew_of_rules, skew_of_text
from ocr.image.dewarp import dewarp, flatten_sheet
from ocr.image.orientation import sample_characters, turn_upright
from ocr.image.page_image import PageImage, rotate_small
from ocr.image.paper_edges import clear_desk, find_sheet
from ocr.page_analysis import PageAnalysis
from ocr.step_observer import StepObserver, no_observer
from ocr.text.body_text import rotate_text_boxes as moved

# A rotation smaller than this, in degrees, is not worth blurring the page.
_STRAIGHT = 0.03


@dataclass(frozen=True, slots=True)
class PreparedScan:
    """A scanned page set straight: its analysis, its printed lines, and how it got there."""

    analysis: PageAnalysis
    text_boxes: tuple[Quad, ...]
    turned: int
    skew: float


def prepare_scan(stored: PageImage, engine: Engine, seen: StepObserver = no_observer) -> PreparedScan:
    """Set a page upright, straight and flat, and analyse it; `seen` is shown every step."""
    seen("stored", stored.pixels)
    sheet = find_sheet(stored)
    stored = stored if sheet is None else clear_desk(stored, sheet)
    view = flatten_sheet(stored, sheet)
    seen("sheet", view.pixels)
    view = remove_dark_borders(view)
    seen("margins", view.pixels)
    analysis = PageAnalysis(view)
    marks = sample_characters(analysis.pale, analysis.ink, analysis.rulings.mask)
    view, turn, text_boxes = turn_upright(view, marks, engine)
    analysis = analysis.of(view)
    seen("upright", view.pixels)
    skew = skew_angle(analysis)
    if abs(skew) > _STRAIGHT:
        text_boxes = moved(text_boxes, skew, view.width, view.height)
        view = rotate_small(view, skew)
    seen("straight", view.pixels)
    view = dewarp(stored, view)
    seen("flat", view.pixels)
    if view.warp:
        text_boxes = engine.detect(view.pixels)
    analysis = analysis.of(view)
    seen("without-colour", analysis.pale.pixels)
    analysis.show(seen)
    return PreparedScan(analysis, tuple(text_boxes), turn, skew)


def skew_angle(analysis: PageAnalysis) -> float:
    """Return the clockwise angle, in degrees, that straightens a page.

    The text gives it coarsely, ruled lines, where there are any, finely.
    """
    view = analysis.view
    coarse = skew_of_text(view.grey)
    turned = rotate_small(view, coarse)
    # Rules are as straight in colour; only a page that lies straight was bleached already.
    straight = analysis.in_colour if turned is view else PageAnalysis(turned, keeps_colour=True)
    return coarse + skew_of_rules(straight.rulings.horizontal_mask, view.dpi)
