"""The crawler's memory: rounds, the frontier, every sighting, and what changed on the web.

One transaction a visit: what was seen, the documents that it brought, the
addresses found in it and the end of its task are stored together or not at all,
so that a crawl that is killed goes on where it was and asks for nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.crawl import (
    acknowledgements,
    attachments,
    frontier,
    rounds,
    sightings,
    visit_writer,
    web_changes,
)
from archive.crawl.crawl_history import CrawlHistory, Transaction
from archive.crawl.records import (
    Acknowledgement,
    Alarm,
    Robots,
    Round,
    Sighting,
    SiteNight,
    Task,
    Visit,
    VisitOutcome,
)
from archive.objects.base import ObjectStore


@dataclass(frozen=True, slots=True)
class CrawlMemory:
    """What an archive remembers of crawls; `Archive.crawl` gives it.

    Texts that no database could hold are stored with U+FFFD, and an address above
    1,500 bytes is told apart by its hash: go on with the tasks that the methods give.
    """

    reading: Transaction
    writing: Transaction
    objects: Callable[[], ObjectStore]

    @property
    def history(self) -> CrawlHistory:
        """What people ask of rounds that were."""
        return CrawlHistory(self.reading)

    def attached_tables(self) -> list[tuple[str, str]]:
        """Pages that are reports without their tables, each with the file attached to it that has them."""
        with self.reading() as connection:
            return attachments.attached_tables(connection)

    def begin(self, now: datetime, resume_since: datetime) -> tuple[Round, bool]:
        """Go on with the open round if it began at or after `resume_since` (then True), else begin a new one.

        An older open round is closed as cut ("never finished"), and its waiting
        tasks, like those of any round that was cut, are handed to the new round.
        """
        with self.writing() as connection:
            return rounds.begin(connection, now, resume_since)

    def plan(self, round: int, tasks: Iterable[Task]) -> list[Task]:
        """Add tasks to the frontier; give those that were not in it.

        One that is in it stays as it is, but a KNOWN one that is now linked is noted as linked.
        """
        with self.writing() as connection:
            return frontier.plan(connection, round, tasks)

    def known(self, site: str) -> list[Task]:
        """A KNOWN task for every address of a site that stands for a document now (not gone)."""
        with self.reading() as connection:
            return sightings.known(connection, site)

    def waiting(self, round: int) -> list[Task]:
        """The tasks of a round that are not done, in the order to visit: START, LIST, REPORT, FILE, KNOWN,
        shallow ones first, then as they were found.
        """
        with self.reading() as connection:
            return frontier.waiting(connection, round)

    def see(self, round: int, task: Task, visit: Visit, now: datetime) -> tuple[Sighting, list[Task]]:
        """Keep a visit and end its task; give the sighting and those of its links that are new tasks.

        The objects are written before the transaction, the rows in one. Of two
        addresses with the same bytes the one seen first is `new`, the other `duplicate`.

        Raises RuntimeError if the task does not wait, ValueError for a NEW visit without originals.
        """
        if visit.outcome is VisitOutcome.NEW and not visit.originals:
            raise ValueError(f"{task.url} is said to have brought something, and there are no bytes")
        task = frontier.clean(task)
        with self.reading() as connection:
            before = visit_writer.look_up(connection, task)
        kept = (
            [] if visit_writer.is_same(visit, before) else visit_writer.put(self.objects(), visit.originals)
        )
        with self.writing() as connection:
            number, new = visit_writer.store(connection, round, task, visit, before, kept, now)
            return sightings.of_number(connection, number), new

    def last(self, site: str, address: str) -> Sighting | None:
        """The last sighting of an address that had an answer of use: one with outcome new, duplicate,
        replaced, same, unmodified, page or gone. For an unmodified one the headers, hashes, links and
        documents are those of the sighting before that still hold.
        """
        with self.reading() as connection:
            found = sightings.last(connection, site, frontier.key(address))
            return sightings.still_holding(found) if found else None

    def before(self, sighting: Sighting) -> Sighting | None:
        """What `last` would have given before a sighting was made."""
        with self.reading() as connection:
            found = sightings.before(connection, sighting)
            return sightings.still_holding(found) if found else None

    def robots(self, round: int, host: str) -> Robots | None:
        """What a host answered for robots.txt in this round, None if it was not asked yet."""
        with self.reading() as connection:
            return rounds.robots(connection, round, host)

    def keep_robots(self, round: int, robots: Robots, now: datetime) -> Robots | None:
        """Keep the answer; give that of the last round in which the host gave one (status below 500)."""
        with self.writing() as connection:
            rounds.keep_robots(connection, round, robots, now)
            return rounds.robots_before(connection, round, robots.host)

    def night(self, round: int, site: str) -> SiteNight:
        """Count what a round has seen of a site so far; state `open`."""
        with self.reading() as connection:
            return rounds.night(connection, round, site, sightings.count_documents(connection, site))

    def close_site(self, night: SiteNight, now: datetime) -> SiteNight:
        """Keep how a round ended on a site. If it is complete, addresses that are still there but
        were visited only because they were known get an `unlinked` sighting, once; `outcomes` counts them.
        """
        with self.writing() as connection:
            return web_changes.close_site(connection, night, now)

    def close(self, round: int, state: str, reason: str, alarms: Sequence[Alarm], now: datetime) -> None:
        """End a round as complete or cut, with its alarms. Waiting tasks stay for the next one if it is cut.

        Raises RuntimeError if it is not open.
        """
        with self.writing() as connection:
            rounds.close(connection, round, state, reason, alarms, now)

    def acknowledge(self, given: Sequence[Acknowledgement]) -> None:
        """Keep what a person says of alarms, each in the place of what was said of it before."""
        with self.writing() as connection:
            acknowledgements.keep(connection, given)

    def withdraw(self, site: str, kind: str = "") -> list[Acknowledgement]:
        """Forget what was said of a site's alarms, or of those of one kind; give what that was."""
        with self.writing() as connection:
            return acknowledgements.withdraw(connection, site, kind)


def last_round(memory: CrawlMemory) -> datetime | None:
    """When the last round began, None if there was none."""
    last = memory.history.rounds(limit=1)
    return datetime.fromisoformat(last[0].started) if last else None


@dataclass(frozen=True, slots=True)
class LastRounds:
    """The last round, how many addresses wait in it, the last whole one, alarms of the last closed one."""

    last: Round
    waiting: int
    whole: Round | None
    alarms: Sequence[Alarm]


def last_rounds(memory: CrawlMemory) -> LastRounds | None:
    """What is to be told of crawls at a glance; None if no site was ever visited."""
    rounds = memory.history.rounds(limit=60)
    if not rounds:
        return None
    last = rounds[0]
    waiting = len(memory.waiting(last.id)) if last.state == "open" else 0
    whole = next((one for one in rounds if one.state == "complete"), None)
    told = next((one for one in rounds if one.state != "open"), last)
    return LastRounds(last, waiting, whole, memory.history.alarms(told.id))
