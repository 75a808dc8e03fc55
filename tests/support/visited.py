"""Tasks and visits made by hand, for tests of what is remembered of crawls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from archive.archive import Archive
from archive.crawl.crawl_memory import CrawlMemory
from archive.crawl.records import (
    Original,
    Robots,
    Round,
    Sighting,
    SiteNight,
    Task,
    TaskKind,
    Visit,
    VisitOutcome,
)

SITE = "清河县人民政府"
HOST = "http://www.qinghe.gov.cn"
PDF, HTML = "application/pdf", "text/html"
FIRST_NIGHT = datetime(2026, 11, 1, 22, tzinfo=UTC)


def night_of(number: int) -> datetime:
    return FIRST_NIGHT + timedelta(days=number - 1)


def task(
    path: str, kind: TaskKind = TaskKind.REPORT, title: str = "", site: str = SITE, depth: int = 1
) -> Task:
    return Task(site, HOST + path, HOST + path, kind, depth, HOST + "/", title or f"报告{path}", "title")


def visit(
    outcome: VisitOutcome, status: int | None = 200, links: Iterable[Task] = (), **fields: object
) -> Visit:
    plain = Visit(
        outcome=outcome,
        reason="",
        status=status,
        final_url=HOST,
        media_type=HTML,
        sha256="",
        size=0,
        headers={"Date": "Sun, 01 Nov 2026 22:00:00 GMT"},
        title="",
        redirects=(),
        text_sha256="",
        tls="",
        shape=None,
        links=tuple(links),
        originals=(),
    )
    return replace(plain, **fields)


def digest(body: bytes) -> str:
    return sha256(body).hexdigest()


def page(*links: Task, body: bytes = b"<html>", **fields: object) -> Visit:
    told = {"sha256": digest(body), "size": len(body), "shape": {"links": len(links)}}
    return visit(VisitOutcome.PAGE, links=links, **(told | fields))


def file(path: str, body: bytes, **fields: object) -> Visit:
    """What a link to a PDF brings."""
    told = {
        "media_type": PDF,
        "sha256": digest(body),
        "size": len(body),
        "headers": {"ETag": f'"{len(body)}"'},
    }
    return visit(VisitOutcome.NEW, originals=(Original(HOST + path, PDF, body),), **(told | fields))


def zipped(path: str, *members: tuple[str, bytes], body: bytes) -> Visit:
    originals = tuple(Original(f"{HOST}{path}!{name}", PDF, content) for name, content in members)
    return visit(VisitOutcome.NEW, originals=originals, sha256=digest(body), size=len(body))


GONE = visit(VisitOutcome.GONE, 404)
UNMODIFIED = visit(VisitOutcome.UNMODIFIED, 304, headers={})
LOGIN = visit(VisitOutcome.LOGIN, reason="asks for a password")


class Night:
    """One round of one site: `see` puts a task into the frontier if it is not there."""

    def __init__(self, memory: CrawlMemory, number: int, site: str = SITE) -> None:
        self.memory, self.site, self.now = memory, site, night_of(number)
        self.round: Round = memory.begin(self.now, self.now)[0]
        memory.plan(self.round.id, memory.known(site))

    def see(self, what: Task, met: Visit) -> Sighting:
        self.memory.plan(self.round.id, [what])
        return self.memory.see(self.round.id, what, met, self.now)[0]

    def close_site(self, state: str = "complete", reason: str = "") -> SiteNight:
        counted = self.memory.night(self.round.id, self.site)
        return self.memory.close_site(replace(counted, state=state, reason=reason, seconds=12.5), self.now)

    def close(self, state: str = "complete", reason: str = "") -> None:
        self.memory.close(self.round.id, state, reason, (), self.now + timedelta(hours=1))


@contextmanager
def night(archive: Archive, number: int, site: str = SITE) -> Iterator[Night]:
    """A whole night: begun, what the test does in it, and closed as complete."""
    one = Night(archive.crawl, number, site)
    yield one
    one.close_site()
    one.close()


def two_nights(archive: Archive) -> None:
    """Something in every table of the crawler's memory."""
    with night(archive, 1) as first:
        archive.crawl.keep_robots(first.round.id, Robots("www.qinghe.gov.cn", 404, "", ""), first.now)
        first.see(task("/", TaskKind.START), page(task("/a.pdf")))
        first.see(task("/a.pdf"), file("/a.pdf", b"first"))
    second = Night(archive.crawl, 2)
    second.see(task("/a.pdf", TaskKind.KNOWN), file("/a.pdf", b"second", tls="no issuer"))
    second.close_site("cut", "06:00")
