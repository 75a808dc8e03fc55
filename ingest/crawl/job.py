"""What all parts of a crawl share while it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from scrapy.exceptions import IgnoreRequest

from archive.crawl.records import Sighting, Task, TaskKind
from ingest.crawl.classify.link_classifier import ClassifiedLink
from ingest.crawl.config import MEGABYTE, Site, is_night
from ingest.crawl.memory import Memory


class Postponed(IgnoreRequest):
    """A visit that another night makes: its task stays in the frontier."""


class Forbidden(IgnoreRequest):
    """A visit that our own rules forbid; the message says which."""


class CrawlListener(Protocol):
    """Is told how a crawl gets on."""

    def visited(self, sighting: Sighting, seconds: float, waiting: int) -> None:
        """An address was visited; so many are known to wait."""


@dataclass
class Job:
    """One round under way: its sites, its memory, and how far each host and site has used its limits.

    `fetches_files` is False for a check, which looks at pages only. `cut` says
    for each site that was left early, why. `passed_over` are links that are not
    followed, by address, with the page that they stand on.
    """

    sites: Mapping[str, Site]
    hosts: Mapping[str, tuple[str, ...]]
    memory: Memory
    round: int
    heard: CrawlListener
    agent: str
    fetches_files: bool = True
    any_hour: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    bytes: Counter[str] = field(default_factory=Counter)
    planned: Counter[str] = field(default_factory=Counter)
    passed_over: dict[str, tuple[str, ClassifiedLink]] = field(default_factory=dict)
    visited: int = 0
    cut: dict[str, str] = field(default_factory=dict)
    stopped: str = ""
    ended: str = ""
    failure: Exception | None = None

    def postpone(self, site: str, reason: str) -> Postponed:
        """Note that a site is left early; gives what to raise."""
        self.cut.setdefault(site, reason)
        return Postponed(reason)

    def check_limits(self, site: Site, host: str) -> None:
        """Raise Postponed where a visit must wait for another night."""
        if self.stopped:
            raise self.postpone(site.name, self.stopped)
        if not self.any_hour and not is_night(site.night, self.now().astimezone().time()):
            raise self.postpone(site.name, f"outside of its night, {site.night}")
        if self.bytes[host] > site.budget_megabytes * MEGABYTE:
            used = f"{host} has sent {site.budget_megabytes:g} MB this night (budget_megabytes)"
            raise self.postpone(site.name, used)

    def within(self, site: Site, links: tuple[Task, ...]) -> tuple[Task, ...]:
        """The links that may still be planned: a site has at most `pages` addresses a round."""
        room = max(0, site.pages - self.planned[site.name])
        if len(links) > room:
            self.cut.setdefault(site.name, f"more than {site.pages} addresses (pages)")
            urgent = sorted(links, key=lambda task: task.kind not in (TaskKind.REPORT, TaskKind.FILE))
            links = tuple(urgent[:room])
        return links
