"""The makeup of a listing, so that two nights can be compared."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from archive.crawl.records import TaskKind
from ingest.crawl.classify.link_classifier import ClassifiedLink
from ingest.crawl.pages.models import PageView

# Places and patterns that are kept, the most frequent ones.
_KEPT = 8
# What a row says, at least, in characters.
_ROW = 4
_DIGITS = re.compile(r"\d+")
# Words of a class that tell the state of one row, not the list that it stands in.
_STATE = re.compile(
    r"\.(?:odd|even|first|last|cur|current|active|on|hover|selected|top|hot|new|alt|line)#?(?=>|$)", re.I
)


def shape(view: PageView, judged: Sequence[ClassifiedLink]) -> dict[str, Any]:
    """Tell what a listing consists of, as JSON: counts by kind of link, where in the markup
    its reports stand, and how their addresses are built, with how many of each."""
    documents = [one.link for one in judged if one.kind in (TaskKind.REPORT, TaskKind.FILE)]
    return {
        "reports": sum(one.kind is TaskKind.REPORT for one in judged),
        "files": sum(one.kind is TaskKind.FILE for one in judged),
        "pagers": sum(one.link.how == "paging" for one in judged),
        "ways": sum(one.kind is TaskKind.LIST and one.deeper for one in judged),
        "frames": sum(one.link.how == "frame" for one in judged),
        "links": len(view.links),
        "places": _most(_place(link.path) for link in documents),
        "patterns": _most(pattern(link.url) for link in documents),
    }


def rows_of(judged: Sequence[ClassifiedLink]) -> int:
    """How many rows a list has: the links that stand where its reports stand, else where most links do."""
    at: dict[str, set[str]] = defaultdict(set)
    for one in judged:
        if one.link.how not in ("paging", "list", "frame", "nowhere") and len(one.link.text) >= _ROW:
            at[_place(one.link.path)].add(one.link.url)
    documents = {_place(one.link.path) for one in judged if one.kind in (TaskKind.REPORT, TaskKind.FILE)}
    return sum(len(at[place]) for place in documents) or max(map(len, at.values()), default=0)


def _place(path: str) -> str:
    """Where in the markup a link stands, whatever the state of its row."""
    return _STATE.sub("", path)


def pattern(url: str) -> str:
    """Give the path of an address with every number replaced: /xxgk/nb/#/t#_#.html."""
    parts = urlsplit(url)
    names = sorted({piece.partition("=")[0] for piece in parts.query.split("&") if piece})
    return _DIGITS.sub("#", parts.path)[:200] + ("?" + "&".join(names) if names else "")


def _most(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))[:_KEPT])


def shape_changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Say why a listing is not made as it was, in one line; empty if it is.

    One more report is no other shape, nor is one fewer; none at all where there were some is.
    """
    reasons = [_fewer(before, now), *(_elsewhere(before, now, part, words) for part, words in _PARTS)]
    return "; ".join(reason for reason in reasons if reason)


_PARTS = (
    ("places", "the list stands elsewhere in the page"),
    ("patterns", "addresses of reports are built in another way"),
)


def _fewer(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    had, has = _documents(before), _documents(now)
    if had and not has:
        return f"{had} links to reports before, none now"
    if had >= 6 and has * 2 < had:
        return f"{had} links to reports before, {has} now"
    if before.get("pagers") and not now.get("pagers"):
        return f"{before['pagers']} links to further pages before, none now"
    if not had and before.get("ways") and not (now.get("ways") or has):
        return f"{before['ways']} ways to reports before, none now"
    return ""


def _documents(made: Mapping[str, Any]) -> int:
    return int(made.get("reports", 0)) + int(made.get("files", 0))


def _elsewhere(before: Mapping[str, Any], now: Mapping[str, Any], part: str, words: str) -> str:
    """Whether nothing stands where most reports stood; one single report tells nothing."""
    was, is_now = before.get(part) or {}, now.get(part) or {}
    if not is_now or sum(was.values()) < 2:
        return ""
    most = next(iter(was))
    if most in is_now or max(was.values()) < 2:
        return ""
    return f"{words}: {most} before, {next(iter(is_now))} now"
