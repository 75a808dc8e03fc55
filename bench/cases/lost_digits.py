"""Numbers on pages that are hard to read: strokes worn away, digits pale or broken, faxes copied twice.

Nobody can read all of them. What is read wrong must be flagged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from bench.accuracy.truth import Fact
from bench.cases.base import Case
from bench.corpus.degrade import Recipe, scan_pdf
from bench.corpus.reprint import Print, first_page, values_of
from bench.corpus.steps import (
    Image,
    Step,
    binarise,
    blur,
    broken_rules,
    downsample,
    grey,
    noise,
    skew,
    speckle,
)

REPORT = Path(__file__).resolve().parents[2] / "samples" / "onepage.pdf"
FACES = ("song", "hei", "sans", "serif")
COLUMNS = ("natural_person", "business", "research", "nonprofit", "legal_services", "other")
NOT_ADDED = {"new", "carried_in", "total", "carried_out"}


def draw(folder: Path) -> Iterator[Case]:
    """20 scans of reports of 175 values, most of several digits: five kinds of wear, four strengths each."""
    for number, (kind, strength) in enumerate((kind, n) for kind in WEAR for n in range(4)):
        digital, target = folder / f"{number}.pdf", folder / f"lost-{number:02d}-{kind}.pdf"
        truth = busy_report(digital, number)
        steps = (blur(0.5), skew(0.6), *WEAR[kind](strength))
        scan_pdf(digital, target, Recipe(200, steps, one_bit=kind.startswith("fax")), seed=number)
        digital.unlink()
        yield Case(target, truth)


def busy_report(target: Path, seed: int) -> tuple[Fact, ...]:
    """Write a page of 175 values, each face in turn; return what it prints."""
    values = _values(seed)
    prints = {key: [Print(value, 9.0)] for key, value in values.items()}
    first_page(REPORT, target, prints, FACES[seed % len(FACES)])
    facts = ((fact, values["/".join(fact.key[1:])]) for fact in values_of(REPORT))
    return tuple(replace(fact, raw=value, value=value) for fact, value in facts)


def _values(seed: int) -> dict[str, str]:
    """Values by `ROW/COLUMN` whose sums are right; a third of the leaves is 0."""
    rng = np.random.default_rng(seed)
    rows = list(dict.fromkeys(fact.row for fact in values_of(REPORT)))
    found: dict[tuple[str, str], int] = {}
    for column in COLUMNS:
        leaves = {row: int(rng.choice((0, rng.integers(1, 30), rng.integers(10, 400)))) for row in rows}
        total = sum(value for row, value in leaves.items() if row not in NOT_ADDED)
        before, after = (int(rng.integers(0, 20)) for _ in range(2))
        leaves |= {"new": total + after - min(before, total), "carried_in": min(before, total)}
        leaves |= {"total": total, "carried_out": after}
        found |= {(row, column): value for row, value in leaves.items()}
    found |= {(row, "total"): sum(found[row, column] for column in COLUMNS) for row in rows}
    return {f"{row}/{column}": str(value) for (row, column), value in found.items()}


def _thin_fax(strength: int) -> tuple[Step, ...]:
    """A light original on a fax: thin strokes fall out."""
    return blur(0.7), binarise((135, 125, 118, 112)[strength]), broken_rules(0.08), speckle(0.0006)


def _twice_faxed(strength: int) -> tuple[Step, ...]:
    """Sent on by another fax: lines of dots are dropped, what is left is rough."""
    return (
        *(blur(0.8), binarise(150), partial(_dropped_rows, share=(0.004, 0.008, 0.012, 0.016)[strength])),
        *(downsample(0.6), binarise(140), speckle(0.001)),
    )


def _worn(strength: int) -> tuple[Step, ...]:
    """Toner rubbed off in patches."""
    return partial(_rubbed, share=(0.1, 0.18, 0.26, 0.34)[strength]), noise(4.0)


def _white_lines(strength: int) -> tuple[Step, ...]:
    """A print head with dead nozzles: white lines across, one or two pixels high."""
    return partial(_blanked, period=(43, 31, 23, 17)[strength]), noise(3.0)


def _tiny(strength: int) -> tuple[Step, ...]:
    """Scanned at so low a resolution that digits are but a few pixels wide."""
    return downsample((0.5, 0.42, 0.36, 0.31)[strength]), noise(3.0)


WEAR = {
    "fax-thin": _thin_fax,
    "fax-twice": _twice_faxed,
    "worn": _worn,
    "nozzles": _white_lines,
    "tiny": _tiny,
}


def _dropped_rows(image: Image, rng: np.random.Generator, *, share: float) -> Image:
    """Repeat the row above where a row of a fax was lost."""
    kept = np.where(rng.random(image.shape[0]) < share, -1, np.arange(image.shape[0]))
    return np.ascontiguousarray(image[np.maximum.accumulate(np.maximum(kept, 0))])


def _rubbed(image: Image, rng: np.random.Generator, *, share: float) -> Image:
    page = grey(image)
    small = rng.random((page.shape[0] // 4 + 1, page.shape[1] // 4 + 1)).astype(np.float32)
    cloud = cv2.resize(cv2.GaussianBlur(small, (0, 0), 1.2), (page.shape[1], page.shape[0]))
    return np.where(cloud < np.quantile(cloud, share), np.maximum(page, 225), page).astype(np.uint8)


def _blanked(image: Image, rng: np.random.Generator, *, period: int) -> Image:
    page = grey(image).copy()
    for row in range(int(rng.integers(period)), page.shape[0], period):
        page[row : row + int(rng.integers(1, 3))] = 250
    return page
