"""Numbers struck out in print, with the number that holds behind, below a pen stroke, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bench.cases.base import Case
from bench.cases.raised_digits import FACES, case_of
from bench.corpus.reprint import Print

# How a stroke lies: em over the baseline, its thickness and reach in em.
STROKES = ((0.25, 0.05, 0.0), (0.3, 0.07, 0.03), (0.34, 0.1, 0.08), (0.22, 0.04, 0.02))
PAIRS = (
    ("12", "15"),
    ("3", "8"),
    ("40", "46"),
    ("5", "47"),
    ("61", "70"),
    ("128", "9"),
    ("7", "71"),
    ("2", "0"),
)


def draw(folder: Path) -> Iterator[Case]:
    """24 pages with three struck numbers each, half of them scanned; every stroke with every face."""
    for number in range(24):
        face, stroke = FACES[number % 4], STROKES[number // 4 % 4]
        name = f"struck-{number:02d}-{face}"
        yield case_of(folder, name, number, _prints(number, *stroke), face)


def _prints(number: int, at: float, thick: float, reach: float) -> dict[str, Sequence[Print]]:
    size = (9.0, 10.5, 12.0)[number % 3]
    struck = Print("", size, struck=True, reach=reach, stroke_at=at, stroke=thick)
    pairs = [PAIRS[(number + place) % len(PAIRS)] for place in range(3)]
    places = ("licensing/decisions", "penalties/decisions", "coercion/decisions")
    return {
        place: [replace(struck, text=old), Print(new, size)]
        for place, (old, new) in zip(places, pairs, strict=True)
    }
