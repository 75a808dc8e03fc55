"""Laying a photographed page flat: perspective, curl and uneven light.

Two things tell how the paper lay: its four corners on a darker table, and what
is printed straight on it. A homography takes the corners to a rectangle; what is
left of bending is a smooth field, a polynomial in both directions, fitted so that
every rule and line of text comes out straight (least squares with the weights of
Cauchy, as outliers are strokes taken for rules). Nothing is fitted to a page
whose rules are straight already, so scans of an office stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr.arrays import Matrix, Pixels
from ocr.image.binarise import binarise
from ocr.image.borders import remove_dark_borders
from ocr.image.curve_tracing import Curve, inside, long_pieces, rule_curves, text_curves
from ocr.image.page_image import PageImage, render_flat
from ocr.image.paper_edges import PaperSheet
from ocr.image.warp import make_warp
from ocr.model import Warp

# A page is bent when the field moves a tenth of what is printed straight by more
# than this, in inches. Measured: scans of all kinds ≤ 0.0013, photographs ≥ 0.0065.
_BENT = 0.006
# Bending is measured at this resolution at most, in dpi.
_MEASURING_DPI = 110.0
# The field: powers along and across the curves. Powers across alone would move
# lines without straightening any.
_POWERS = tuple((i, j) for i in (1, 2, 3, 4) for j in (0, 1, 2, 3) if i + j <= 5)
# Two pages side by side, so much wider than high, bend towards the spine between them, each by itself: what
# falls off from there within these shares of half their width, with these powers across.
_SPREAD, _FALLS, _SPINE_POWERS = 1.2, (0.05, 0.15), (0, 1, 2)
_SPINE_STIFFNESS = 9.0
_STIFFNESS = 2e-4
_ROUNDS = 8
# Residuals beyond this, in inches, count little.
_LOOSE = 0.01
# The spacing of the mesh, in inches, and how often the page is laid flat anew.
_MESH = 0.25
_PASSES = 3
# What lies this near to the edge of the picture, in inches, is the edge of the paper.
_MARGIN = 0.12
# Fewer curves than the first tell nothing of a direction; fewer than the second do not
# prove a page bent.
_FEWEST, _PROOF = 2, 4
# The level that paper comes out at in even light.
_PAPER = 245
# Paper in the deepest shade has this share of the light of most of the page.
_DARKEST = 0.35
# Light is looked at in a picture of this size, as a share. A shadow takes as much of every channel, to within
# this share of what it leaves. Print and its tinted bands are no higher than the last, in inches; corners of
# shadows that are narrower stay.
_COARSE, _SAME_COLOUR, _HIGHEST = 0.25, 0.1, 0.28
# Paper is looked for so far to either side, in inches: half the breadth of a finger, and of a thumb.
_AROUND = (0.25, 0.5)


@dataclass(frozen=True, slots=True)
class DisplacementField:
    """How far, in pixels, each place of a picture lies off its straight line."""

    coefficients: Matrix
    length: float
    depth: float

    def at(self, along: Matrix, across: Matrix) -> Matrix:
        """Return the shift across, to be added, of places of any shape."""
        terms = _terms(along, across, self.length, self.depth, spine=len(self.coefficients) > len(_POWERS))
        return np.asarray(terms @ self.coefficients, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Distortion:
    """The field of lying things, which moves rows, and of standing ones, which moves columns.

    `extent` is how far, in inches, a tenth of them is moved at least.
    """

    rows: DisplacementField | None
    columns: DisplacementField | None
    extent: float


def flatten_sheet(view: PageImage, sheet: PaperSheet | None) -> PageImage:
    """Return a page seen at a slant on a table as its sheet alone; others as they are."""
    if sheet is None or sheet.is_cut:
        return view
    corners = sheet.corners
    width, height = _sides(corners)
    square = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    back = cv2.getPerspectiveTransform(square, corners.astype(np.float32))
    x, y = np.meshgrid(_even(width, view.dpi), _even(height, view.dpi))
    nodes = np.asarray(cv2.perspectiveTransform(np.stack([x, y], axis=2), back), dtype=np.float64)
    points = view.points(nodes.reshape(-1, 2)).reshape(nodes.shape)
    scale = 72 / view.dpi
    return render_flat(view, make_warp(width * scale, height * scale, points), view.dpi)


def dewarp(stored: PageImage, view: PageImage) -> PageImage:
    """Return a page without its bending: `view` of it, set straight so far, and `stored`, as it was.

    A page that is neither bent nor cut out already comes back as it is; any other
    in even light, with a warp that tells all that was done.
    """
    if not view.warp and measure_distortion(view, min(view.dpi, _MEASURING_DPI)).extent < _BENT:
        return view
    for _ in range(_PASSES):
        bending = measure_distortion(view, view.dpi)
        view = render_flat(stored, warp_without(view, bending), view.dpi)
        if bending.extent < _BENT / 2:
            break
    return _finished(view)


def dewarp_stored(view: PageImage, warp: Warp) -> PageImage:
    """Lay a page flat as it was when it was read first, at the resolution of `view`."""
    return _finished(render_flat(view, warp, view.dpi))


def _finished(view: PageImage) -> PageImage:
    """Take the table around the sheet off a page laid flat, and the shade."""
    bare = remove_dark_borders(view)
    return replace(bare, pixels=correct_illumination(bare.pixels, bare.dpi))


def measure_distortion(view: PageImage, dpi: float) -> Distortion:
    """Measure the bending of a page at a resolution, in pixels of the view."""
    grey, scale = view.grey, view.dpi / dpi
    if scale > 1:
        grey = np.asarray(cv2.resize(grey, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA))
    ink = binarise(grey, dpi)
    height, width = ink.shape[:2]
    lying = rule_curves(ink, dpi) + text_curves(ink, long_pieces(ink, dpi), dpi)
    lying = inside(lying, height, _MARGIN * dpi)
    standing = inside(rule_curves(np.ascontiguousarray(ink.T), dpi), width, _MARGIN * dpi)
    rows, columns = (
        fit_displacement(lying, width, height, dpi, spine=width >= _SPREAD * height),
        fit_displacement(standing, height, width, dpi),
    )
    proofs = [found[1] for found, curves in ((rows, lying), (columns, standing)) if len(curves) >= _PROOF]
    extent = max(proofs, default=0.0) / dpi
    return Distortion(_scaled(rows[0], scale), _scaled(columns[0], scale), extent)


def _scaled(field: DisplacementField | None, scale: float) -> DisplacementField | None:
    return field and DisplacementField(field.coefficients * scale, field.length * scale, field.depth * scale)


def fit_displacement(
    curves: Sequence[Curve], length: int, depth: int, dpi: float, *, spine: bool = False
) -> tuple[DisplacementField | None, float]:
    """Fit the field that makes curves straight; also how far it moves a tenth of their places.

    With a `spine` two pages bend towards the middle, each by itself.
    """
    if len(curves) < _FEWEST:
        return None, 0.0
    along, across = (
        np.concatenate([getattr(curve, name) for curve in curves]) for name in ("along", "across")
    )
    owner = np.repeat(np.arange(len(curves)), [curve.along.size for curve in curves])
    trust = np.repeat([curve.weight for curve in curves], [curve.along.size for curve in curves])
    terms = _terms(along, across, length, depth, spine=spine)
    stiffness = _STIFFNESS * trust.sum() * np.diag(_stiffness(terms.shape[1]))
    weights = trust
    for _ in range(_ROUNDS):
        centred, off = _centred(terms, owner, weights), _centred(across[:, np.newaxis], owner, weights)[:, 0]
        left = centred.T @ (centred * weights[:, np.newaxis]) + stiffness
        coefficients = np.linalg.solve(left, -centred.T @ (off * weights))
        residual = off + centred @ coefficients
        weights = trust / (1 + (residual / (_LOOSE * dpi)) ** 2)
    moved = np.abs(centred @ coefficients)
    return DisplacementField(coefficients, length, depth), _weighted_share(moved, weights, 0.9)


def _weighted_share(values: Matrix, weights: Matrix, share: float) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order[int(np.searchsorted(reached, share * reached[-1]))]])


def _centred(values: Matrix, owner: np.ndarray[tuple[int], np.dtype[np.int64]], weights: Matrix) -> Matrix:
    """Take from each value the mean of its curve: where the straight line lies is not known, nor needed."""
    sums = np.zeros((int(owner[-1]) + 1, values.shape[1]))
    np.add.at(sums, owner, values * weights[:, np.newaxis])
    means = sums / np.bincount(owner, weights)[:, np.newaxis]
    return np.asarray(values - means[owner], dtype=np.float64)


def _terms(along: Matrix, across: Matrix, length: float, depth: float, *, spine: bool) -> Matrix:
    u, v = 2 * along / length - 1, 2 * across / depth - 1
    smooth = [u**i * v**j for i, j in _POWERS]
    return np.stack(smooth + (_spine_terms(u, v) if spine else []), axis=-1)


def _spine_terms(u: Matrix, v: Matrix) -> list[Matrix]:
    """Return the shapes of two pages that bend towards a spine in the middle, at u = 0."""
    return [
        np.where(side * u > 0, np.exp(-np.abs(u) / fall), 0.0) * v**power
        for side in (-1, 1)
        for fall in _FALLS
        for power in _SPINE_POWERS
    ]


def _stiffness(terms: int) -> list[float]:
    """Return how much each of the terms resists; those of a spine all alike."""
    smooth = [float((i + j) ** 2) for i, j in _POWERS]
    return smooth + [_SPINE_STIFFNESS] * (terms - len(smooth))


def warp_without(view: PageImage, bending: Distortion) -> Warp:
    """Return the warp that shows a view's page without its bending, of the size of the view."""
    x, y = np.meshgrid(_even(view.width, view.dpi), _even(view.height, view.dpi))
    from_x, from_y = x, y
    # Where the place comes from whose shift leads here; slopes are small, so this settles.
    for _ in range(12):
        down = bending.rows.at(from_x, from_y) if bending.rows else 0.0
        right = bending.columns.at(from_y, from_x) if bending.columns else 0.0
        from_x, from_y = x - right, y - down
    places = np.stack([from_x, from_y], axis=2).reshape(-1, 2)
    scale = 72 / view.dpi
    return make_warp(view.width * scale, view.height * scale, view.points(places).reshape(*x.shape, 2))


def _even(size: float, dpi: float) -> Matrix:
    return np.linspace(0.0, size, max(3, round(size / (dpi * _MESH)) + 1))


def _sides(corners: Matrix) -> tuple[float, float]:
    """Return the mean width and height of four corners."""
    sides = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    return float(sides[0] + sides[2]) / 2, float(sides[1] + sides[3]) / 2


def correct_illumination(pixels: Pixels, dpi: float) -> Pixels:
    """Make the paper of a page white by dividing by its light, each channel by its own."""
    light = _light(pixels, dpi)
    wide = cv2.resize(light, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(pixels, wide, scale=float(_PAPER)), dtype=np.uint8)


def _light(pixels: Pixels, dpi: float) -> Pixels:
    """Return the light on the paper in a smaller picture, up to the edges of shadows.

    The brightest nearby is paper; a shadow has an edge, which a closing (dilation, then
    erosion) keeps. What is of another colour than the paper around, or too dark, is no
    shadow but a thing: taken for light it would come out white, and a finger as a blank.
    """
    quarter = cv2.resize(pixels, None, fx=_COARSE, fy=_COARSE, interpolation=cv2.INTER_AREA)
    small = np.asarray(quarter, np.uint8)
    near, far = (_brightest(small, dpi * _COARSE * reach) for reach in _AROUND)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(dpi * _COARSE * _HIGHEST / 2) + 1,) * 2)
    closed = np.asarray(cv2.morphologyEx(small, cv2.MORPH_CLOSE, disc), np.uint8)
    # The middle of a broad thing is like what is near, but not like the paper farther off.
    thing = np.where(_in_shade(closed, near), far, near)
    return np.asarray(cv2.blur(np.where(_in_shade(closed, far), closed, thing), (3, 3)), np.uint8)


def _brightest(small: Pixels, reach: float) -> Pixels:
    """Return the brightest of so many pixels to either side, in each channel, smoothed."""
    size = 2 * round(reach) + 1
    paper = cv2.blur(cv2.dilate(small, np.ones((size, size), np.uint8)), (size, size))
    # A dark table is no paper in the shade: its texture would come out as print.
    shade = np.uint8(_DARKEST * float(np.percentile(paper, 90)))
    return np.asarray(np.maximum(paper, shade), np.uint8)


def _in_shade(closed: Pixels, paper: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Tell where a picture has the colour of paper, or a darker tone of it; shape (height, width, 1)."""
    left = closed.astype(np.float32) / paper
    strongest, weakest = left.max(axis=2, keepdims=True), left.min(axis=2, keepdims=True)
    return np.asarray((weakest >= _DARKEST) & (strongest - weakest <= _SAME_COLOUR * strongest))
