"""Seals over numbers: red, blue, dark, round, oval, square, two, faded, and scanned without colour."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.accuracy.truth import read_truth
from bench.cases.base import Case
from bench.corpus.degrade import Recipe, scan_pdf
from bench.corpus.stamps import in_grey, stamp
from bench.corpus.steps import Step, blur, noise, skew

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
_SCAN = (blur(0.5), skew(), noise(3.0))
# Middles of seals, as shares of the page: over sums, over columns of numbers, over labels and numbers.
PLACES = ((0.78, 0.62), (0.62, 0.42), (0.5, 0.7))
LOOKS: dict[str, tuple[Step, ...]] = {
    "red": (stamp(strength=0.85),),
    "red-large": (stamp(width=0.28, strength=0.95, at=PLACES[1]),),
    "red-faded": (stamp(strength=0.35, at=PLACES[2]),),
    "orange": (stamp(ink="orange", at=PLACES[1]),),
    "oval": (stamp("oval", width=0.24, strength=0.85),),
    "square": (stamp("square", width=0.22, strength=0.9, at=PLACES[0]),),
    "blue": (stamp("oval", "blue", width=0.24, strength=0.85, at=PLACES[1]),),
    "dark": (stamp(ink="dark", strength=0.7, at=PLACES[0]),),
    "two": (stamp(strength=0.9, at=PLACES[0]), stamp("square", width=0.2, at=(0.66, 0.6))),
    "red-and-blue": (stamp(strength=0.9, at=PLACES[1]), stamp("oval", "blue", at=(0.7, 0.45))),
}


def draw(folder: Path) -> Iterator[Case]:
    """Each look in colour, in grey, and the reds in a small JPEG; on a report of one page."""
    truth = tuple(read_truth(SAMPLES / "onepage.truth.csv"))
    ways = {
        "colour": Recipe(200, _SCAN, quality=70, colour=True),
        "grey": Recipe(200, (in_grey, *_SCAN), quality=70, colour=True),
        "small": Recipe(150, _SCAN, quality=45, colour=True),
    }
    for number, (way, look) in enumerate((way, look) for way in ways for look in LOOKS):
        if way == "small" and not look.startswith("red"):
            continue
        recipe = ways[way]
        target = folder / f"seal-{look}-{way}.pdf"
        steps = (*LOOKS[look], *recipe.steps)
        scanned = Recipe(recipe.dpi, steps, recipe.quality, colour=True)
        scan_pdf(SAMPLES / "onepage.pdf", target, scanned, seed=number)
        yield Case(target, truth)
