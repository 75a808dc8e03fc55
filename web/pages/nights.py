"""Nights: what a round of the crawler found on each site, its alarms, and the visits behind every count."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from archive.crawl.address_secrets import without_secrets
from archive.crawl.crawl_memory import last_rounds
from archive.crawl.records import Severity, VisitOutcome
from archive.crawl.web_changes import KINDS
from ingest.crawl.config import MEGABYTE
from ingest.crawl.reporting.alarms import visits as visits_of
from ingest.crawl.reporting.night_report import UNCHANGED, NightReport, night_report_of
from web.house import House, house_of

router = APIRouter(prefix="/nights")
_ROUNDS, _NIGHTS, _ON_A_PAGE = 30, 10, 100


@router.get("")
def night(request: Request, round: int = 0, site: str = "") -> Response:
    """A round, the last one unless another is named; of one site if it is asked for."""
    house = house_of(request)
    history = house.archive.crawl.history
    last = last_rounds(house.archive.crawl)
    if last is None:
        return house.page(request, "nights.html", last=None)
    report = _report(house, round or last.last.id)
    sites = [one for one in report.sites if site in ("", one.night.site)]
    alarms = [one for one in report.alarms if site in ("", one.site)]
    counts = Counter(alarm.severity for alarm in alarms if alarm.acknowledged is None)
    return house.page(
        request,
        "nights.html",
        last=last,
        rounds=history.rounds(_ROUNDS),
        report=report,
        site=site,
        sites=[(one, visits_of(one.night)) for one in sites],
        alarms=alarms,
        counts={severity.value: counts[severity] for severity in Severity if counts[severity]},
        known=sum(alarm.acknowledged is not None for alarm in alarms),
        earlier=history.site_nights(site, report.round.id, _NIGHTS, ()) if site else [],
        megabyte=MEGABYTE,
    )


@router.get("/changes")
def changes(request: Request, round: int, site: str = "", kind: str = "", at: int = 1) -> Response:
    """The documents that came, were replaced, vanished or are no longer linked in a round."""
    house, at = house_of(request), max(1, at)
    if kind and kind not in KINDS:
        raise HTTPException(404)
    sites, kinds = ([site] if site else ()), ([kind] if kind else ())
    found = list(house.archive.crawl.history.changes(sites=sites, kinds=kinds, round=round))
    return house.page(
        request,
        "changes.html",
        found=found[(at - 1) * _ON_A_PAGE : at * _ON_A_PAGE],
        total=len(found),
        last=max(1, -(-len(found) // _ON_A_PAGE)),
        at=at,
        wanted={"round": round, "site": site, "kind": kind},
    )


@router.get("/visits")
def visits(request: Request, round: int, site: str, outcome: str = "", at: int = 1) -> Response:
    """The addresses of a site that were visited in a round, or those with an outcome; `same` is unchanged."""
    house, at = house_of(request), max(1, at)
    wanted = _outcomes(outcome)
    night = next((one.night for one in _report(house, round).sites if one.night.site == site), None)
    total = sum(night.outcomes.get(one, 0) for one in wanted) if night else 0
    found = house.archive.crawl.history.sightings(round, site)
    some = (one for one in found if one.outcome in wanted)
    return house.page(
        request,
        "visits.html",
        found=[
            (one, without_secrets(one.url)) for one in islice(some, (at - 1) * _ON_A_PAGE, at * _ON_A_PAGE)
        ],
        total=total,
        last=max(1, -(-total // _ON_A_PAGE)),
        at=at,
        wanted={"round": round, "site": site, "outcome": outcome},
    )


def _report(house: House, number: int) -> NightReport:
    try:
        return night_report_of(house.archive.crawl, number)
    except RuntimeError as error:
        raise HTTPException(404, str(error)) from error


def _outcomes(name: str) -> tuple[VisitOutcome, ...]:
    """The outcomes that a count of the summary counts."""
    if not name:
        return tuple(one for one in VisitOutcome if one is not VisitOutcome.UNLINKED)
    if name == VisitOutcome.SAME:
        return UNCHANGED
    try:
        return (VisitOutcome(name),)
    except ValueError as error:
        raise HTTPException(404) from error
