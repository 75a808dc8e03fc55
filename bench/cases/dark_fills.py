"""Tables with filled cells: dark headers and totals with light print, shades with white rules, negatives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.cases.base import Case
from bench.cases.onepage import look, write_report
from bench.corpus.degrade import RECIPES, Recipe, scan_image, scan_pdf
from bench.corpus.steps import Image, blur, noise, skew
from samples.generator.grid import Slot

SANS = "Noto Sans CJK SC"


@dataclass(frozen=True, slots=True)
class Filled:
    """What is filled, each with its colour and that of its print; "" for paper and black."""

    header: tuple[str, str] = ("", "")
    total: tuple[str, str] = ("", "")
    side: tuple[str, str] = ("", "")
    zebra: tuple[str, str] = ("", "")
    body: tuple[str, str] = ("", "")

    def __call__(self, slot: Slot, n_columns: int) -> tuple[str, str]:
        if slot.kind in {"header", "note"}:
            return self.header
        if slot.kind == "side" or (slot.kind == "label" and slot.row_span > 1):
            return self.side if self.side[0] else self.body
        if slot.kind == "value" and slot.right == n_columns and self.total[0]:
            return self.total
        return self.zebra if slot.row % 2 and self.zebra[0] else self.body


WHITE = "#ffffff"
NAVY, BLUE, GREEN, BLACK, GREY = (
    (fill, WHITE) for fill in ("#1f3864", "#0b5cab", "#2e7d32", "#000000", "#7f7f7f")
)
PALE, SKY, SILVER = ("#dbdbdb", ""), ("#d9e2f3", ""), ("#bfbfbf", "")
LOOKS = (
    (Filled(NAVY, NAVY), "#808080"),
    (Filled(BLACK, total=SILVER), "#7f7f7f"),
    (Filled(BLUE, zebra=SKY), "#b4c6e7"),
    (Filled(NAVY, side=NAVY, zebra=SKY, body=("#b4c6e7", "")), WHITE),
    (Filled(GREEN, total=("#c6e0b4", "")), "#70ad47"),
    (Filled(GREY, total=GREY, side=GREY), "black"),
    (Filled(SILVER, body=PALE), WHITE),
    (Filled(("#ffd966", ""), total=("#fff2cc", "")), "#bf9000"),
    (Filled(("#404040", "#ffff00"), zebra=SILVER), "black"),
    (Filled(NAVY, total=("#c00000", WHITE)), "black"),
)
NEGATIVE = (blur(0.5), skew(0.5), lambda image, rng: _negative(image, rng), noise(3.0))
SCANS = (RECIPES["grey200"], Recipe(200, (blur(0.5), skew(0.8), noise(3.0)), colour=True, quality=75))


def draw(folder: Path) -> Iterator[Case]:
    """Each look digital and scanned, grey or in colour by turns; two negatives."""
    for number, (fill, paint) in enumerate(LOOKS):
        face, digits = (SANS, SANS) if number % 2 else ("Noto Serif CJK SC", "Libertinus Serif")
        source = folder / f"fill-{number:02d}.pdf"
        setting = {
            "fill": fill,
            "paint": paint,
            "face": face,
            "digits": digits,
            "bold_labels": number % 3 == 0,
        }
        truth = write_report(source, look(**setting), seed=number)
        yield Case(source, truth)
        scan = folder / f"fill-{number:02d}-scan.pdf"
        scan_pdf(source, scan, SCANS[number % 2], seed=number)
        yield Case(scan, truth)
    plain = folder / "plain.pdf"
    truth = write_report(plain, look(), seed=50)
    scan_pdf(plain, folder / "negative-scan.pdf", Recipe(200, NEGATIVE), seed=1)
    yield Case(folder / "negative-scan.pdf", truth)
    scan_image(plain, folder / "negative.png", Recipe(150, (_negative,)), seed=2)
    yield Case(folder / "negative.png", truth)


def _negative(image: Image, rng: np.random.Generator) -> Image:
    return np.asarray(255 - image, np.uint8)
