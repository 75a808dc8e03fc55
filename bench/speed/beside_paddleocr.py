"""How many times cheaper a page is than `PaddleOCR.predict` on the same picture, models loaded.

    .venv/bin/python -m bench.speed.beside_paddleocr [FILES…]

The suite asks for a part of that factor, so that a change that makes reading dear is seen: seconds differ
from machine to machine, the factor hardly does. The whole comparison is bench/speed/side_by_side.py.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bench.rivals.paddle_alone import paddle_alone, paddle_models
from ocr.arrays import Pixels
from ocr.document_opener import open_document
from ocr.engine.factory import engine
from ocr.image.page_image import reading_dpi, render_page
from ocr.reader import read_page

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SCAN = SAMPLES / "form2021-scan.pdf"


def main() -> None:
    """Print the factor of each page."""
    parser = argparse.ArgumentParser(description="How many times cheaper a page is than PaddleOCR.predict.")
    parser.add_argument("files", nargs="*", type=Path, default=[SCAN], help=f"scans; default: {SCAN.name}")
    factors = factors_of(parser.parse_args().files)
    print(*(f"{factor:.2f}" for factor in factors), f"median {median(factors):.2f}")


def factors_of(files: Sequence[Path], most: int = 1000) -> list[float]:
    """CPU seconds of PaddleOCR over those of `read_page`, a page of the first `most`; the two take turns."""
    with TemporaryDirectory() as folder:
        ocr = paddle_alone(paddle_models(Path(folder)))
        factors = []
        for path in files:
            with open_document(path) as document:
                for number in (1, *range(1, min(most, len(document)) + 1)):
                    sheet = document.sheet(number)
                    start = time.process_time()
                    read_page(sheet, engine())
                    own = time.process_time() - start
                    factors.append(_seconds(ocr, render_page(sheet, reading_dpi(sheet)).pixels) / own)
    return factors[1:]  # the first loads models


def _seconds(ocr: Any, page: Pixels) -> float:
    start = time.process_time()
    ocr.predict(np.ascontiguousarray(page[:, :, ::-1]))
    return time.process_time() - start


if __name__ == "__main__":
    main()
