"""Which of the pages that match come first: Okapi BM25 over the pages at hand.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond"
(2009), with the usual k1 and b; the pages at hand stand for the collection.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from archive.index.query_language import Phrase

K1, B = 1.2, 0.75


def ranked(pages: Sequence[tuple[int, str]], phrases: Sequence[Phrase]) -> list[int]:
    """The ids of pages, given as id and tokens, best first; equally good ones by their ids."""
    if not pages:
        return []
    counts = [[tokens.count(phrase.needle) for phrase in phrases] for _, tokens in pages]
    lengths = [len(tokens) for _, tokens in pages]
    usual = sum(lengths) / len(lengths)
    weights = [_weight(len(pages), sum(1 for row in counts if row[n])) for n in range(len(phrases))]
    scores = {
        page: sum(
            weight * count * (K1 + 1) / (count + K1 * (1 - B + B * length / usual))
            for weight, count in zip(weights, row, strict=True)
        )
        for (page, _), row, length in zip(pages, counts, lengths, strict=True)
    }
    return sorted(scores, key=lambda page: (-scores[page], page))


def _weight(pages: int, pages_with: int) -> float:
    """The inverse document frequency, kept above 0 for words on every page."""
    return 1 + log((pages + 1) / (pages_with + 1))
