"""What a page has that could hide reports, and that we could not go on from: told each night as alarms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urljoin

from archive.crawl.records import TaskKind
from ingest.crawl.classify import link_words
from ingest.crawl.classify.link_classifier import ClassifiedLink, leads_on
from ingest.crawl.classify.url_hints import is_library
from ingest.crawl.pages.models import PageView

# A kind of alarm, the address that it is about, what is the matter, and the address or host to add, if known.
BlindSpot = tuple[str, str, str, str]

_ANNUAL = re.compile(r"年报|年度报告|年度工作报告")
_OF_DISCLOSURE = re.compile(r"公开")
_NEXT = re.compile(r"[<\[«‹]*(?:下一?页|后一?页|加载更多|查看更多)[>\]»›]*")
_MOST = 5


def blind_spots(
    view: PageView, judged: Sequence[ClassifiedLink], words: str, *, is_report: bool, is_list: bool = False
) -> list[BlindSpot]:
    """What of a page could not be gone on from; `words` are those of the link that led there.

    `is_list` says that it is a list which a script of a page gets: another one may have the reports.
    """
    found = [*_off_site(judged)]
    if not is_report:
        found += [*_unaddressed(view, words), *_left_out(view, judged), *_pager(view, judged)]
        found += [] if is_list else _unread(view, judged, words)
    return found[:_MOST]


def _off_site(judged: Sequence[ClassifiedLink]) -> Iterator[BlindSpot]:
    """A column of annual reports that is kept on another host."""
    for one in judged:
        words = link_words.normal(one.link.text)
        if not one.why.startswith("leads off the site") or not _ANNUAL.search(words):
            continue
        if not (link_words.foreign(words) or link_words.aside(words) or link_words.no_report(words)):
            host = one.why.rpartition(" ")[2]
            yield (
                "off_site",
                one.link.url,
                f"{words[:40]} is kept on {host}: add it to hosts, or to start",
                host,
            )


def _unaddressed(view: PageView, words: str) -> Iterator[BlindSpot]:
    """A column of annual reports whose rows have no address."""
    if view.unaddressed and is_column(view, words):
        said = f"{view.unaddressed} rows of data have a title and no address"
        yield "unread_list", view.url, f"{said}: describe the platform (docs/crawling.md)", ""


def _left_out(view: PageView, judged: Sequence[ClassifiedLink]) -> Iterator[BlindSpot]:
    """A list of reports with more links than are kept of one page."""
    if view.left_out and any(one.kind in (TaskKind.REPORT, TaskKind.FILE) for one in judged):
        said = f"it has {view.left_out:,} links beyond the {len(view.links):,} that are looked at"
        yield "unread_list", view.url, f"{said}: name the lists of single years in start", ""


def _unread(view: PageView, judged: Sequence[ClassifiedLink], words: str) -> Iterator[BlindSpot]:
    """A column of annual reports that shows none, as where a script fills it."""
    if is_column(view, words) and not any(map(leads_on, judged)):
        which, address = filled_by(view)
        said = f"a column of annual reports shows none{which}: name its list in start"
        yield "unread_list", view.url, said, address


def is_column(view: PageView, words: str) -> bool:
    """Whether a page, or the link to it, is called like a column of annual reports of all years."""
    name = link_words.normal(f"{view.heading or view.title} {words}")
    is_named = _ANNUAL.search(name) and _OF_DISCLOSURE.search(name) and not link_words.foreign(name)
    return bool(is_named) and (bool(view.unaddressed) or not link_words.years(name))


def filled_by(view: PageView) -> tuple[str, str]:
    """Which script fills a page, in words, and the address that it asks, as far as they can be told."""
    asked = next((one for one in view.calls if one.reads_list), next(iter(view.calls), None))
    if asked is not None:
        return f"; a script of the page asks {asked.address[:200]}", urljoin(view.url, asked.address)
    own = [source for source in view.sources if not is_library(source)]
    source = next(reversed(own or view.sources), "")
    return (f"; a script fills it: {source[:200]}" if source else ""), ""


def _pager(view: PageView, judged: Sequence[ClassifiedLink]) -> Iterator[BlindSpot]:
    """A list whose next page is behind a script that is not understood."""
    if any(one.link.how in ("paging", "list") for one in judged):
        return
    if not any(one.kind in (TaskKind.REPORT, TaskKind.FILE) for one in judged):
        return
    for one in judged:
        if one.link.how == "nowhere" and _NEXT.fullmatch("".join(one.link.text.split())):
            yield "unread_pager", view.url, f"its next page is behind a script: {one.link.url[:80]}", ""
            return
