"""Whether the text of a page is what is printed there: character error rates."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from rapidfuzz.distance import Levenshtein


def plain(text: str) -> str:
    """NFKC without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def errors(truth: Sequence[str], read: Mapping[int, str]) -> tuple[int, int]:
    """(characters wrong, left out or added; characters printed) over all pages in reading order.

    `truth` holds the pages in order, `read` maps page numbers, from 1, to what was read there.
    """
    last = max(read, default=0)
    pages = [
        (plain(printed), plain(got))
        for printed, got in zip_longest(truth, (read.get(n, "") for n in range(1, last + 1)), fillvalue="")
    ]
    return sum(Levenshtein.distance(*page) for page in pages), sum(len(printed) for printed, _ in pages)
