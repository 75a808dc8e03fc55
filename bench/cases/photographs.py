"""Pages photographed by hand: bent, at a slant, in shade, held, out of focus, sent by a messenger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2 as pdfium

from bench.accuracy.truth import Fact, read_truth
from bench.cases.base import Case
from bench.corpus.degrade import PHOTOGRAPHS, Recipe, scan_pdf
from bench.corpus.photograph import Pose, fingers, glare, lamp, taken
from bench.corpus.spread import photograph_spread
from bench.corpus.steps import blur, noise

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
# Pages of samples that hold whole tables, and which; of `mixed` the last row of the first table, too.
PAGES: tuple[tuple[str, tuple[int, ...], tuple[str, ...]], ...] = (
    ("onepage", (1,), ("requests",)),
    ("form2021", (1,), ("proactive",)),
    ("form2021", (3,), ("review",)),
    ("mixed", (2, 3), ("fees", "requests", "review")),
    ("budget", (1,), ("budget_summary",)),
)
# Worse than the recipes: of what is covered or gone nothing may be said for sure.
WORSE = {
    "held": (taken(Pose()), fingers(0.2, 3), blur(0.8), noise(4.0)),
    "mirrored": (taken(Pose()), glare(0.98, 0.12), blur(0.8), noise(4.0)),
    "deep": (taken(Pose(rows=0.03, columns=0.02, desk="dark")), lamp(0.6, 0.4), blur(1.2), noise(7.0)),
}


def draw(folder: Path) -> Iterator[Case]:
    """Each look over two of the pages, which take turns; two books lying open; three that are too bad."""
    looks = [name for name in PHOTOGRAPHS if name != "photo-any"]
    for number, look in enumerate(looks * 2):
        name, pages, tables = PAGES[(number + number // len(looks)) % len(PAGES)]
        target = folder / f"{look}-{number:02d}.pdf"
        scan_pdf(_part(name, pages, folder), target, PHOTOGRAPHS[look], seed=100 + number)
        yield Case(target, _truth(name, tables))
    for number, name in enumerate(("form2021", "mixed")):
        target = folder / f"book-{number}.pdf"
        photograph_spread(_part(name, (2, 3), folder), target, seed=number)
        yield Case(target, _truth(name, ("fees", "requests", "review")[name == "form2021" :]))
    for number, (look, steps) in enumerate(WORSE.items()):
        target = folder / f"worse-{look}.pdf"
        scan_pdf(SAMPLES / "onepage.pdf", target, Recipe(220, steps, colour=True, quality=75), seed=number)
        yield Case(target, _truth("onepage", ("requests",)))


def _part(name: str, pages: Sequence[int], folder: Path) -> Path:
    """Some pages of a sample, counted from 1, as a document of their own."""
    target = folder / f"{name}-{'-'.join(map(str, pages))}.source"
    if not target.exists():
        part = pdfium.PdfDocument.new()
        part.import_pages(pdfium.PdfDocument(SAMPLES / f"{name}.pdf"), [page - 1 for page in pages])
        part.save(target)
    return target


def _truth(name: str, printed: Sequence[str]) -> tuple[Fact, ...]:
    """The values of the tables and rows that are printed."""
    facts = read_truth(SAMPLES / f"{name}.truth.csv")
    return tuple(fact for fact in facts if {fact.table, fact.row} & {*printed})
