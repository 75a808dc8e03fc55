"""What happens to a page between the printer and the archive, as pure image steps.

An image is a uint8 array, grey (height, width) or RGB (height, width, 3), white 255. A step takes
an image and a numpy Generator and gives an image; it never changes its input.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

Image = NDArray[np.uint8]
Step = Callable[[Image, np.random.Generator], Image]
WHITE = (255, 255, 255)
RED = np.array([205.0, 25.0, 35.0])


def skew(limit: float = 1.2) -> Step:
    """Turn the page by an angle drawn evenly from ±`limit` degrees, on white."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.uniform(-limit, limit)), 1.0)
        return u8(cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=WHITE))

    return step


def noise(sigma: float = 4.0) -> Step:
    """Add Gaussian noise of standard deviation `sigma` grey levels."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        return u8(image + rng.normal(0.0, sigma, image.shape))

    return step


def blur(sigma: float = 0.8) -> Step:
    """Soften by a Gaussian of `sigma` pixels."""
    return lambda image, rng: u8(cv2.GaussianBlur(image, (0, 0), sigma))


def jpeg(quality: int = 60) -> Step:
    """Go once through JPEG at `quality` (1–95)."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        buffer = io.BytesIO()
        Pillow.fromarray(image).save(buffer, "JPEG", quality=quality)
        return np.asarray(Pillow.open(buffer))

    return step


def downsample(factor: float = 0.5) -> Step:
    """Lose detail: shrink to `factor` of the size and blow up again."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        return u8(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))

    return step


def turn(quarters: int) -> Step:
    """Turn clockwise by `quarters` × 90°."""
    return lambda image, rng: np.ascontiguousarray(np.rot90(image, -quarters))


def binarise(threshold: int = 165) -> Step:
    """Every pixel black or white."""
    return lambda image, rng: np.where(grey(image) < threshold, 0, 255).astype(np.uint8)


def speckle(share: float = 0.0008) -> Step:
    """Drop black specks and white holes of one to two pixels on `share` of the page."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        marked = image.copy()
        for level, size in ((255, (2, 2)), (0, (1, 2))):
            specks = (rng.random(image.shape[:2]) < share).astype(np.uint8)
            marked[cv2.dilate(specks, np.ones(size, np.uint8)) > 0] = level
        return marked

    return step


def broken_rules(share: float = 0.15, piece: int = 12) -> Step:
    """Rub out pieces of `piece` pixels from long rules, about `share` of their length."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        ink = (grey(image) < 128).astype(np.uint8)
        rubbed = image.copy()
        for length, gap in (((1, 60), (3, piece)), ((60, 1), (piece, 3))):
            found = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(length, np.uint8))
            rules = cv2.dilate(found, np.ones((2, 2), np.uint8)) > 0
            seeds = ((rng.random(ink.shape) < share / piece) & rules).astype(np.uint8)
            rubbed[(cv2.dilate(seeds, np.ones(gap, np.uint8)) > 0) & rules] = 255
        return rubbed

    return step


def seal(diameter: float = 0.2, strength: float = 0.75) -> Step:
    """Stamp a red seal (ring, star, strokes like characters) below the top third; `diameter` × page width."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        page = rgb(image)
        height, width = page.shape[:2]
        size = int(diameter * width)
        left = int(rng.uniform(0.05 * width, 0.95 * width - size))
        top = int(rng.uniform(0.33 * height, 0.95 * height - size))
        place = np.s_[top : top + size, left : left + size]
        cover = _seal_mask(size, rng)[:, :, None] * strength
        marked = page.copy()
        # Stamp ink lets black print show through: it multiplies, it does not cover.
        marked[place] = u8(page[place] * (1 - cover + cover * RED / 255))
        return marked

    return step


def _seal_mask(size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    mask = np.zeros((size, size), np.uint8)
    centre, radius = (size // 2, size // 2), size / 2 - 3
    cv2.circle(mask, centre, int(radius), 255, max(2, size // 40), cv2.LINE_AA)
    angles = np.arange(10) * np.pi / 5 - np.pi / 2
    lengths = np.where(np.arange(10) % 2 == 0, 0.3, 0.115) * size
    star = np.stack([size / 2 + lengths * np.cos(angles), size / 2 + lengths * np.sin(angles)], axis=1)
    cv2.fillPoly(mask, [star.astype(np.int32)], 255, cv2.LINE_AA)
    for angle in np.linspace(np.pi * 0.8, np.pi * 2.2, 13):
        at = size / 2 + 0.78 * radius * np.array([np.cos(angle), np.sin(angle)])
        for _ in range(5):
            ends = at + rng.uniform(-0.055, 0.055, (2, 2)) * size
            cv2.line(
                mask,
                tuple(ends[0].astype(int)),
                tuple(ends[1].astype(int)),
                255,
                max(1, size // 110),
                cv2.LINE_AA,
            )
    worn = cv2.GaussianBlur(rng.random((size, size)), (0, 0), 2.0)
    return mask / 255.0 * np.clip(worn * 2.2 - 0.2, 0.45, 1.0)


def uneven_light(depth: float = 0.35) -> Step:
    """Darken towards a random side by up to `depth`, as under a lamp."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        angle = rng.uniform(0, 2 * np.pi)
        rows, columns = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
        slope = (columns - 0.5) * np.cos(angle) + (rows - 0.5) * np.sin(angle) + 0.5
        shade = 1 - depth * np.clip(slope, 0, 1)
        return u8(image * (shade[:, :, None] if image.ndim == 3 else shade))

    return step


def perspective(limit: float = 0.03) -> Step:
    """Move each corner inwards by up to `limit` of the page, on a dark desk."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
        moved = corners + inwards * rng.uniform(0, limit, (4, 2)).astype(np.float32) * [width, height]
        matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
        return u8(
            cv2.warpPerspective(
                image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(70, 66, 60)
            )
        )

    return step


def curl(depth: float = 0.008) -> Step:
    """Bend the lines of the page by up to `depth` of its height, as near a spine."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
        phase = rng.uniform(0, np.pi)
        bent = rows + depth * height * np.sin(columns / width * np.pi + phase).astype(np.float32)
        return u8(cv2.remap(image, columns, bent.astype(np.float32), cv2.INTER_CUBIC, borderValue=WHITE))

    return step


def dark_margins(limit: float = 0.02) -> Step:
    """Black strips along the edges, each up to `limit` of the page, as of a copier with the lid up."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        top, bottom = (int(n) for n in rng.uniform(0, limit * height, 2))
        left, right = (int(n) for n in rng.uniform(0, limit * width, 2))
        framed = np.full_like(image, 25)
        framed[top : height - bottom, left : width - right] = image[
            top : height - bottom, left : width - right
        ]
        return framed

    return step


def punch_holes(diameter: float = 0.03) -> Step:
    """Two holes at the left edge that show the dark lid; `diameter` × page width."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        punched = image.copy()
        radius = int(diameter * width / 2)
        for share in (0.37, 0.63):
            at = (int(rng.uniform(0.03, 0.05) * width), int((share + rng.uniform(-0.01, 0.01)) * height))
            cv2.circle(punched, at, radius, (30, 30, 30), -1, cv2.LINE_AA)
        return punched

    return step


def turn_any() -> Step:
    """Turn each page by a multiple of 90° of its own, three in four of them not upright."""
    return lambda image, rng: np.ascontiguousarray(np.rot90(image, int(rng.integers(4))))


def u8(values: NDArray[np.generic]) -> Image:
    """Clip to the range of an image."""
    return np.clip(values, 0, 255).astype(np.uint8)


def grey(image: Image) -> Image:
    """One channel."""
    return image if image.ndim == 2 else u8(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))


def rgb(image: Image) -> Image:
    """Three channels."""
    return image if image.ndim == 3 else u8(cv2.cvtColor(image, cv2.COLOR_GRAY2RGB))
