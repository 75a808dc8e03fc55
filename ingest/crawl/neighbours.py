"""Where to look for a column that is gone: the folders above it, and the front page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from archive.crawl.records import Sighting, Task, TaskKind, Visit, VisitOutcome
from ingest.crawl.pages.urls import canonical

BESIDE = "beside a column that is gone"
# Folders above a column that are looked at, from the nearest on; the front page comes on top.
_MOST = 2
NOT_THERE = range(400, 412)


def is_gone(task: Task, visit: Visit) -> bool:
    """Whether a start page or a list is not there: it answers so, or leads to the front page."""
    if task.kind not in (TaskKind.START, TaskKind.LIST):
        return False
    is_error = visit.outcome is VisitOutcome.ERROR and visit.status in NOT_THERE
    return (is_sent_home(visit) and not _is_front(task.url)) or visit.outcome is VisitOutcome.GONE or is_error


def is_sent_home(one: Sighting | Visit) -> bool:
    """Whether a visit was redirected to the front page of a host."""
    return bool(one.redirects) and _is_front(one.final_url)


def neighbours(task: Task, last: Sighting | None) -> tuple[Task, ...]:
    """The tasks that look for what a start page had, or a list that showed reports at `last`."""
    shape: Mapping[str, Any] = (last.shape if last is not None else None) or {}
    had_reports = bool(shape.get("reports") or shape.get("files"))
    return tuple(_beside(task)) if task.kind is TaskKind.START or had_reports else ()


def _is_front(url: str) -> bool:
    return urlsplit(url).path in ("", "/")


def _beside(task: Task) -> list[Task]:
    parts = urlsplit(task.url.partition("#")[0])
    folders = parts.path.rstrip("/").split("/")[:-1]
    above = ["/".join(folders[:n]) + "/" for n in range(len(folders), 0, -1)]
    urls = [
        urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        for path in dict.fromkeys([*above[:_MOST], "/"])
    ]
    return [
        Task(task.site, canonical(url), url, TaskKind.LIST, task.depth, task.url, task.title, BESIDE)
        for url in urls
        if canonical(url) != task.address
    ]
