"""One round over the sites: the page to start from.

begin or resume → plan the start pages and what is known → visit with Scrapy →
close each site → raise alarms → close the round. A process that is killed on the
way leaves an open round, with which the next one goes on.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.defer import deferred_from_coro

from archive.crawl.crawl_memory import CrawlMemory
from archive.crawl.records import Round, SiteNight
from ingest.crawl.classify.list_fingerprint import shape_changed
from ingest.crawl.config import Plan, Site
from ingest.crawl.job import CrawlListener, Job
from ingest.crawl.memory import Memory, NoMemory
from ingest.crawl.pages.urls import default_hosts
from ingest.crawl.reporting.alarms import round_alarms
from ingest.crawl.reporting.dry_run import DryRunEntry, dry_run_entries
from ingest.crawl.reporting.list_evidence import OF_USE
from ingest.crawl.scrapy_settings import safe_settings
from ingest.crawl.spider import ReportSpider, first_tasks

# A round that was broken off is gone on with for so long; then its start pages are due again.
RESUME_WITHIN = timedelta(hours=12)
# Why Scrapy says it ended when a signal came.
SHUTDOWN = "shutdown"
# Requests held at once beyond one connection a site: enough to keep every host busy, few to let go of.
HELD_A_SITE = 2


def run_round(
    plan: Plan,
    sites: Sequence[Site],
    memory: CrawlMemory,
    heard: CrawlListener,
    stop: datetime | None = None,
    any_hour: bool = False,
) -> Round:
    """Visit some sites of a plan once, until `stop`, an aware datetime; give the round, closed.

    Raises:
        KeyboardInterrupt: a signal ended it; the round stays open.
    """
    now = datetime.now(UTC)
    round_, _ = memory.begin(now, now - RESUME_WITHIN)
    for site in sites:
        memory.plan(round_.id, [*first_tasks(site), *memory.known(site.name)])
    job = job_for(plan, sites, memory, round_.id, heard, any_hour=any_hour)
    _count_what_was_done(job, memory)
    visit(job, plan, stop)
    if job.failure is not None:
        raise job.failure
    if job.ended == SHUTDOWN:
        raise KeyboardInterrupt
    return _close(job, memory, {site.name for site in plan.site})


def dry_run(plan: Plan, site: Site, heard: CrawlListener) -> list[DryRunEntry]:
    """Visit the pages of one site as a first round would, fetch no file and store nothing."""
    memory = NoMemory()
    memory.plan(0, first_tasks(site))
    job = job_for(plan, [site], memory, 0, heard, any_hour=True, fetches_files=False)
    visit(job, plan, None)
    return list(dry_run_entries(memory, job.passed_over, site))


def job_for(
    plan: Plan,
    sites: Sequence[Site],
    memory: Memory,
    round: int,
    heard: CrawlListener,
    *,
    any_hour: bool = False,
    fetches_files: bool = True,
) -> Job:
    """The job that visits these sites."""
    hosts = {site.name: tuple(site.hosts) or default_hosts(site.start) for site in sites}
    agent = f"guidang/{version('guidang')} (archives public disclosure reports"
    agent += f"; {plan.crawl.contact})" if plan.crawl.contact else ")"
    by_name = {site.name: site for site in sites}
    return Job(by_name, hosts, memory, round, heard, agent, fetches_files, any_hour)


def visit(job: Job, plan: Plan, stop: datetime | None) -> None:
    """Run Scrapy until nothing is left to visit, a signal comes, or the time is up."""
    settings = with_politeness(safe_settings(plan), job)
    process = AsyncCrawlerProcess(settings)
    process.crawl(ReportSpider, job=job)
    if stop is not None:
        _stop_later(process, job, stop)
    with _signals_given_back():
        process.start()


@contextmanager
def _signals_given_back() -> Iterator[None]:
    """Scrapy takes the signals that end a process, and keeps them."""
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def with_politeness(safe: dict[str, Any], job: Job) -> dict[str, object]:
    """Scrapy's settings: those for safety, of `settings.py`, and those for good manners."""
    most = max((site.connections for site in job.sites.values()), default=1)
    return safe | {
        "USER_AGENT": job.agent,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "ROBOTSTXT_OBEY": True,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": 0,
        # A site's delay is the least pause, so nothing may shorten it.
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS": min(200, HELD_A_SITE * most * len(job.sites) + 2),
        "CONCURRENT_REQUESTS_PER_DOMAIN": most,
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "EXTENSIONS": {
            "scrapy.extensions.throttle.AutoThrottle": None,
            "ingest.crawl.middlewares.SiteThrottle": 0,
        },
        # A host that is busy is asked again, since its pause is kept.
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [*safe["RETRY_HTTP_CODES"], 429],
        "DOWNLOADER_MIDDLEWARES": {
            **safe["DOWNLOADER_MIDDLEWARES"],
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "ingest.crawl.middlewares.BoundsMiddleware": 50,
            "ingest.crawl.middlewares.RobotsMiddleware": 100,
            # Sees busy answers before the retries do.
            "ingest.crawl.middlewares.PauseMiddleware": 560,
        },
    }


def _stop_later(process: AsyncCrawlerProcess, job: Job, at: datetime) -> None:
    from twisted.internet import reactor  # only now: Scrapy has installed the one it needs

    def stop() -> None:
        job.stopped = f"stopped at {at:%H:%M} (--until)"
        for crawler in process.crawlers:
            if crawler.engine is not None and crawler.engine.spider is not None:
                deferred_from_coro(crawler.engine.close_spider_async(reason="until"))

    seconds = max(0.0, (at - datetime.now(UTC)).total_seconds())
    reactor.callLater(seconds, stop)  # type: ignore[arg-type]  # it is made at run time


def site_ending(night: SiteNight, reason: str) -> SiteNight:
    """How a round ended on a site; one that gave no answer of use was not seen, though nothing is left."""
    if reason:
        return replace(night, state="cut" if night.outcomes else "skipped", reason=reason)
    if not any(night.outcomes.get(one) for one in OF_USE):
        return replace(night, state="skipped", reason="nothing on it could be used")
    return replace(night, state="complete", reason="")


def _count_what_was_done(job: Job, memory: CrawlMemory) -> None:
    """Take up the limits where a broken-off round left them."""
    for sighting in memory.history.sightings(job.round):
        job.bytes[urlsplit(sighting.final_url).hostname or ""] += sighting.size
        job.planned[sighting.site] += 1
        job.visited += 1
    job.planned.update(task.site for task in memory.waiting(job.round))


def _close(job: Job, memory: CrawlMemory, planned: Collection[str]) -> Round:
    """Say how the round ended on each site, raise its alarms, and close it.

    What waits of a site that is in SITES.toml no more is nobody's business.
    """
    now = job.now()
    left = Counter(task.site for task in memory.waiting(job.round) if task.site in planned)
    for name in job.sites:
        night = memory.night(job.round, name)
        reason = job.cut.get(name, f"{left[name]} addresses were not visited" if left[name] else "")
        memory.close_site(site_ending(night, reason), now)
    state = "cut" if left.total() or job.cut else "complete"
    reason = job.stopped or (f"{left.total()} addresses wait" if left.total() else "")
    alarms = round_alarms(memory, job.round, shape_changed, list(job.sites))
    memory.close(job.round, state, reason, alarms, now)
    return memory.history.round(job.round)
