"""The models run by themselves, beside the same run by PaddleOCR."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.arrays import Pixels
from ocr.document_opener import open_document
from ocr.engine.base import NOTHING
from ocr.engine.paddle import PaddleEngine
from ocr.engine.paddle_library import PaddleLibraryEngine
from ocr.engine.text_boxes import crop_upright
from ocr.image.page_image import render_page
from tests.support.paths import SAMPLES


@pytest.fixture(scope="module")
def library() -> PaddleLibraryEngine:
    return PaddleLibraryEngine()


@pytest.fixture(scope="module")
def page() -> Pixels:
    with open_document(SAMPLES / "form2021-scan.pdf") as document:
        return render_page(document.sheet(1), 200.0).pixels


def test_lines_are_found_where_paddleocr_finds_them(
    engine: PaddleEngine, library: PaddleLibraryEngine, page: Pixels
) -> None:
    own, theirs = engine.detect(page), library.detect(page)
    assert len(own) == len(theirs) > 20
    assert all(np.array_equal(line, other) for line, other in zip(own, theirs, strict=True))


def test_a_part_of_a_page_is_detected_at_the_size_of_the_whole(
    engine: PaddleEngine, library: PaddleLibraryEngine, page: Pixels
) -> None:
    part = page[:600]
    assert len(engine.detect(part, len(page))) == len(library.detect(part, len(page))) > 3


def test_lines_read_as_paddleocr_reads_them(
    engine: PaddleEngine, library: PaddleLibraryEngine, page: Pixels
) -> None:
    lines = [crop_upright(page, line) for line in engine.detect(page)]
    for line in lines:
        own, theirs = engine.recognise(line), library.recognise(line)
        assert (own.text, own.numeral) == (theirs.text, theirs.numeral)
        assert own.confidence == pytest.approx(theirs.confidence, abs=1e-4)
        assert own.numeral_confidence == pytest.approx(theirs.numeral_confidence, abs=1e-4)
    assert len({engine.recognise(line).text for line in lines}) > 20


def test_a_picture_without_pixels_reads_as_nothing(engine: PaddleEngine) -> None:
    assert engine.recognise(np.zeros((0, 5, 3), np.uint8)) == NOTHING
