"""What a page costs, whole processes side by side: guidang, others on the same pages, and the lower bound.

    .venv/bin/python -m bench.speed.side_by_side [--kinds grey200,fax,photo] [--documents 6] [--rounds 3]
        [--tools guidang,paddleocr,rapidocr,floor] [--format table|json]

The pages are those of the corpus (bench/corpus/build.py, half `dev`). `guidang` is `guidang ingest` of their
PDFs into a fresh archive, whole. `paddleocr` is `PaddleOCR.predict` on ONNX Runtime with the weights that
guidang has, and `rapidocr` is RapidOCR as installed, both on the pictures of the pages: lines of text, no
tables. `ocrmypdf` is OCRmyPDF with Tesseract's chi_sim, if both are installed. `floor` is the least that has
to be done: the pictures are decoded, and each line of ink, found before, is recognised once, unpadded.

The tools take turns, so that a busy minute does not fall on one of them. Seconds and CPU seconds are those of
the process and all its children, start and loading of models included; memory is the largest process.
"""

from __future__ import annotations

import argparse
import json
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pypdfium2 as pdfium
from rich.console import Console
from rich.table import Table

from bench.corpus.build import corpus
from bench.rivals.paddle_alone import paddle_models
from ocr.arrays import Pixels
from ocr.document_opener import open_document
from ocr.engine.factory import engine
from ocr.engine.text_boxes import crop_upright
from ocr.image.page_image import reading_dpi, render_page
from ocr.preprocessing import prepare_scan
from ocr.text.body_text import detect_body
from ocr.text.cell_crops import crop_cells
from ocr.text.ink import lines_of, type_size

KINDS, DOCUMENTS, ROUNDS, DPI = "grey200,fax,photo", 6, 3, 200
_MEGABYTE = 1024
_PADDLEOCR = """
import sys
from bench.rivals.paddle_alone import paddle_alone
ocr = paddle_alone(sys.argv[1:5])
for page in sys.argv[5:]:
    ocr.predict(page)
"""
_RAPIDOCR = """
import sys
from rapidocr import RapidOCR
ocr = RapidOCR()
for page in sys.argv[1:]:
    ocr(page)
"""
_FLOOR = """
import pickle, sys
import cv2
from ocr.engine.factory import engine
from ocr.engine.threads import use_one_thread
lines, *pages = sys.argv[1:]
use_one_thread()
for page in pages:
    cv2.imread(page)
with open(lines, "rb") as file:
    for line in pickle.load(file):
        engine().recognise(line)
"""
_MEASURE = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss, done.returncode]))
"""


@dataclass(frozen=True, slots=True)
class Work:
    """Documents of one kind: their PDFs, the pictures of their pages, their lines of ink as a pickle."""

    kind: str
    documents: tuple[Path, ...]
    pages: tuple[Path, ...]
    lines: Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a tool took: seconds, CPU seconds and the memory of its largest process in MB."""

    tool: str
    kind: str
    pages: int
    wall: float
    cpu: float
    megabytes: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the medians."""
    options = _parser().parse_args(arguments)
    tools = options.tools.split(",") if options.tools else [tool for tool in COMMANDS if _is_there(tool)]
    with TemporaryDirectory(prefix="guidang-speed-") as folder:
        works = [_work(kind, options.documents, Path(folder)) for kind in options.kinds.split(",")]
        costs = [
            _run(tool, work, Path(folder)) for _ in range(options.rounds) for work in works for tool in tools
        ]
    _show(list(_medians(costs)), options.format)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="What a page costs, side by side.")
    parser.add_argument("--kinds", default=KINDS, help=f"kinds of damage of the corpus; default: {KINDS}")
    parser.add_argument("--documents", type=int, default=DOCUMENTS, help="documents of each kind")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each tool has its turn")
    parser.add_argument("--tools", help=f"some of {','.join(COMMANDS)}; default: those that are there")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    return parser


def _work(kind: str, count: int, folder: Path) -> Work:
    """Make the pictures of pages and their lines of ink, which the tools are given."""
    documents = tuple(entry.path for entry in corpus("dev", [kind], count))
    pages, lines = [], folder / f"{kind}.pickle"
    for document in documents:
        for number, page in enumerate(pdfium.PdfDocument(document), start=1):
            pages.append(folder / f"{document.stem}-{number}.png")
            page.render(scale=DPI / 72).to_pil().save(pages[-1])
    lines.write_bytes(pickle.dumps([line for document in documents for line in _lines_of_ink(document)]))
    return Work(kind, documents, tuple(pages), lines)


def _lines_of_ink(path: Path) -> Iterator[Pixels]:
    """Cut every line of ink of a document out, as close as it is: those of cells, those of the body."""
    with open_document(path) as document:
        for number in range(1, len(document) + 1):
            sheet = document.sheet(number)
            ready = prepare_scan(render_page(sheet, reading_dpi(sheet)), engine())
            cleaned, grids = ready.analysis.cleaned, ready.analysis.grids
            cuts = [cut for grid in grids for cut in crop_cells(cleaned, grid)]
            em = type_size([cut.ink for cut in cuts], cleaned.view.dpi)
            for cut in cuts:
                for line in lines_of(cut.ink, em):
                    top, left = cut.top + line.top, cut.left + line.left
                    yield cleaned.clean[top : top + line.height, left : left + line.width].copy()
            for box in detect_body(cleaned.view.pixels, cleaned.ink, grids, cleaned.view.dpi, engine()):
                yield crop_upright(cleaned.clean, box).copy()


def _guidang(work: Work, folder: Path) -> list[str]:
    archive = folder / "archive"
    shutil.rmtree(archive, ignore_errors=True)
    command = str(Path(sys.executable).with_name("guidang"))
    return [command, "ingest", *map(str, work.documents), "--archive", str(archive)]


def _paddleocr(work: Work, folder: Path) -> list[str]:
    return [sys.executable, "-c", _PADDLEOCR, *paddle_models(folder), *map(str, work.pages)]


def _rapidocr(work: Work, folder: Path) -> list[str]:
    return [sys.executable, "-c", _RAPIDOCR, *map(str, work.pages)]


def _ocrmypdf(work: Work, folder: Path) -> list[str]:
    whole = folder / f"{work.kind}.pdf"
    if not whole.exists():
        merged = pdfium.PdfDocument.new()
        for document in work.documents:
            merged.import_pages(pdfium.PdfDocument(document))
        merged.save(whole)
    done = str(folder / "ocrmypdf.pdf")
    return [sys.executable, "-m", "ocrmypdf", "-l", "chi_sim", "--force-ocr", str(whole), done]


def _floor(work: Work, folder: Path) -> list[str]:
    return [sys.executable, "-c", _FLOOR, str(work.lines), *map(str, work.pages)]


COMMANDS: dict[str, Callable[[Work, Path], list[str]]] = {
    "floor": _floor,
    "guidang": _guidang,
    "paddleocr": _paddleocr,
    "rapidocr": _rapidocr,
    "ocrmypdf": _ocrmypdf,
}


def _is_there(tool: str) -> bool:
    return tool != "ocrmypdf" or shutil.which("tesseract") is not None


def _run(tool: str, work: Work, folder: Path) -> Cost:
    """Run a tool once and measure it by itself, in a process that has no other children.

    That process is a small one: memory that it has when it starts a tool counts as the tool's.
    """
    command = [sys.executable, "-c", _MEASURE, *COMMANDS[tool](work, folder)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    wall, cpu, kilobytes, code = json.loads(answer)
    if code not in (0, 3):
        raise SystemExit(f"{tool} ended with {code} on {work.kind}")
    return Cost(tool, work.kind, len(work.pages), wall, cpu, kilobytes / _MEGABYTE)


def _medians(costs: Sequence[Cost]) -> Iterator[Cost]:
    """The median of the rounds of each tool on each kind, a page."""
    for tool, kind in dict.fromkeys((cost.tool, cost.kind) for cost in costs):
        own = [cost for cost in costs if (cost.tool, cost.kind) == (tool, kind)]
        wall, cpu = (
            median(values) / own[0].pages for values in zip(*((c.wall, c.cpu) for c in own), strict=True)
        )
        yield Cost(tool, kind, own[0].pages, wall, cpu, max(cost.megabytes for cost in own))


def _show(costs: Sequence[Cost], form: str) -> None:
    if form == "json":
        print(json.dumps([asdict(cost) for cost in costs]))
        return
    table = Table(
        "kind", "tool", "pages", "CPU s a page", "of guidang's", "wall s a page", "pages a core-hour", "MB"
    )
    for cost in sorted(costs, key=lambda cost: (cost.kind, cost.cpu)):
        own = next((one.cpu for one in costs if (one.kind, one.tool) == (cost.kind, "guidang")), cost.cpu)
        figures = (f"{cost.cpu:.2f}", f"{cost.cpu / own:.2f}", f"{cost.wall:.2f}", f"{3600 / cost.cpu:,.0f}")
        table.add_row(cost.kind, cost.tool, str(cost.pages), *figures, f"{cost.megabytes:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
