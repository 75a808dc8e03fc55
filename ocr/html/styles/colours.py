"""Colours in styles and attributes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PIL import ImageColor

_RGB = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*(?:[,/]\s*([\d.]+)(%?)\s*)?\)")
_HEX = re.compile(r"[0-9a-f]{3}(?:[0-9a-f]{3})?")


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green and blue from 0 to 255; `alpha` from 0, which is glass, to 1."""

    red: int
    green: int
    blue: int
    alpha: float = 1.0


def colour_of(said: str) -> Colour | None:
    """Return the colour that is meant; None for what is no plain colour, as a picture or a gradient."""
    said = said.strip().lower()
    if said == "transparent":
        return Colour(0, 0, 0, 0.0)
    if found := _RGB.fullmatch(said):
        red, green, blue = (min(int(found[n]), 255) for n in (1, 2, 3))
        alpha = 1.0 if found[4] is None else float(found[4]) / (100 if found[5] else 1)
        return Colour(red, green, blue, min(alpha, 1.0))
    try:
        rgb = ImageColor.getrgb(f"#{said}" if _HEX.fullmatch(said) else said)
    except ValueError:
        return None
    return Colour(*rgb[:3], rgb[3] / 255 if len(rgb) > 3 else 1.0)


WHITE, BLACK = Colour(255, 255, 255), Colour(0, 0, 0)


def contrast(ink: Colour, ground: Colour, opacity: float = 1.0) -> float:
    """Return how print stands out from its ground, from 1 (not at all) to 21 (WCAG 2, contrast ratio)."""
    shown = min(ink.alpha * opacity, 1.0)
    laid = (under + shown * (over - under) for over, under in zip(_rgb(ink), _rgb(ground), strict=True))
    light, dark = sorted((_luminance(tuple(laid)), _luminance(_rgb(ground))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _rgb(colour: Colour) -> tuple[float, ...]:
    return colour.red / 255, colour.green / 255, colour.blue / 255


def _luminance(rgb: tuple[float, ...]) -> float:
    linear = (tone / 12.92 if tone <= 0.04045 else ((tone + 0.055) / 1.055) ** 2.4 for tone in rgb)
    return sum(weight * tone for weight, tone in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
