"""Shared by all tests: the real engine, loaded once, and the places of real files."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr.engine import Engine
from ocr.paddle import PaddleEngine

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
REAL = ROOT.parent / "shared" / "real"


@pytest.fixture(scope="session")
def engine() -> Engine:
    return PaddleEngine()


@pytest.fixture(scope="session")
def hzq2023() -> Path:
    """The real report; it lies beside the project, not in it."""
    path = REAL / "hzq2023.pdf"
    if not path.is_file():
        pytest.skip("../shared/real is not present")
    return path
