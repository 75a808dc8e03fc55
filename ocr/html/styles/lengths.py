"""Lengths in styles."""

from __future__ import annotations

import re
from functools import lru_cache

_LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([a-z]*|%)")
# Pixels of a unit; type is 16 pixels high unless something else is said.
_PIXELS = {
    **{"px": 1.0, "": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4},
    **{"em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0},
}


@lru_cache(maxsize=1 << 12)
def pixels_of(length: str) -> float | None:
    """Return a length in pixels; None for what is none, or a share of another."""
    found = _LENGTH.fullmatch(length.strip())
    return float(found[1]) * _PIXELS[found[2]] if found and found[2] in _PIXELS else None


def pixels_within(length: str, whole: float) -> float | None:
    """Return a length in pixels where an em, and the whole of a share, is so many; None for what is none."""
    found = _LENGTH.fullmatch(length.strip())
    shares = {"em": whole, "%": whole / 100, "ex": whole / 2, "ch": whole / 2}
    return float(found[1]) * shares[found[2]] if found and found[2] in shares else pixels_of(length)


@lru_cache(maxsize=1 << 12)
def is_zero(length: str) -> bool:
    """Tell a length, a share or a mere number that is 0."""
    found = _LENGTH.fullmatch(length.strip())
    return found is not None and float(found[1]) == 0
