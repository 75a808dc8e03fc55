"""Corner heads that slanting rules part, drawn in twenty-four ways and read by the real engine."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from core.fonts import packaged_fonts
from ocr.arrays import Pixels
from ocr.engine.factory import engine
from ocr.image.page_image import PageImage
from ocr.model import Table
from ocr.scanned import read_scan

_ROWS = (
    ("", "2022年", "2023年"),
    ("主动公开", "1203", "982"),
    ("依申请公开", "37", "/"),
    ("行政复议", "0", "2"),
)
_LABELS = ("年度", "类别", "项目")


def _drawn(variant: int, slants: int) -> PageImage:
    """Draw a table whose head has `slants` rules; size, place, thickness, tone, skew and noise by chance."""
    chance = random.Random(variant)
    dpi = chance.choice((150, 200, 300))
    unit = dpi / 200
    size = round(chance.choice((24, 28, 34)) * unit)
    font = ImageFont.truetype(str(packaged_fonts()[0]), size)
    left, top = round(chance.randint(120, 260) * unit), round(chance.randint(300, 600) * unit)
    head, row = round(size * chance.uniform(3.2, 4.4)), round(size * chance.uniform(1.8, 2.6))
    xs = [left, left + round(size * chance.uniform(8.5, 11)), *(0, 0)]
    xs[2] = xs[1] + round(size * 6.5)
    xs[3] = xs[2] + round(size * 6.5)
    ys = [top, top + head, *(top + head + row * n for n in (1, 2, 3))]
    tone, thick = chance.randint(0, 70), max(1, round(chance.choice((1, 2, 3)) * unit))
    image = Image.new("L", (round(1654 * unit), round(1400 * unit)), 250)
    draw = ImageDraw.Draw(image)
    for x in xs:
        draw.line((x, ys[0], x, ys[-1]), fill=tone, width=thick)
    for y in ys:
        draw.line((xs[0], y, xs[-1], y), fill=tone, width=thick)
    for line, texts in enumerate(_ROWS):
        for column, text in enumerate(texts):
            centre = ((xs[column] + xs[column + 1]) / 2, (ys[line] + ys[line + 1]) / 2)
            draw.text(centre, text, fill=tone, font=font, anchor="mm")
    wide, high = xs[1] - xs[0], head
    ends = ([(1.0, 1.0)], [(1.0, 0.5), (0.5, 1.0)])[slants - 1]
    for across, down in ends:
        draw.line((xs[0], ys[0], xs[0] + wide * across, ys[0] + high * down), fill=tone, width=thick)
    small = ImageFont.truetype(str(packaged_fonts()[0]), round(size * 0.85))
    places = (((0.78, 0.24), (0.24, 0.78)), ((0.75, 0.19), (0.77, 0.72), (0.22, 0.80)))[slants - 1]
    labels = (_LABELS[0], _LABELS[2]) if slants == 1 else _LABELS
    for (across, down), label in zip(places, labels, strict=True):
        draw.text((xs[0] + wide * across, ys[0] + high * down), label, fill=tone, font=small, anchor="mm")
    return _scanned(np.asarray(image), chance, dpi)


def _scanned(pixels: np.ndarray, chance: random.Random, dpi: int) -> PageImage:
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-1.2, 1.2), 1.0)
    turned = cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=250)
    noise = np.random.default_rng(chance.randint(0, 99)).normal(0, 5, turned.shape)
    grey = np.clip(cv2.GaussianBlur(turned, (0, 0), 0.6 * dpi / 200).astype(float) + noise, 0, 255)
    colour: Pixels = np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2)
    return PageImage(colour, np.diag([72 / dpi, 72 / dpi, 1.0]), float(dpi))


def _texts(table: Table) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    return [rows[number] for number in sorted(rows)]


@pytest.mark.parametrize("variant", [3, pytest.param(5, marks=pytest.mark.long), 8])
@pytest.mark.parametrize("slants", [1, 2])
def test_the_texts_of_a_slanting_head_are_all_read(variant: int, slants: int) -> None:
    (table,) = read_scan(_drawn(variant, slants), 1, engine()).tables
    head, *others = [text for row in _texts(table) for text in row]
    assert head.split() == ([_LABELS[0], _LABELS[2]] if slants == 1 else list(_LABELS))
    assert others == [text for row in _ROWS for text in row][1:]
