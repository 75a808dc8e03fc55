"""What confidences are worth: how many of the values at each confidence are right, and what a
threshold for review costs.

    .venv/bin/python -m bench.accuracy.calibration --archive ARCHIVE [--picture build/reliability.png]

Takes an archive that bench/accuracy/run.py left (--archive there, too). The diagram shows, on logarithmic
axes, the share of wrong values that the confidence promises against the share found. A band without a wrong
value is drawn hollow at the bound below which the true share lies with 95 % (the rule of three, Hanley
& Lippman-Hand, JAMA 1983).
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.accuracy.compare import Key, Row, agrees
from bench.accuracy.diagram import Point, reliability
from bench.accuracy.run import guidang
from bench.accuracy.truth import Fact, read_truth, truth_path

BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
THRESHOLDS = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
SURE = 0.99
AIM = 0.999  # of the values at `SURE` or above, so many are to be right
NO_REASON = frozenset({"", "low_confidence", "source_anomaly", "unknown_form"})


@dataclass(frozen=True, slots=True)
class Judged:
    """One value of the archive: its confidence, whether it is right, whether another flag than
    `low_confidence` asks for review."""

    confidence: float
    right: bool
    doubted: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables and draw the diagram; exits with 1 if sure values are wrong too often."""
    parser = argparse.ArgumentParser(description="What confidences are worth.")
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--picture", type=Path, default=Path("build/reliability.png"))
    options = parser.parse_args(arguments)
    export = guidang("export", "facts", "--format", "csv", archive=options.archive)
    values = list(judged(csv.DictReader(io.StringIO(export))))
    console = Console(width=max(120, Console().width))
    console.print(_bands_table(values))
    console.print(_thresholds_table(values))
    options.picture.parent.mkdir(parents=True, exist_ok=True)
    reliability(points(values)).save(options.picture)
    right, sure = sure_values(values)
    console.print(f"at {SURE} and above: {right} of {sure} right; the diagram is {options.picture}")
    return 0 if right >= AIM * sure else 1


def judged(rows: Iterable[Row]) -> Iterator[Judged]:
    """The values that were read at all, of documents whose truth is known."""
    for row in rows:
        truth = truth_of(row["source"])
        if truth is not None and row["state"] not in {"missing", "unread"}:
            flags = set(row["flags"].split(";"))
            fact = truth.get((row["table"], row["row"], row["column"]))
            yield Judged(float(row["confidence"]), agrees(fact, row), bool(flags - NO_REASON))


@cache
def truth_of(source: str) -> dict[Key, Fact] | None:
    """The truth beside a file, or of the report of the corpus that the file is made from."""
    path = Path(source)
    for report in (path, path.with_name(path.name.split(".")[0])):
        if truth_path(report).exists():
            return {fact.key: fact for fact in read_truth(truth_path(report))}
    return None


def bands(values: Sequence[Judged]) -> Iterator[tuple[float, float, list[Judged]]]:
    """(from, to, values) for each band that holds any; a band begins with its lower bound."""
    for low, high in zip(BANDS, (*BANDS[1:], 2.0), strict=True):
        inside = [value for value in values if low <= value.confidence < high]
        if inside:
            yield low, min(high, 1.0), inside


def points(values: Sequence[Judged]) -> list[Point]:
    """What each band promises and what was found, as shares of wrong values."""
    found = []
    for _, _, inside in bands(values):
        promised = 1 - sum(value.confidence for value in inside) / len(inside)
        wrong = sum(not value.right for value in inside)
        found.append(Point(promised, (wrong or 3) / len(inside), len(inside), bound=not wrong))
    return found


def sure_values(values: Iterable[Judged]) -> tuple[int, int]:
    """(right, all) of the values at `SURE` or above."""
    sure = [value for value in values if value.confidence >= SURE]
    return sum(value.right for value in sure), len(sure)


def review_cost(values: Sequence[Judged], threshold: float) -> tuple[int, int, int]:
    """(to review, wrong and caught, wrong and left) if a confidence below `threshold` asks for review."""
    asked = [value for value in values if value.doubted or value.confidence < threshold]
    caught = sum(not value.right for value in asked)
    return len(asked), caught, sum(not value.right for value in values) - caught


def _bands_table(values: Sequence[Judged]) -> Table:
    table = Table("confidence", "values", "right", "right %", "wrong and not doubted otherwise")
    for low, high, inside in bands(values):
        right = sum(value.right for value in inside)
        silent = sum(not (value.right or value.doubted) for value in inside)
        share = f"{100 * right / len(inside):.2f}"
        table.add_row(f"{low:g} – {high:g}", str(len(inside)), str(right), share, str(silent))
    return table


def _thresholds_table(values: Sequence[Judged]) -> Table:
    table = Table("review below", "to review", "to review %", "wrong caught", "wrong left")
    for threshold in THRESHOLDS:
        asked, caught, left = review_cost(values, threshold)
        share = f"{100 * asked / max(1, len(values)):.2f}"
        table.add_row(f"{threshold:g}", str(asked), share, str(caught), str(left))
    return table


if __name__ == "__main__":
    sys.exit(main())
