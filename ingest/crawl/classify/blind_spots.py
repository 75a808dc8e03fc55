"""What a page has that could hide reports, and that we could not go on from: told each night as alarms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.crawl.records import TaskKind
from ingest.crawl.classify import link_words
from ingest.crawl.classify.link_classifier import ClassifiedLink
from ingest.crawl.pages.models import PageView

# A kind of alarm, the address that it is about, and what to do about it.
BlindSpot = tuple[str, str, str]

_ANNUAL = re.compile(r"年报|年度报告|年度工作报告")
_OF_DISCLOSURE = re.compile(r"公开")
_NEXT = re.compile(r"[<\[«‹]*(?:下一?页|后一?页|加载更多|查看更多)[>\]»›]*")
_ASKS = re.compile(
    r"(?:ajax|get|post|getJSON|fetch|axios)\s{0,4}\(\s{0,4}(?:\{[^{}]{0,300}?url\s{0,4}:\s{0,4})?[\"']([^\"'\s]{3,300})[\"']"
)
_MOST = 5


def blind_spots(
    view: PageView, judged: Sequence[ClassifiedLink], words: str, is_report: bool
) -> list[BlindSpot]:
    """What of a page could not be gone on from; `words` are those of the link that led there."""
    found = [*_off_site(judged)]
    if not is_report:
        found += [*_unread(view, judged, words), *_pager(view, judged)]
    return found[:_MOST]


def _off_site(judged: Sequence[ClassifiedLink]) -> Iterator[BlindSpot]:
    """A column of annual reports that is kept on another host."""
    for one in judged:
        words = link_words.normal(one.link.text)
        if not one.why.startswith("leads off the site") or not _ANNUAL.search(words):
            continue
        if not (link_words.foreign(words) or link_words.aside(words) or link_words.no_report(words)):
            host = one.why.rpartition(" ")[2]
            yield "off_site", one.link.url, f"{words[:40]} is kept on {host}: add it to hosts, or to start"


def _unread(view: PageView, judged: Sequence[ClassifiedLink], words: str) -> Iterator[BlindSpot]:
    """A column of annual reports that shows none: a script fills it, or its rows have no address."""
    name = link_words.normal(f"{view.heading or view.title} {words}")
    is_column = _ANNUAL.search(name) and _OF_DISCLOSURE.search(name) and not link_words.foreign(name)
    if view.unaddressed and is_column:
        yield "unread_list", view.url, f"{view.unaddressed} rows of data have a title and no address"
    if not is_column or link_words.years(name) or any(map(_leads_on, judged)):
        return
    asked = _ASKS.search(view.script)
    source = asked[1] if asked else next(reversed(view.sources), "")
    which = f"; a script fills it: {source}" if source else ""
    yield "unread_list", view.url, f"a column of annual reports shows none{which}: name its list in start"


def _leads_on(one: ClassifiedLink) -> bool:
    if one.kind in (TaskKind.REPORT, TaskKind.FILE):
        return True
    is_part = one.link.how in ("list", "frame", "refresh", "paging")
    return one.kind is TaskKind.LIST and (is_part or one.why.startswith(("a year", "is called", "an organ")))


def _pager(view: PageView, judged: Sequence[ClassifiedLink]) -> Iterator[BlindSpot]:
    """A list whose next page is behind a script that is not understood."""
    if any(one.link.how in ("paging", "list") for one in judged):
        return
    if not any(one.kind in (TaskKind.REPORT, TaskKind.FILE) for one in judged):
        return
    for one in judged:
        if one.link.how == "nowhere" and _NEXT.fullmatch("".join(one.link.text.split())):
            yield "unread_pager", view.url, f"its next page is behind a script: {one.link.url[:80]}"
            return
