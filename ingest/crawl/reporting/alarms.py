"""Alarms: what a round found wrong with a site, one a matter, with how often and an example.

The rules are pure functions on `Evidence`; `round_alarms` reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from statistics import median

from archive.crawl.address_secrets import without_secrets
from archive.crawl.crawl_memory import CrawlMemory
from archive.crawl.records import Alarm, Severity, SiteNight, VisitOutcome
from ingest.crawl.reporting.evidence import Evidence, RobotsHistory, ShapeChanged, site_evidence
from ingest.crawl.reporting.list_evidence import VisitTally

AGENT = "guidang"
COMPLETE, CUT, SKIPPED = "complete", "cut", "skipped"

# Fewer than half of what is usual is no accident; below four reports half is one or two of them.
FAR_FEWER, USUAL_AT_LEAST, USUAL_NIGHTS = 0.5, 4, 10
# A county site drops one request in twenty on a bad night; a fifth means that something is wrong with it.
MANY_ERRORS, MOST_ERRORS, ERRORS_AT_LEAST = 0.2, 0.5, 5
# Sites take down single old reports all the time, and a whole section only when they are rebuilt.
MANY_VANISHED, MOST_VANISHED, VANISHED_AT_LEAST = 0.2, 0.5, 5
# Three nights may fall on a long weekend's maintenance; after a week somebody must look.
UNSEEN_LONG, UNSEEN_TOO_LONG = 3, 7
# A site that was taken out of SITES.toml is forgotten after so many rounds, if nobody says which are in it.
FORGOTTEN = 30

# What is said of addresses that may hide reports, by kind of alarm.
HIDING = {
    "wall": "are behind a wall that lets only browsers in",
    "no_attachment": "are called reports and have none",
    "broken_page": "are further pages of a list and failed",
    "short_list": "list more than was seen",
}

Found = tuple[Severity, str, str, str]


def round_alarms(
    memory: CrawlMemory,
    round_: int,
    shape_changed: ShapeChanged,
    sites: Collection[str] | None = None,
    agent: str = AGENT,
) -> list[Alarm]:
    """The alarms of a round whose sites are closed, by site.

    `sites` are those that were to be visited; without them, those that rounds came
    to lately. `agent` is whom robots.txt speaks to.
    """
    nights = {night.site: night for night in memory.history.nights(round_)}
    wanted = sorted({*nights, *(_lately(memory, round_) if sites is None else sites)})
    robots = RobotsHistory(memory.history.robots_answers(round_), agent)
    return [
        alarm
        for site in wanted
        for alarm in of_evidence(site_evidence(memory, round_, site, nights.get(site), shape_changed, robots))
    ]


def _lately(memory: CrawlMemory, round_: int) -> Iterator[str]:
    for site in memory.history.sites():
        last = memory.history.site_nights(site, round_, limit=1, states=())
        if last and last[0].round > round_ - FORGOTTEN:
            yield site


def of_evidence(found: Evidence) -> list[Alarm]:
    """The alarms of one site, most severe first."""
    raised = [one for rule in RULES for one in rule(found)]
    raised.sort(key=lambda one: list(Severity).index(one[0]))
    return [
        Alarm(found.round, found.site, severity, kind, without_secrets(url), without_secrets(message))
        for severity, kind, url, message in raised
    ]


def _reports(found: Evidence) -> Iterator[Found]:
    """None where there were some, far fewer than usual, or nothing on the first night."""
    night, before = found.night, found.before
    if night is None or night.state != COMPLETE:
        return
    gave = any(one.reports or one.documents for one in before)
    if not gave and not night.reports and not night.documents:
        which = "the first round" if not before else "no round ever"
        yield (
            Severity.WARNING,
            "nothing_found",
            "",
            f"{which} found {'no' if not before else 'a'} report on this site",
        )
    elif not before:
        return
    elif not night.reports:
        last = next((one for one in before if one.reports), None)
        if last is not None:
            message = f"no report is linked any more; there were {last.reports:,} in round {last.round}"
            yield Severity.CRITICAL, "no_reports", "", message
    else:
        yield from _fewer("links to reports", night.reports, [one.reports for one in before])
    yield from _fewer("pages and files", visits(night), [visits(one) for one in before])


def _fewer(what: str, now: int, before: list[int]) -> Iterator[Found]:
    usual = median(before[:USUAL_NIGHTS]) if before else 0
    if usual >= USUAL_AT_LEAST and now < FAR_FEWER * usual:
        kind = "fewer_reports" if what.startswith("links") else "fewer_pages"
        yield Severity.WARNING, kind, "", f"{now:,} {what}; {usual:,.0f} are usual"


def _starts(found: Evidence) -> Iterator[Found]:
    failed = found.failed_starts
    # Where a start page is gone, its neighbours were asked.
    there = f"; reports are listed at {found.column.url}: name it in start" if found.column.count else ""
    if failed.count and failed.count == found.starts.count:
        message = f"no start page could be used: {failed.reason}{there}"
        yield Severity.CRITICAL, "start_failed", failed.url, message
    elif failed.count:
        message = f"{failed.count} of {found.starts.count} start pages could not be used: {failed.reason}"
        yield Severity.WARNING, "start_failed", failed.url, message + there


def _errors(found: Evidence) -> Iterator[Found]:
    errors, total = found.errors, visits(found.night)
    if not errors.count:
        return
    share = errors.count / max(total, errors.count)
    severity = Severity.INFO
    if errors.count >= ERRORS_AT_LEAST and share >= MANY_ERRORS:
        severity = Severity.CRITICAL if share >= MOST_ERRORS else Severity.WARNING
    message = f"{errors.count:,} of {total:,} visits failed ({share:.0%}), most often: {errors.reason}"
    yield severity, "errors", errors.url, message


def _wrong_pages(found: Evidence) -> Iterator[Found]:
    """Answers that look well and are not what was there."""
    yield from _told(found.login, Severity.WARNING, "login", "ask for a password where a page or report was")
    yield from _told(found.gone, Severity.WARNING, "not_found", "say 'not found' with status 200")
    yield from _told(found.shut, Severity.INFO, "shut", "are linked as reports and never gave one")
    yield from _told(found.lost, Severity.WARNING, "no_document", "have no report where one was")
    yield from _told(found.lacking, Severity.WARNING, "incomplete", "brought a report with parts missing")
    yield from _told(found.shapes, Severity.WARNING, "shape", "list in another way than before")
    yield from _told(found.moved, Severity.WARNING, "moved", "listed reports and do no more")


def _hiding(found: Evidence) -> Iterator[Found]:
    """What may hide reports: told every night, since silence would look like success."""
    for kind, tally in found.hiding.items():
        yield from _told(tally, Severity.WARNING, kind, HIDING.get(kind, "may hide reports"))


def _told(tally: VisitTally, severity: Severity, kind: str, what: str) -> Iterator[Found]:
    if tally.count:
        message = f"{_addresses(tally.count)} {what}"
        yield severity, kind, tally.url, f"{message}: {tally.reason}" if tally.reason else message


def _addresses(count: int) -> str:
    return f"{count:,} address{'es' if count > 1 else ''}"


def _vanished(found: Evidence) -> Iterator[Found]:
    lost = found.vanished
    there = lost.count + (found.night.documents if found.night else 0)
    if lost.count < VANISHED_AT_LEAST or lost.count < MANY_VANISHED * there:
        return
    severity = Severity.CRITICAL if lost.count >= MOST_VANISHED * there else Severity.WARNING
    yield severity, "vanished", lost.url, f"{lost.count:,} of {there:,} documents vanished at once"


def _hosts(found: Evidence) -> Iterator[Found]:
    down, refused, changed = found.robots_down, found.refused, found.robots_changed
    if down.count:
        message = f"robots.txt of {down.url} could not be had, so nothing was asked for: {down.reason}"
        yield Severity.WARNING, "robots_unreachable", "", message
    if refused.count:
        message = f"robots.txt now forbids {_addresses(refused.count)} that it allowed before"
        yield Severity.WARNING, "robots", refused.url, message
    if changed.count:
        yield Severity.INFO, "robots", "", f"robots.txt of {changed.url} changed and forbids nothing more"
    if found.tls.count:
        message = f"the certificates of {_addresses(found.tls.count)} are not in order: {found.tls.reason}"
        yield Severity.WARNING, "tls", found.tls.url, message


def _whole(found: Evidence) -> Iterator[Found]:
    """Whether the round saw all of the site, and how long it has not been seen whole."""
    night, unseen = found.night, found.unseen
    if unseen >= UNSEEN_LONG:
        severity = Severity.CRITICAL if unseen >= UNSEEN_TOO_LONG else Severity.WARNING
        yield severity, "unseen", "", f"no round has seen all of this site for {unseen} rounds"
    if night is None:
        yield Severity.INFO, "not_visited", "", "the round did not come to this site"
    elif night.state == CUT:
        yield Severity.WARNING, "cut", "", f"not all of it was visited: {night.reason}"
    elif night.state == SKIPPED:
        yield Severity.INFO, "skipped", "", f"it was not visited: {night.reason}"


def visits(night: SiteNight | None) -> int:
    """How many addresses were visited, or refused, in a night."""
    counts = night.outcomes if night else {}
    return sum(count for outcome, count in counts.items() if outcome != VisitOutcome.UNLINKED)


RULES: tuple[Callable[[Evidence], Iterator[Found]], ...] = (
    *(_reports, _starts, _errors, _wrong_pages, _hiding),
    *(_vanished, _hosts, _whole),
)
