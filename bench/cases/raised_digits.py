"""Numbers with the mark of a note behind them: a raised or a smaller digit, a star, a number in brackets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.accuracy.truth import Fact
from bench.cases.base import Case
from bench.corpus.degrade import CORPUS_RECIPES, scan_pdf
from bench.corpus.reprint import Print, first_page, values_of

REPORT = Path(__file__).resolve().parents[2] / "samples" / "form2021.pdf"
# How programs raise digits: share of the size of type, and rise in em.
STYLES = {"word": (0.65, 0.35), "wps": (0.58, 0.4), "browser": (0.83, 0.33), "latex": (0.7, 0.36)}
FACES = ("song", "hei", "sans", "serif")
SCANS = ("grey200", "jpeg150", "fax", "phone", "jpeg35", "grey300")


def draw(folder: Path) -> Iterator[Case]:
    """24 pages with five noted numbers each, half of them scanned; every style in every face."""
    styles = [(style, face) for style in STYLES for face in FACES]
    for number in range(24):
        style, face = styles[(number * 5) % len(styles)]
        name = f"raised-{number:02d}-{style}-{face}"
        yield case_of(folder, name, number, _prints(number, *STYLES[style]), face)


def case_of(folder: Path, name: str, number: int, prints: Mapping[str, Sequence[Print]], face: str) -> Case:
    """The report with some values printed anew in a face: as it is, and where `number` is odd scanned."""
    digital, truth = folder / f"{name}.pdf", truth_of(prints)
    first_page(REPORT, digital, prints, face)
    if number % 2 == 0:
        return Case(digital, truth)
    scan = SCANS[number // 2 % len(SCANS)]
    target = folder / f"{name}-{scan}.pdf"
    scan_pdf(digital, target, CORPUS_RECIPES.get(scan, scan), seed=number)
    digital.unlink()
    return Case(target, truth)


def _prints(number: int, share: float, rise: float) -> dict[str, Sequence[Print]]:
    size = (9.0, 10.5, 12.0)[number % 3]
    main, small = Print("", size), Print("", size * share, rise)
    lower, plain = replace(small, rise=-0.1), replace(small, rise=0.0)
    return {
        "licensing/decisions": [replace(main, text=str(30 + number)), replace(small, text="2")],
        "penalties/decisions": [
            replace(main, text=str(180 + number)),
            replace(small, text=str(1 + number % 9)),
        ],
        "normative_documents/in_force": [replace(main, text="7"), replace(small, text="1", gap=0.05)],
        "normative_documents/repealed": [
            replace(main, text=str(441 + number)),
            replace(small, text=("12", "[1]", "*", "注1")[number % 4]),
        ],
        "coercion/decisions": [replace(main, text="20"), replace((lower, plain)[number % 2], text="3")],
    }


def truth_of(prints: Mapping[str, Sequence[Print]]) -> tuple[Fact, ...]:
    """What is printed: the value of a cell that was printed anew is its first piece that is not struck."""
    return tuple(_truth(fact, prints.get("/".join(fact.key[1:]), ())) for fact in values_of(REPORT))


def _truth(fact: Fact, pieces: Sequence[Print]) -> Fact:
    texts = [piece.text for piece in pieces if not piece.struck]
    return replace(fact, raw="".join(texts), value=texts[0]) if texts else fact
