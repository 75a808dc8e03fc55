"""How reports are read whose text layer is wrong: every kind of bench/corpus/garble.py, values and text.

    .venv/bin/python -m bench.accuracy.garbled REPORT.pdf… [--kinds a-pair,h-digits] [--keep DIR]

The reports are digital ones with a truth beside them; the text is compared with what the sound report gives.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path

from bench.accuracy import text
from bench.accuracy.compare import compare
from bench.accuracy.kinds import page_times
from bench.accuracy.run import guidang
from bench.accuracy.truth import read_truth, truth_path
from bench.corpus.garble import KINDS

SOUND = "sound"


def main() -> None:
    """Print a line a report and kind."""
    parser = argparse.ArgumentParser(description="How reports are read whose text layer is wrong.")
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--kinds", help="joined by commas; default: all")
    parser.add_argument("--keep", type=Path, help="folder for the files that are made")
    options = parser.parse_args()
    kinds = options.kinds.split(",") if options.kinds else [*KINDS]
    with tempfile.TemporaryDirectory(prefix="guidang-garbled-") as folder:
        place = options.keep or Path(folder)
        for report in options.reports:
            measure(report, [SOUND, *kinds], place / report.stem)


def measure(report: Path, kinds: list[str], folder: Path) -> None:
    """Make, ingest and compare the kinds of one report."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {kind: folder / f"{report.stem}.{kind}.pdf" for kind in kinds}
    for kind, path in files.items():
        if kind == SOUND:
            shutil.copy(report, path)
        else:
            KINDS[kind](report, path)
    with tempfile.TemporaryDirectory(prefix="guidang-garbled-") as archive:
        guidang("ingest", *map(str, files.values()), "--workers", "1", archive=Path(archive))
        rows, pages = _read(Path(archive))
        times = page_times(Path(archive))
    truth = read_truth(truth_path(report))
    sound = [pages[files[SOUND].name][n]["text"] for n in sorted(pages[files[SOUND].name])]
    print(f"{report.name:24} exact %  silent  made up  flagged  CER %  s/page  routes")
    for kind, path in files.items():
        score = compare(path.name, truth, rows[path.name])
        wrong, printed = text.errors(sound, {n: page["text"] for n, page in pages[path.name].items()})
        count, seconds = times[path.name]
        routes = ",".join(page["route"][0] for _, page in sorted(pages[path.name].items()))
        print(
            f"  {kind:22} {100 * score.exact / score.cells:7.2f} {score.silent:7} {score.made_up:8} "
            f"{score.flagged:8} {100 * wrong / printed:6.2f} {seconds / count:7.2f}  {routes}",
            flush=True,
        )
        for miss in score.misses:
            read = (miss.read["state"], miss.read["raw"]) if miss.read else None
            print(
                f"      {'SILENT' if miss.silent else 'flagged'} {miss.key}: {miss.truth.raw!r} read {read}"
            )


def _read(archive: Path) -> tuple[dict[str, list[dict[str, str]]], dict[str, dict[int, dict[str, str]]]]:
    """Facts and pages by file name."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(guidang("export", "facts", "--format", "csv", archive=archive))):
        rows[Path(row["source"]).name].append(row)
    pages: dict[str, dict[int, dict[str, str]]] = defaultdict(dict)
    for page in json.loads(guidang("export", "text", "--format", "json", archive=archive)):
        pages[Path(page["source"]).name][page["page"]] = page
    return rows, pages


if __name__ == "__main__":
    main()
