"""A page stays cheaper than PaddleOCR alone makes it: a change that makes reading dear is seen here."""

from __future__ import annotations

from statistics import median

from bench.speed.beside_paddleocr import SCAN, factors_of

# Measured 2.0 to 3.1 over the pages of this scan, quiet and beside other work (docs/performance.md).
_FLOOR = 1.5


def test_a_scan_costs_clearly_less_than_paddleocr_alone() -> None:
    assert median(factors_of([SCAN])) >= _FLOOR
