"""Tables with faint and thin rules: greys, widths, low resolutions, screenshots as PNG and JPEG."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.cases.base import Case
from bench.cases.onepage import look, write_report
from bench.corpus.degrade import Recipe, scan_image, scan_pdf
from bench.corpus.steps import blur, noise, skew

SANS = "Noto Sans CJK SC"
GREYS = ("#cccccc", "#dddddd", "#aaaaaa", "#e5e5e5")
SHOTS = ((96, "png"), (120, "jpg"), (144, "png"), (110, "jpg"))
OFFICE = (blur(0.5), skew(0.6), noise(3.0))


def draw(folder: Path) -> Iterator[Case]:
    """Each grey shot at four resolutions, digital and scanned; widths from 0.25 to 1 pt take turns."""
    for number, (grey, (dpi, kind)) in enumerate((grey, shot) for grey in GREYS for shot in SHOTS):
        source = folder / f"shot-{number:02d}.pdf"
        rule = (0.75, 1.0)[number % 2]
        size = 10.5 if dpi < 120 else 9.0
        drawn = look(paint=grey, rule=rule, frame=rule, face=SANS, digits=SANS, size=size, width=500.0)
        truth = write_report(source, drawn, seed=number)
        target = folder / f"shot-{number:02d}.{kind}"
        scan_image(source, target, Recipe(dpi, (), quality=85, colour=True), seed=number)
        yield Case(target, truth)
    for number, grey in enumerate(GREYS):
        source = folder / f"faint-{number:02d}.pdf"
        truth = write_report(source, look(paint=grey, rule=0.5, frame=0.75), seed=30 + number)
        yield Case(source, truth)
        scan = folder / f"faint-{number:02d}-scan.pdf"
        scan_pdf(source, scan, Recipe((200, 150)[number % 2], OFFICE, quality=70), seed=number)
        yield Case(scan, truth)
