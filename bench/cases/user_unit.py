"""Pages whose unit is not a point: drawings programs set large pages so, and a few print servers all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array

from bench.accuracy.truth import read_truth
from bench.cases.base import Case
from bench.cases.lifting import SAMPLES

UNITS = (0.25, 0.5, 1.5, 2, 4, 7.2, 10)


def draw(folder: Path) -> Iterator[Case]:
    """21 reports, each of the same size on paper: units by upright, lying with a crop box, and two pages."""
    for unit in UNITS:
        for name, report in (("upright", "onepage"), ("lying", "onepage"), ("long", "form2021")):
            target = folder / f"{name}-{unit}.pdf"
            with pikepdf.open(SAMPLES / f"{report}.pdf") as pdf:
                for page in pdf.pages:
                    _shrink(page, unit)
                    if name == "lying":
                        left, bottom, right, top = (float(side) for side in page.mediabox)
                        page.cropbox = Array([left + 9 / unit, bottom + 5 / unit, right, top])
                        page.Rotate = 90
                pdf.save(target)
            yield Case(target, tuple(read_truth(SAMPLES / f"{report}.truth.csv")))


def _shrink(page: pikepdf.Page, unit: float) -> None:
    page.mediabox = Array([float(side) / unit for side in page.mediabox])
    page.contents_add(f"q {1 / unit:f} 0 0 {1 / unit:f} 0 0 cm\n".encode(), prepend=True)
    page.contents_add(b"\nQ")
    page.UserUnit = unit
