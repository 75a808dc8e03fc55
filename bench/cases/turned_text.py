"""Digital reports with pages drawn turned, and tables that stand on their side among upright text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium

from bench.accuracy.text import plain
from bench.accuracy.truth import read_truth
from bench.cases.base import Case, Check, Outcome
from bench.corpus.garble import blocks_of, is_inside, table_box, write_page

Change = Callable[[pikepdf.Pdf, Any], None]
SAMPLES = Path(__file__).resolve().parents[2] / "samples"
REPORTS = ("form2021", "form2019", "stacked", "onepage")
# Against the clock, and what of x goes to x and to y then.
TURNS = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}
# Tables that would be set smaller than this stay as they are.
_LEAST = 0.5
# Lines of the source that are sentences are looked for in what was read: at least so long, with a mark.
_LONG, _MARKS = 8, set("，。、：")


def draw(folder: Path) -> Iterator[Case]:
    """28 reports: whole pages turned, tables turned where they stand, one page of several, with a /Rotate."""
    for name in REPORTS:
        for turn in TURNS:
            yield _drawn(folder, name, f"pages-{turn}", partial(_turn_page, turn=turn))
            yield _drawn(folder, name, f"tables-{turn}", partial(_turn_tables, turn=turn))
    for turn in (90, 270):
        yield _drawn(folder, "form2021", f"second-{turn}", partial(_turn_second, turn=turn))
        yield _drawn(folder, "form2019", f"rotate-{turn}", partial(_turn_and_rotate, turn=turn))


def _drawn(folder: Path, name: str, kind: str, change: Change) -> Case:
    source, target = SAMPLES / f"{name}.pdf", folder / f"{name}-{kind}.pdf"
    with pikepdf.open(source) as pdf:
        for page in pdf.pages:
            change(pdf, page)
        pdf.save(target, deterministic_id=True)
    return Case(target, tuple(read_truth(source.with_suffix(".truth.csv"))), _reads(source))


def _turn_page(pdf: pikepdf.Pdf, page: Any, turn: int) -> None:
    width, height = float(page.mediabox[2]), float(page.mediabox[3])
    if turn != 180:
        page.mediabox = [0, 0, height, width]
    write_page(pdf, page, blocks_of(page), _about((width, height), page.mediabox[2:], turn, 1.0), b"Q\n")


def _turn_second(pdf: pikepdf.Pdf, page: Any, turn: int) -> None:
    if page.index == 1:
        _turn_page(pdf, page, turn)


def _turn_and_rotate(pdf: pikepdf.Pdf, page: Any, turn: int) -> None:
    """Drawn on its side and shown on its head."""
    _turn_page(pdf, page, turn)
    page.Rotate = 360 - turn


def _turn_tables(pdf: pikepdf.Pdf, page: Any, turn: int) -> None:
    """Turn what is between the first rule and the last in its place, as large as fits there."""
    blocks = blocks_of(page)
    box = table_box(blocks)
    if box is None:
        return
    left, bottom, right, top = box
    scale = 1.0 if turn == 180 else min((right - left) / (top - bottom), (top - bottom) / (right - left))
    if scale < _LEAST:
        return
    twice = (left + right, bottom + top)
    inside = [block for block in blocks if is_inside(block, box)]
    content = pdf.make_stream(b"")
    write_page(pdf, page, inside, _about(twice, twice, turn, scale), b"Q\n")
    content.write(page.Contents.read_bytes())
    write_page(pdf, page, [block for block in blocks if block not in inside])
    page.Contents = pikepdf.Array([page.Contents, content])


def _about(twice: Any, target: Any, turn: int, scale: float) -> bytes:
    """Begin what is turned about a middle, which goes to that of `target`; both given doubled."""
    cos, sin = (scale * part for part in TURNS[turn])
    x, y = (float(value) / 2 for value in twice)
    right, up = (float(value) / 2 for value in target)
    place = (cos, sin, -sin, cos, right - cos * x + sin * y, up - sin * x - cos * y)
    return b"q %.5f %.5f %.5f %.5f %.4f %.4f cm\n" % place


def _reads(source: Path) -> Check:
    """Ask that every longer line of the upright report is read, and in one piece."""
    document = pdfium.PdfDocument(source)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    lines = [plain(line) for page in pages for line in page.splitlines()]
    document.close()

    def check(outcome: Outcome) -> str:
        text = plain("".join(page["text"] for page in outcome.pages))
        lost = [line for line in lines if len(line) >= _LONG and _MARKS & set(line) and line not in text]
        return f"{len(lost)} of {len(lines)} lines lost: {lost[:3]}" if lost else ""

    return check
