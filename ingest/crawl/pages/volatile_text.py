"""What a page prints anew each day though nothing was changed: counters, today's date, the weather."""

from __future__ import annotations

import re

_COUNTER = re.compile(
    r"(?:浏览|点击|访问|阅读|查看|人气)(?:次数|总数|总量|人数|量|数|率)? ?[:：\[【(（] ?[\[【(（]? ?"
    r"\d[\d,]{0,12} ?[\]】)）]? ?(?:人?次|人)?"
)
# The counter of one article, alone on its line. 访问量：123 may be a figure that a report gives.
_OWN_COUNTER = re.compile(
    r"[\[【(（]?(?:本文|本页|文章|信息|已)?(?:浏览|点击|阅读|查看)(?:次数|数|人数)?\s*[:：]\s*\d[\d,]{0,12}\s*人?次?[\]】)）]?"
)
# What stands beside a counter in the line below a heading.
_BESIDE = re.compile(r"发布(?:时间|日期|人|机构)|(?:来源|作者|日期)\s*[:：]|字体|字号|打印|责任编辑")
_TODAY = re.compile(
    r"(?:今天|今日|现在)是[^。\n\t]{0,40}?(?:\d日|星期.)[ ,，(（]{0,2}(?:星期.[)）]?)?"
    r"(?: ?\d{1,2}:\d\d(?::\d\d)?)?"
)
_VISITORS = re.compile(
    r"(?:当前|现在|北京|系统)时间\s*[:：][^。\n\t]{0,40}|"
    r"您是(?:本站)?第\s*\d[\d,]*\s*位[^。\n\t]{0,12}|(?:当前)?在线人数\s*[:：]?\s*\d+人?|"
    r"页面(?:执行|加载)时间[^\n\t]{0,30}|Processed in [^\n\t]{0,60}"
)
_WEEKDAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日\s*星期.(?:\s*\d{1,2}:\d\d(?::\d\d)?)?")
_WEATHER = re.compile(r"-?\d{1,2}\s*[℃°]C?(?:\s*[~～/-]\s*-?\d{1,2}\s*[℃°]C?)?")
_BARE_DATE = re.compile(
    r"[\[【(（]?\s*(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?\s*[\]】)）]?"
)
_NEIGHBOUR = re.compile(r"[\[【(（<]?(?:上一|下一|前一|后一)(?:篇|条|页|则)[^\n]{0,150}")


def lasting(text: str, *, in_frame: bool) -> str:
    """Leave out of some lines what changes by itself; `in_frame` if they stand outside of the page's content.

    Within the content, or where it is not known, only what no report prints is
    left out: a figure in a table or a sentence always stays.
    """
    kept = (_of_line(line, in_frame=in_frame) for line in text.split("\n"))
    return "\n".join(line for line in kept if line)


def _of_line(line: str, *, in_frame: bool) -> str:
    bare = line.strip()
    if "\t" in line or "。" in bare or len(bare) > 300:
        return line
    if _NEIGHBOUR.fullmatch(bare) or _OWN_COUNTER.fullmatch(bare):
        return ""
    if in_frame:
        return _of_frame(bare)
    line = _COUNTER.sub("", line) if _BESIDE.search(line) else line
    return _TODAY.sub("", line).strip() if len(bare) <= 80 else line


def _of_frame(line: str) -> str:
    if _BARE_DATE.fullmatch(line):
        return ""
    for pattern in (_COUNTER, _TODAY, _VISITORS, _WEEKDAY, _WEATHER):
        line = pattern.sub("", line)
    return line.strip()
