"""Where a child is with its document, told in a word of shared memory that outlives the child.

A page number, or one of the stages below. The word is written at once or not at all,
so that whoever reads it after a death finds the last place that was told.
"""

from __future__ import annotations

from ctypes import c_int64

OPENING, SUMS, AGAIN = 0, -1, -2
_NAMES = {OPENING: "open", SUMS: "sums", AGAIN: "second reading"}

_word = c_int64(OPENING)


def tell_in(word: c_int64) -> None:
    """Use a word that the parent shares, from now on."""
    global _word
    _word = word


def reached(place: int) -> None:
    """Say that a page (from 1) or a stage has begun."""
    _word.value = place


def here() -> int:
    """The place told last."""
    return _word.value


def stage(place: int) -> str:
    """A place in the words that a failure is told with: `open`, `page 3`, `sums`, `second reading`."""
    return _NAMES.get(place, f"page {place}")
