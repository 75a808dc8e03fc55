"""Coverage: organs by years, what is there, what waits, what is missing; every cell leads to its reports."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from archive.reports.catalogue import CatalogueFilter, ReportState
from web.house import house_of
from web.views.coverage_cells import laid_rows

router = APIRouter()
_ON_A_PAGE = 50


@router.get("/coverage")
def coverage(request: Request, organ: str = "", at: int = 1) -> Response:
    """The organs with this part in a name, a page at a time."""
    house = house_of(request)
    at = max(1, at)
    matrix = house.archive.comparison.matrix(organ, (at - 1) * _ON_A_PAGE, _ON_A_PAGE)
    unplaced = CatalogueFilter(state=ReportState.UNPLACED)
    return house.page(
        request,
        "coverage.html",
        matrix=matrix,
        rows=laid_rows(matrix),
        organ=organ,
        at=at,
        first=(at - 1) * _ON_A_PAGE + 1,
        last=max(1, -(-matrix.total // _ON_A_PAGE)),
        unplaced=house.archive.reports.catalogue(unplaced, 0, 1).total,
    )
