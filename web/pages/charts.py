"""Pictures of numbers: a value over years or organs, how well was read, what confidences are worth."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from archive.values.reading_quality import added_up
from web.house import house_of
from web.views import charted
from web.views.value_choice import value_choice

router = APIRouter(prefix="/charts")
# So many organs to choose from, so many bars on a page; sources beyond the largest are added up, as are
# months before the last.
_CHOICES, _BARS, _SOURCES, _MONTHS = 50, 25, 20, 24


@router.get("")
def years(
    request: Request, organ: str = "", table: str = "requests", row: str = "new", column: str = "total"
) -> Response:
    """One value over the years of an organ; where none has just this name, those with it in theirs."""
    house = house_of(request)
    choice, organ = value_choice(table, row, column), organ.strip()
    points = house.archive.comparison.over_years(organ, choice.key) if organ else ()
    return house.page(
        request,
        "chart_years.html",
        organ=points[0].organ if points else organ,
        choice=choice,
        points=points,
        organs=None if points else house.archive.organs.page(organ, 0, _CHOICES),
        drawing=charted.over_years(points),
    )


@router.get("/organs")
def organs(
    request: Request,
    year: str = "",
    organ: str = "",
    table: str = "requests",
    row: str = "new",
    column: str = "total",
    at: int = 1,
) -> Response:
    """One value of the organs that reported on a year, the largest first, a page at a time."""
    house, at = house_of(request), max(1, at)
    choice, known = value_choice(table, row, column), [one for one in house.archive.reports.years() if one]
    chosen = int(year) if year.isdecimal() else next(iter(known), None)
    found = house.archive.comparison.over_organs(chosen, choice.key, organ) if chosen else ()
    points = found[(at - 1) * _BARS : at * _BARS]
    return house.page(
        request,
        "chart_organs.html",
        organ=organ,
        year=chosen,
        years=known,
        choice=choice,
        points=points,
        total=len(found),
        first=(at - 1) * _BARS + 1,
        at=at,
        last=max(1, -(-len(found) // _BARS)),
        drawing=charted.over_organs(points),
    )


@router.get("/quality")
def quality(request: Request, source: str = "") -> Response:
    """How much was flagged, corrected by people, or not read: by source, and by month of intake."""
    house = house_of(request)
    word = house.word(request)
    every = house.archive.values.quality()
    found = [one for one in every if source in ("", one.source)]
    sources = charted.largest(every, _SOURCES, word("all others"))
    months = sorted({one.month for one in found})[-_MONTHS:]
    by_month = [added_up((one for one in found if one.month == month), source, month) for month in months]
    return house.page(
        request,
        "chart_quality.html",
        source=source,
        known={one.source for one in every},
        sources=sources,
        months=by_month,
        by_source=charted.quality([(one.source, one) for one in sources], word),
        by_month=charted.quality([(one.month, one) for one in by_month], word),
    )


@router.get("/confidence")
def confidence(request: Request) -> Response:
    """Of the values that people judged, the share that was read right, by confidence."""
    house = house_of(request)
    bands = house.archive.values.reliability()
    return house.page(request, "chart_confidence.html", bands=bands, drawing=charted.reliability(bands))
