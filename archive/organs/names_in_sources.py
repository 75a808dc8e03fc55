"""What the address of a document plainly tells: of which organ and year it is the report."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from archive.index.tokenizer import HAN
from archive.organs.reports_by_year import Place

# A year that is no part of a longer number and no beginning of a date.
_NO_DATE = r"(?!\d|[-_./]\d{1,2}(?!\d)|\s*年\s*\d{1,2}\s*月)"
_YEAR = re.compile(rf"(?<!\d)(20\d\d){_NO_DATE}")
_YEAR_IN_WORDS = re.compile(rf"(?<!\d)(20\d\d){_NO_DATE}\s*年")
_NOTHING = "(?!)"
# A name inside a longer one is another organ's: 水务局 in 清河县水务局, or before 水政监察大队.
_BEFORE = rf"(?<![{HAN}])|(?<=[年度于])"
_AFTER = rf"(?![{HAN}])|(?=(?:政府)?信息公开|政务公开|关于|年度|年报|工作|报告|的)"


class Names:
    """The names by which an address may tell of an organ: `known` gives the organ of each."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._organ = {_folded(name): organ for name, organ in known.items() if name}
        longest_first = sorted(self._organ, key=len, reverse=True)
        name = "|".join(map(re.escape, longest_first)) or _NOTHING
        self._mention = re.compile(name)
        self._plain = re.compile(f"(?:{_BEFORE})(?:{name})(?:{_AFTER})")

    def place(self, sources: Iterable[str]) -> tuple[Place | None, str]:
        """The organ and year that all addresses of a document plainly tell, and in words what they tell.

        Plain is one organ, by its whole name, and one year: in words (2023年), or the
        only number like a year in the name of the file. A folder may be named for the
        year of publication.
        """
        told = [_folded(_readable(source)) for source in sources]
        mentioned = self._organs(self._mention, told)
        named = self._organs(self._plain, told)
        plain = sorted({year for text in told for year in _plain_years(text)})
        any_year = sorted({int(year) for text in told for year in _YEAR.findall(text)} | set(plain))
        hint = " ".join(" or ".join(map(str, found)) for found in (mentioned, any_year) if found)
        is_plain = len(mentioned) == len(named) == len(plain) == 1
        return ((named[0], plain[0]) if is_plain else None), hint

    def _organs(self, pattern: re.Pattern[str], texts: Iterable[str]) -> list[str]:
        return sorted({self._organ[name] for text in texts for name in pattern.findall(text)})


def _plain_years(text: str) -> set[int]:
    in_words = _YEAR_IN_WORDS.findall(text)
    return {int(year) for year in in_words or _YEAR.findall(PurePosixPath(text.replace("!", "/")).name)}


def _readable(source: str) -> str:
    return unquote(source) if "://" in source else source


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
