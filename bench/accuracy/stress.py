"""Worse than the corpus: reports of `dev` damaged in ways that are scored nowhere, to look for wrong values.

    .venv/bin/python -m bench.accuracy.stress [KIND…] [--every N] [--seed N]
    .venv/bin/python -m bench.accuracy.run build/stress/*.pdf

Writes build/stress/REPORT.KIND.SEED.pdf, with its truth beside it, for every Nth report of `dev`. Kinds
of RULES set the report anew, with other rules, before it is scanned.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from bench.accuracy.truth import write_truth
from bench.corpus.build import ROOT, members
from bench.corpus.build import _with_look as with_look
from bench.corpus.degrade import RECIPES, Recipe, scan_pdf
from bench.corpus.specimens import specimen
from bench.corpus.steps import (
    Image,
    Step,
    binarise,
    blur,
    broken_rules,
    curl,
    grey,
    jpeg,
    noise,
    perspective,
    rgb,
    seal,
    skew,
    speckle,
    turn,
    u8,
    uneven_light,
)
from samples.generator.reports import facts
from samples.generator.typeset import set_report

FOLDER = ROOT / "build" / "stress"
# kind: (dash, rule in points)
RULES = {
    "dotted": ("dotted", 0.5),
    "fat-dots": ("dotted", 0.75),
    "dense-dots": ("densely-dotted", 0.4),
    "dashed": ("dashed", 0.4),
    "dense-dashes": ("densely-dashed", 0.4),
    "dash-dots": ("dash-dotted", 0.5),
}


def _contrast(black: float, share: float) -> Step:
    """Grey paper and grey ink: `black` is white paper's level, `share` what is left of the range."""
    return lambda image, rng: u8(black - (255.0 - image) * share)


def _motion(pixels: int) -> Step:
    """Smear along the rows."""
    kernel = np.zeros((pixels, pixels), np.float32)
    kernel[pixels // 2] = 1 / pixels
    return lambda image, rng: u8(cv2.filter2D(image, -1, kernel))


def _fat(image: Image, rng: np.random.Generator) -> Image:
    """Strokes a pixel wider and darker, as copies of copies have them."""
    return u8((cv2.erode(image, np.ones((2, 2), np.uint8)) - 60.0) * 1.5)


def _worn(image: Image, rng: np.random.Generator) -> Image:
    """Strokes a pixel thinner."""
    return u8(cv2.dilate(image, np.ones((2, 2), np.uint8)))


def _half(image: Image, rng: np.random.Generator) -> Image:
    """Half the rows, as a fax in standard resolution has; thin dashes may be lost for good."""
    height, width = image.shape[:2]
    low = cv2.resize(image, (width, height // 2), interpolation=cv2.INTER_AREA)
    bits = np.where(grey(u8(low)) < 170, 0, 255).astype(np.uint8)
    return u8(cv2.resize(bits, (width, height), interpolation=cv2.INTER_NEAREST))


def _blue(step: Step) -> Step:
    """The same in the other colour."""
    return lambda image, rng: np.ascontiguousarray(step(image, rng)[:, :, ::-1])


def _shadow(image: Image, rng: np.random.Generator) -> Image:
    """The shadow of a hand or a phone over one side."""
    height, width = image.shape[:2]
    light = np.ones((height, width), np.float32)
    light[:, int(rng.uniform(0.2, 0.8) * width) :] = 0.55
    return u8(rgb(image) * cv2.GaussianBlur(light, (0, 0), 12)[:, :, None])


_OFFICE = (blur(0.5), skew(), noise(3.0))
_DARK_FAX = (skew(1.0), blur(0.8), binarise(200), broken_rules(0.25, 8), speckle(0.002))
KINDS = {
    "fax": RECIPES["fax"],
    "fax-half": Recipe(200, (skew(0.8), _half), one_bit=True),
    "fax-clean": Recipe(200, (skew(1.0), blur(0.6), binarise(150)), one_bit=True),
    "fax-dark": Recipe(200, _DARK_FAX, one_bit=True),
    "jpeg25": Recipe(150, (*_OFFICE, jpeg(25)), quality=25),
    "dpi120": Recipe(120, _OFFICE),
    "phone-worse": Recipe(200, (curl(0.015), perspective(0.06), _shadow, blur(1.2), noise(6.0)), colour=True),
    "pale": Recipe(200, (*_OFFICE, _contrast(190.0, 0.35))),
    "noise": Recipe(200, (blur(0.5), skew(), noise(18.0)), quality=80),
    "motion": Recipe(200, (_motion(5), skew(), noise(3.0))),
    "fat": Recipe(200, (blur(0.5), _fat, skew())),
    "worn": Recipe(200, (_worn, blur(0.4), skew())),
    "blue-seal": Recipe(200, (_blue(seal(0.25, 0.7)), *_OFFICE), colour=True, quality=70),
    "two-seals": Recipe(200, (seal(0.28, 0.95), seal(0.2, 0.6), *_OFFICE, turn(1)), colour=True),
    "turned-phone": Recipe(
        200, (curl(), perspective(), uneven_light(), blur(0.9), noise(5.0), turn(2)), colour=True, quality=70
    ),
} | dict.fromkeys(RULES, RECIPES["grey200"])


def damaged(kind: str, number: int, seed: int) -> Path:
    """Set report `number`, damage it and return its file; what is there already is used again."""
    sample = specimen(number).sample
    target = FOLDER / f"report-{number:02d}.{kind}.{seed}.pdf"
    if not target.with_suffix(".truth.csv").exists():
        dash, rule = RULES.get(kind, ("", 0.0))
        spec = with_look(sample.spec, dash=dash, rule=rule, frame=rule) if dash else sample.spec
        sound = target.with_suffix(".sound.tmp")
        sound.write_bytes(set_report(spec))
        scan_pdf(sound, target, KINDS[kind], seed + number)
        sound.unlink()
        write_truth(target.with_suffix(".truth.csv"), facts(sample))
    return target


def _files(options: argparse.Namespace) -> Iterator[Path]:
    numbers = sorted({number for number, _ in members("dev")})[:: options.every]
    FOLDER.mkdir(parents=True, exist_ok=True)
    for kind in options.kinds or KINDS:
        for number in numbers:
            yield damaged(kind, number, options.seed)


def main() -> None:
    """Make the damaged reports and name their files."""
    parser = argparse.ArgumentParser(description="Make reports that are damaged worse than the corpus.")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"any of {', '.join(KINDS)}; all if none")
    parser.add_argument("--every", type=int, default=9, help="take every Nth report of dev")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if unknown := set(options.kinds) - set(KINDS):
        parser.error(f"no such kind: {', '.join(sorted(unknown))}")
    for path in _files(options):
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
