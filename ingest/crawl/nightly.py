"""A whole night as the command asks for it: a round over the sites, its metrics, then the reading."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from archive.archive import Archive
from ingest.batch.batch import ProgressListener, read_pending
from ingest.batch.gathering import gather_proved
from ingest.crawl.config import chosen, load, plan_to_check, stop_at
from ingest.crawl.job import CrawlListener
from ingest.crawl.reporting import night_report as report
from ingest.crawl.reporting.crawl_metrics import fill
from ingest.crawl.reporting.dry_run import DryRunEntry
from ingest.crawl.reporting.night_report import NightReport
from ingest.crawl.reporting.visit_log import VisitLog
from ingest.crawl.round import dry_run, run_round
from ingest.monitoring import metrics_exposition as metrics
from ingest.monitoring.batch_monitor import watching
from ingest.monitoring.logs import logging_to
from reconcile.forms.registry import check_settings


@dataclass(frozen=True, slots=True)
class NightOptions:
    """What the command asks of a night.

    `sites` are names, none for all; `until` the local time to stop at; `any_hour` leaves the
    sites' night windows aside; `read` says whether what is pending is read then, by so many
    `workers`. `log` is a file for JSON lines or `-`, `metrics` one for Prometheus.
    """

    sites: tuple[str, ...] = ()
    until: time | None = None
    any_hour: bool = False
    read: bool = True
    workers: int | None = None
    log: str | None = None
    metrics: Path | None = None


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told how a night gets on: `crawl` makes one when the round begins, `reading` for the reading."""

    crawl: Callable[[], AbstractContextManager[CrawlListener]]
    reading: Callable[[], AbstractContextManager[ProgressListener]]


@dataclass(frozen=True, slots=True)
class NightSummary:
    """What a night brought: the report on its round, and counts of what was read (`archived` …)."""

    report: NightReport
    read: Counter[str]

    @property
    def grave(self) -> int:
        """How many alarms ask for somebody to look."""
        return sum(alarm.is_grave for alarm in self.report.alarms)


def run_night(path: Path, location: str, wishes: NightOptions, listeners: Listeners) -> NightSummary:
    """Visit the sites of SITES.toml once, then read what is pending.

    Raises:
        KeyboardInterrupt: a signal ended it; the round stays open.
        UsageError: SITES.toml, a wish or a setting makes no sense.
    """
    plan = load(path)
    sites = chosen(plan, wishes.sites)
    stop = stop_at(wishes.until, datetime.now().astimezone())
    if wishes.metrics:
        metrics.check_place(wishes.metrics)
    if wishes.read:
        check_settings()
    with (
        Archive.open(location, create=True, write=True) as archive,
        archive.queue.crawling(),
        _ended_by_term(),
    ):
        with logging_to(wishes.log, "crawl") as log, listeners.crawl() as told:
            heard = VisitLog(told, log)
            round_ = run_round(plan, sites, archive.crawl, heard, stop, wishes.any_hour)
        of_round = partial(fill, archive.crawl, round_.id)
        if wishes.metrics:
            metrics.save(wishes.metrics, of_round)
        counts: Counter[str] = Counter()
        if wishes.read:
            with (
                watching(archive, "crawl", wishes.log, wishes.metrics, of_round),
                listeners.reading() as listener,
            ):
                counts = read_pending(archive, workers=wishes.workers, report=listener, until=stop)
                counts += gather_proved(archive, listener, among=(), workers=wishes.workers, until=stop)
        return NightSummary(report.night_report_of(archive.crawl, round_.id), counts)


def as_json(night: NightSummary) -> dict[str, Any]:
    """The night as an object for programs."""
    return report.as_json(night.report) | {"read": dict(night.read)}


def check_site(
    path: Path | None,
    wanted: str,
    log: str | None,
    listener: Callable[[], AbstractContextManager[CrawlListener]],
) -> list[DryRunEntry]:
    """What a first round would take of a site, told by its name in SITES.toml or its address.

    `listener` gives who is told of every visit; it is called when the visits begin.

    Raises:
        UsageError: there is no such site.
    """
    plan, site = plan_to_check(path, wanted)
    with logging_to(log, "crawl") as logger, listener() as told:
        return dry_run(plan, site, VisitLog(told, logger))


@contextmanager
def _ended_by_term() -> Iterator[None]:
    """Let SIGTERM, by which a service is stopped, end the night as Ctrl-C does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
