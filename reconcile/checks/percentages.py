"""Rates of change that the running text gives, laid beside the amounts that it gives with them (relation R8).

Only wordings are taken that name both amounts, or one and the difference, in one breath: what was before,
what is now, and 增长 or 下降 by so many per cent. Amounts are rounded as printed; a rate may be cut off
instead of rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ocr.model import Page
from reconcile.checks.narrative import KIND
from reconcile.labels import half_width
from reconcile.matching.printed_tables import is_page_number
from reconcile.model import Finding

_RELATION = "R8"
# A misread digit in the text would accuse a sound report; a line's confidence is a mean over its characters.
_SURE_LINE = 0.95
_UNSURE = "□"

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNIT = r"(?P<unit>[万亿]?元|件次?|起|宗|个|项|条|篇|次|人次?)"
_SAME_UNIT = r"(?P=unit)"
# Words without a number, a break or another subject.
_WORDS = r"[^，,。；;：:\d%□]{0,30}?"
_UP, _DOWN = "增加|增长|上升|提高|增", "减少|下降|降低|减"
_RATE = rf"(?P<by>{_UP}|{_DOWN})(?:了|幅为)?(?P<rate>\d+(?:\.\d+)?)%(?!以|左右)"
_BEFORE, _NOW = rf"(?P<before>{_NUMBER})", rf"(?P<now>{_NUMBER})"
_DIFFERENCE = rf"(?P<step>{_UP}|{_DOWN})(?:了)?(?P<difference>{_NUMBER}){_SAME_UNIT}[，,]{_RATE}"
_OF_BEFORE = r"(?:上一?年度?|去年|20\d\d年度?)"

_PATTERNS = (
    # 2023年执行数为60.13万元，2024年预算安排25.77万元，比2023年减少57.14%
    re.compile(
        rf"(?P<first>20\d\d)年{_WORDS}{_BEFORE}{_UNIT}[，,；;](?P<second>20\d\d)年{_WORDS}{_NOW}{_SAME_UNIT}"
        rf"[，,](?:同比|(?:比|较){_OF_BEFORE}{_WORDS})?{_RATE}"
    ),
    # 从120件增加到150件，增长25%
    re.compile(
        rf"[从由]{_WORDS}{_BEFORE}{_UNIT}(?:{_UP}|{_DOWN}|降)(?:到|至|为){_WORDS}{_NOW}{_SAME_UNIT}[，,](?:同比)?{_RATE}"
    ),
    # 支出142.80万元，比2023年度减少13.52万元，下降8.65%
    re.compile(rf"{_NOW}{_UNIT}[，,](?:比|较|与){_OF_BEFORE}{_WORDS}(?:相比)?[，,]?{_DIFFERENCE}"),
    # 总计9859.38万元。与2023年度相比，总计增加1062.85万元，增长12.08%
    re.compile(
        rf"(?P<what>[\u4e00-\u9fff]{{4,20}}){_NOW}{_UNIT}(?:[，,]占[^，。□]{{2,20}}%)?[，,。]"
        rf"(?:与|比|较){_OF_BEFORE}(?:相比|比较)?[，,](?P=what){_DIFFERENCE}"
    ),
    # 年初预算为54.53万元，支出决算为50.12万元，完成年初预算的91.91%
    re.compile(
        rf"预算(?:数)?为?{_BEFORE}{_UNIT}[，,](?:支出)?决算(?:数)?为?{_NOW}{_SAME_UNIT}[，,。]"
        r"完成(?:年初|调整)?预算(?:数)?的(?P<share>\d+(?:\.\d+)?)%"
    ),
)


@dataclass(frozen=True, slots=True)
class StatedChange:
    """What was before, what is now, and the rate that the text gives: signed, in per cent."""

    before: Decimal
    now: Decimal
    rate: Decimal
    is_share: bool
    words: str
    page: int

    @property
    def real_rate(self) -> Decimal:
        """The rate that the amounts give."""
        return 100 * self.now / self.before - (0 if self.is_share else 100)


def wrong_rates(pages: Sequence[Page]) -> tuple[Finding, ...]:
    """Say where the text gives a rate that its own amounts do not give; no value is flagged by it."""
    found = {change.words: change for change in changes(_text(pages))}
    return tuple(_finding(change) for change in found.values() if not _is_right(change))


def changes(text: Sequence[tuple[str, int]]) -> Iterator[StatedChange]:
    """Every change that is stated in a text that is given as characters with their pages."""
    words = "".join(character for character, _ in text)
    if "%" not in words:
        return
    for pattern in _PATTERNS:
        for match in pattern.finditer(words):
            if change := _change(match, text[match.start()][1]):
                yield change


def _change(match: re.Match[str], page: int) -> StatedChange | None:
    """The change that a match states; None where it is none from one year to the next, or from nothing."""
    said = match.groupdict()
    if said.get("first") and int(said["second"]) != int(said["first"]) + 1:
        return None
    now = _decimal(said["now"])
    if said.get("difference"):
        before = now - _signed(said["step"], _decimal(said["difference"]))
        if _is_up(said["step"]) != _is_up(said["by"]):
            return None
    else:
        before = _decimal(said["before"])
    share = said.get("share")
    rate = Decimal(share) if share else _signed(said["by"], Decimal(said["rate"]))
    return StatedChange(before, now, rate, bool(share), match[0], page) if before > 0 else None


def _is_right(change: StatedChange) -> bool:
    """Say whether the rate may come of the amounts, each off by half of its last digit, the rate by one."""
    half = max(_digit(change.before), _digit(change.now)) / 2
    if half == Decimal("0.5"):  # counts are exact, and amounts in whole 元 nearly so
        half = Decimal(0)
    least = 100 * (change.now - half) / (change.before + half)
    most = 100 * (change.now + half) / max(change.before - half, half or change.before)
    rate = change.rate if change.is_share else change.rate + 100
    return least - _digit(change.rate) <= rate <= most + _digit(change.rate)


def _finding(change: StatedChange) -> Finding:
    real = change.real_rate.quantize(_digit(change.rate))
    words = f"文中“{change.words}”：由 {change.before} 到 {change.now}，应为 {real}%，文中为 {change.rate}%"
    if change.is_share:
        words = f"文中“{change.words}”：{change.now} 为 {change.before} 的 {real}%，文中为 {change.rate}%"
    return Finding(KIND, words, _RELATION, page=change.page)


def _text(pages: Sequence[Page]) -> list[tuple[str, int]]:
    """The characters of the running text with their pages; a line not read for sure is a mark."""
    text: list[tuple[str, int]] = []
    for page in pages:
        for line in page.lines:
            if not page.has_in_a_table(line) and not is_page_number(line.text):
                words = half_width(re.sub(r"\s+", "", line.text))
                text += [(c, page.number) for c in (words if line.confidence >= _SURE_LINE else _UNSURE)]
    return text


def _digit(number: Decimal) -> Decimal:
    """The worth of the last printed digit."""
    return Decimal(1).scaleb(int(number.as_tuple().exponent))


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))


def _is_up(word: str) -> bool:
    return word in _UP.split("|")


def _signed(word: str, number: Decimal) -> Decimal:
    return number if _is_up(word) else -number
