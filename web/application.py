"""The review page put together: the page to start from.

A request passes the guard (`access/`), then the page of its address (`pages/`), which asks the archive, lays
out what it holds (`views/`) and fills a template.
"""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from archive.archive import Archive
from core.errors import ArchiveUnavailable, GuidangError, UnreadableDocument, UsageError
from web.access.guard import Guard
from web.archive_door import ArchiveDoor
from web.house import STATIC, House, templates
from web.pages import api, charts, library, login, naming, nights, organ_matrix, report, review
from web.pictures import Draw, Pictures
from web.review_desk import ReviewDesk

# What an error of ours is to a browser; one that is none of these is a fault of the server.
_STATUSES = {UsageError: 400, ArchiveUnavailable: 503, UnreadableDocument: 422}


def application(archive: Archive, draw: Draw, guard: Guard) -> FastAPI:
    """The page of an archive that is open for reading; `draw` makes pictures, `guard` lets people in."""
    made = FastAPI(
        title="guidang",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        separate_input_output_schemas=False,
    )
    made.state.guard = guard
    made.state.house = House(ArchiveDoor(archive), Pictures(draw), ReviewDesk(archive), templates())
    made.add_middleware(BaseHTTPMiddleware, dispatch=guard)
    for pages in (library, organ_matrix, nights, charts, report, naming, review, login, api):
        made.include_router(pages.router, include_in_schema=pages is api)
    made.mount("/static", StaticFiles(directory=STATIC), name="static")
    made.add_exception_handler(GuidangError, _told)
    made.add_exception_handler(HTTPException, _told)
    return made


async def _told(request: Request, error: Exception) -> Response:
    """An error as the page or the program can show it."""
    if isinstance(error, HTTPException):
        status, text = error.status_code, str(error.detail)
    else:
        status = next((code for kind, code in _STATUSES.items() if isinstance(error, kind)), 500)
        text = str(error)
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": text}, status)
    house: House = request.app.state.house
    return house.page(request, "error.html", status, text=text)
