"""Visits the addresses given on stdin (JSON) with the safe handler, and prints what became of them (JSON).

It runs as a process of its own: a reactor runs once, and the peak of memory is that of the visits alone.
Underneath the guard stands a second fence for the tests' sake: what the guard lets through is written
down, and nothing leaves loopback even if the guard is broken.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from twisted.python.failure import Failure
from zope.interface import implementer

from ingest.crawl.config import Plan
from ingest.crawl.scrapy_settings import safe_settings
from ingest.crawl.transport import tls
from ingest.crawl.transport.error_messages import dead_end, explain

FOUND: list[dict[str, Any]] = []
REACHED: list[str] = []


class Visitor(scrapy.Spider):
    name = "visitor"

    def __init__(self, visits: list[dict[str, Any]], names: dict[str, list[list[str]]], **named: Any) -> None:
        super().__init__(**named)
        self.visits = visits
        self.names = names
        self.began: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, *given: Any, **named: Any) -> Visitor:
        spider = super().from_crawler(crawler, *given, **named)
        crawler.signals.connect(spider.begins, scrapy.signals.request_reached_downloader)
        return spider

    def begins(self, request: scrapy.Request) -> None:
        if request.cb_kwargs:
            self.began.setdefault(request.cb_kwargs["name"], time.monotonic())

    async def start(self) -> AsyncIterator[scrapy.Request]:
        from twisted.internet import reactor

        reactor.installNameResolver(Names(self.names, reactor.nameResolver))  # type: ignore[attr-defined]
        for visit in self.visits:
            meta = visit["meta"] | {"download_slot": visit["name"], "cookiejar": visit["name"]}
            yield scrapy.Request(
                visit["url"],
                method="POST" if "body" in visit else "GET",
                body=visit.get("body", ""),
                callback=self.took,
                errback=self.failed,
                meta=meta,
                cb_kwargs={"name": visit["name"]},
            )

    def took(self, response: scrapy.http.Response, name: str) -> None:
        outcome, reason = dead_end(response) or ("page", "")
        note = reason or tls.noted(response) or response.body[:200].decode("latin-1")
        self._found(name, outcome, note, status=response.status, size=len(response.body))

    def failed(self, failure: Failure) -> None:
        request = failure.request  # type: ignore[attr-defined]
        outcome, reason = explain(failure.value, request)
        self._found(request.cb_kwargs["name"], outcome, reason)

    def _found(self, name: str, outcome: str, reason: str, **more: Any) -> None:
        now = time.monotonic()
        seconds = round(now - self.began.get(name, now), 2)
        FOUND.append({"name": name, "outcome": outcome, "reason": reason, "seconds": seconds} | more)


@implementer(IHostnameResolver)
class Names:
    """Knows some names itself, and asks no name server: for each, its answers in turn, or it hangs."""

    def __init__(self, names: dict[str, list[list[str]]], below: Any) -> None:
        self.names = names
        self.below = below

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *rest: Any, **named: Any) -> Any:  # noqa: N802
        port = named.pop("portNumber", port)
        if name not in self.names:
            return self.below.resolveHostName(receiver, name, port, *rest, **named)
        answers = self.names[name]
        receiver.resolutionBegan(None)
        if not answers:
            return receiver
        for address in answers.pop(0) if len(answers) > 1 else answers[0]:
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        return receiver.resolutionComplete()


def fence() -> None:
    from twisted.internet import reactor

    connect = reactor.connectTCP  # type: ignore[attr-defined]

    def fenced(host: str, port: int, *rest: Any, **named: Any) -> Any:
        REACHED.append(host)
        if not host.startswith("127.") and host != "::1":
            raise OSError(f"{host} is not on loopback")
        return connect(host, port, *rest, **named)

    reactor.connectTCP = fenced  # type: ignore[attr-defined]


def peak_memory() -> int:
    """In KB; getrusage would count the parent that forked us."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def main() -> None:
    given = json.load(sys.stdin)
    settings = safe_settings(Plan.model_validate(given["plan"])) | given["settings"]
    process = AsyncCrawlerProcess(settings, install_root_handler=False)
    fence()
    process.crawl(Visitor, visits=given["visits"], names=given["names"])
    before = peak_memory()
    process.start()
    memory = {"before": before, "peak": peak_memory()}
    print(json.dumps({"found": FOUND, "reached": sorted(set(REACHED))} | memory))


main()
