"""Cells with a number, printed at 9 pt and 200 dpi in the two faces that are installed with the program."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocr.arrays import Pixels

FACES = ("NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf")
SIZE, LEFT, BASE = 26, 20, 40
_FOLDER = files("pylopdf_fonts_zh_cn")


def _font(face: str, size: int = SIZE) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FOLDER / face), size)


def width_of(text: str, face: str) -> float:
    """How many pixels a text takes."""
    return _font(face).getlength(text)


def print_number(text: str, face: str, note: str = "", rise: int = 9, small: float = 0.6) -> Pixels:
    """A cell with a number, and a smaller one behind it, `rise` pixels over the line."""
    image = Image.new("RGB", (160, 56), "white")
    pen, noted = ImageDraw.Draw(image), _font(face, round(small * SIZE))
    pen.text((LEFT, BASE), text, "black", _font(face), anchor="ls")
    pen.text((LEFT + width_of(text, face) + 1, BASE - rise), note, "black", noted, anchor="ls")
    return np.asarray(image)
