"""Who reports on which year, read off the title; empty where it is not printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ocr.model import Page, TextLine
from reconcile.forms.registry import subjects
from reconcile.labels import half_width, similarity
from reconcile.title_patterns import match_title, names_an_organ, number_of, subject_in

# The title is among the first lines, and seldom broken over more than this many.
_FIRST_LINES = 16
_TITLE_LINES = 4
_LONGEST_TITLE = 60
_HEADING_LIKE = 0.8
_PERIOD = re.compile(r"(20\d\d)年1月1日.{0,6}?(20\d\d)年12月31日")
# A name goes on from a line above that is set as large, where it does not say of which place the organ is.
_PLACE = re.compile(r"[省县州盟旗镇乡村]|市(?!场)|区(?!域)|街道|大学|公司|集团")
_NAME = re.compile(r"[\u4e00-\u9fff]{4,}")
_SAME_SIZE = 0.15


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed, without white space; "", None and 0 stand for what is not there."""

    text: str = ""
    organ: str = ""
    year: int | None = None
    page: int = 0

    @property
    def subject(self) -> str:
        """The subject of another report than on 政府信息公开 (部门预算), empty for these."""
        return subject_in(self.text, subjects())

    @property
    def has_form(self) -> bool:
        """Say whether reports with such titles follow forms that are known."""
        return bool(self.text) and self.subject in ("", *subjects())

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Of two titles, the one that says more in fewer characters ranks higher."""
        return bool(self.year), bool(self.organ), -len(self.text)


@dataclass(frozen=True, slots=True)
class TitleRun:
    """A title that stands on the lines from `start` to before `stop`, of those looked at."""

    start: int
    stop: int
    title: Title


def title_of(pages: Sequence[Page]) -> Title:
    """The title of the first page, else of the first page that has one: pages may be bound in any order.

    A year that it does not give is taken from the period that the figures are said to cover.
    """
    title = next(iter(titles_of(pages)), Title())
    return title if title.year else replace(title, year=period_of(pages))


def titles_of(pages: Sequence[Page]) -> Iterator[Title]:
    """The title of every page that has one; behind the first page it must name an organ."""
    for page in pages:
        found = [run.title for run in titles_on(page)]
        if page is not pages[0]:
            found = [title for title in found if names_an_organ(title.organ)]
        if found:
            yield max(found, key=lambda title: title.rank)


def years_in_titles(page: Page) -> tuple[int, ...]:
    """Every year that a title on the page names, in printed order, each once."""
    return tuple(dict.fromkeys(run.title.year for run in titles_on(page) if run.title.year))


def titles_on(page: Page) -> list[TitleRun]:
    """Every run of a page's first lines that reads as a title."""
    lines = page.lines[:_FIRST_LINES]
    heights = [line.box.height for line in lines]
    return list(title_runs([_plain(line) for line in lines], page.number, heights))


def title_runs(texts: Sequence[str], page: int, heights: Sequence[float] = ()) -> Iterator[TitleRun]:
    """Every run of successive lines, without white space, that reads as a title; `heights` are theirs."""
    known = subjects()
    for start in range(len(texts)):
        for stop in range(start + 1, min(start + _TITLE_LINES, len(texts)) + 1):
            text = "".join(texts[start:stop])
            if len(text) > _LONGEST_TITLE:
                break
            match = match_title(text, known)
            if match and _is_plausible(match["organ"], texts[start:stop]):
                year = match.groupdict().get("year")
                title = Title(text, match["organ"], number_of(year) if year else None, page)
                yield _whole(TitleRun(start, stop, title), texts, heights)


def best_title(runs: Sequence[TitleRun]) -> TitleRun:
    """The run that says most in fewest characters."""
    return max(runs, key=lambda run: run.title.rank)


def has_heading(pages: Sequence[Page], heading: str) -> bool:
    """Say whether a section heading stands on a line, or two, of its own."""
    texts = [line.text for page in pages for line in page.lines]
    pairs = (first + second for first, second in pairwise(texts))
    return any(similarity(text, heading) >= _HEADING_LIKE for text in (*texts, *pairs))


def _whole(run: TitleRun, texts: Sequence[str], heights: Sequence[float]) -> TitleRun:
    """The title with the line above it, where the name of its organ begins there."""
    organ, first = run.title.organ, run.start
    if not (first and organ and heights) or _PLACE.search(organ) or texts[first] != organ:
        return run
    head = texts[first - 1]
    same = abs(heights[first - 1] - heights[first]) <= _SAME_SIZE * heights[first]
    if not same or not _NAME.fullmatch(head):
        return run
    title = replace(run.title, text=head + run.title.text, organ=head + organ)
    return TitleRun(run.start - 1, run.stop, title)


def _plain(line: TextLine) -> str:
    return re.sub(r"\s+", "", half_width(line.text))


def _is_plausible(organ: str, lines: Sequence[str]) -> bool:
    """Take an organ from lines above the title's own only where it ends as organs do."""
    return not organ or len(lines) == 1 or names_an_organ(organ)


def period_of(pages: Sequence[Page]) -> int | None:
    """The year from the period that the figures are said to cover."""
    text = re.sub(r"\s+", "", half_width("".join(line.text for page in pages for line in page.lines)))
    years = {match[1] for match in _PERIOD.finditer(text) if match[1] == match[2]}
    return int(years.pop()) if len(years) == 1 else None
