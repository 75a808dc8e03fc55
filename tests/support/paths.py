"""Where things lie: the project, its samples, and what lies beside it."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
TESTS = ROOT / "tests"
REAL = ROOT.parent / "shared" / "real"


def environment() -> dict[str, str]:
    """For a program of Python started elsewhere that imports what the tests share."""
    return os.environ | {"PYTHONPATH": str(ROOT)}
