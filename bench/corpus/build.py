"""The corpus: reports of many looks, each damaged in two ways, parted into one half to develop on
and one that is only ever scored.

    .venv/bin/python -m bench.corpus.build dev|held

Reports go to build/corpus/KEY/, where KEY is a digest of the code that makes them; what is there already
is used again. Needs what samples/generator/make.py needs.
"""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pdfplumber

from bench.accuracy.truth import Fact, read_truth, write_truth
from bench.corpus.degrade import CORPUS_RECIPES, PHOTOGRAPHS, RECIPES, scan_pdf
from bench.corpus.specimens import N_REPORTS, Specimen, specimen
from bench.corpus.spread import photograph_spread
from samples.generator.layouts import Look
from samples.generator.reports import facts
from samples.generator.typeset import ReportSpec, TableSpec, set_report

ROOT = Path(__file__).resolve().parents[2]
HALVES = ("dev", "held")
# kind of damage: recipe of bench/corpus/degrade.py, or "" where the page stays digital
KINDS = {
    "digital": "",
    "grey200": "grey200",
    "phone": "phone",
    "sealed": "seal",
    "garbled": "",
    "turned": "turned",
    "jpeg45": "jpeg150",
    "fax": "fax",
    "clean300": "clean300",
    "skew5": "skew5",
    "soft": "soft",
    "margins": "margins",
    "light": "light",
    "jpeg35": "jpeg35",
    "thin": "grey200",
}
KINDS_A_REPORT = 2
# Kinds that came later damage every eighth report of a half besides: so the others stay as they are.
ADDED = {"photo": "photo-any", "photo-sent": "photo-chat", "photo-spread": ""}
ADDED_EVERY = 8
THIN = (("", 0.2), ("dotted", 0.5), ("densely-dotted", 0.4), ("dashed", 0.4))
_SOURCES = (
    "samples/generator/*.py",
    "samples/generator/labels.yaml",
    "bench/corpus/specimens.py",
    "bench/corpus/degrade.py",
    "bench/corpus/photograph.py",
    "bench/corpus/spread.py",
    "bench/corpus/steps.py",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One damaged report: its file, what it prints, page by page its text, and what is planted wrong."""

    path: Path
    kind: str
    truth: tuple[Fact, ...]
    pages: tuple[str, ...]
    planted: tuple[tuple[str, str, str], ...]


def half_of(name: str) -> str:
    """The half of a report: drawn from its name, so that it never changes sides."""
    return HALVES[int(sha256(name.encode()).hexdigest(), 16) % 2]


def members(half: str) -> Iterator[tuple[int, str]]:
    """(number of the report, kind of damage), the kinds taking turns through the half, then those added."""
    numbers = [n for n in range(1, N_REPORTS + 1) if half_of(f"report-{n:02d}") == half]
    kinds = list(KINDS)
    for place, number in enumerate(numbers):
        for turn in range(KINDS_A_REPORT):
            yield number, kinds[(KINDS_A_REPORT * place + turn) % len(kinds)]
    for start, kind in enumerate(ADDED):
        yield from ((number, kind) for number in numbers[start::ADDED_EVERY])


def corpus(half: str, kinds: Collection[str] = (), limit: int | None = None) -> Iterator[Entry]:
    """The damaged reports of a half, made where they are not there yet; all kinds if none is given."""
    chosen = (member for member in members(half) if not kinds or member[1] in kinds)
    for number, kind in islice(chosen, limit):
        yield _entry(number, kind, folder() / half)


@cache
def folder() -> Path:
    """Where this version of the generator keeps its reports."""
    digest = sha256(Path(__file__).read_bytes())
    for path in sorted(path for pattern in _SOURCES for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return ROOT / "build" / "corpus" / digest.hexdigest()[:12]


def _entry(number: int, kind: str, place: Path) -> Entry:
    place.mkdir(parents=True, exist_ok=True)
    made = place / f"report-{number:02d}.pdf"
    if not made.with_suffix(".json").exists():
        _set(specimen(number), made)
    damaged = made.with_suffix(f".{kind}.pdf")
    if not damaged.exists():
        _damage(number, kind, made, damaged)
    notes = json.loads(made.with_suffix(".json").read_text(encoding="utf-8"))
    planted = tuple(tuple(key) for key in notes["planted"])
    truth = tuple(read_truth(made.with_suffix(".truth.csv")))
    return Entry(damaged, kind, truth, tuple(notes["pages"]), planted)


def _set(specimen: Specimen, path: Path) -> None:
    """Write the sound digital report, its truth and its notes; the notes last, for they say it is whole."""
    path.write_bytes(set_report(specimen.sample.spec))
    write_truth(path.with_suffix(".truth.csv"), facts(specimen.sample))
    pages = _page_texts(set_report(_with_look(specimen.sample.spec, header="stacked", only="interleaved")))
    notes = {"planted": specimen.planted, "pages": pages}
    path.with_suffix(".json").write_text(json.dumps(notes, ensure_ascii=False), encoding="utf-8")


def _page_texts(pdf: bytes) -> list[str]:
    """Text in the order in which it is written, which is the order in which it is read.

    By pdfplumber, for pdfium moves the characters of lines that lie side by side.
    """
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return ["".join(char["text"] for char in page.chars) for page in document.pages]


def _with_look(spec: ReportSpec, *, only: str = "", **changes: object) -> ReportSpec:
    """The report with its tables looking otherwise; `only` those whose header is of that kind."""

    def change(look: Look) -> Look:
        return replace(look, **changes) if only in ("", look.header) else look  # type: ignore[arg-type]

    blocks = (replace(b, look=change(b.look)) if isinstance(b, TableSpec) else b for b in spec.blocks)
    return replace(spec, blocks=tuple(blocks))


def _damage(number: int, kind: str, source: Path, target: Path) -> None:
    if kind == "digital":
        target.write_bytes(source.read_bytes())
    elif kind == "garbled":
        # Imported here, for pikepdf is no dependency of the project.
        from samples.generator.spoil import scramble_text

        scramble_text(source, target, number)
    elif kind == "thin":
        dash, rule = THIN[number % len(THIN)]
        thin = source.with_suffix(".ruled.pdf")
        look = _with_look(specimen(number).sample.spec, dash=dash, rule=rule, frame=rule)
        thin.write_bytes(set_report(look))
        scan_pdf(thin, target, KINDS[kind], number)
    elif kind == "photo-spread":
        photograph_spread(source, target, number)
    else:
        scan_pdf(source, target, (RECIPES | CORPUS_RECIPES | PHOTOGRAPHS)[(KINDS | ADDED)[kind]], number)


def main() -> None:
    """Make a half of the corpus and name its files."""
    parser = argparse.ArgumentParser(description="Make the reports of the corpus.")
    parser.add_argument("half", choices=HALVES)
    for entry in corpus(parser.parse_args().half):
        print(entry.path.relative_to(ROOT))


if __name__ == "__main__":
    main()
