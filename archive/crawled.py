"""The crawler's memory: rounds, the frontier, every sighting, and what changed on the web.

One transaction a visit: what was seen, the documents that it brought, the
addresses found in it and the end of its task are stored together or not at all,
so that a crawl that is killed goes on where it was and asks for nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from archive.crawlrecords import Alarm, Robots, Round, Sighting, SiteNight, Task, Visit, WebChange
from archive.objects import ObjectStore

Transaction = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class CrawlMemory:
    """What an archive remembers of crawls; `Archive.crawled` gives it."""

    reading: Transaction
    writing: Transaction
    objects: ObjectStore

    # A round

    def begin(self, now: datetime, resume_since: datetime) -> tuple[Round, bool]:
        """Go on with the open round if it began at or after `resume_since` (then True), else begin a new one.

        An older open round is closed as cut ("never finished"), and its waiting
        tasks are handed to the new round.
        """
        raise NotImplementedError

    def plan(self, round: int, tasks: Iterable[Task]) -> list[Task]:
        """Add tasks to the frontier; give those that were not in it.

        One that is in it stays as it is, but a KNOWN one that is now linked is noted as linked.
        """
        raise NotImplementedError

    def known(self, site: str) -> list[Task]:
        """A KNOWN task for every address of a site that stands for a document now (not gone)."""
        raise NotImplementedError

    def waiting(self, round: int) -> list[Task]:
        """The tasks of a round that are not done, in the order to visit: START, LIST, REPORT, FILE, KNOWN,
        shallow ones first, then as they were found.
        """
        raise NotImplementedError

    def see(self, round: int, task: Task, visit: Visit, now: datetime) -> tuple[Sighting, list[Task]]:
        """Keep a visit and end its task; give the sighting and those of its links that are new tasks.

        The objects are written before the transaction, the rows in one.
        """
        raise NotImplementedError

    def last(self, site: str, address: str) -> Sighting | None:
        """The last sighting of an address that had an answer of use: one with outcome new, duplicate,
        replaced, same, unmodified, page or gone. For an unmodified one the headers, hashes, links and
        documents are those of the sighting before that still hold.
        """
        raise NotImplementedError

    def robots(self, round: int, host: str) -> Robots | None:
        """What a host answered for robots.txt in this round, None if it was not asked yet."""
        raise NotImplementedError

    def keep_robots(self, round: int, robots: Robots, now: datetime) -> Robots | None:
        """Keep the answer; give that of the last round in which the host gave one (status below 500)."""
        raise NotImplementedError

    def night(self, round: int, site: str) -> SiteNight:
        """Count what a round has seen of a site so far; state `open`."""
        raise NotImplementedError

    def close_site(self, night: SiteNight, now: datetime) -> SiteNight:
        """Keep how a round ended on a site. If it is complete, addresses that are still there but
        were visited only because they were known get an `unlinked` sighting, once.
        """
        raise NotImplementedError

    def close(self, round: int, state: str, reason: str, alarms: Sequence[Alarm], now: datetime) -> None:
        """End a round as complete or cut, with its alarms. Waiting tasks stay for the next one if it is cut."""
        raise NotImplementedError

    # What people ask

    def history(self, site: str, before: int, limit: int = 10) -> list[SiteNight]:
        """The complete rounds of a site before a round, latest first."""
        raise NotImplementedError

    def shapes(self, round: int, site: str) -> dict[str, dict[str, object]]:
        """Shapes of the listings that a round saw, by address (of unmodified ones too)."""
        raise NotImplementedError

    def sightings(
        self, round: int | None = None, site: str | None = None, address: str | None = None
    ) -> Iterator[Sighting]:
        """Every sighting, or those wanted, in the order they were made."""
        raise NotImplementedError

    def rounds(self, limit: int = 30) -> list[Round]:
        """The last rounds, latest first."""
        raise NotImplementedError

    def nights(self, round: int) -> list[SiteNight]:
        """How a round went on each site."""
        raise NotImplementedError

    def alarms(self, round: int) -> list[Alarm]:
        """The alarms of a round, most severe first."""
        raise NotImplementedError

    def changes(
        self, since: datetime | None = None, sites: Collection[str] = (), kinds: Collection[str] = ()
    ) -> Iterator[WebChange]:
        """What came, was replaced, vanished or is no longer linked, oldest first."""
        raise NotImplementedError
