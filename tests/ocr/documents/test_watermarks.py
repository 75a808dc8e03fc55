"""A page with a watermark is drawn, and its text told, as if it had none; what hides text stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.document_opener import open_document
from tests.support.paths import SAMPLES

pikepdf = pytest.importorskip("pikepdf")
watermarks = pytest.importorskip("bench.cases.watermarks", exc_type=ImportError)

REPORT = SAMPLES / "onepage.pdf"


def shown(path: Path) -> tuple[str, np.ndarray]:
    with open_document(path) as document:
        sheet = document.sheet(1)
        return "".join(char.text for char in sheet.chars), sheet.render(60)


def laid(mark: bytes, target: Path, over: bool | None) -> Path:
    return watermarks._case(target, mark, over).path


@pytest.mark.parametrize("over", [True, False])
@pytest.mark.parametrize("name", ["tiled-grey", "tiled-flat", "single-strong", "single-silver"])
def test_text_across_the_print_is_taken_out(name: str, over: bool, tmp_path: Path) -> None:
    marked = shown(laid(watermarks._set(watermarks.TEXTS[name]), tmp_path / "marked.pdf", over))
    clean = shown(REPORT)
    assert marked[0] == clean[0]
    assert np.array_equal(marked[1], clean[1])


def test_an_annotation_across_the_print_is_taken_out(tmp_path: Path) -> None:
    mark = watermarks._set(watermarks.TEXTS["single-red"])
    assert np.array_equal(shown(laid(mark, tmp_path / "marked.pdf", None))[1], shown(REPORT)[1])


@pytest.mark.parametrize("over", [True, False])
def test_a_pale_picture_across_the_print_is_taken_out(over: bool, tmp_path: Path) -> None:
    mark = watermarks._picture(watermarks.PICTURES["picture-single"])
    path = laid(mark, tmp_path / "marked.pdf", over)
    with open_document(path) as document:
        assert document.sheet(1).picture_dpi is None
    assert np.array_equal(shown(path)[1], shown(REPORT)[1])


def test_pale_curves_under_the_print_are_taken_out(tmp_path: Path) -> None:
    mark = watermarks._outlined(watermarks.TEXTS["single-silver"])
    assert np.array_equal(shown(laid(mark, tmp_path / "marked.pdf", False))[1], shown(REPORT)[1])


def test_what_is_painted_over_the_print_stays(tmp_path: Path) -> None:
    with pikepdf.open(REPORT) as pdf:
        page = pdf.pages[0]
        page.contents_add(b"q 0.8 g 100 100 300 300 re f Q\n")
        pdf.save(tmp_path / "painted.pdf")
    assert not np.array_equal(shown(tmp_path / "painted.pdf")[1], shown(REPORT)[1])


def test_pale_text_across_nothing_stays(tmp_path: Path) -> None:
    with pikepdf.open(REPORT) as pdf:
        page = pdf.pages[0]
        name = next(iter(page.Resources.Font))
        page.contents_add(f"q 0.7 g BT {name} 12 Tf 60 12 Td <0001> Tj ET Q\n".encode())
        pdf.save(tmp_path / "pale.pdf")
    assert len(shown(tmp_path / "pale.pdf")[0]) == len(shown(REPORT)[0]) + 1


def sheet_laid_over(target: Path, *boxes: tuple[int, int, int, int], ink: tuple[int, ...]) -> np.ndarray:
    """The report with a clear picture as large as its page over it, on which some boxes are drawn."""
    width, height = (round(side * 2) for side in watermarks.A4)
    picture = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    for box in boxes:
        ImageDraw.Draw(picture).rectangle(box, fill=ink)
    return shown(laid(watermarks._as_pdf(picture), target, over=True))[1]


@pytest.mark.parametrize("ink", [(0, 0, 0, 255), (30, 60, 200, 255), (255, 255, 255, 255)])
def test_what_is_signed_or_painted_over_a_page_stays_however_little_it_is(
    ink: tuple[int, ...], tmp_path: Path
) -> None:
    box = (300, 500, 330, 520)
    assert not np.array_equal(sheet_laid_over(tmp_path / "signed.pdf", box, ink=ink), shown(REPORT)[1])


def test_a_clear_picture_over_a_page_is_taken_out(tmp_path: Path) -> None:
    assert np.array_equal(sheet_laid_over(tmp_path / "clear.pdf", ink=()), shown(REPORT)[1])
