"""Cases that went wrong, twenty variants and more of each kind: how many are read, and is any silent?

    .venv/bin/python -m bench.cases.run [KIND…] [--archive DIR] [--format table|json] [--misses]

A kind is a file of this folder with a function `draw`. Exits with 1 if a value is wrong without a flag, made
up or left out, or if something that must be seen is not. `--misses` lists each value that is not as printed.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import pkgutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

import bench.cases
from bench.accuracy.compare import Miss, Score, compare, total
from bench.accuracy.run import guidang
from bench.cases.base import Case, Outcome

NOT_KINDS = {"base", "lifting", "onepage", "run"}
COLUMNS = (
    *("kind", "variants", "values", "exact %", "silent", "made up", "missing", "right but flagged %"),
    "complaints",
)


@dataclass(frozen=True, slots=True)
class Result:
    """The variants of a kind, taken together."""

    kind: str
    variants: int
    score: Score
    complaints: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Nothing is silent, and all that must be seen is."""
        return self.score.sound and not self.complaints


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, ingest, compare, print."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guidang-cases-") as folder:
        drawn = {kind: list(_draw(kind, Path(folder))) for kind in options.kinds or kinds()}
        archive = options.archive or Path(folder) / "archive"
        files = dict.fromkeys(str(case.path) for cases in drawn.values() for case in cases)
        guidang("ingest", *files, "--quiet", archive=archive)
        records = _exported(archive)
        results = [_result(kind, cases, records, archive) for kind, cases in drawn.items()]
    _print(results, options.format, options.misses)
    return 0 if all(result.sound for result in results) else 1


def kinds() -> list[str]:
    """Names of all kinds, in the order of the alphabet."""
    return [found.name for found in pkgutil.iter_modules(bench.cases.__path__) if found.name not in NOT_KINDS]


def _draw(kind: str, folder: Path) -> Iterator[Case]:
    place = folder / kind
    place.mkdir()
    yield from import_module(f"bench.cases.{kind}").draw(place)


def _exported(archive: Path) -> dict[str, list[dict[str, Any]]]:
    """By field of `Outcome` the lines of all documents; facts as CSV gives them, which `compare` reads."""
    facts = guidang("export", "facts", "--format", "csv", archive=archive)
    pages, tables = (
        json.loads(guidang("export", what, "--format", "json", archive=archive))
        for what in ("text", "tables")
    )
    return {"facts": list(csv.DictReader(io.StringIO(facts))), "pages": pages, "tables": tables}


def _result(kind: str, cases: Sequence[Case], records: Mapping[str, Any], archive: Path) -> Result:
    scores, complaints = [], []
    for case in cases:
        outcome = _outcome(case, records, archive)
        scores.append(compare(case.path.name, case.truth, outcome.facts))
        said = case.check(outcome)
        complaints += [f"{case.path.name}: {said}"] if said else []
    return Result(kind, len(cases), total(scores), tuple(complaints))


def _outcome(case: Case, records: Mapping[str, Any], archive: Path) -> Outcome:
    mine = {
        what: [row for row in rows if row["source"].split("!")[0] == str(case.path) and _is_of(case, row)]
        for what, rows in records.items()
    }
    return Outcome(**mine, shown=guidang("show", case.path.name, archive=archive))


def _is_of(case: Case, row: Mapping[str, Any]) -> bool:
    """Say whether a line is of the report that a case is about."""
    return not case.part or str(row["part"]) == str(case.part)


def _print(results: Sequence[Result], form: str, misses: bool) -> None:
    if form == "json":
        lines = [dict(zip(COLUMNS, _line(result), strict=True)) for result in results]
        json.dump(lines, sys.stdout, ensure_ascii=False)
        return
    table = Table(*COLUMNS, box=box.SIMPLE)
    for result in results:
        table.add_row(*_line(result))
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    for result in results:
        for said in result.complaints:
            console.print(f"{result.kind}: {said}", markup=False)
        for miss in result.score.misses if misses else ():
            console.print(_told(miss), markup=False)


def _line(result: Result) -> tuple[str, ...]:
    score = result.score
    counts = (score.silent, score.made_up, score.missing)
    exact, flagged = _percent(score.exact, score.cells), _percent(score.flagged, score.exact)
    first = (result.kind, str(result.variants), str(score.cells), exact)
    return *first, *map(str, counts), flagged, str(len(result.complaints))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "–"


def _told(miss: Miss) -> str:
    got, read = "not listed", miss.read
    if read:
        got = f"{read['state']} {read['raw']!r} at {read['confidence']}, {read['flags'] or 'no flag'}"
    where = f"{miss.document} {'/'.join(miss.key)}"
    return f"{'SILENT ' if miss.silent else ''}{where}: {miss.truth.state} {miss.truth.raw!r}, archive: {got}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Kinds of documents that went wrong, in many variants.")
    parser.add_argument("kinds", nargs="*", help="kinds to draw; default: all")
    parser.add_argument("--archive", type=Path, help="archive to keep; a temporary one otherwise")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--misses", action="store_true", help="list each value that is not as printed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
