"""A reliability diagram on logarithmic axes, drawn with Pillow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log10

from PIL import Image, ImageDraw, ImageFont

SIZE = 640
EDGE = 80
DECADES = 4  # from 1 down to 0.0001
INK, PALE, BLUE = (30, 30, 30), (215, 215, 215), (31, 90, 170)


@dataclass(frozen=True, slots=True)
class Point:
    """Shares of wrong values, 0 to 1: `promised` by the confidence, `found` in fact, of `count` values.

    `bound`: none was wrong, and `found` is what the true share is likely to lie below.
    """

    promised: float
    found: float
    count: int
    bound: bool


def reliability(points: Iterable[Point]) -> Image.Image:
    """The diagram; on the diagonal confidences are honest, below it too modest, above it too proud."""
    image = Image.new("RGB", (SIZE, SIZE), "white")
    draw = ImageDraw.Draw(image)
    for decade in range(DECADES + 1):
        _grid_line(draw, decade)
    draw.line((_place(0.0001), _up(0.0001), _place(1), _up(1)), fill=INK, width=2)
    for point in points:
        _mark(draw, point)
    draw.text((EDGE, 20), "wrong values found, against promised (1 - confidence)", INK, _font(16))
    draw.text((SIZE / 2, SIZE - 20), "promised", INK, _font(14), anchor="mm")
    draw.text((12, 50), "found", INK, _font(14))
    return image


def _grid_line(draw: ImageDraw.ImageDraw, decade: int) -> None:
    share = 10.0**-decade
    x, y = _place(share), _up(share)
    draw.line((x, EDGE, x, SIZE - EDGE), fill=PALE)
    draw.line((EDGE, y, SIZE - EDGE, y), fill=PALE)
    draw.text((x, SIZE - EDGE + 16), f"{share:g}", INK, _font(13), anchor="mm")
    draw.text((EDGE - 8, y), f"{share:g}", INK, _font(13), anchor="rm")


def _mark(draw: ImageDraw.ImageDraw, point: Point) -> None:
    x, y = _place(point.promised), _up(point.found)
    radius = 3 + 1.5 * log10(point.count)
    fill = None if point.bound else BLUE
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill, outline=BLUE, width=2)
    draw.text((x + radius + 4, y - 8), str(point.count), INK, _font(12))


def _place(share: float) -> float:
    """Pixels from the left, or from the bottom, for a share of 0 to 1."""
    decades = max(-DECADES, min(0.0, log10(max(share, 1e-9)))) + DECADES
    return EDGE + (SIZE - 2 * EDGE) * decades / DECADES


def _up(share: float) -> float:
    return SIZE - _place(share)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
