"""Slanting rules inside of a cell: the corner heads that part 年度 from 项目.

A rule from a corner of the cell to its far side parts it in wedges, each with its own text. A stroke
through an empty cell, or through a number, parts nothing: two wedges have print or there is no head.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from ocr.arrays import Pixels

# A head is at least so high and wide, in em: two lines of type stand beside a rule.
_HEIGHT, _WIDTH = 1.5, 2.5
# A rule is inked for this share of its length, its two sides, this many em off, for less than that: a fill
# and a picture are dark beside it too. Measured on the 36 rules of 24 heads that
# tests/ocr/text/test_slanting_rules.py draws: rules 0.94 and more, other rays of these cells 0.90 and less;
# the sides of rules 0.18 and less.
_DRAWN, _SIDE, _OFF = 0.92, 0.4, 0.3
# It may begin so far from its corner, in em, and be cut back as far at its other end.
_CUT_BACK = 0.3
# No rule ends nearer to its own sides of the cell than this share of them; two are so far apart, in radians.
_LEAST, _APART = 0.25, 0.12
# Rules are taken off with this much around them, in em.
_EDGE = 0.12
# Rays to each far side, and places of a ray that are looked at first: of rules so many are inked.
_POINTS, _FEW = 24, 0.8


@dataclass(frozen=True, slots=True)
class _Ray:
    """A line from a corner of the cell to a point of its far sides, in pixels."""

    start: tuple[float, float]
    end: tuple[float, float]

    @property
    def angle(self) -> float:
        """Its direction, 0 to π/2, from along the top of the cell to down its side."""
        return float(np.arctan2(abs(self.end[1] - self.start[1]), abs(self.end[0] - self.start[0])))


def wedges_of(ink: Pixels, em: float) -> list[Pixels]:
    """Part the print of a cell by the slanting rules in it, top to bottom; nothing where it has no such head.

    Args:
        ink: the print of the cell, 255 where there is any.
        em: the height of the type, in pixels.
    """
    height, width = ink.shape[:2]
    if height < _HEIGHT * em or width < _WIDTH * em or not ink.any():
        return []
    corners = ((0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1))
    begun = [corner for corner in corners if _is_inked_at(ink, corner, em)]
    near = np.asarray(cv2.dilate(ink, np.ones((3, 3), np.uint8)), np.uint8) > 0 if begun else ink
    for corner in begun:
        if rays := _rays_from(corner, near, em):
            return _with_print(_parted(ink, corner, rays, em))
    return []


def _is_inked_at(ink: Pixels, corner: tuple[int, int], em: float) -> bool:
    """Tell whether anything is inked where a rule from a corner would be: most print stands off it."""
    reach = round(2 * _CUT_BACK * em)
    x, y = min(corner[0], ink.shape[1] - reach), min(corner[1], ink.shape[0] - reach)
    return bool(ink[max(0, y) : y + reach, max(0, x) : x + reach].any())


def _rays_from(corner: tuple[int, int], near: np.ndarray, em: float) -> list[_Ray]:
    """Return the rules that start in a corner, of those close to each other the best drawn."""
    rays = _worth_a_look(_candidates(corner, near.shape), near)
    drawn = [(share, ray) for ray in rays if (share := _share(ray, near, em))]
    chosen: list[_Ray] = []
    for _, ray in sorted(drawn, key=lambda pair: -pair[0]):
        if all(abs(ray.angle - other.angle) > _APART for other in chosen):
            chosen.append(ray)
    return sorted(chosen, key=lambda ray: ray.angle)


def _candidates(corner: tuple[int, int], shape: tuple[int, ...]) -> list[_Ray]:
    height, width = shape[:2]
    far_x, far_y = (width - 1 - corner[0], height - 1 - corner[1])
    shares = np.linspace(_LEAST, 1.0, _POINTS)
    ends = [(far_x, corner[1] + (far_y - corner[1]) * share) for share in shares]
    ends += [(corner[0] + (far_x - corner[0]) * share, far_y) for share in shares[:-1]]
    return [_Ray((float(corner[0]), float(corner[1])), (float(x), float(y))) for x, y in ends]


def _worth_a_look(rays: list[_Ray], near: np.ndarray) -> list[_Ray]:
    """Return the rays that are inked at most of a few places: all at once, for hardly a cell has a head."""
    ends = np.array([(ray.start, ray.end) for ray in rays])
    places = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * np.linspace(0.1, 0.9, _POINTS)[:, None]
    xs, ys = np.rint(places).astype(int).transpose(2, 0, 1)
    shares = near[ys, xs].mean(axis=1)
    return [ray for ray, share in zip(rays, shares, strict=True) if share >= _FEW]


def _share(ray: _Ray, near: np.ndarray, em: float) -> float:
    """Return how much of a rule is drawn; 0 where that is too little, or its sides are as dark."""
    along = _inked(ray, near, em, 0.0)
    sides = max(_inked(ray, near, em, _OFF * em), _inked(ray, near, em, -_OFF * em))
    return along if along >= _DRAWN and sides <= _SIDE else 0.0


def _inked(ray: _Ray, near: np.ndarray, em: float, off: float) -> float:
    """Return the share of the points of a ray, moved sideways by `off` pixels, that have ink."""
    (x0, y0), (x1, y1) = ray.start, ray.end
    length = float(np.hypot(x1 - x0, y1 - y0))
    steps = np.arange(_CUT_BACK * em, length - _CUT_BACK * em)
    across = (off * (y0 - y1) / length, off * (x1 - x0) / length)
    xs = np.rint(x0 + steps * (x1 - x0) / length + across[0]).astype(int)
    ys = np.rint(y0 + steps * (y1 - y0) / length + across[1]).astype(int)
    inside = (xs >= 0) & (ys >= 0) & (xs < near.shape[1]) & (ys < near.shape[0])
    return float(near[ys[inside], xs[inside]].mean()) if inside.any() else 0.0


def _parted(ink: Pixels, corner: tuple[int, int], rays: list[_Ray], em: float) -> list[Pixels]:
    """Cut the print of a cell along its rules and take these off."""
    plain = ink.copy()
    for ray in rays:
        start, end = (tuple(round(value) for value in point) for point in (ray.start, ray.end))
        cv2.line(plain, start, end, 0, 2 * round(_EDGE * em) + 1)
    ys, xs = np.indices(ink.shape[:2])
    angles = np.arctan2(np.abs(ys - corner[1]), np.abs(xs - corner[0]))
    bounds = [0.0, *(ray.angle for ray in rays), np.pi]
    wedges = [(angles >= low) & (angles < high) for low, high in pairwise(bounds)]
    return [np.asarray(np.where(wedge, plain, 0), np.uint8) for wedge in wedges]


def _with_print(wedges: list[Pixels]) -> list[Pixels]:
    """Return the wedges that have print, top to bottom, if there are two."""
    printed = [wedge for wedge in wedges if wedge.any()]
    printed.sort(key=lambda wedge: int(np.flatnonzero(wedge.any(axis=1))[0]))
    return printed if len(printed) > 1 else []
