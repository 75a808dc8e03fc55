"""Seals as offices stamp them: round, oval, square, in red, blue or nearly black, sharp or faded."""

from __future__ import annotations

import cv2
import numpy as np

from bench.corpus.steps import Image, Step, grey, rgb, u8

INKS = {"red": (205, 25, 35), "blue": (35, 60, 190), "dark": (70, 20, 40), "orange": (235, 95, 60)}


def stamp(
    shape: str = "round",
    ink: str = "red",
    *,
    width: float = 0.2,
    strength: float = 0.75,
    at: tuple[float, float] = (0.7, 0.5),
) -> Step:
    """Stamp a seal, `width` × page width, its middle at `at`, shares of width and height, give or take a bit.

    Ink is laid on at `strength`, 0 to 1, uneven as from a worn pad; print shows through.
    """

    def step(image: Image, rng: np.random.Generator) -> Image:
        page = rgb(image).astype(np.float32)
        height, across = page.shape[:2]
        size = int(width * across)
        cover = _cover(shape, size, rng) * strength
        middle = np.array(at) * [across, height] + rng.uniform(-0.03, 0.03, 2) * across
        left, top = (int(v) for v in np.clip(middle - size / 2, 0, [across - size, height - size]))
        place = np.s_[top : top + size, left : left + size]
        page[place] *= 1 - cover[:, :, None] * (1 - np.array(INKS[ink]) / 255)
        return u8(page)

    return step


def in_grey(image: Image, rng: np.random.Generator) -> Image:
    """Scanned without colour: the seal is as grey as faint print."""
    return grey(image)


def _cover(shape: str, size: int, rng: np.random.Generator) -> np.ndarray:
    """How much ink lies where, 0 to 1, shape (size, size), turned by up to 20°."""
    mask = np.zeros((size, size), np.uint8)
    thick = max(2, size // 32)
    if shape == "square":
        cv2.rectangle(mask, (size // 6, size // 6), (size - size // 6, size - size // 6), 255, thick)
        _strokes(mask, [(x, y) for x in (0.34, 0.5, 0.66) for y in (0.34, 0.5, 0.66)], 0.07, rng)
    else:
        high = 0.46 if shape == "round" else 0.3
        axes = (int(0.46 * size), int(high * size))
        cv2.ellipse(mask, (size // 2, size // 2), axes, 0, 0, 360, 255, thick, cv2.LINE_AA)
        angles = np.linspace(np.pi * 0.85, np.pi * 2.15, 12)
        ring = [(0.5 + 0.36 * np.cos(a), 0.5 + 0.78 * high * np.sin(a)) for a in angles]
        _strokes(mask, ring, 0.05, rng)
        if shape == "round":
            turns = np.arange(10) * np.pi / 5 - np.pi / 2
            arms = np.where(np.arange(10) % 2 == 0, 0.16, 0.064) * size
            star = np.stack([size / 2 + arms * np.cos(turns), size / 2 + arms * np.sin(turns)], axis=1)
            cv2.fillPoly(mask, [star.astype(np.int32)], 255, cv2.LINE_AA)
        _strokes(mask, [(x, 0.5 + 0.55 * high) for x in (0.34, 0.42, 0.5, 0.58, 0.66)], 0.035, rng)
    turn = cv2.getRotationMatrix2D((size / 2, size / 2), float(rng.uniform(-20, 20)), 1.0)
    worn = cv2.GaussianBlur(rng.random((size, size)), (0, 0), 2.0)
    turned = cv2.warpAffine(mask, turn, (size, size)).astype(np.float32) / 255
    return np.asarray(turned * np.clip(worn * 2.2 - 0.2, 0.45, 1.0), np.float32)


def _strokes(mask: Image, places: list[tuple[float, float]], reach: float, rng: np.random.Generator) -> None:
    """Draw five strokes round each place, as a character has."""
    size = mask.shape[0]
    for place in places:
        for _ in range(5):
            start, end = ((np.array(place) + rng.uniform(-reach, reach, 2)) * size for _ in range(2))
            points = (tuple(int(v) for v in point) for point in (start, end))
            cv2.line(mask, *points, 255, max(1, size // 90), cv2.LINE_AA)
