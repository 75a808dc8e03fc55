"""What hands leave on paper: strokes and blots, ticks, rings, highlighter, stamps, staples, holes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from bench.cases.base import Case, Outcome
from bench.cases.onepage import look, write_report
from bench.corpus.degrade import Recipe, scan_pdf
from bench.corpus.steps import Image, blur, noise, skew

DPI = 200
BLACK, BLUE, RED = (25, 25, 30), (35, 45, 120), (200, 40, 45)
YELLOW, PINK, GREEN = (255, 240, 60), (255, 150, 190), (150, 240, 120)
Mark = Callable[[Image, np.random.Generator], Image]


def draw(folder: Path) -> Iterator[Case]:
    """Each mark at two places, scanned in grey and in colour by turns; few values may be flagged."""
    report = folder / "report.pdf"
    truth = write_report(report, look(), seed=77)
    for number, (name, mark, flagged) in enumerate(MARKS):
        for place in range(2):
            target = folder / f"{name}-{place}.pdf"
            steps = (partial(marked, mark=mark), blur(0.5), skew(0.6), noise(3.0))
            colour = bool((number + place) % 2)
            scan_pdf(report, target, Recipe(DPI, steps, quality=70, colour=colour), seed=10 * number + place)
            yield Case(target, truth, partial(_at_most, flagged))


def _at_most(limit: int, outcome: Outcome) -> str:
    """Few values are disturbed by one mark."""
    found = sum(fact["needs_review"] == "1" for fact in outcome.facts)
    return f"{found} values to review, not more than {limit} are touched" if found > limit else ""


def marked(image: Image, rng: np.random.Generator, *, mark: Mark) -> Image:
    """Draw in colour; a grey page stays grey."""
    page = image.copy() if image.ndim == 3 else np.repeat(image[:, :, None], 3, axis=2)
    page = mark(page, rng)
    return page if image.ndim == 3 else np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8)


def _spot(image: Image, rng: np.random.Generator) -> tuple[int, int]:
    """A place among the values of table three."""
    height, width = image.shape[:2]
    return int(rng.uniform(0.5, 0.85) * width), int(rng.uniform(0.25, 0.65) * height)


def _blot(image: Image, rng: np.random.Generator, *, size: float) -> Image:
    x, y = _spot(image, rng)
    axes = int(size * DPI), int(size * DPI * rng.uniform(0.5, 1.0))
    return np.asarray(cv2.ellipse(image, (x, y), axes, rng.uniform(0, 90), 0, 360, BLACK, -1, cv2.LINE_AA))


def _stroke(image: Image, points: np.ndarray, colour: tuple[int, int, int], width: int) -> Image:
    return np.asarray(cv2.polylines(image, [points.astype(np.int32)], False, colour, width, cv2.LINE_AA))


def _line(image: Image, rng: np.random.Generator, *, length: float, slant: float, upright: bool) -> Image:
    """A line drawn by hand: it wavers."""
    x, y = _spot(image, rng)
    t = np.linspace(0, 1, 30)
    along, across = t * length * DPI, t * slant * length * DPI + np.cumsum(rng.normal(0, 0.35, 30))
    points = np.stack([x + across, y + along] if upright else [x - along + 200, y + across], axis=1)
    return _stroke(image, points, BLUE, 4)


def _tick(image: Image, rng: np.random.Generator) -> Image:
    for _ in range(3):
        x, y = _spot(image, rng)
        points = np.array([(x + 22, y), (x + 30, y + 12), (x + 52, y - 18)])
        image = _stroke(image, points, RED, 4)
    return image


def _ring(image: Image, rng: np.random.Generator) -> Image:
    x, y = _spot(image, rng)
    t = np.linspace(0, 2.15 * np.pi, 60)
    points = np.stack([x + 46 * np.cos(t), y + (24 + 2 * t) * np.sin(t)], axis=1)
    return _stroke(image, points, BLUE, 3)


def _highlight(image: Image, rng: np.random.Generator, *, colour: tuple[int, int, int]) -> Image:
    x, y = _spot(image, rng)
    cover = np.zeros(image.shape[:2], np.uint8)
    points = np.array([(x - 240, y), (x - 60, y + 2), (x + 120, y - 1)])
    _stroke(cover, points, (255, 255, 255), 36)
    share = cv2.GaussianBlur(cover, (5, 5), 0)[:, :, None] / 255.0 * 0.85
    return np.asarray(image * (1 - share + share * np.array(colour) / 255), np.uint8)


def _stamp(image: Image, rng: np.random.Generator, *, colour: tuple[int, int, int]) -> Image:
    """The frame of a stamp of receipt, ruled within, set askew."""
    x, y = _spot(image, rng)
    box = np.array([(0, 0), (360, 0), (360, 180), (0, 180), (0, 0)], float)
    lines = [
        box,
        np.array([(0, 60.0), (360, 60)]),
        np.array([(0, 120.0), (360, 120)]),
        np.array([(120.0, 60), (120, 180)]),
    ]
    angle = np.radians(rng.uniform(-4, 4))
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    for line in lines:
        image = _stroke(image, line @ turned.T + (x - 160, y - 90), colour, 5)
    return image


def _staples_and_holes(image: Image, rng: np.random.Generator) -> Image:
    height, width = image.shape[:2]
    image = _stroke(image, np.array([(60, 70), (150, 100)]), BLACK, 7)
    for share in (0.36, 0.64):
        image = np.asarray(cv2.circle(image, (int(0.045 * width), int(share * height)), 24, (40, 40, 40), -1))
    return image


def _coffee(image: Image, rng: np.random.Generator) -> Image:
    x, y = _spot(image, rng)
    cover = np.zeros(image.shape[:2], np.uint8)
    cv2.circle(cover, (x, y), 260, 255, 14, cv2.LINE_AA)
    share = cv2.GaussianBlur(cover, (0, 0), 3)[:, :, None] / 255.0 * 0.5
    return np.asarray(image * (1 - share + share * np.array((150, 110, 70)) / 255), np.uint8)


# Name, mark, and how many values it may make doubtful.
MARKS: tuple[tuple[str, Mark, int], ...] = (
    ("blot", partial(_blot, size=0.14), 6),
    ("small-blot", partial(_blot, size=0.07), 4),
    ("struck-row", partial(_line, length=2.2, slant=0.01, upright=False), 16),
    ("struck-column", partial(_line, length=2.0, slant=0.02, upright=True), 26),
    ("slash", partial(_line, length=1.2, slant=0.6, upright=True), 16),
    ("ticks", _tick, 10),
    ("ring", _ring, 8),
    ("yellow", partial(_highlight, colour=YELLOW), 4),
    ("pink", partial(_highlight, colour=PINK), 4),
    ("green", partial(_highlight, colour=GREEN), 4),
    ("red-stamp", partial(_stamp, colour=RED), 30),
    ("blue-stamp", partial(_stamp, colour=BLUE), 30),
    ("staple", _staples_and_holes, 2),
    ("coffee", _coffee, 30),
)
