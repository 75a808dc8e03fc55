"""The language of `guidang search`: words, "phrases", AND, OR, NOT and brackets.

A query becomes a tree that can say two things: which lexemes the index should
look up (perhaps finding too much), and whether a given page really matches.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.index import lexemes
from archive.index.tokenizer import Token, tokens
from core.errors import UsageError

LONGEST_QUERY = 500
DEEPEST = 20
OPERATORS = frozenset({"AND", "OR", "NOT"})

# A quoted run of words is one phrase, anything else ends at white space.
TERM = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')
GROUPED = re.compile(r'"([^"]*)"|“([^”]*)”|([()])|([^\s()]+)')


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """What the index is asked: `kind` is and, or, not or lexeme; a lexeme may be a beginning only."""

    kind: str
    parts: tuple[IndexQuery, ...] = ()
    lexeme: str = ""
    is_prefix: bool = False


EVERYTHING = IndexQuery("lexeme", lexeme=lexemes.EVERY_PAGE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that follow each other; a last word or number matches by its beginning."""

    tokens: tuple[Token, ...]

    @property
    def needle(self) -> str:
        """What to look for in tokens that have a space on either side."""
        words = " " + " ".join(token.text for token in self.tokens)
        return words if self.tokens[-1].is_word else words + " "

    def holds(self, page: str) -> bool:
        return self.needle in page

    def look(self) -> IndexQuery:
        parts = tuple(IndexQuery("lexeme", (), *found) for found in lexemes.of_phrase(self.tokens))
        return parts[0] if len(parts) == 1 else IndexQuery("and", parts)

    @property
    def is_exact(self) -> bool:
        return lexemes.is_exact(self.tokens)

    def phrases(self) -> Iterator[Phrase]:
        yield self


@dataclass(frozen=True, slots=True)
class Not:
    """Pages without what `part` asks for."""

    part: Node

    def holds(self, page: str) -> bool:
        return not self.part.holds(page)

    def look(self) -> IndexQuery:
        # What cannot be looked up exactly must not be taken away: the text decides.
        return IndexQuery("not", (self.part.look(),)) if self.part.is_exact else EVERYTHING

    @property
    def is_exact(self) -> bool:
        return self.part.is_exact

    def phrases(self) -> Iterator[Phrase]:
        """None: what must not be there is not marked."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Both:
    """Pages that match all `parts`, or any of them."""

    parts: tuple[Node, ...]
    all_of_them: bool

    def holds(self, page: str) -> bool:
        matches = (part.holds(page) for part in self.parts)
        return all(matches) if self.all_of_them else any(matches)

    def look(self) -> IndexQuery:
        return IndexQuery("and" if self.all_of_them else "or", tuple(part.look() for part in self.parts))

    @property
    def is_exact(self) -> bool:
        return all(part.is_exact for part in self.parts)

    def phrases(self) -> Iterator[Phrase]:
        for part in self.parts:
            yield from part.phrases()


Node = Phrase | Not | Both


def parse(query: str) -> Node:
    """The tree of a query. Raises UsageError for one that asks for nothing or is unfinished."""
    if len(query) > LONGEST_QUERY:
        raise UsageError(f"the query has {len(query)} characters; at most {LONGEST_QUERY} are searched for")
    pieces = _pieces(unicodedata.normalize("NFKC", query))
    if not any(isinstance(piece, Phrase) for piece in pieces):
        raise UsageError(f"nothing to search for in {query!r}: give a word, a character or a number")
    reader = _Reader(pieces)
    tree = reader.any_of(0)
    if reader.piece is not None:
        raise UsageError(f"a bracket is closed that was never opened in {query!r}")
    return tree


def _pieces(query: str) -> list[Phrase | str]:
    """Phrases and operators. Brackets group only beside an operator: （一） is a label, not a group."""
    bare = {match[3] for match in TERM.finditer(query)}
    words = {word.strip("()") for word in bare if word}
    pattern = GROUPED if words & OPERATORS else TERM
    return [piece for match in pattern.finditer(query) for piece in _piece(match)]


def _piece(match: re.Match[str]) -> Iterator[Phrase | str]:
    is_bracket = match.re is GROUPED and match[3] is not None
    if is_bracket or (match[1] is None and match[2] is None and match[0] in OPERATORS):
        yield match[0]
    elif cut := tuple(tokens("".join(group or "" for group in match.groups()))):
        yield Phrase(cut)


class _Reader:
    """Reads pieces from left to right: OR binds least, then AND (said or not), then NOT."""

    def __init__(self, pieces: Sequence[Phrase | str]) -> None:
        self._pieces = iter(pieces)
        self.piece: Phrase | str | None = next(self._pieces, None)

    def any_of(self, depth: int) -> Node:
        parts = [self._all_of(depth)]
        while self.piece == "OR":
            self._next()
            parts.append(self._all_of(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts), all_of_them=False)

    def _all_of(self, depth: int) -> Node:
        parts = [self._one(depth)]
        while self.piece not in (None, "OR", ")"):
            if self.piece == "AND":
                self._next()
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts), all_of_them=True)

    def _one(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise UsageError(f"the query is nested more than {DEEPEST} deep")
        piece = self.piece
        self._next()
        if isinstance(piece, Phrase):
            return piece
        if piece == "NOT":
            return Not(self._one(depth + 1))
        if piece == "(":
            return self._group(depth + 1)
        raise UsageError(
            f"{piece or 'the end'} stands where a word should; put quotes round AND, OR, NOT as words"
        )

    def _group(self, depth: int) -> Node:
        inside = self.any_of(depth)
        if self.piece != ")":
            raise UsageError("a bracket is not closed")
        self._next()
        return inside

    def _next(self) -> None:
        self.piece = next(self._pieces, None)
