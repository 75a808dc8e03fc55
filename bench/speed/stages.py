"""Where the CPU seconds of a scanned page go, stage by stage.

    .venv/bin/python -m bench.speed.stages [FILE.pdf …]

Pages are read one after the other in this process, under cProfile with CPU time, which makes code in Python
look dearer than it is: the shares tell, not the seconds. A stage holds those that are indented below it.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ocr.document_opener import open_document
from ocr.engine.factory import engine
from ocr.engine.threads import use_one_thread
from ocr.reader import read_page

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SCANS = ("form2021-scan.pdf", "form2019-scan.pdf", "mixed-scan.pdf", "blank2019-scan.pdf")
# Stage, and the function that is it: the end of its file's name, and its own.
STAGES = (
    ("page", "ocr/reader.py", "read_page"),
    ("  drawn by pdfium", "ocr/image/page_image.py", "render_page"),
    ("  made ready", "ocr/preprocessing.py", "prepare_scan"),
    ("    fills taken off", "ocr/image/marks/fills.py", "flatten_fills"),
    ("    which way is up", "ocr/image/orientation.py", "turn_upright"),
    ("    angle", "ocr/preprocessing.py", "skew_angle"),
    ("    rotated", "ocr/image/page_image.py", "rotate_small"),
    ("    laid flat", "ocr/image/dewarp.py", "dewarp"),
    ("    rules", "ocr/image/ruling_lines.py", "find_rulings"),
    ("    grids", "ocr/tables/grid.py", "find_grids"),
    ("    second opinion", "ocr/tables/learned/second_opinion.py", "with_second_opinion"),
    ("    rules taken out", "ocr/tables/rule_removal.py", "clean_page"),
    ("  lines detected", "ocr/text/body_text.py", "detect_body"),
    ("  cells", "ocr/text/cells.py", "read_table"),
    ("  lines read", "ocr/text/body_text.py", "read_body"),
    ("all recognition", "ocr/engine/paddle.py", "recognise"),
    ("all detection", "ocr/engine/paddle.py", "detect"),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Profile the reading, and print a line a stage."""
    parser = argparse.ArgumentParser(description="Where the CPU seconds of a page go.")
    parser.add_argument("files", nargs="*", type=Path, help="scans; default: those of samples/")
    files = parser.parse_args(arguments).files or [SAMPLES / name for name in SCANS]
    use_one_thread()
    read(files[:1])  # loads the models
    profile = cProfile.Profile(time.process_time)
    pages = profile.runcall(read, files)
    Console().print(_table(pstats.Stats(profile), pages))


def read(files: Sequence[Path]) -> int:
    """Read all pages, and return how many there were."""
    pages = 0
    for path in files:
        with open_document(path) as document:
            for number in range(1, len(document) + 1):
                read_page(document.sheet(number), engine())
            pages += len(document)
    return pages


def _table(stats: pstats.Stats, pages: int) -> Table:
    # (file, line, function): (primitive calls, calls, own seconds, seconds with all that is called, callers)
    costs: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = stats.stats  # type: ignore[attr-defined]
    table = Table("stage", "calls a page", "CPU s a page", "%", title=f"{pages} pages")
    whole = 0.0
    for stage, file, function in STAGES:
        calls, seconds = next(
            ((cost[1], cost[3]) for at, cost in costs.items() if at[0].endswith(file) and at[2] == function),
            (0, 0.0),
        )
        whole = whole or seconds
        table.add_row(stage, f"{calls / pages:.1f}", f"{seconds / pages:.2f}", f"{100 * seconds / whole:.0f}")
    return table


if __name__ == "__main__":
    main()
