"""Text as the search index sees it: one token a Chinese character, one a word or number.

No database's own tokenizer finds a two-character Chinese word (SQLite's unicode61
makes one token of a whole sentence, trigram needs three characters), so the text is
cut here; a word of several characters is then a phrase of tokens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

HAN = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
TOKEN = re.compile(rf"[{HAN}]|\d{{1,3}}(?:,\d{{3}})+(?!\d)|(?:(?![{HAN}])[^\W_])+")
IS_HAN = re.compile(rf"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the half-open character range of the text it was cut from."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether this is a Latin word or a number, not a Chinese character."""
        return not IS_HAN.match(self.text)


def tokens(raw: str) -> Iterator[Token]:
    """Cut a text; full- and half-width forms, upper and lower case give the same tokens.

    So do traditional and simplified characters, and 1,234 and 1234. Punctuation
    and white space separate and are dropped, so that a word is found across a
    line break.
    """
    folded, origin = _fold(raw)
    for match in TOKEN.finditer(folded):
        yield Token(match[0].replace(",", ""), origin[match.start()], origin[match.end() - 1] + 1)


def words(raw: str) -> list[str]:
    """The texts of `tokens`, made faster: the whole archive goes through here."""
    return [found.replace(",", "") for found in TOKEN.findall(raw.translate(FOLDED))]


def spaced(raw: str) -> str:
    """The words of a text with a space between them."""
    return " ".join(words(raw))


def _fold(raw: str) -> tuple[str, list[int]]:
    """A text folded character by character, with where each character came from."""
    pieces = [FOLDED[ord(character)] for character in raw]
    origin = [position for position, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), origin


class _Folded(dict[int, str]):
    """What each character is folded to, found out when it first occurs; for `str.translate`."""

    def __missing__(self, character: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(character)).casefold()
        # One character at a time: the index and a query must agree whatever stands beside it.
        self[character] = "".join(_simplified(one) if IS_HAN.match(one) else one for one in folded)
        return self[character]


FOLDED = _Folded()


def _simplified(character: str) -> str:
    return str(_simplifier().convert(character))


@cache
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
