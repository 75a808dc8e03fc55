"""The night's summary: what a round found on each site, its alarms, and where to look next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from archive.crawl.crawl_memory import CrawlMemory
from archive.crawl.records import Alarm, Round, SiteNight, VisitOutcome
from archive.crawl.web_changes import KINDS
from archive.dataclass_tools import as_object
from ingest.crawl.reporting.alarms import visits

UNCHANGED = (VisitOutcome.SAME, VisitOutcome.UNMODIFIED)


@dataclass(frozen=True, slots=True)
class SiteReport:
    """How a round went on a site; `changes` counts documents by kind of change."""

    night: SiteNight
    changes: dict[str, int]

    @property
    def unchanged(self) -> int:
        return sum(self.night.outcomes.get(one, 0) for one in UNCHANGED)

    @property
    def errors(self) -> int:
        return self.night.outcomes.get(VisitOutcome.ERROR, 0)


@dataclass(frozen=True, slots=True)
class NightReport:
    """A round, its sites by name, and its alarms, most severe first."""

    round: Round
    sites: tuple[SiteReport, ...]
    alarms: tuple[Alarm, ...]


def night_report_of(memory: CrawlMemory, round_: int) -> NightReport:
    """The summary of a round that is closed."""
    changed: dict[str, Counter[str]] = {}
    for change in memory.history.changes(round=round_):
        changed.setdefault(change.site, Counter())[change.kind] += 1
    sites = tuple(
        SiteReport(night, {kind: changed.get(night.site, Counter())[kind] for kind in KINDS})
        for night in memory.history.nights(round_)
    )
    return NightReport(memory.history.round(round_), sites, tuple(memory.history.alarms(round_)))


def is_well(report: NightReport) -> bool:
    """Whether nobody has to look: the round is complete, and no alarm is more than a remark or known."""
    return report.round.state == "complete" and not any(alarm.is_grave for alarm in report.alarms)


def as_json(report: NightReport) -> dict[str, Any]:
    """The summary as an object for programs; `visited` counts addresses, the changes documents."""
    return {
        "round": as_object(report.round),
        "well": is_well(report),
        "sites": [_site_object(site) for site in report.sites],
        "alarms": [as_object(alarm) for alarm in report.alarms],
    }


def _site_object(site: SiteReport) -> dict[str, Any]:
    night = site.night
    return {
        "site": night.site,
        "state": night.state,
        "reason": night.reason,
        "visited": visits(night),
        **site.changes,
        "unchanged": site.unchanged,
        "errors": site.errors,
        "outcomes": dict(night.outcomes),
        "documents": night.documents,
        "reports": night.reports,
        "bytes": night.bytes,
        "seconds": night.seconds,
    }
