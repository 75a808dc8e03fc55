"""Reports as a book scanned or photographed open: two pages side by side on each stored page.

Not a recipe of bench/corpus/degrade.py: those work page by page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from bench.corpus.degrade import STAMP, render
from bench.corpus.photograph import Pose, bound, lamp, taken
from bench.corpus.steps import Image, Step, blur, grey, noise, skew, turn, u8


def spread_pdf(
    source: Path, target: Path, seed: int, *, shadow: float = 0.5, dpi: int = 200, quarters: int = 0
) -> None:
    """Print `source`, bind it and scan it open: an image-only PDF at `target`.

    Each page is laid askew by itself. `shadow` is how dark the gutter is, 0 to 1;
    the scans are turned clockwise by `quarters` × 90°.
    """
    rng = np.random.default_rng(seed)
    steps: tuple[Step, ...] = (gutter(shadow), blur(0.5), skew(0.8), noise(3.0), turn(quarters))
    images = []
    for pages in _pairs(source, dpi):
        image = np.hstack([skew(0.3)(grey(page), rng) for page in pages])
        for step in steps:
            image = step(image, rng)
        images.append(Pillow.fromarray(image))
    _save(images, target, dpi, 60)


def photograph_spread(source: Path, target: Path, seed: int, *, dpi: int = 220) -> None:
    """Print `source`, bind it and photograph it open on a desk: an image-only PDF at `target`."""
    rng = np.random.default_rng(seed)
    pose = Pose(tilt=3.0, turn=1.5, rows=0.002, columns=0.001, fill=0.96, desk="dark")
    steps = (gutter(0.5), taken(pose), lamp(0.3), blur(0.8), noise(4.0))
    images = []
    for left, right in _pairs(source, dpi):
        image = np.hstack([bound(0.012, on_left=False)(left, rng), bound(0.012, on_left=True)(right, rng)])
        for step in steps:
            image = step(image, rng)
        images.append(Pillow.fromarray(image))
    _save(images, target, dpi, 75)


def _save(images: Sequence[Pillow.Image], target: Path, dpi: int, quality: int) -> None:
    options = {"resolution": dpi, "quality": quality, "creationDate": STAMP, "modDate": STAMP}
    images[0].save(target, "PDF", save_all=True, append_images=images[1:], **options)


def gutter(depth: float, width: float = 0.03) -> Step:
    """Darken the middle of a spread by up to `depth`, over `width` × its own width."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        x = (np.arange(image.shape[1]) / image.shape[1] - 0.5) / width
        light = 1 - depth * np.exp(-(x**2) * 4)
        return u8(image * (light[:, None] if image.ndim == 3 else light))

    return step


def _pairs(source: Path, dpi: int) -> Iterator[tuple[Image, Image]]:
    """Pages two by two; the last may stand beside a blank one."""
    pages = list(render(source, dpi))
    for left in range(0, len(pages), 2):
        right = pages[left + 1] if left + 1 < len(pages) else np.full_like(pages[left], 255)
        yield pages[left], right
