"""Which print of a table is the report's, where the document says so: 更正后, 作废, 上年数据, 上半年."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from ocr.model import Page
from reconcile.labels import half_width
from reconcile.matching.printed_tables import TablePart


class Standing(IntEnum):
    """What is said of a print; of two prints of a table the one that stands higher is in force."""

    OTHER = 0  # of another year, of a part of the year, of another body
    WITHDRAWN = 1
    OPEN = 2
    IN_FORCE = 3


# Said in a caption or on a line of its own, which are short; a sentence speaks of both prints.
_LONGEST = 40
# A line of its own that is longer than this may be part of a sentence: it holds for the next section only.
_SHORT = 15
_SENTENCE = re.compile(r"。|[，,；;](?!.*[:：]$)")
_CHANGED = r"(?:更正|订正|勘误|修[正订改]|调整)"
_ANNOUNCED = re.compile(rf"{_CHANGED}(?:如下|为[:：]?$)")
_IN_FORCE = re.compile(
    rf"{_CHANGED}(?:之?后|稿|版|本|表)|以(?:此|本|下)[^上]{{0,4}}为准|^\W*新[表版稿]|^(?:以上|上[表述列]).{{0,8}}作废"
)
_WITHDRAWN = re.compile(
    rf"{_CHANGED}之?前(?!后)|^\W*(?:原|旧)(?:表|件|稿|版|数据|报告|公[布开]|发布)|[(（〔【\[](?:已?作废|原表?)[)）〕】\]]"
)
_HEADED = re.compile(r"^[(（]?[一二三四五六七八九十]{1,2}[)）、.．]")
_YEAR = re.compile(r"20\d\d(?=年)")
_OTHER_YEAR = re.compile(r"上一?年|去年")
_THIS_YEAR = re.compile(r"本年|今年")
# A line or caption that is nothing but the period, or the body, that the table below it is about.
_ABOUT = r"(?:的?政府信息公开)?(?:工作)?(?:情况|数据|统计|汇总|明细|报?表|合计)*[)）]?[:：]?"
_ATTACHED = (
    r"[(（]?(?:[附表](?:[件表录])?[一二三四五六七八九十\d]{0,2}[:：、.]?)?"
    r"(?:[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．:：])?"
)
_DAY = r"(?:月(?:份|\d{1,2}日)?|[.]\d{1,2})"
_MONTHS = (
    rf"(?P<first>\d{{1,2}}){_DAY}?[-—–~～－至到]{{1,2}}"
    rf"(?:20\d\d[年.])?(?P<last>\d{{1,2}}){_DAY}"
)
_PART = (
    r"[上下]?半年度?|第?[一二三四1-4]季度|前[一二三]个?季度|\d{1,2}月份?(?=统计|数据|情况)"
    r"|截[至止](?:20\d\d年)?(?!12月)\d{1,2}月(?:\d{1,2}日|底)?"
)
_PERIOD = re.compile(
    rf"{_ATTACHED}(?:数据)?(?:统计(?:时间|期间|期限|周期)[:：])?(?:20\d\d[年.]度?)?"
    rf"(?:(?P<part>{_PART})|{_MONTHS}|(?P<whole>全年度?)){_ABOUT}"
)
_TITLE_OF_PART = re.compile(rf".{{0,25}}(?:{_PART}|{_MONTHS})(?:政府)?信息公开.{{0,8}}(?:报告|年报|表|情况)")
_UNITS = (
    r"(?:各|下属|所属|直属|[省市区县]属|[二三]级|基层)(?:事业)?"
    r"(?:单位|乡镇|街道(?:办事处)?|部门|机构)(?:[:：]\w+)?"
)
_ORGAN = (
    r"\w{0,20}?(?:政府|街道|办事处|[委员]会|[局镇乡厅署院所站室]|苏木|中心|[支大总]队|公司|学校|中学|小学)"
)
_BODY = re.compile(rf"{_ATTACHED}(?:{_UNITS}|(?P<body>{_ORGAN}))(?:20\d\d年度?)?{_ABOUT}")
_DATA = re.compile(r"(?:数据|情况|表|统计)\W*$")


def standings(
    pages: Sequence[Page], parts: Sequence[TablePart], year: int | None, organ: str
) -> tuple[Standing, ...]:
    """What is said of each part, by its caption or the line of its own that stands above it last.

    What the heading of a section says holds for that section, what a short line of its own says until
    another one. `year` and `organ` are those of the report.
    """
    by_page: dict[int, list[TablePart]] = {}
    for part in parts:
        by_page.setdefault(part.page, []).append(part)
    found: dict[int, Standing] = {}
    general, own, headed = Standing.OPEN, Standing.OPEN, False
    for page in pages:
        here = by_page.get(page.number, [])
        for line in page.lines:
            inside = next((part for part in here if part.table.box.contains(*line.box.centre)), None)
            if inside:
                caption = _captioned(inside, year, organ)
                found.setdefault(inside.index, own if caption is None else caption)
                continue
            said = _said(line.text, year, organ)
            if _HEADED.match(_plain(line.text)):
                own, headed = general if said is None else said, True
            elif said is not None:
                own = said
                general = said if _holds_on(line.text, headed=headed, tabled=bool(found)) else general
        for part in here:
            found.setdefault(part.index, own)
    return tuple(found[part.index] for part in parts)


def _holds_on(text: str, *, headed: bool, tabled: bool) -> bool:
    """Say whether what a line of its own says holds beyond the next heading, behind headings and tables.

    A body between the first heading and the first table is one of those that the text speaks of, and before
    it may stand in the letterhead; so is a part of the year in the text.
    """
    words = _plain(text)
    if _BODY.fullmatch(words):
        return tabled
    if _PERIOD.fullmatch(words) or _TITLE_OF_PART.fullmatch(words):
        return tabled or not headed
    return len(words) <= _SHORT


def _captioned(part: TablePart, year: int | None, organ: str) -> Standing | None:
    """What the first row says, if it is one cell over the whole table."""
    first = [cell for cell in part.table.cells if cell.row == 0]
    whole = len(first) == 1 and first[0].column_span == part.table.n_columns
    return _said(first[0].text, year, organ) if whole else None


def _said(text: str, year: int | None, organ: str) -> Standing | None:
    """What a line says of the print below it; None where it says nothing, or both."""
    words = _plain(text)
    if len(words) > _LONGEST or _SENTENCE.search(words):
        return None
    if _ANNOUNCED.search(words):
        return Standing.IN_FORCE
    told = [
        standing
        for standing, pattern in ((Standing.IN_FORCE, _IN_FORCE), (Standing.WITHDRAWN, _WITHDRAWN))
        if pattern.search(words)
    ]
    if told:
        return told[0] if len(told) == 1 else None
    scopes = (_of_part(words, year), _of_body(words, organ), _of_year(words, year))
    return next((scope for scope in scopes if scope is not None), None)


def _of_part(words: str, year: int | None) -> Standing | None:
    """Whether the print is said to be of a part of the year; in a title, too, where none is of a year."""
    found = _PERIOD.fullmatch(words) or (None if year else _TITLE_OF_PART.fullmatch(words))
    if not found:
        return None
    whole = found.groupdict().get("whole") or (found["first"], found["last"]) == ("1", "12")
    return Standing.OPEN if whole else Standing.OTHER


def _of_body(words: str, organ: str) -> Standing | None:
    """Whether the print is said to be of another body than the one that reports."""
    found = _BODY.fullmatch(words)
    if not found or not organ:
        return None
    body, own = (name.replace("人民", "") for name in (found["body"] or "", organ))
    is_own = bool(body) and (body in own or body.endswith(own) or body[0] in "我本")
    return Standing.OPEN if is_own else Standing.OTHER


def _of_year(words: str, year: int | None) -> Standing | None:
    """Of which year the print is said to be."""
    if not _DATA.search(words):
        return None
    years = {int(found) for found in _YEAR.findall(words)}
    if (year and years == {year}) or (not years and _THIS_YEAR.search(words)):
        return Standing.OPEN
    other = year is not None and bool(years) and max(years) < year
    return Standing.OTHER if other or (not years and _OTHER_YEAR.search(words)) else None


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", half_width(text))
