"""A round as metrics for Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge

from archive.crawl.crawl_memory import CrawlMemory
from archive.crawl.records import Severity, VisitOutcome
from ingest.crawl.reporting.night_report import NightReport, SiteReport, night_report_of
from ingest.monitoring import metrics_exposition

STATES = ("open", "complete", "cut")
SITE_STATES = ("complete", "cut", "skipped")


def fill(memory: CrawlMemory, round_: int, registry: CollectorRegistry) -> None:
    """Put the metrics of a closed round into a registry."""
    report = night_report_of(memory, round_)
    _of_round(registry, report)
    _of_sites(registry, report)
    _last_complete(registry, memory, round_)


def _gauge(registry: CollectorRegistry, name: str, what: str, labels: Sequence[str] = ()) -> Gauge:
    return metrics_exposition.gauge(registry, f"crawl_{name}", what, labels)


def _of_round(registry: CollectorRegistry, report: NightReport) -> None:
    started = _gauge(registry, "round_start_timestamp_seconds", "When the last round began.")
    started.set(_seconds(report.round.started))
    if report.round.ended:
        ended = _gauge(registry, "round_end_timestamp_seconds", "When the last round ended.")
        ended.set(_seconds(report.round.ended))
    state = _gauge(registry, "round_state", "1 for the state of the last round.", ("state",))
    for name in STATES:
        state.labels(name).set(name == report.round.state)


def _of_sites(registry: CollectorRegistry, report: NightReport) -> None:
    per_site = {
        "documents": "Documents that the addresses of a site stand for.",
        "report_links": "Links to reports and files that the last round saw.",
        "bytes": "Bytes received in the last round.",
        "seconds": "Seconds that the last round spent on a site.",
    }
    plain = {name: _gauge(registry, name, what, ("site",)) for name, what in per_site.items()}
    visits = _gauge(registry, "visits", "Addresses visited, by outcome.", ("site", "outcome"))
    changes = _gauge(registry, "changes", "Documents that changed on the web.", ("site", "kind"))
    state = _gauge(registry, "site_state", "1 for how the round ended on a site.", ("site", "state"))
    for site in report.sites:
        night = site.night
        for name, value in zip(
            per_site, (night.documents, night.reports, night.bytes, night.seconds), strict=True
        ):
            plain[name].labels(night.site).set(value)
        for outcome in VisitOutcome:
            visits.labels(night.site, outcome.value).set(night.outcomes.get(outcome, 0))
        for kind, count in site.changes.items():
            changes.labels(night.site, kind).set(count)
        for name in SITE_STATES:
            state.labels(night.site, name).set(name == night.state)
    _alarms(registry, report)


def _alarms(registry: CollectorRegistry, report: NightReport) -> None:
    alarms = _gauge(registry, "alarms", "Unacknowledged alarms of the last round.", ("site", "severity"))
    known = _gauge(registry, "acknowledged_alarms", "Acknowledged alarms of the last round.", ("site",))
    counts = Counter((one.site, one.severity) for one in report.alarms if one.acknowledged is None)
    acknowledged = Counter(one.site for one in report.alarms if one.acknowledged)
    for site in sorted({one.site for one in report.alarms} | set(map(_name, report.sites))):
        known.labels(site).set(acknowledged[site])
        for severity in Severity:
            alarms.labels(site, severity.value).set(counts[site, severity])


def _last_complete(registry: CollectorRegistry, memory: CrawlMemory, round_: int) -> None:
    """Of every site ever visited: the metric to watch for one that is forgotten."""
    complete = _gauge(
        registry,
        "last_complete_timestamp_seconds",
        "When the last round ended that saw all of a site; 0 if none did.",
        ("site",),
    )
    for site in memory.history.sites():
        nights = memory.history.site_nights(site, round_ + 1, limit=1)
        ended = memory.history.round(nights[0].round).ended if nights else ""
        complete.labels(site).set(_seconds(ended) if ended else 0)


def _name(site: SiteReport) -> str:
    return site.night.site


def _seconds(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp()
