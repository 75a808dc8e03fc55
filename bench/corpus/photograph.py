"""What a hand, a lamp, a desk and a telephone do to a page: steps as those of bench/corpus/steps.py.

`taken` lays the sheet on a desk before a camera, in one resampling; the others cast light and shade on
the picture, cover it or blur it. Angles are in degrees, lengths in shares of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.corpus.steps import Image, Step, rgb, u8

Floats = NDArray[np.floating[Any]]
SKIN = np.array([206.0, 158.0, 132.0])
# Tops of desks: colour, and how strong their grain is in grey levels.
DESKS = {
    "wood": ((128, 92, 62), 14.0),
    "dark": ((58, 54, 50), 5.0),
    "cloth": ((96, 108, 122), 10.0),
    "green": ((70, 104, 88), 6.0),
    "pale": ((198, 194, 186), 5.0),
}
# A camera is as far from the sheet as so many times its longer side.
_AWAY = 1.5


@dataclass(frozen=True, slots=True)
class Pose:
    """How the sheet lies before the camera; signs are drawn, sizes are between half and the whole.

    `tilt` is the keystone about either axis, `turn` the angle in the picture; `rows` and `columns` say how
    far lines that lie and that stand are bent, as a share of the page's height and width; `spine` bends
    them towards one side, as beside the back of a book; `fill` is how much of the picture the sheet takes
    along its tighter side, and `cut` how much of its width lies beyond the edge of the picture.
    """

    tilt: float = 3.0
    turn: float = 1.5
    rows: float = 0.004
    columns: float = 0.002
    spine: bool = False
    fill: float = 0.95
    cut: float = 0.0
    desk: str = "wood"


def taken(pose: Pose) -> Step:
    """Photograph the sheet in a pose; the picture keeps the size of the page."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        page = rgb(image)
        height, width = page.shape[:2]
        back = np.linalg.inv(_homography(pose, width, height, rng))
        x, y = _bent(pose, *_seen_from(back, width, height), width, height, rng)
        sheet = cv2.remap(page, x, y, cv2.INTER_CUBIC, borderValue=(255, 255, 255))
        cover = cv2.remap(np.ones((height, width), np.float32), x, y, cv2.INTER_LINEAR, borderValue=0)
        shade = 1 - 0.35 * cv2.GaussianBlur(np.roll(cover, (6, 6), (0, 1)), (0, 0), 8)[:, :, None]
        return u8(
            cover[:, :, None] * sheet + (1 - cover[:, :, None]) * shade * _desk(pose.desk, height, width, rng)
        )

    return step


def _homography(pose: Pose, width: int, height: int, rng: np.random.Generator) -> Floats:
    """The matrix from pixels of the page to pixels of the picture: a camera that looks at it at a slant."""
    sway, nod, turn = (_either(limit, rng) for limit in (pose.tilt, pose.tilt, pose.turn))
    rotation = np.eye(3)
    for axis, angle in ((0, nod), (1, sway), (2, turn)):
        vector = np.zeros(3)
        vector[axis] = np.radians(angle)
        rotation = cv2.Rodrigues(vector)[0] @ rotation
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    solid = np.c_[corners - [width / 2, height / 2], np.zeros(4)] @ rotation.T
    flat = solid[:, :2] / (1 + solid[:, 2:] / (_AWAY * max(width, height)))
    low, high = flat.min(axis=0), flat.max(axis=0)
    scale = pose.fill / max((high - low) / [width, height])
    middle = np.array([width, height]) / 2 - scale * (low + high) / 2
    free = (np.array([width, height]) - scale * (high - low)) / 2
    moved = rng.uniform(-0.6, 0.6, 2) * np.maximum(free, 0)
    if pose.cut:
        moved[0] = rng.choice([-1, 1]) * (free[0] + pose.cut * width)
    return np.asarray(
        cv2.getPerspectiveTransform(
            corners.astype(np.float32), (scale * flat + middle + moved).astype(np.float32)
        )
    )


def _either(limit: float, rng: np.random.Generator) -> float:
    return float(rng.uniform(0.5, 1.0) * limit * rng.choice([-1, 1]))


def _seen_from(back: Floats, width: int, height: int) -> tuple[Floats, Floats]:
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float64)
    depth = back[2, 0] * columns + back[2, 1] * rows + back[2, 2]
    x = (back[0, 0] * columns + back[0, 1] * rows + back[0, 2]) / depth
    y = (back[1, 0] * columns + back[1, 1] * rows + back[1, 2]) / depth
    return x, y


def _bent(
    pose: Pose, x: Floats, y: Floats, width: int, height: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Bend lying lines as waves of half a period, or up towards a spine, and standing ones as waves."""
    across, down = x / width, y / height
    rise, lean = _either(pose.rows * height, rng), _either(pose.columns * width, rng)
    if pose.spine:
        near = np.exp(-(across if rng.random() < 0.5 else 1 - across) / 0.12)
        wave = near * (0.35 + 0.65 * down)
    else:
        wave = np.sin(across * np.pi + rng.uniform(0, np.pi))
    bow = np.sin(down * np.pi + rng.uniform(0, np.pi))
    return (x + lean * bow).astype(np.float32), (y + rise * wave).astype(np.float32)


def bound(depth: float, *, on_left: bool) -> Step:
    """Bend lying lines, by up to `depth` of the height, down into the spine at one side of the page."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
        near = np.exp(-(columns if on_left else width - columns) / (0.15 * width))
        y = (rows - depth * height * near).astype(np.float32)
        return u8(cv2.remap(rgb(image), columns, y, cv2.INTER_CUBIC, borderValue=(255, 255, 255)))

    return step


def _desk(name: str, height: int, width: int, rng: np.random.Generator) -> Floats:
    colour, grain = DESKS[name]
    small = rng.normal(0, 1, (height // 8 + 1, width // 64 + 1)).astype(np.float32)
    streaks = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(colour, np.float32) + grain * streaks[:, :, None]


def lamp(depth: float = 0.4, warmth: float = 0.2) -> Step:
    """Light from one side: `depth` darker on the other, and as much less blue as `warmth` says."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        rows, columns = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
        at = rng.uniform(-0.2, 1.2, 2)
        far = np.hypot((rows - at[0]) * 1.4, columns - at[1])
        light = 1 - depth * np.clip(far / 1.5, 0, 1) ** 1.3
        return u8(rgb(image) * light[:, :, None] * [1.0, 1.0 - 0.35 * warmth, 1.0 - warmth])

    return step


def shadow(depth: float = 0.45, softness: float = 0.004) -> Step:
    """The shadow of a telephone and the arm that holds it: its edge is `softness` of the width soft."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        dark = np.zeros((height, width), np.float32)
        middle = rng.uniform([0.2, 0.45], [0.8, 0.8]) * [width, height]
        angle = float(rng.uniform(-35, 35))
        phone = cv2.boxPoints((middle.tolist(), (0.42 * width, 0.3 * height), angle))
        elbow = np.array([rng.uniform(0, 1) * width, 1.1 * height])
        wrist, sleeve = np.array([0.09 * width, 0]), np.array([0.13 * width, 0])
        arm = [middle - wrist, middle + wrist, elbow + sleeve, elbow - sleeve]
        for shape in (phone, np.array(arm)):
            cv2.fillPoly(dark, [shape.astype(np.int32)], 1.0)
        soft = cv2.GaussianBlur(dark, (0, 0), max(1.0, softness * width))
        return u8(rgb(image) * (1 - depth * soft[:, :, None]))

    return step


def glare(strength: float = 0.5, size: float = 0.18) -> Step:
    """A lamp mirrored by smooth paper: print in the spot is `strength` of the way to white."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        rows, columns = np.mgrid[0:height, 0:width]
        y, x = rng.uniform(0.2, 0.8, 2) * [height, width]
        spot = strength * np.exp(-(((rows - y) / 1.6) ** 2 + (columns - x) ** 2) / (size * width) ** 2)
        return u8(image + (255.0 - rgb(image)) * spot[:, :, None])

    return step


def fingers(reach: float = 0.05, number: int = 2) -> Step:
    """Fingers that hold the sheet: from an edge that is drawn they come in by `reach` of the width."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        held = rgb(image).astype(np.float32)
        height, width = held.shape[:2]
        side = int(rng.integers(3))  # left, right, from below
        first = rng.uniform(0.25, 0.6)
        for place in first + 0.075 * np.arange(number):
            cover = np.zeros((height, width), np.float32)
            tip = (reach * rng.uniform(0.7, 1.0)) * width
            thick = int(0.045 * width)
            ends = {
                0: ((-width // 5, place * height + 0.03 * height), (tip - thick / 2, place * height)),
                1: (
                    (width + width // 5, place * height + 0.03 * height),
                    (width - tip + thick / 2, place * height),
                ),
                2: ((place * width, height * 1.1), (place * width, height - tip + thick / 2)),
            }[side]
            start, end = (tuple(int(v) for v in point) for point in ends)
            cv2.line(cover, start, end, 1.0, thick, cv2.LINE_AA)
            near = cv2.GaussianBlur(cover, (0, 0), thick / 3)[:, :, None]
            cover = cv2.GaussianBlur(cover, (0, 0), 1.5)[:, :, None]
            held *= 1 - 0.25 * near * (1 - cover)
            held = held * (1 - cover) + cover * SKIN * np.clip(0.55 + 0.5 * near, 0, 1)
        return u8(held)

    return step


def defocus(sigma: float = 2.0) -> Step:
    """Out of focus from the middle towards a corner that is drawn: there by a Gaussian of `sigma` pixels."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        rows, columns = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
        corner = rng.integers(2, size=2)
        far = 1 - np.hypot(rows - corner[0], columns - corner[1]) / np.sqrt(2)
        share = np.clip((far - 0.4) / 0.5, 0, 1)[:, :, None]
        half, whole = (cv2.GaussianBlur(rgb(image), (0, 0), s).astype(np.float32) for s in (sigma / 2, sigma))
        low = image if image.ndim == 3 else rgb(image)
        near = low * (1 - np.clip(2 * share, 0, 1)) + half * np.clip(2 * share, 0, 1)
        return u8(near * (1 - np.clip(2 * share - 1, 0, 1)) + whole * np.clip(2 * share - 1, 0, 1))

    return step


def moire(depth: float = 0.06) -> Step:
    """The beat of two gratings, as where a screen or a halftone is photographed, each channel a bit apart."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        height, width = image.shape[:2]
        rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
        angle, period = rng.uniform(0, np.pi), rng.uniform(7.0, 16.0)
        along = columns * np.cos(angle) + rows * np.sin(angle)
        bend = 3 * np.sin(rows / height * 4) + 3 * np.sin(columns / width * 5)
        waves = [np.sin(2 * np.pi * (along / period + bend + shift)) for shift in (0.0, 0.12, 0.24)]
        return u8(rgb(image) * (1 - depth / 2 + depth / 2 * np.stack(waves, axis=2)))

    return step


def one_of(*chains: tuple[Step, ...]) -> Step:
    """Each page by a chain of its own, drawn from those given."""

    def step(image: Image, rng: np.random.Generator) -> Image:
        for each in chains[int(rng.integers(len(chains)))]:
            image = each(image, rng)
        return image

    return step
