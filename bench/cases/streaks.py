"""Thin vertical lines that a scanner's dirty glass draws over whole pages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from bench.accuracy.truth import read_truth
from bench.cases.base import Case
from bench.corpus.degrade import Recipe, scan_pdf
from bench.corpus.steps import Image, blur, noise, skew

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
WIDTHS = (1, 2, 3)  # px at 200 dpi
LEVELS = (0, 90, 150)  # grey level of the line
PLACES = (0.12, 0.31, 0.47, 0.58, 0.66, 0.74, 0.83)  # share of the width of the page


def draw(folder: Path) -> Iterator[Case]:
    """21 scans of one report: places by widths, the levels taking turns."""
    report = SAMPLES / "onepage.pdf"
    truth = tuple(read_truth(report.with_suffix(".truth.csv")))
    for number, (place, width) in enumerate((p, w) for p in PLACES for w in WIDTHS):
        streak = partial(_streak, place=place, width=width, level=LEVELS[number % len(LEVELS)])
        target = folder / f"streak-{number:02d}.pdf"
        scan_pdf(report, target, Recipe(200, (blur(0.5), skew(0.5), streak, noise(3.0))), seed=number)
        yield Case(target, truth)


def _streak(image: Image, rng: np.random.Generator, *, place: float, width: int, level: int) -> Image:
    drawn = image.copy()
    left = int(place * image.shape[1])
    drawn[:, left : left + width] = np.minimum(drawn[:, left : left + width], level)
    return drawn
