"""Who reports on which year, read off the title; empty where it is not printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from ocr.model import Page
from reconcile.forms.registry import subjects
from reconcile.labels import half_width, similarity

# The title is among the first lines, and seldom broken over more than this many.
_FIRST_LINES = 16
_TITLE_LINES = 4
_LONGEST_TITLE = 60
_HEADING_LIKE = 0.8

_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
# A line of a date or an issue above the title, 2024年1月 or 2024年第3号, says when it was printed.
_DATE = r"年?第?[\d〇○零一二三四五六七八九十]{1,3}[月期号]"
_YEAR = rf"(?P<year>20\d\d|二[〇○零0O][〇○零0O一二三四五六七八九]{{2}})(?!{_DATE})年?(?:年度|度)?"
_DAY = re.compile(
    r"\(?(?:20\d\d|二[〇○零0O][〇○零0O一二三四五六七八九]{2})[年.-]"
    r"(?:\d{1,2}|[元一二三四五六七八九十]{1,2})[月.-](?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})日?)?\)?"
)
# In 某区人民政府信息公开… the 政府 is the organ's; in 某区政府信息公开… it is the subject's.
_SUBJECT = r"(?:(?<!人民)政府)?信息公开(?:工作)?"
_REPORT = r"(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:年度)?(?:报告|年报)"
_ORGAN = r"(?P<organ>[\w()·、]*?)(?:关于)?"
# Behind the title it may be said which edition this is: （修订版）, （更正）.
_EDITION = r"(?:[(〔【\[](?:更正|订正|修[订正改]|调整|重新|公开|定|草|送审)[^)〕】\]]{0,6}[)〕】\]])?"
_TITLES = (
    re.compile(_ORGAN + _YEAR + _SUBJECT + _REPORT + _EDITION),
    re.compile(_ORGAN + _SUBJECT + _YEAR + _REPORT + _EDITION),
    re.compile(_YEAR + _ORGAN + _SUBJECT + _REPORT + _EDITION),
    re.compile(_ORGAN + _SUBJECT + _REPORT + r"\(" + _YEAR + r"\)" + _EDITION),
)
# Without a year it is a title only with an organ: 政府信息公开年报 alone is an entry of a web page's menu.
_WITHOUT_YEAR = re.compile(_ORGAN + _SUBJECT + r"年度(?:工作)?报告" + _EDITION)
# Reports with other forms are titled 某局2024年部门预算, with or without 公开 and the like behind.
_OTHER_REPORT = r"(?:信息)?(?:公开)?(?:情况)?(?:说明|报告|报表)?(?:书)?"
_PERIOD = re.compile(r"(20\d\d)年1月1日.{0,6}?(20\d\d)年12月31日")
# Where the organ stands on lines of its own, it must end as organs do; a file
# number or 附件 above the title does not.
_ORGAN_END = re.compile(
    r"(政府|街道|办事处|委员会|管委会|局|委|办|厅|署|处|院|会|中心|公司|大学|学院|学校|医院"
    r"|省|市|区|县|旗|镇|乡|苏木|部|室|站|所|支队|大队|总队|集团|银行)$"
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed, without white space; "", None and 0 stand for what is not there."""

    text: str = ""
    organ: str = ""
    year: int | None = None
    page: int = 0

    @property
    def subject(self) -> str:
        """The subject of a report with a form of its own (部门预算); empty for 政府信息公开."""
        return next((subject for subject in subjects() if subject in self.text), "")

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
        found = list(_titles(page))
        if page is not pages[0]:
            found = [title for title in found if _ORGAN_END.search(title.organ)]
        if found:
            yield max(found, key=lambda title: title.rank)


def years_in_titles(page: Page) -> tuple[int, ...]:
    """Every year that a title on the page names, in printed order, each once."""
    return tuple(dict.fromkeys(title.year for title in _titles(page) if title.year))


def title_runs(texts: Sequence[str], page: int) -> Iterator[TitleRun]:
    """Every run of successive lines, without white space, that reads as a title."""
    for start in range(len(texts)):
        for stop in range(start + 1, min(start + _TITLE_LINES, len(texts)) + 1):
            text = "".join(texts[start:stop])
            if len(text) > _LONGEST_TITLE:
                break
            match = _match(text)
            if match and _is_plausible(match["organ"], texts[start:stop]):
                year = match.groupdict().get("year")
                yield TitleRun(
                    start, stop, Title(text, match["organ"], _number(year) if year else None, page)
                )


def best_title(runs: Sequence[TitleRun]) -> TitleRun:
    """The run that says most in fewest characters."""
    return max(runs, key=lambda run: run.title.rank)


def names_an_organ(text: str) -> bool:
    """Say whether a text ends as the names of organs do."""
    return _ORGAN_END.search(text) is not None


def is_date(text: str) -> bool:
    """Say whether a text without white space is a date and nothing else: 2024年1月20日, 二〇二四年一月."""
    return _DAY.fullmatch(text) is not None


def has_heading(pages: Sequence[Page], heading: str) -> bool:
    """Say whether a section heading stands on a line, or two, of its own."""
    texts = [line.text for page in pages for line in page.lines]
    pairs = (first + second for first, second in pairwise(texts))
    return any(similarity(text, heading) >= _HEADING_LIKE for text in (*texts, *pairs))


def _titles(page: Page) -> Iterator[Title]:
    """Every run of a page's first lines that reads as a title."""
    lines = [line.text for line in page.lines[:_FIRST_LINES]]
    texts = [re.sub(r"\s+", "", half_width(text)) for text in lines]
    yield from (run.title for run in title_runs(texts, page.number))


def _match(title: str) -> re.Match[str] | None:
    patterns = (*_TITLES, *_other_titles(subjects()))
    found = next((match for pattern in patterns if (match := pattern.fullmatch(title))), None)
    if found is None and (bare := _WITHOUT_YEAR.fullmatch(title)):
        return bare if _ORGAN_END.search(bare["organ"]) else None
    return found


@cache
def _other_titles(subjects: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """The titles of reports whose forms name their own subject."""
    if not subjects:
        return ()
    subject = f"(?:{'|'.join(map(re.escape, subjects))})"
    return (
        re.compile(_ORGAN + _YEAR + subject + _OTHER_REPORT),
        re.compile(_YEAR + _ORGAN + subject + _OTHER_REPORT),
    )


def _is_plausible(organ: str, lines: Sequence[str]) -> bool:
    """Take an organ from lines above the title's own only where it ends as organs do."""
    return not organ or len(lines) == 1 or _ORGAN_END.search(organ) is not None


def _number(year: str) -> int:
    return int("".join(_DIGITS.get(digit, digit.replace("O", "0")) for digit in year))


def period_of(pages: Sequence[Page]) -> int | None:
    """The year from the period that the figures are said to cover."""
    text = re.sub(r"\s+", "", half_width("".join(line.text for page in pages for line in page.lines)))
    years = {match[1] for match in _PERIOD.finditer(text) if match[1] == match[2]}
    return int(years.pop()) if len(years) == 1 else None
