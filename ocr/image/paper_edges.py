"""Finding the sheet of paper in a photograph: bright on something darker, or white on something coloured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr.arrays import Matrix, Pixels
from ocr.image.borders import carries_print, continue_paper
from ocr.image.page_image import PageImage

# The sheet is looked for in a picture of this height, in pixels.
_SMALL = 512
# A sheet covers at least the first share of the picture. From the last share on it fills it.
_SMALLEST, _FULL = 0.3, 0.985
# The outline must cover its quadrilateral, and no more than that, to this share.
_FOUR_SIDED = 0.95
# What lies around a sheet is darker than it by this many grey levels of 255.
_DARKER = 45.0
# Paper in shade has more than this share of the light of most of the paper.
_SHADE = 0.5
# A sheet whose corners lie this near to an upright rectangle, as a share of its
# size, is not seen at a slant: the dark is the edge of a copier's glass.
_UPRIGHT = 0.004
# A corner this near to the edge of the picture, as a share of it, may be cut off.
_EDGE = 0.003
# Colour counts as unlike the paper's so many times its difference in shares of the light, 0 to 255 together.
_UNLIKE = 5.0
# What lies so far outside of the paper, as a share of the picture's height, may be a finger that holds it.
_HOLD = 0.025


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A sheet of paper in a picture.

    Attributes:
        corners: in pixels, (4, 2), clockwise from the top left.
        paper: 255 on the paper, else 0, in a smaller picture of the same proportions.
        is_cut: one of its sides lies beyond the picture, so that the corners tell no perspective.
    """

    corners: Matrix
    paper: Pixels
    is_cut: bool


def find_sheet(view: PageImage) -> PaperSheet | None:
    """Return the sheet that lies askew in a picture with its surroundings, None if there is none.

    None too where the paper fills the picture, where it lies upright already, and where there is
    print around it.
    """
    scale = _SMALL / view.height
    small = cv2.resize(view.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = [sheet for sheet in _sheets(np.asarray(small, np.uint8)) if sheet is not None]
    # A part of it in full light is a smaller one. What is printed on belongs to the page, too.
    best = max(found, key=lambda sheet: (not sheet.is_cut, np.count_nonzero(sheet.paper)), default=None)
    if best is None:
        return None
    sheet = replace(best, corners=np.asarray(best.corners / scale, np.float64))
    return None if _is_printed_around(view, sheet) else sheet


def clear_desk(view: PageImage, sheet: PaperSheet) -> PageImage:
    """Continue the paper of a sheet over all that lies around it; what reaches into it stays."""
    mask = np.asarray(255 * _around(sheet, view.height, view.width), np.uint8)
    pixels = view.pixels.copy()
    pixels[mask > 0] = continue_paper(view.pixels, mask)[mask > 0]
    return replace(view, pixels=pixels)


def _around(sheet: PaperSheet, height: int, width: int) -> Pixels:
    """Mark what lies around a sheet, 1, in a picture of that size."""
    low = sheet.paper.shape[0]
    inner = np.zeros_like(sheet.paper)
    cv2.fillConvexPoly(inner, np.round(sheet.corners * low / height).astype(np.int32), 1)
    reach = 2 * round(_HOLD * low) + 1
    held = cv2.erode(inner, np.ones((reach, reach), np.uint8), borderValue=1)
    bare = cv2.erode(sheet.paper, np.ones((5, 5), np.uint8), borderValue=255)
    around = ((bare == 0) & (held == 0)).astype(np.uint8)
    return np.asarray(cv2.resize(around, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def _is_printed_around(view: PageImage, sheet: PaperSheet) -> bool:
    around = _around(sheet, view.height, view.width)
    return carries_print(view.grey, around, view.dpi)


def _sheets(small: Pixels) -> Iterator[PaperSheet | None]:
    """Yield what may be the sheet in a small picture: by Otsu's threshold, in deep shade, by its colour."""
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
    yield sheet_in(grey, _otsu(grey))
    # Where paper ends even in the deepest shade.
    yield sheet_in(grey, _SHADE * float(np.percentile(grey, 80)))
    if not np.array_equal(small[:, :, 0], small[:, :, 2]):
        likeness = _likeness(small)
        yield sheet_in(likeness, _otsu(likeness))


def _otsu(grey: Pixels) -> float:
    return float(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0])


def _likeness(small: Pixels) -> Pixels:
    """Return how like the colour of what lies in the middle each pixel is, 255 alike, in whatever light."""
    smooth = cv2.GaussianBlur(small, (5, 5), 0).astype(np.float32)
    shares = smooth * 255 / np.maximum(smooth.sum(axis=2, keepdims=True), 1)
    height, width = small.shape[:2]
    middle = shares[height // 4 : -height // 4, width // 4 : -width // 4].reshape(-1, 3)
    unlike = np.abs(shares - np.median(middle, axis=0)).max(axis=2)
    return np.asarray(255 - np.minimum(255, _UNLIKE * unlike), np.uint8)


def sheet_in(grey: Pixels, threshold: float) -> PaperSheet | None:
    """Return the sheet in a small picture, in its pixels, if what is brighter is one."""
    bright = bright_part(grey, threshold)
    if not _SMALLEST <= float((bright > 0).mean()) <= _FULL or not _is_darker(grey, bright):
        return None
    corners = _four_corners(bright)
    if corners is None or _is_upright(corners):
        return None
    cut = _sides_cut(corners, bright.shape)
    return PaperSheet(corners, bright, bool(cut)) if cut <= 1 else None


def bright_part(grey: Pixels, threshold: float) -> Pixels:
    """Return the largest part of a small picture above a threshold, its holes filled: 255, else 0."""
    _, bright = cv2.threshold(grey, threshold, 255, cv2.THRESH_BINARY)
    # A second sheet close by hangs on by a thread.
    bright = cv2.morphologyEx(bright, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    part = np.zeros_like(bright)
    if outlines:
        cv2.drawContours(part, [max(outlines, key=cv2.contourArea)], -1, 255, cv2.FILLED)
    return np.asarray(part, dtype=np.uint8)


def _is_darker(grey: Pixels, bright: Pixels) -> bool:
    inside, outside = grey[bright > 0], grey[bright == 0]
    return bool(np.percentile(inside, 20) - np.percentile(outside, 80) >= _DARKER)


def _four_corners(bright: Pixels) -> Matrix | None:
    """Fit a line to each side of the outline and cross them; None if it has not four sides."""
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    # OpenCV names a pixel by its corner; the outline runs through the middles.
    outline = outlines[0].reshape(-1, 2).astype(np.float64) + 0.5
    hull = cv2.convexHull(outline.astype(np.float32))
    for share in (0.02, 0.03, 0.05):
        rough = cv2.approxPolyDP(hull, share * cv2.arcLength(hull, True), True).reshape(-1, 2)
        if len(rough) == 4:
            break
    else:
        return None
    corners = _crossed(_in_order(rough.astype(np.float64)), outline)
    drawn = np.zeros_like(bright)
    cv2.fillConvexPoly(drawn, np.round(corners).astype(np.int32), 255)
    either, both = float(((drawn | bright) > 0).sum()), float(((drawn & bright) > 0).sum())
    return corners if both >= _FOUR_SIDED * either else None


def _in_order(corners: Matrix) -> Matrix:
    """Put corners in clockwise order from the top left."""
    sums, differences = corners.sum(axis=1), corners[:, 0] - corners[:, 1]
    picked = [sums.argmin(), differences.argmax(), sums.argmax(), differences.argmin()]
    return np.asarray(corners[picked], dtype=np.float64)


def _crossed(corners: Matrix, outline: Matrix) -> Matrix:
    """Sharpen corners: each is where the lines through the outline along its two sides cross."""
    lines = [_line(corners[side], corners[(side + 1) % 4], outline) for side in range(4)]
    crossings = [np.cross(lines[side - 1], lines[side]) for side in range(4)]
    return np.array([crossing[:2] / crossing[2] for crossing in crossings], dtype=np.float64)


def _line(start: Matrix, end: Matrix, outline: Matrix) -> Matrix:
    """Fit a line, homogeneous, to the outline along a side, away from its ends."""
    along = end - start
    length = float(np.hypot(*along))
    share = (outline - start) @ along / length**2
    away = np.abs((outline - start) @ np.array([-along[1], along[0]])) / length
    near = outline[(share > 0.08) & (share < 0.92) & (away < 0.03)]
    if len(near) < 2:
        return np.asarray(np.cross([*start, 1.0], [*end, 1.0]), dtype=np.float64)
    fitted = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01)
    dx, dy, x, y = (float(value) for value in fitted[:, 0])
    return np.asarray(np.cross([x, y, 1.0], [x + dx, y + dy, 1.0]), dtype=np.float64)


def _is_upright(corners: Matrix) -> bool:
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    upright = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    return bool(np.abs(corners - upright).max() <= _UPRIGHT * max(right - left, bottom - top))


def _sides_cut(corners: Matrix, shape: tuple[int, ...]) -> int:
    """Count the sides that run along the edge of the picture."""
    height, width = shape[:2]
    edges = [corners[:, 1], width - corners[:, 0], height - corners[:, 1], corners[:, 0]]
    reach = _EDGE * max(shape)
    return sum(edges[side][side] < reach and edges[side][(side + 1) % 4] < reach for side in range(4))
