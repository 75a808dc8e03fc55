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
