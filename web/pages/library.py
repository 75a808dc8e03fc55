"""The library: what is there, by year, organ and form; and the search."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from archive.reports.catalogue import CatalogueFilter, ReportState
from archive.search.search import SearchFilter
from core.errors import UsageError
from reconcile.forms.registry import forms
from web.house import house_of

router = APIRouter()
_ON_A_PAGE, _HITS = 50, 50
# Documents of which there is no report: what could not be read, and what waits to be.
_UNREAD, _PENDING = "unread", "pending"


@router.get("/")
def library(
    request: Request, organ: str = "", year: str = "", form: str = "", state: str = "", at: int = 1
) -> Response:
    """The reports a page at a time, or the documents that were not read, with what there is in all."""
    house = house_of(request)
    archive = house.archive
    first = (max(1, at) - 1) * _ON_A_PAGE
    failures = archive.documents.failures() if state == _UNREAD else []
    pending = archive.reports.waiting(first, _ON_A_PAGE) if state == _PENDING else None
    page = None
    if state not in (_UNREAD, _PENDING):
        known = ReportState(state) if state in {*ReportState} else None
        wanted = CatalogueFilter(organ or None, int(year) if year.isdecimal() else None, form or None, known)
        page = archive.reports.catalogue(wanted, first, _ON_A_PAGE)
    total = page.total if page else pending.total if pending else len(failures)
    return house.page(
        request,
        "library.html",
        page=page,
        total=total,
        pending=pending.documents if pending else (),
        failures=failures[first : first + _ON_A_PAGE],
        at=max(1, at),
        last=max(1, -(-total // _ON_A_PAGE)),
        first=first + 1,
        wanted={"organ": organ, "year": year, "form": form, "state": state},
        states=[*map(str, ReportState), _UNREAD, _PENDING],
        years=archive.reports.years(),
        forms=sorted(forms()),
        counts=archive.status.counts(),
    )


@router.get("/search")
def search(request: Request, q: str = "", year: str = "", organ: str = "") -> Response:
    """The pages that hold every term, with the terms marked."""
    house = house_of(request)
    found, trouble = None, ""
    if q.strip():
        try:
            wanted = SearchFilter(year=int(year) if year.isdecimal() else None, organ=organ or None)
            found = house.archive.search(q, wanted, _HITS)
        except UsageError as error:
            trouble = str(error)
    return house.page(request, "search.html", q=q, year=year, organ=organ, found=found, trouble=trouble)
