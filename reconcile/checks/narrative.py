"""Counts that the running text gives, laid beside the tables (relation R6).

Only wordings that can mean nothing else are taken: the words between verb and
number are known ones, the subject is the reporting organ, and the sentence
speaks neither of a part (其中, 通过网站) nor of another year. What remains
unclear is left alone: R6 is soft, and an accusation must not be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ocr.model import Page
from reconcile.forms.registry import labels_of
from reconcile.labels import half_width
from reconcile.matching.printed_tables import is_page_number
from reconcile.model import Finding, Key, State, Value

KIND = "narrative"
_RELATION = "R6"

_NUMBER = r"(?P<n>\d{1,3}(?:[,，]\d{3})+|\d+|[零〇一二两三四五六七八九十百千万]+)"
_COUNT = rf"(?:共计|共有|共|总计|合计|数量|总数|总量)?(?:为|是)?{_NUMBER}[件起宗例份]"
_REQUESTS = (
    r"(?:公民、法人(?:和|或|或者|及)其他组织)?(?:提出的)?(?:各类)?"
    r"(?:申请公开政府信息|依申请公开政府信息申请|依申请公开申请|政府信息依申请公开申请"
    r"|依申请公开(?:政府)?信息(?:申请)?|政府信息依申请公开|依申请公开|政府信息公开的?申请|信息公开的?申请|公开申请|申请)(?:事项)?"
)
_RECEIVED = r"(?:收到|受理|接收到?|接到)"
_NONE = r"(?:未|没有|无)"
_CAUSE = (
    r"(?:因|涉及|关于)?(?:依申请)?(?:政府)?(?:信息)?(?:公开)?(?:工作)?(?:而)?"
    r"(?:引起|引发|产生|提起|申请)?(?:的)?"
)
# 未发生行政复议败诉 is no 0, and 行政复议3件维持 counts an outcome, not the cases.
_WHOLE = r"(?![^，。；、(（]{0,8}(?:维持|纠正|撤销|变更|审结|驳回|结案|办结|败诉|纠错))"

# The clause before the verb may hold a time and the reporting organ, nothing else.
_TIME = r"20\d\d年度?|本年度?|今年|全年|年度内|年内|报告期内|本报告期|1月1日至12月31日"
_WE = r"(?:我|本|全)(?:机关|单位|部门|街道|中心|[省市区县旗镇乡局委办厅署处院站部])(?:政府|机关)?"
_ADVERB = r"共计|共|一共|总共|总计|合计|累计|依法|新|已"
_NUMBERING = r"[(（]?[\d一二三四五六七八九十]{1,2}[)）.．、]"
# A sentence with one of these speaks of a part, of a comparison or of another period.
_UNSURE = "□"
_PARTIAL = re.compile(
    rf"{_UNSURE}|其中|通过|分别|方式|上年|去年|上一?年度?|同期|同比|较|比|截至|月份|季度|下属|系统"
)
_YEAR = re.compile(r"20\d\d(?=年)")
_ABOUT = re.compile(r"信息公开|依申请")

_SHORTEST_NAME = 4
# A misread digit in the text would accuse a sound table; a line's confidence is a mean over its characters.
_SURE_LINE = 0.95

_SECTION = re.compile(r"[一1][、.．]总体情况")
_NEXT_SECTION = re.compile(r"[二2][、.．]主动公开政府信息情况")

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True, slots=True)
class Wording:
    """A way to state a count; it agrees with the tables if one of the sums of `readings` is the count.

    `subject` says that the words before it must name nobody but the reporting
    organ, `about` that the sentence must speak of information disclosure.
    """

    pattern: re.Pattern[str]
    readings: tuple[tuple[Key, ...], ...]
    subject: bool = False
    about: bool = False

    @property
    def keys(self) -> tuple[Key, ...]:
        return self.readings[0]


@dataclass(frozen=True, slots=True)
class Statement:
    """A count found in the text: how it is worded, how many, the words, and the page (from 1)."""

    wording: Wording
    count: int
    words: str
    page: int


_NEW = Key("requests", "new", "total")
_CARRIED_IN = Key("requests", "carried_in", "total")
_CARRIED_OUT = Key("requests", "carried_out", "total")
_REVIEWS = (Key("review", "cases", "review.total"),)
_SUITS = (Key("review", "cases", "direct.total"), Key("review", "cases", "after_review.total"))
# Some organs count what was carried over from last year among what they 收到 or 受理.
_EITHER = ((_NEW,), (_NEW, _CARRIED_IN))


def _wording(pattern: str, *readings: tuple[Key, ...], subject: bool = False, about: bool = False) -> Wording:
    return Wording(re.compile(pattern), readings, subject, about)


_WORDINGS = (
    _wording(rf"新收到?{_REQUESTS}{_COUNT}", (_NEW,), subject=True),
    _wording(rf"(?<!新){_RECEIVED}{_REQUESTS}{_COUNT}", *_EITHER, subject=True),
    _wording(rf"(?<!新){_RECEIVED}{_NUMBER}[件起宗例份]{_REQUESTS}", *_EITHER, subject=True),
    _wording(rf"{_NONE}(?:新收到?|{_RECEIVED}){_REQUESTS}(?=[，。；,;]|$)", (_NEW,), subject=True),
    _wording(rf"上一?年度?结转(?:的)?(?:{_REQUESTS})?{_COUNT}", (_CARRIED_IN,)),
    _wording(
        rf"结转(?:至|到)?(?:下一?年度?|次年|20\d\d年度?)(?:继续)?(?:办理|答复)?(?:的)?(?:{_REQUESTS})?{_COUNT}",
        (_CARRIED_OUT,),
    ),
    _wording(rf"行政复议(?:案件|申请)?{_COUNT}{_WHOLE}", _REVIEWS, about=True),
    _wording(rf"行政诉讼(?:案件)?{_COUNT}{_WHOLE}", _SUITS, about=True),
    _wording(
        rf"{_NONE}(?:发生|产生|出现|收到|引发|有)?{_CAUSE}行政复议(?:案件|申请)?{_WHOLE}",
        _REVIEWS,
        about=True,
    ),
    _wording(
        rf"{_NONE}(?:发生|产生|出现|收到|引发|有)?{_CAUSE}"
        rf"(?:行政复议(?:案件|申请)?(?:、|和|或|及|以及|与))?行政诉讼(?:案件)?{_WHOLE}",
        _SUITS,
        about=True,
    ),
)


def contradictions(
    pages: Sequence[Page], organ: str, year: int | None, values: Sequence[Value]
) -> tuple[Finding, ...]:
    """Say where the text of 一、总体情况 gives another count than the tables; both places are named.

    Nothing is said where the text gives several counts for one place, or also
    states the count of the table. No value gets a flag by this.
    """
    by_key = {value.key: value for value in values}
    by_place: dict[tuple[Key, ...], list[Statement]] = {}
    text = _section(pages)
    for statement in statements(text, organ, year):
        by_place.setdefault(statement.wording.keys, []).append(statement)
    return tuple(
        _finding(found[0], by_key)
        for found in by_place.values()
        if len({one.count for one in found}) == 1
        if all(_contradicts(one, by_key) and not _told_otherwise(one, by_key, text) for one in found)
    )


def statements(text: Sequence[tuple[str, int]], organ: str, year: int | None) -> Iterator[Statement]:
    """Every clear count in a text that is given as characters with their pages."""
    for sentence in _sentences(text):
        words = "".join(character for character, _ in sentence)
        for wording in _WORDINGS:
            for match in wording.pattern.finditer(words):
                if _is_clear(wording, words, match.start(), organ, year):
                    number = match.groupdict().get("n")
                    count = _number(number) if number else 0
                    yield Statement(wording, count, match[0], sentence[match.start()][1])


def _section(pages: Sequence[Page]) -> list[tuple[str, int]]:
    """The characters of 一、总体情况, each with its page; empty where it has no heading.

    It ends at the next heading or, where that was not read, at the first table. A
    line that was not read for sure is left out, with a mark that no wording reaches across.
    """
    text: list[tuple[str, int]] = []
    inside = False
    for page in pages:
        for line in page.lines:
            words = re.sub(r"\s+", "", line.text)
            tabular = page.has_in_a_table(line)
            if inside and (tabular or _NEXT_SECTION.fullmatch(words)):
                return text
            if inside and not is_page_number(line.text):
                sure = words if line.confidence >= _SURE_LINE else _UNSURE
                text += [(half_width(c) if c.isdigit() else c, page.number) for c in sure]
            inside = inside or _SECTION.fullmatch(words) is not None
    return text


def _sentences(text: Sequence[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    sentence: list[tuple[str, int]] = []
    for character in text:
        sentence.append(character)
        if character[0] in "。；;！":
            yield sentence
            sentence = []
    yield sentence


def _is_clear(wording: Wording, words: str, start: int, organ: str, year: int | None) -> bool:
    before = words[:start]
    years = {int(found) for found in _YEAR.findall(before)}
    if years - {year} or (wording.about and not _ABOUT.search(words)):
        return False
    if not wording.subject:
        return wording.keys == (_CARRIED_IN,) or not _PARTIAL.search(before)
    if _PARTIAL.search(before):
        return False
    own = "".join(f"|{re.escape(name)}" for name in _names(organ))
    clause = re.split(r"[，,：:、]", before)[-1]
    return re.fullmatch(rf"(?:{_NUMBERING})?(?:{_TIME}|{_WE}|{_ADVERB}{own})*", clause) is not None


def _names(organ: str) -> list[str]:
    """The organ as titled, and without the places before it: 松岭区林业局 for 临泽市松岭区林业局."""
    return [organ[start:] for start in range(len(organ) - _SHORTEST_NAME + 1)]


def _contradicts(statement: Statement, values: Mapping[Key, Value]) -> bool:
    sums = [_sum(keys, values) for keys in statement.wording.readings]
    return sums[0] is not None and str(statement.count) not in sums


def _told_otherwise(
    statement: Statement, values: Mapping[Key, Value], text: Sequence[tuple[str, int]]
) -> bool:
    """Say whether the text states the table's count too, of whomever: then who is meant is unclear."""
    said = "".join(character for character, _ in text)
    table = _sum(statement.wording.keys, values)
    if _NEW in statement.wording.keys:
        return re.search(rf"(?:收|受理|接)[^。；]{{0,30}}?(?<!\d){table}[件起宗例份]", said) is not None
    return re.search(rf"(?:复议|诉讼|结转)[^。；]{{0,12}}?(?<!\d){table}[件起宗例份]", said) is not None


def _sum(keys: Sequence[Key], values: Mapping[Key, Value]) -> str | None:
    """The sum of values as a plain integer, blanks and dashes as 0; None if any is not known."""
    found = [values.get(key) for key in keys]
    if any(value is None or value.state in (State.UNREAD, State.MISSING) for value in found):
        return None
    numbers = [value.value or "0" for value in found if value]
    return str(sum(map(int, numbers))) if all(number.isdecimal() for number in numbers) else None


def _number(text: str) -> int:
    """An Arabic or Chinese number below a hundred million."""
    plain = re.sub(r"[,，]", "", text)
    if plain.isdecimal():
        return int(plain)
    if not set(plain) & {*_PLACES, "万"}:
        return int("".join(str(_DIGITS[digit]) for digit in plain))
    upper, _, lower = plain.rpartition("万")
    return 10_000 * (_below_ten_thousand(upper) if upper else 0) + _below_ten_thousand(lower)


def _below_ten_thousand(text: str) -> int:
    total, digit = 0, 0
    for character in text:
        if character in _PLACES:
            total += (digit or 1) * _PLACES[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def _finding(statement: Statement, values: Mapping[Key, Value]) -> Finding:
    keys = statement.wording.keys
    places = "、".join(_place(values[key]) for key in keys)
    words = f"第 {statement.page} 页“{statement.words}”"
    return Finding(KIND, f"正文{words}，与表中 {places} 不符", _RELATION, keys, statement.page)


def _place(value: Value) -> str:
    key = value.key
    row, column = labels_of(value.form, key.table, key.row, key.column)
    page = f"，第 {value.page} 页" if value.page else ""
    return f"{row} · {column}（{key}{page}）{value.raw or '空白'}"
