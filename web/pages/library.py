"""The library: what is there, by year, organ and form; and the search."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from archive.reports.catalogue import CatalogueFilter
from archive.search.search import SearchFilter
from core.errors import UsageError
from reconcile.forms.registry import forms
from web.house import house_of

router = APIRouter()
_ON_A_PAGE, _HITS = 50, 50


@router.get("/")
def library(request: Request, organ: str = "", year: str = "", form: str = "", at: int = 1) -> Response:
    """The reports a page at a time, with what waits."""
    house = house_of(request)
    archive = house.archive
    wanted = CatalogueFilter(organ or None, int(year) if year.isdecimal() else None, form or None)
    at = max(1, at)
    page = archive.reports.catalogue(wanted, (at - 1) * _ON_A_PAGE, _ON_A_PAGE)
    return house.page(
        request,
        "library.html",
        page=page,
        at=at,
        last=max(1, -(-page.total // _ON_A_PAGE)),
        first=(at - 1) * _ON_A_PAGE + 1,
        wanted={"organ": organ, "year": year, "form": form},
        years=archive.reports.years(),
        forms=sorted(forms()),
        counts=archive.status.counts(),
        failures=archive.documents.failures(),
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
