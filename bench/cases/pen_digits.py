"""Numbers that a hand touched: digits beside them, strokes through them, in ink, pencil or by a dater."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pdfplumber

from bench.accuracy.truth import Fact
from bench.cases.base import Case, Outcome
from bench.cases.marks import marked
from bench.cases.onepage import look, write_report
from bench.corpus.degrade import Recipe, scan_pdf
from bench.corpus.steps import Image, blur, noise, skew

DPI = 200
INKS = {
    "blue": (40, 60, 150),
    "red": (200, 40, 45),
    "black": (30, 30, 35),
    "pencil": (120, 120, 122),
    "violet": (110, 50, 140),
}
# Ways in which a hand writes digits, as strokes in a square that is 1 high, from its top left corner.
DIGITS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "1": (((0.3, 0.02), (0.25, 1.0)),),
    "3": (((0.1, 0.1), (0.45, 0.0), (0.5, 0.25), (0.2, 0.45), (0.55, 0.6), (0.4, 1.0), (0.0, 0.9)),),
    "5": (((0.55, 0.0), (0.15, 0.02), (0.1, 0.45), (0.45, 0.45), (0.5, 0.85), (0.0, 0.98)),),
    "7": (((0.0, 0.05), (0.55, 0.0), (0.2, 1.0)),),
    "8": (((0.5, 0.1), (0.1, 0.15), (0.5, 0.65), (0.25, 1.0), (0.05, 0.75), (0.5, 0.25), (0.45, 0.05)),),
}
WAYS = ("before", "behind", "through", "slant", "twice", "stamped")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands on its page, in inches."""

    key: tuple[str, ...]
    left: float
    top: float
    right: float
    bottom: float


Drawing = Callable[[Image, np.random.Generator, Place, tuple[int, int, int]], Image]


def draw(folder: Path) -> Iterator[Case]:
    """30 scans with four numbers each that a hand touched: each ink with each way."""
    for number, (ink, way) in enumerate((ink, way) for ink in INKS for way in WAYS):
        report = folder / "report.pdf"
        truth = write_report(report, look(), seed=900 + number % 5)
        places = _lone_numbers(report, truth)[number % 3 :: 3][:4]
        mark = partial(_touched, places=places, drawing=DRAWINGS[way], ink=INKS[ink])
        steps = (partial(marked, mark=mark), blur(0.5), skew(0.6), noise(3.0))
        target = folder / f"{way}-{ink}.pdf"
        colour = ink not in ("black", "pencil") or number % 2 == 0
        scan_pdf(report, target, Recipe(DPI, steps, quality=70, colour=colour), seed=number)
        report.unlink()
        struck = way in ("through", "slant", "twice")
        yield Case(target, truth, partial(_complaint, places=places, struck=struck))


def _complaint(outcome: Outcome, *, places: Sequence[Place], struck: bool) -> str:
    """A number that is struck out holds no longer: somebody must look. Few others may be flagged."""
    touched = {place.key for place in places}
    flagged = {
        (row["table"], row["row"], row["column"]) for row in outcome.facts if row["needs_review"] == "1"
    }
    sure = touched - flagged if struck else set()
    more = len(flagged - touched)
    said = [f"struck and sure: {', '.join('/'.join(key) for key in sorted(sure))}"] if sure else []
    return "; ".join(said + ([f"{more} values flagged that no pen touched"] if more > 8 else []))


def _lone_numbers(report: Path, truth: Sequence[Fact]) -> list[Place]:
    """Numbers that are printed but once, so that it is known where."""
    counts = Counter(fact.raw for fact in truth)
    with pdfplumber.open(report) as document:
        words = document.pages[0].extract_words()
    printed = Counter(word["text"] for word in words)
    by_text = {word["text"]: word for word in words}
    lone = [fact for fact in truth if fact.raw.isdecimal() and counts[fact.raw] == printed[fact.raw] == 1]
    return [_place(fact, by_text[fact.raw]) for fact in lone]


def _place(fact: Fact, word: dict[str, float]) -> Place:
    return Place(fact.key, *(word[side] / 72 for side in ("x0", "top", "x1", "bottom")))


def _touched(
    image: Image,
    rng: np.random.Generator,
    *,
    places: Sequence[Place],
    drawing: Drawing,
    ink: tuple[int, int, int],
) -> Image:
    for place in places:
        image = drawing(image, rng, place, ink)
    return image


def _stroke(
    image: Image, points: Sequence[tuple[float, float]], ink: tuple[int, int, int], width: float
) -> Image:
    """A stroke through points in inches; ink darkens what it covers."""
    cover = np.zeros(image.shape[:2], np.uint8)
    fine = np.rint(np.array(points) * DPI * 16).astype(np.int32)
    cv2.polylines(cover, [fine], False, 255, max(1, round(width * DPI)), cv2.LINE_AA, 4)
    share = cover[:, :, None] / 255.0
    return np.asarray(np.minimum(image, image * (1 - share) + share * np.array(ink)), np.uint8)


def _digit(
    image: Image, rng: np.random.Generator, place: Place, ink: tuple[int, int, int], *, behind: bool
) -> Image:
    name = list(DIGITS)[int(rng.integers(len(DIGITS)))]
    height = (place.bottom - place.top) * rng.uniform(0.7, 1.05)
    gap = rng.uniform(0.01, 0.03)
    left = place.right + gap if behind else place.left - gap - 0.55 * height
    top = place.top + rng.uniform(-0.01, 0.02)
    for stroke in DIGITS[name]:
        points = [
            (left + x * height + rng.normal(0, 0.002), top + y * height + rng.normal(0, 0.002))
            for x, y in stroke
        ]
        image = _stroke(image, points, ink, rng.uniform(0.011, 0.018))
    return image


def _through(
    image: Image,
    rng: np.random.Generator,
    place: Place,
    ink: tuple[int, int, int],
    *,
    slant: float,
    times: int,
) -> Image:
    middle, reach = (place.top + place.bottom) / 2, rng.uniform(0.01, 0.04)
    rise = slant * (place.bottom - place.top)
    for each in range(times):
        y = middle + (each - (times - 1) / 2) * 0.03 + rng.normal(0, 0.004)
        points = [(place.left - reach, y + rise), (place.right + reach, y - rise)]
        image = _stroke(image, points, ink, rng.uniform(0.008, 0.015))
    return image


def _stamped(image: Image, rng: np.random.Generator, place: Place, ink: tuple[int, int, int]) -> Image:
    """A digit of a dater behind the number."""
    at = round((place.right + 0.015) * DPI), round(place.bottom * DPI) - 4
    cover = np.zeros(image.shape[:2], np.uint8)
    text = str(int(rng.integers(1, 9)))
    scale = (place.bottom - place.top) * DPI / 30
    cv2.putText(cover, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, 2, cv2.LINE_AA)
    share = cover[:, :, None] / 255.0 * 0.85
    return np.asarray(np.minimum(image, image * (1 - share) + share * np.array(ink)), np.uint8)


DRAWINGS: dict[str, Drawing] = {
    "before": partial(_digit, behind=False),
    "behind": partial(_digit, behind=True),
    "through": partial(_through, slant=0.0, times=1),
    "slant": partial(_through, slant=0.3, times=1),
    "twice": partial(_through, slant=0.05, times=2),
    "stamped": _stamped,
}
