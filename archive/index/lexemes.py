"""What the search index holds of a page: its tokens, its pairs of tokens, and where the report is from.

A phrase of two tokens is one lexeme, so that a two-character word, the usual
query, is one look-up. Longer phrases are looked up by all their pairs, and what
the look-up finds is checked against the text (`query.py`). No positions are
kept, which makes the index small and the same in every database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from archive.index.tokenizer import Token, tokens

# Neither sign is part of a token.
PAIR, FACET = "_", "."
EVERY_PAGE = f"page{FACET}"
# Stands on pages with more lexemes than a database takes: they are checked for every query.
OVERFULL = f"overfull{FACET}"
# Pages that came one after the other share a lexeme, so that the newest can be asked for first.
BLOCK = 20_000
# PostgreSQL takes a lexeme of 2,046 bytes and 1 MiB a page; a character has at most 4 bytes,
# and a lexeme costs another 8.
LONGEST = 120
MOST_BYTES = 600_000


def of_page(words: Sequence[str], facets: Iterable[str]) -> list[str]:
    """The lexemes of a page with these tokens, sorted, none twice."""
    found = {word[:LONGEST] for word in words}
    found.update(pair(one, other) for one, other in pairwise(words))
    if sum(map(len, found)) * 4 + len(found) * 8 > MOST_BYTES:
        found = {OVERFULL}
    return sorted(found.union(facets, (EVERY_PAGE,)))


def pair(one: str, other: str) -> str:
    """The lexeme of two tokens that follow each other."""
    return f"{one[:LONGEST]}{PAIR}{other[:LONGEST]}"


def facet(kind: str, content: object) -> str:
    """The lexeme that says something of the whole report, such as its year."""
    folded = "".join(token.text for token in tokens(str(content)))
    return f"{kind}{FACET}{folded}"[: 2 * LONGEST]


def block(page: int) -> str:
    """The lexeme of the pages that came into the archive about when this one did."""
    return f"block{FACET}{page // BLOCK}"


def of_phrase(phrase: Sequence[Token]) -> Iterator[tuple[str, bool]]:
    """The lexemes that a page with this phrase has; True says that the lexeme may go on."""
    words = [token.text for token in phrase]
    if len(words) == 1:
        yield words[0][:LONGEST], phrase[0].is_word
    for n, (one, other) in enumerate(pairwise(words), start=2):
        yield pair(one, other), n == len(words) and phrase[-1].is_word


def is_exact(phrase: Sequence[Token]) -> bool:
    """Whether every page with the lexemes of this phrase has the phrase."""
    return len(phrase) <= 2 and all(len(token.text) <= LONGEST for token in phrase)
