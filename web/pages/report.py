"""A report: the picture of a page with what was read from it, its tables, one value in full."""

from __future__ import annotations

from hashlib import sha256

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import FileResponse, Response

from archive.records import ReportName
from archive.status.records import DocumentView
from core.errors import UsageError
from ocr.model import Box
from ocr.output.page_picture import WantedPicture
from reconcile.model import Key
from web.house import House, house_of, label
from web.pictures import nearest_width
from web.review_desk import look
from web.views.form_layout import laid_out
from web.views.page_boxes import key_of, line_boxes, value_boxes
from web.views.relations import relations_of

router = APIRouter(prefix="/documents")
# A row of a table is shown with so much of the page around it, in points, at this many pixels a page.
_AROUND, _CROP_WIDTH = 14.0, 2000
_KEPT = {"Cache-Control": "private, max-age=86400"}


@router.get("/{document}")
def whole(request: Request, document: str, page: int = 0, value: str = "") -> Response:
    """A document: its report, or the list of those in it."""
    return _shown(request, document, None, page, value)


@router.get("/{document}/{part:int}")
def part(request: Request, document: str, part: int, page: int = 0, value: str = "") -> Response:
    """One report in a document."""
    return _shown(request, document, part, page, value)


@router.get("/{document}/{part:int}/values/{table}/{row}/{column}")
def value(request: Request, document: str, part: int, table: str, row: str, column: str) -> Response:
    """One value: what was read, by whom, what people said, the relations that it stands in."""
    house = house_of(request)
    view = view_of(house, document, part)
    name, key = ReportName(view.document, part), f"{table}/{row}/{column}"
    doubt = look(house.archive, name, key)
    if doubt is None:
        raise HTTPException(404)
    said = [one for one in view.verdicts if one.key == key]
    relations = relations_of(view.facts, Key(table, row, column))
    return house.page(request, "_value.html", doubt=doubt, report=name, history=said, relations=relations)


@router.get("/{document}/pages/{number:int}.webp")
def picture(request: Request, document: str, number: int, width: int = 960) -> Response:
    """The picture of a page, as wide as is asked for or a little wider."""
    return _drawn(request, document, WantedPicture(number, nearest_width(width)))


@router.get("/{document}/{part:int}/crops/{table}/{row}/{column}.webp")
def crop(request: Request, document: str, part: int, table: str, row: str, column: str) -> Response:
    """The row that a value is printed in, upright, with a little around it."""
    house = house_of(request)
    doubt = look(house.archive, ReportName(_digest(house, document), part), f"{table}/{row}/{column}")
    at = house.archive.review.printed_at(doubt) if doubt else None
    if at is None:
        raise HTTPException(404)
    area = at.around.union(at.box)
    shown = Box(area.left - _AROUND, area.top - _AROUND, area.right + _AROUND, area.bottom + _AROUND)
    return _drawn(request, document, WantedPicture(at.page, _CROP_WIDTH, shown, at.turned, at.box))


@router.get("/{document}/original")
def original(request: Request, document: str) -> Response:
    """The original, to be saved: a browser never shows it, for it may hold scripts."""
    house = house_of(request)
    digest = _digest(house, document)
    path = house.archive.documents.readable(digest)
    return FileResponse(
        path,
        media_type="application/octet-stream",
        filename=digest[:12] + path.suffix,
        headers={"Content-Security-Policy": "sandbox"},
    )


def view_of(house: House, document: str, part: int | None) -> DocumentView:
    """All that is known of a report. HTTPException 404 for a hash that is none of the archive's."""
    name = _digest(house, document)
    try:
        return house.archive.status.document(name if part is None else f"{name}:{part}")
    except UsageError as error:
        raise HTTPException(404, str(error)) from error


def _digest(house: House, document: str) -> str:
    """The whole sha256 of a beginning of it; an address names a document by nothing else."""
    if not 8 <= len(document) <= 64 or not set(document) <= set("0123456789abcdef"):
        raise HTTPException(404)
    try:
        return house.archive.documents.find(document)
    except UsageError as error:
        raise HTTPException(404, str(error)) from error


def _shown(request: Request, document: str, part: int | None, page: int, value: str) -> Response:
    house = house_of(request)
    view = view_of(house, document, part)
    if view.chosen is None:
        return house.page(request, "volume.html", view=view)
    first = next(
        (fact.page for fact in view.facts if f"{fact.table}/{fact.row}/{fact.column}" == value), None
    )
    numbers = [read.number for read in view.pages]
    number = page or first or view.chosen.first_page
    if number not in numbers:
        raise HTTPException(404)
    here = next(read for read in view.pages if read.number == number)
    return house.page(
        request,
        "report.html",
        view=view,
        report=view.chosen,
        page=here,
        numbers=numbers,
        value=value,
        boxes=list(value_boxes(view, number)),
        lines=list(line_boxes(view, number)),
        tables=list(laid_out(view.facts)),
        labels={key_of(fact): label(fact) for fact in view.facts},
        trouble="",
    )


def _drawn(request: Request, document: str, wanted: WantedPicture) -> Response:
    house = house_of(request)
    digest = _digest(house, document)
    tag = f'"{sha256(f"{digest} {wanted}".encode()).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={**_KEPT, "ETag": tag})
    path = house.archive.documents.path(digest)
    drawn = house.pictures.picture(digest, path, wanted)
    return Response(drawn, media_type="image/webp", headers={**_KEPT, "ETag": tag})
