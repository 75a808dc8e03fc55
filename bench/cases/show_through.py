"""Scans in which the print of the back of the sheet shows through, mirrored and pale."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from bench.cases.base import Case
from bench.cases.lost_digits import busy_report
from bench.corpus.degrade import Recipe, render, scan_pdf
from bench.corpus.steps import Image, blur, grey, noise, skew

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
BACKS = ("onepage.pdf", "fragment.pdf", "budget.pdf")


def draw(folder: Path) -> Iterator[Case]:
    """21 scans: three backs, seven degrees of paleness, each laid a little otherwise."""
    for number in range(21):
        report = folder / f"{number}.pdf"
        truth = busy_report(report, number)
        back = next(render(SAMPLES / BACKS[number % len(BACKS)], 200))
        strength = (0.08, 0.14, 0.2, 0.26, 0.32, 0.38, 0.44)[number // 3]
        shown = partial(_show_through, back=back, strength=strength)
        target = folder / f"through-{number:02d}.pdf"
        scan_pdf(report, target, Recipe(200, (shown, blur(0.5), skew(0.5), noise(3.0))), seed=number)
        report.unlink()
        yield Case(target, truth)


def _show_through(image: Image, rng: np.random.Generator, *, back: Image, strength: float) -> Image:
    """Let the back, mirrored, blurred by the paper and moved, darken what is white of the front."""
    page = grey(image)
    mirrored = cv2.GaussianBlur(np.ascontiguousarray(back[:, ::-1]), (0, 0), 1.6)
    down, across = rng.uniform(-25, 25, 2)
    moved = cv2.warpAffine(
        mirrored,
        np.array([[1, 0, across], [0, 1, down]], np.float32),
        (page.shape[1], page.shape[0]),
        borderValue=255,
    )
    ghost = strength * (255.0 - moved)
    return np.clip(np.minimum(page, 250) - ghost * (page / 255.0), 0, 255).astype(np.uint8)
