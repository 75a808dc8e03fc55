"""How well reports are read: ingest them into a fresh archive and compare every value with the truth.

    .venv/bin/python -m bench.accuracy.run [PATH…] [--workers N] [--format table|json] [--crops DIR]
    .venv/bin/python -m bench.accuracy.run --scan grey200,grey300 --seeds 3

    .venv/bin/python -m bench.accuracy.run --corpus dev|held [--kinds digital,fax] [--limit N]

With --corpus it takes that half of the corpus of bench/corpus/build.py and adds a table by kind of damage:
values, character error rate of the text, planted mistakes found, proposals that are right.

With --scan the reports are not taken as they are: those that have a text layer are printed and
scanned by the named recipes of bench/corpus/degrade.py, each `--seeds` times.

Without PATH it takes the samples that have a truth and, where it is present, the real report beside
the project, digital and scanned on the fly. Exits with 1 if a value is wrong without a flag, made up,
or left out altogether.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from bench.accuracy import show
from bench.accuracy.compare import Row, Score, compare, total
from bench.accuracy.kinds import by_kind, page_times, proposals_in
from bench.accuracy.truth import Fact, read_truth, truth_of_digital_report, truth_path
from bench.corpus.build import HALVES, Entry, corpus
from bench.corpus.degrade import scan_pdf

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "real" / "hzq2023.pdf"
REAL_SCANS = (("grey200", 1), ("grey200", 2), ("grey200", 3), ("grey300", 4))
SUFFIXES = (".pdf", ".jpg", ".png", ".tif", ".html", ".mhtml")
FINISHED = (0, 3)  # 3: finished, but some documents failed; they show as missing


@dataclass(frozen=True, slots=True)
class Report:
    """A file to ingest and what it prints."""

    path: Path
    truth: tuple[Fact, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; the exit code says whether the archive told the truth."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guidang-accuracy-") as folder:
        entries = _entries(options)
        reports = [Report(e.path, e.truth) for e in entries] or list(_reports(options.paths, Path(folder)))
        if options.scan:
            reports = list(_scans(reports, options.scan.split(","), options.seeds, Path(folder)))
        archive = options.archive or Path(folder) / "archive"
        seconds = _ingest([report.path for report in reports], archive, options.workers)
        rows = list(
            csv.DictReader(io.StringIO(guidang("export", "facts", "--format", "csv", archive=archive)))
        )
        scores = score(reports, rows)
        pace = seconds / sum(_pages(report.path) for report in reports)
        show.results(scores, total(scores), pace, options.format)
        if entries:
            texts = json.loads(guidang("export", "text", "--format", "json", archive=archive))
            by_name = {score.document: score for score in scores}
            found = by_kind(entries, by_name, rows, texts, page_times(archive), proposals_in(archive))
            show.kinds(found, options.format)
        if options.crops:
            show.save_crops(total(scores).misses, {r.path.name: r.path for r in reports}, options.crops)
    return 0 if total(scores).sound else 1


def score(reports: Iterable[Report], rows: Iterable[Row]) -> list[Score]:
    """Compare each report with the rows whose source is its file; file names must be unlike."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(Path(row["source"]).name, []).append(row)
    return [compare(r.path.name, r.truth, by_name.get(r.path.name, [])) for r in reports]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="How well reports are read, cell by cell.")
    parser.add_argument("paths", nargs="*", type=Path, help="reports with a truth beside them")
    parser.add_argument("--workers", type=int, help="worker processes of the ingest")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--crops", type=Path, help="folder for a picture of every miss")
    parser.add_argument("--scan", metavar="RECIPES", help="print and scan them by these recipes")
    parser.add_argument("--corpus", choices=HALVES, help="take this half of the corpus")
    parser.add_argument("--kinds", help="kinds of damage of the corpus, joined by commas; default: all")
    parser.add_argument("--limit", type=int, help="at most so many reports of the corpus")
    parser.add_argument("--seeds", type=int, default=1, help="how many scans by each recipe")
    parser.add_argument("--archive", type=Path, help="archive to keep; a temporary one otherwise")
    return parser


def _entries(options: argparse.Namespace) -> list[Entry]:
    """The reports of the corpus that are asked for; none without --corpus."""
    if not options.corpus:
        return []
    kinds = options.kinds.split(",") if options.kinds else []
    return list(corpus(options.corpus, kinds, options.limit))


def _reports(paths: Sequence[Path], folder: Path) -> Iterator[Report]:
    """The given reports, or the samples and the real report in its several conditions."""
    for path in paths or sorted(p for p in (ROOT / "samples").iterdir() if p.suffix in SUFFIXES):
        yield Report(path.resolve(), _truth(path))
    if not paths and REAL.exists():
        truth = _truth(REAL)
        yield Report(REAL, truth)
        for recipe, seed in REAL_SCANS:
            target = folder / f"{REAL.stem}-{recipe}-{seed}.pdf"
            scan_pdf(REAL, target, recipe, seed)
            yield Report(target, truth)


def _scans(reports: Iterable[Report], recipes: Sequence[str], seeds: int, folder: Path) -> Iterator[Report]:
    """Print and scan the reports that have a text layer."""
    for report in reports:
        if report.path.suffix != ".pdf" or report.path.parent == folder or not _has_text(report.path):
            continue
        for recipe in recipes:
            for seed in range(1, seeds + 1):
                target = folder / f"{report.path.stem}.{recipe}.{seed}.pdf"
                scan_pdf(report.path, target, recipe, seed)
                yield Report(target, report.truth)


def _has_text(path: Path) -> bool:
    document = pdfium.PdfDocument(path)
    try:
        return bool(document[0].get_textpage().count_chars())
    finally:
        document.close()


def _truth(path: Path) -> tuple[Fact, ...]:
    if path.name == REAL.name:
        return tuple(truth_of_digital_report(path))
    return tuple(read_truth(truth_path(path)))


def _ingest(paths: Sequence[Path], archive: Path, workers: int | None) -> float:
    """Seconds the ingest took."""
    start = time.perf_counter()
    count = ["--workers", str(workers)] if workers else []
    guidang("ingest", *map(str, paths), *count, archive=archive)
    return time.perf_counter() - start


def guidang(*arguments: str, archive: Path) -> str:
    """Run the command as a user would and return its data; messages go on to our stderr.

    SystemExit if it does not finish.
    """
    script = Path(sys.executable).with_name("guidang")
    command = [str(script), *arguments, "--archive", str(archive)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8")
    if done.returncode not in FINISHED:
        raise SystemExit(f"guidang {arguments[0]} ended with exit code {done.returncode}")
    return done.stdout


def _pages(path: Path) -> int:
    if path.suffix != ".pdf":
        return 1
    document = pdfium.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


if __name__ == "__main__":
    sys.exit(main())
