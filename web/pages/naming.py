"""Who reported on which year, under which title: put right beside the page that says so."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from archive.documents.stored_reports import StoredReport
from archive.records import ReportField, ReportName
from archive.reports.records import ReportNaming
from core.errors import GuidangError, UsageError
from web.house import House, house_of
from web.pages.report import view_of
from web.pages.review import Fields

router = APIRouter(prefix="/documents")
_NAMED = ("organ", "year", "title")
_YEARS = range(1949, 2101)


@router.post("/{document}/{part:int}/naming")
def name(request: Request, document: str, part: int, fields: Fields) -> Response:
    """Keep what somebody says of a report, what they changed of it alone, and show the report anew."""
    house = house_of(request)
    report = view_of(house, document, part).chosen
    try:
        said = _said(report, fields)
        with house.door.writing() as writer:
            writer.reports.name(_name(report, document), said, _who(request), fields.get("note", ""))
    except GuidangError as error:
        return _form(house, request, document, part, str(error))
    return _shown_anew(document, part)


@router.post("/{document}/{part:int}/naming/undo")
def undo(request: Request, document: str, part: int, fields: Fields) -> Response:
    """Take back what was last said of organ, year or title."""
    house = house_of(request)
    report = view_of(house, document, part).chosen
    try:
        field = ReportField(fields.get("field", ""))
        with house.door.writing() as writer:
            writer.reports.take_back(_name(report, document), field, _who(request), fields.get("note", ""))
    except (GuidangError, ValueError) as error:
        return _form(house, request, document, part, str(error))
    return _shown_anew(document, part)


def _said(report: StoredReport | None, fields: Mapping[str, str]) -> ReportNaming:
    """What was changed of what the page showed. Raises UsageError if that is not what stands any more."""
    changed = {field: fields[field].strip() for field in _NAMED if _is_changed(fields, field)}
    if any(_shown(report, field) != fields.get(f"was_{field}") for field in changed):
        raise UsageError("somebody has put this right meanwhile: load the page again")
    if not changed:
        raise UsageError("nothing is changed")
    year = changed.get("year")
    if year is not None and not (year.isdecimal() and int(year) in _YEARS):
        raise UsageError(f"{year!r} is no year")
    return ReportNaming(changed.get("organ"), int(year) if year else None, changed.get("title"))


def _is_changed(fields: Mapping[str, str], field: str) -> bool:
    return field in fields and fields[field].strip() != fields.get(f"was_{field}")


def _shown(report: StoredReport | None, field: str) -> str:
    return str(getattr(report, field) or "")


def _name(report: StoredReport | None, document: str) -> ReportName:
    return ReportName(report.document if report else document, report.part if report else 1)


def _form(house: House, request: Request, document: str, part: int, trouble: str) -> Response:
    report = view_of(house, document, part).chosen
    return house.page(request, "_naming.html", 409, report=report, trouble=trouble)


def _shown_anew(document: str, part: int) -> Response:
    return Response(status_code=204, headers={"HX-Redirect": f"/documents/{document}/{part}"})


def _who(request: Request) -> str:
    return str(request.state.person.name)
