"""Good manners towards hosts: robots.txt, pauses, pace, budgets and bounds, as downloader middlewares.

Scrapy has robots.txt, retries and AutoThrottle; what it does not do is here: it
takes a robots.txt that cannot be read for permission, does not look at
Retry-After, and knows one delay for all sites.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser

from archive.crawl.records import Robots
from ingest.crawl.config import Site
from ingest.crawl.job import Forbidden, Job, Postponed
from ingest.crawl.pages.urls import is_on_site
from ingest.crawl.scrapy_settings import limits_of
from ingest.crawl.transport.error_messages import explain

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# A host that asks for a longer pause than this, in seconds, is left alone for the night.
LONGEST_PAUSE = 600.0
# The pause after 429 or 503 where the host does not say how long.
USUAL_PAUSE = 5.0
# No site needs a longer pace than this, in seconds, whatever its robots.txt says.
SLOWEST_PACE = 60.0
BUSY = (429, 503)
# The name under which robots.txt speaks of us.
ROBOT = "guidang"


def site_of(request: Request) -> Site:
    """The site that a request is made for."""
    found: Site = request.meta["site"]
    return found


def on_behalf_of(site: Site) -> dict[str, object]:
    """The meta of a request that is made for a site."""
    return limits_of(site, site.name) | {"site": site}


class BoundsMiddleware:
    """Keeps to the site's hosts, night and budget on every hop."""

    def __init__(self, job: Job) -> None:
        self._job = job

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.spider.job)  # type: ignore[union-attr]  # our spider has a job

    def process_request(self, request: Request) -> None:
        """Raise Forbidden or Postponed for a request that must not be made, or not now."""
        site, host = site_of(request), urlsplit(request.url).hostname or ""
        if urlsplit(request.url).scheme not in ("http", "https"):
            raise Forbidden(f"{request.url[:80]} is neither http nor https")
        if not is_on_site(request.url, self._job.hosts[site.name]):
            raise Forbidden(f"it leads to {host}, which is none of the site's hosts (hosts)")
        self._job.check_limits(site, host)


class SiteThrottle(AutoThrottle):
    """AutoThrottle with the delay and connections of each site, and the Crawl-delay of its robots.txt."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._least: dict[str, float] = {}

    def set(self, host: str, delay: float, connections: int) -> None:
        """Say how fast a host may be asked; of two sites on one host the slower pace counts."""
        downloader = self.crawler.engine.downloader
        delay = max(delay, self._least.get(host, 0.0))
        self._least[host] = delay
        downloader.per_slot_settings[host] = {"concurrency": connections, "delay": delay}
        if host in downloader.slots:
            downloader.slots[host].delay = max(delay, downloader.slots[host].delay)

    def keeps(self, host: str, delay: float) -> bool:
        """Whether a host is asked no faster than with this delay."""
        return self._least.get(host, -1.0) >= delay

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        name = request.meta.get("download_slot", "")
        self.mindelay = self._least.get(name, 0.0)
        super()._response_downloaded(response, request, spider)
        slot = self.crawler.engine.downloader.slots.get(name)
        if slot is not None:
            # A pause begins when the host has answered, not when it was asked.
            slot.lastseen = max(slot.lastseen, monotonic())


class PauseMiddleware:
    """Keeps Retry-After: nothing more is asked of a host until its pause is over. Counts what hosts send."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._closed: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Set the pace of a host that is new; refuse one that asked to be left alone."""
        site, host = site_of(request), urlsplit(request.url).hostname or ""
        pace: SiteThrottle = self._crawler.get_extension(SiteThrottle)  # type: ignore[assignment]  # it is switched on
        if not pace.keeps(host, site.delay):
            pace.set(host, site.delay, site.connections)
        if host in self._closed:
            raise self._job.postpone(site.name, self._closed[host])

    def process_response(self, request: Request, response: Response) -> Response:
        """Make the host's next request wait after 429 or 503; a long pause ends the night for it."""
        host = urlsplit(request.url).hostname or ""
        self._job.bytes[host] += len(response.body)
        if response.status in BUSY:
            seconds = pause_of(response.headers.get(b"Retry-After"), datetime.now(UTC))
            if seconds > LONGEST_PAUSE:
                self._closed[host] = f"{host} asks to be left alone for {seconds:.0f} s (Retry-After)"
                raise self._job.postpone(site_of(request).name, self._closed[host])
            self._pause(request.meta["download_slot"], seconds)
        return response

    @property
    def _job(self) -> Job:
        job: Job = self._crawler.spider.job  # type: ignore[union-attr]  # our spider has a job
        return job

    def _pause(self, slot_name: str, seconds: float) -> None:
        """Hold back what waits in the host's slot too; one without any delay would not look at the time."""
        slot = self._crawler.engine.downloader.slots.get(slot_name)
        if slot is not None:
            slot.delay = max(slot.delay, 0.001)
            slot.lastseen = monotonic() + seconds


def pause_of(header: bytes | None, now: datetime) -> float:
    """Seconds that a Retry-After asks for, as a number or a date (RFC 9110, 10.2.3)."""
    text = (header or b"").decode("latin-1").strip()
    if text.isdecimal():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return USUAL_PAUSE
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())


class RobotsMiddleware(RobotsTxtMiddleware):
    """robots.txt once a host and round, kept in the archive.

    One that cannot be had closes the host for the night (RFC 9309, 2.3.1.4).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._asked: dict[str, asyncio.Task[Robots]] = {}
        self._rules: dict[str, RobotParser] = {}

    async def process_request(self, request: Request, spider: Any = None) -> None:
        """Raise Forbidden where robots.txt does not let us in."""
        if request.meta.get("dont_obey_robotstxt") or site_of(request).robots == "ignore":
            return
        host = urlsplit(request.url).netloc.rpartition("@")[2]
        if host not in self._asked:
            self._asked[host] = asyncio.ensure_future(self._robots(request, host))
        robots = await self._asked[host]
        if robots.reason:
            raise Forbidden(f"robots.txt of {host} cannot be read ({robots.reason}): left alone tonight")
        if not self._allowed(robots, request):
            raise Forbidden("robots.txt does not allow it")

    def _allowed(self, robots: Robots, request: Request) -> bool:
        if robots.host not in self._rules:
            rules = self._parserimpl.from_crawler(self.crawler, robots.text.encode())
            self._rules[robots.host] = rules
            self._keep_pace(rules, request)
        return bool(self._rules[robots.host].allowed(request.url, ROBOT))

    def _keep_pace(self, rules: RobotParser, request: Request) -> None:
        asked = rules.crawl_delay(ROBOT)
        if asked:
            site, pace = site_of(request), self.crawler.get_extension(SiteThrottle)
            host, delay = urlsplit(request.url).hostname or "", max(site.delay, min(asked, SLOWEST_PACE))
            pace.set(host, delay, site.connections)  # type: ignore[union-attr]  # it is switched on

    async def _robots(self, request: Request, host: str) -> Robots:
        job: Job = self.crawler.spider.job  # type: ignore[union-attr]  # our spider has a job
        known = job.memory.robots(job.round, host)
        if known is not None:
            return known
        robots = await self._ask(request, host)
        job.memory.keep_robots(job.round, robots, job.now())
        return robots

    async def _ask(self, request: Request, host: str) -> Robots:
        url = f"{urlsplit(request.url).scheme}://{host}/robots.txt"
        meta = on_behalf_of(site_of(request)) | {"dont_obey_robotstxt": True}
        asked = Request(url, meta=meta, callback=NO_CALLBACK, priority=1000)
        try:
            answer = await self.crawler.engine.download_async(asked)
        except Postponed:
            raise
        except Exception as error:  # whatever it is, the host is left alone, and the reason kept
            return Robots(host, None, "", explain(error, asked)[1])
        return robots_of(host, answer.status, answer.body)


def robots_of(host: str, status: int, body: bytes) -> Robots:
    """What an answer for robots.txt means: none there is permission, a server in trouble is none."""
    if status in BUSY or status >= 500:
        return Robots(host, status, "", f"status {status}")
    is_there = 200 <= status < 300
    return Robots(host, status, body.decode("utf-8", "replace") if is_there else "", "")
