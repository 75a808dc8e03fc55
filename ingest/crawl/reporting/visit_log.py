"""Every visit of a crawl as an event of the log."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.crawl.address_secrets import without_secrets
from archive.crawl.records import Sighting
from ingest.crawl.job import CrawlListener
from ingest.monitoring.logs import Log


@dataclass(frozen=True, slots=True)
class VisitLog:
    """Passes every visit on to a listener, then writes it into the log; without secrets, both are read."""

    listener: CrawlListener
    log: Log

    def visited(self, sighting: Sighting, seconds: float, waiting: int) -> None:
        """An address was visited; so many are known to wait."""
        url, reason = without_secrets(sighting.url), without_secrets(sighting.reason)
        sighting = replace(sighting, url=url, reason=reason)
        self.listener.visited(sighting, seconds, waiting)
        self.log.info(
            "visit",
            round=sighting.round,
            site=sighting.site,
            url=sighting.url,
            kind=sighting.kind,
            outcome=sighting.outcome,
            status=sighting.status,
            reason=sighting.reason,
            bytes=sighting.size,
            documents=sighting.documents,
            seconds=round(seconds, 3),
        )
