"""What the address of a document plainly tells: of which organ and year it is the report."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from archive.series import Place

# A year that is no part of a longer number and no beginning of a date.
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)(?![-_./]\d{1,2}(?!\d))")
_YEAR_IN_WORDS = re.compile(r"(?<!\d)(20\d\d)\s*年")
_NOTHING = re.compile(r"(?!)")


class Names:
    """The names by which an address may tell of an organ: `known` gives the organ of each."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._organ = {_folded(name): organ for name, organ in known.items() if name}
        longest_first = sorted(self._organ, key=len, reverse=True)
        self._name = re.compile("|".join(map(re.escape, longest_first))) if longest_first else _NOTHING

    def place(self, sources: Iterable[str]) -> tuple[Place | None, str]:
        """The organ and year that all addresses of a document plainly tell, and in words what they tell.

        Plain is one organ, and one year: in words (2023年), or the only number like
        a year in the name of the file. A folder may be named for the year of publication.
        """
        told = [_folded(_readable(source)) for source in sources]
        named = sorted({self._organ[name] for text in told for name in self._name.findall(text)})
        plain = sorted({year for text in told for year in _plain_years(text)})
        any_year = sorted({int(year) for text in told for year in _YEAR.findall(text)} | set(plain))
        hint = " ".join(" or ".join(map(str, found)) for found in (named, any_year) if found)
        return ((named[0], plain[0]) if len(named) == len(plain) == 1 else None), hint


def _plain_years(text: str) -> set[int]:
    in_words = _YEAR_IN_WORDS.findall(text)
    return {int(year) for year in in_words or _YEAR.findall(PurePosixPath(text.replace("!", "/")).name)}


def _readable(source: str) -> str:
    return unquote(source) if "://" in source else source


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
