"""What a crawl needs to remember, and a memory that keeps nothing, for `--check`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from archive.crawl.frontier import in_order
from archive.crawl.records import Robots, Sighting, Task, Visit


class Memory(Protocol):
    """The part of `archive.crawl.crawl_memory.CrawlMemory` that visits need; see there."""

    def plan(self, round: int, tasks: Iterable[Task]) -> list[Task]:
        """Add tasks to the frontier; give those that were not in it."""

    def waiting(self, round: int) -> list[Task]:
        """The tasks that are not done, in the order to visit."""

    def see(self, round: int, task: Task, visit: Visit, now: datetime) -> tuple[Sighting, list[Task]]:
        """Keep a visit and end its task; give the sighting and those of its links that are new tasks."""

    def last(self, site: str, address: str) -> Sighting | None:
        """The last sighting of an address that had an answer of use."""

    def robots(self, round: int, host: str) -> Robots | None:
        """What a host answered for robots.txt in this round."""

    def keep_robots(self, round: int, robots: Robots, now: datetime) -> Robots | None:
        """Keep the answer; give that of an earlier round."""


class NoMemory:
    """Remembers one round as long as it lives, in the order of visits; nothing is stored."""

    def __init__(self) -> None:
        self.sightings: list[tuple[Task, Visit]] = []
        self._tasks: dict[tuple[str, str], Task] = {}
        self._done: set[tuple[str, str]] = set()
        self._robots: dict[str, Robots] = {}

    def plan(self, round: int, tasks: Iterable[Task]) -> list[Task]:
        new = []
        for task in tasks:
            if (task.site, task.address) not in self._tasks:
                self._tasks[task.site, task.address] = task
                new.append(task)
        return new

    def waiting(self, round: int) -> list[Task]:
        return in_order(task for key, task in self._tasks.items() if key not in self._done)

    def see(self, round: int, task: Task, visit: Visit, now: datetime) -> tuple[Sighting, list[Task]]:
        self._done.add((task.site, task.address))
        self.sightings.append((task, visit))
        number = len(self.sightings)
        return sighting_of(number, round, task, visit, now.isoformat()), self.plan(round, visit.links)

    def last(self, site: str, address: str) -> Sighting | None:
        return None

    def robots(self, round: int, host: str) -> Robots | None:
        return self._robots.get(host)

    def keep_robots(self, round: int, robots: Robots, now: datetime) -> Robots | None:
        self._robots[robots.host] = robots
        return None


def sighting_of(number: int, round: int, task: Task, visit: Visit, at: str = "") -> Sighting:
    """A visit as a sighting that nothing was compared with."""
    return Sighting(
        id=number,
        round=round,
        site=task.site,
        address=task.address,
        url=task.url,
        kind=task.kind,
        at=at,
        outcome=visit.outcome,
        reason=visit.reason,
        status=visit.status,
        final_url=visit.final_url,
        media_type=visit.media_type,
        sha256=visit.sha256,
        size=visit.size,
        headers=visit.headers,
        referrer=task.referrer,
        title=visit.title,
        redirects=visit.redirects,
        text_sha256=visit.text_sha256,
        tls=visit.tls,
        shape=visit.shape,
        links=visit.links,
        documents=(),
    )
