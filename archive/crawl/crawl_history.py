"""What people ask of the crawler's memory: rounds, sightings, alarms, what changed on the web."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from archive.crawl import acknowledgements, frontier, rounds, sightings, web_changes
from archive.crawl.records import Acknowledgement, Alarm, Robots, Round, Sighting, SiteNight, WebChange

ROUNDS_LOOKED_AT = 60
Transaction = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class CrawlHistory:
    """Only reads; `CrawlMemory.history` gives it."""

    reading: Transaction

    def site_nights(
        self, site: str, before: int, limit: int = 10, states: Collection[str] = (rounds.COMPLETE,)
    ) -> list[SiteNight]:
        """The complete rounds of a site before a round, latest first; or those in any of some states."""
        with self.reading() as connection:
            return rounds.history(connection, site, before, limit, states)

    def shapes(self, round: int, site: str) -> dict[str, dict[str, object]]:
        """Shapes of the listings that a round saw, by address (of unmodified ones too)."""
        found = self.sightings(round=round, site=site)
        return {one.address: dict(one.shape) for one in found if one.shape is not None}

    def sightings(
        self, round: int | None = None, site: str | None = None, address: str | None = None
    ) -> Iterator[Sighting]:
        """Every sighting, or those wanted, in the order they were made."""
        wanted = None if address is None else frontier.key(address)
        with self.reading() as connection:
            for stored in sightings.stream(connection, round, site, wanted):
                yield stored.sighting

    def count_sightings(self) -> int:
        """How many sightings there are."""
        with self.reading() as connection:
            return sightings.count(connection)

    def rounds(self, limit: int = 30) -> list[Round]:
        """The last rounds, latest first."""
        with self.reading() as connection:
            return rounds.rounds(connection, limit)

    def round(self, number: int) -> Round:
        """One round. Raises RuntimeError if there is none with this number."""
        with self.reading() as connection:
            return rounds.of_number(connection, number)

    def sites(self) -> list[str]:
        """Every site that a round ever came to, by name."""
        with self.reading() as connection:
            return rounds.sites(connection)

    def nights(self, round: int) -> list[SiteNight]:
        """How a round went on each site."""
        with self.reading() as connection:
            return rounds.nights(connection, round)

    def robots_answers(self, round: int) -> list[tuple[Robots, Robots | None]]:
        """What each host answered for robots.txt in a round, with its last one before (status below 500)."""
        with self.reading() as connection:
            found = rounds.all_robots(connection, round)
            return [(one, rounds.robots_before(connection, round, one.host)) for one in found]

    def alarms(self, round: int) -> list[Alarm]:
        """The alarms of a round, most severe first, with what was said of them that held when it ended."""
        with self.reading() as connection:
            told = rounds.of_number(connection, round)
            day = datetime.fromisoformat(told.ended or told.started).astimezone().date().isoformat()
            said = acknowledgements.every(connection)
            return acknowledgements.marked(rounds.alarms(connection, round), said, day)

    def alarms_now(self, site: str) -> list[Alarm]:
        """The alarms of the last closed round that came to a site, or missed it, most severe first."""
        for one in self.rounds(ROUNDS_LOOKED_AT):
            found = [alarm for alarm in self.alarms(one.id) if alarm.site == site]
            if one.state != rounds.OPEN and (found or site in {night.site for night in self.nights(one.id)}):
                return found
        return []

    def alarmed_sites(self) -> list[str]:
        """The names of the sites that have alarms of the last closed round."""
        closed = (one for one in self.rounds(ROUNDS_LOOKED_AT) if one.state != rounds.OPEN)
        last = next(closed, None)
        return sorted({alarm.site for alarm in self.alarms(last.id)}) if last else []

    def acknowledgements(self) -> list[Acknowledgement]:
        """All that was said of alarms, of days that are over too, by site and kind."""
        with self.reading() as connection:
            return acknowledgements.every(connection)

    def changes(
        self,
        since: datetime | None = None,
        sites: Collection[str] = (),
        kinds: Collection[str] = (),
        round: int | None = None,
    ) -> Iterator[WebChange]:
        """What came, was replaced, vanished or is no longer linked, oldest first; one a document."""
        with self.reading() as connection:
            yield from web_changes.changes(connection, web_changes.ChangeFilter(since, round, sites, kinds))
