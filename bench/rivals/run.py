"""The same pages read by other tools, cell by cell, beside this project's own reading.

    .venv/bin/python -m bench.rivals.run --corpus dev|held [--kinds A,B] [--limit N] [--tools A,B]

camelot and pdfplumber read the text layer. `paddleocr` is PaddleOCR as it comes, with the weights that
this project uses: lines of text sorted into rows by where they stand. `img2table` is img2table with
RapidOCR, the same weights again; it runs in an environment of its own (`--rivals-python`, default
/tmp/rivals-venv/bin/python, made with `pip install img2table rapidocr onnxruntime`) and is left out
where that is absent.

No rival knows the forms, so their rows are laid on the rows of the truth by the order-keeping alignment
that gives them the most right cells: they lose nothing by a row too many or too few.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.accuracy.run import Report, guidang, score
from bench.corpus.build import HALVES, Entry, corpus
from bench.rivals.readers import READERS, img2table
from bench.rivals.rows import Tally, tally

RIVALS_PYTHON = Path("/tmp/rivals-venv/bin/python")
OWN = "guidang"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one tool made of the reports of one kind; `seconds` over `pages` pages."""

    tally: Tally
    seconds: float
    pages: int

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.tally + other.tally, self.seconds + other.seconds, self.pages + other.pages)


def main() -> None:
    """Run them all and print one table."""
    options = _parser().parse_args()
    entries = list(corpus(options.corpus, options.kinds.split(",") if options.kinds else (), options.limit))
    readers = dict(READERS)
    if options.rivals_python.exists():
        readers["img2table"] = img2table(options.rivals_python)
    else:
        print(f"no img2table: {options.rivals_python} is not there", file=sys.stderr)
    chosen = options.tools.split(",") if options.tools else [OWN, *readers]
    found: dict[str, dict[str, Outcome]] = defaultdict(dict)
    for tool in (tool for tool in chosen if tool in readers):
        for entry in entries:
            start = time.perf_counter()
            counts = tally(readers[tool](entry.path), entry.truth)
            _add(found[entry.kind], tool, counts, time.perf_counter() - start, len(entry.pages))
            print(f"{tool}  {entry.path.name}  {counts.exact} of {counts.cells}", file=sys.stderr)
    if OWN in chosen:
        _read_ourselves(entries, found)
    Console(width=160).print(_table(found, [tool for tool in chosen if tool == OWN or tool in readers]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="The same pages, read by other tools.")
    parser.add_argument("--corpus", choices=HALVES, required=True)
    parser.add_argument("--kinds", help="kinds of damage, joined by commas; default: all")
    parser.add_argument("--limit", type=int, help="at most so many reports")
    parser.add_argument("--tools", help=f"{OWN}, {', '.join(READERS)}, img2table; default: all")
    parser.add_argument("--rivals-python", type=Path, default=RIVALS_PYTHON)
    return parser


def _add(found: dict[str, Outcome], tool: str, counts: Tally, seconds: float, pages: int) -> None:
    outcome = Outcome(counts, seconds, pages)
    found[tool] = found[tool] + outcome if tool in found else outcome


def _read_ourselves(entries: Sequence[Entry], found: dict[str, dict[str, Outcome]]) -> None:
    """Ingest one report after the other, each into the same archive, as a user would, on one worker."""
    with tempfile.TemporaryDirectory(prefix="guidang-rivals-") as place:
        archive, seconds = Path(place) / "archive", []
        for entry in entries:
            start = time.perf_counter()
            guidang("ingest", str(entry.path), "--workers", "1", archive=archive)
            seconds.append(time.perf_counter() - start)
        export = guidang("export", "facts", "--format", "csv", archive=archive)
    rows = list(csv.DictReader(io.StringIO(export)))
    scores = score([Report(entry.path, entry.truth) for entry in entries], rows)
    for entry, each, spent in zip(entries, scores, seconds, strict=True):
        counts = Tally(each.cells, each.exact, each.silent, each.made_up)
        _add(found[entry.kind], OWN, counts, spent, len(entry.pages))


def _table(found: dict[str, dict[str, Outcome]], tools: Sequence[str]) -> Table:
    """Exact %, then the values wrong (our own: without a flag), then seconds a page."""
    table = Table("kind", "cells", *tools, title="exact % · wrong, no flag · made up · s a page")
    for kind, outcomes in found.items():
        cells = next(iter(outcomes.values())).tally.cells
        table.add_row(kind, str(cells), *(_cell(outcomes[tool]) for tool in tools))
    return table


def _cell(outcome: Outcome) -> str:
    counts = outcome.tally
    share = 100 * counts.exact / max(1, counts.cells)
    pace = outcome.seconds / max(1, outcome.pages)
    return f"{share:.1f} · {counts.wrong} · {counts.made_up} · {pace:.1f}"


if __name__ == "__main__":
    main()
