"""The same records as the exports, for programs: `/api/v1`, described in `/api/v1/openapi.json`."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field

from archive.records import ReportName, VerdictKind
from archive.reports.catalogue import CatalogueFilter, ReportState
from archive.search.search import SearchFilter
from archive.values.facts import FactFilter
from archive.values.records import VerdictInput
from web.house import house_of
from web.pages.report import view_of
from web.pages.review import printed_as

router = APIRouter(prefix="/api/v1", tags=["v1"])
Record = dict[str, Any]
Limit = Annotated[int, Query(ge=1, le=1000)]
Offset = Annotated[int, Query(ge=0)]


class Verdict(BaseModel):
    """What somebody says of a value."""

    document: str = Field(pattern="^[0-9a-f]{64}$")
    part: int = Field(default=1, ge=1)
    key: str = Field(max_length=200, description="table/row/column")
    kind: VerdictKind
    printed: str = Field(default="", max_length=200, description="of a correction: what is printed")
    note: str = Field(default="", max_length=4000)
    run: int | None = Field(default=None, description="the run whose reading was looked at")


@router.get("/documents")
def documents(
    request: Request,
    organ: str | None = None,
    year: int | None = None,
    form: str | None = None,
    state: ReportState | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Record:
    """The reports, newest intake first."""
    page = house_of(request).archive.reports.catalogue(
        CatalogueFilter(organ, year, form, state), offset, limit
    )
    return {"total": page.total, "documents": [_without(asdict(one), "mentions") for one in page.reports]}


@router.get("/documents/{document}")
def document(request: Request, document: str, part: int | None = None) -> Record:
    """A report: where it came from, its findings, its text by page."""
    view = view_of(house_of(request), document, part)
    pages = [{"page": one.number, "lines": [line.text for line in one.lines]} for one in view.pages]
    return {
        "document": view.document,
        "status": view.status,
        "sources": view.sources,
        "title": view.title,
        "organ": view.organ,
        "year": view.year,
        "reports": [_without(asdict(one), "mentions") for one in view.reports],
        "findings": [asdict(one) for one in view.findings],
        "pages": pages,
    }


@router.get("/facts")
def facts(
    request: Request,
    document: str | None = None,
    part: int | None = None,
    table: str | None = None,
    row: str | None = None,
    column: str | None = None,
    year: str | None = None,
    organ: str | None = None,
    form: str | None = None,
    state: str | None = None,
    flag: str | None = None,
    limit: Limit = 1000,
    offset: Offset = 0,
) -> Record:
    """The values, in the order of intake, with the columns of `export facts`."""
    wanted = FactFilter(document, part, table, row, column, year, organ, form=form, state=state, flag=flag)
    values = house_of(request).archive.values
    found = islice(values.facts(wanted), offset, offset + limit)
    return {"total": values.count_facts(wanted), "facts": [asdict(one) for one in found]}


@router.get("/search")
def search(
    request: Request, q: str, year: int | None = None, organ: str | None = None, limit: Limit = 20
) -> Record:
    """The pages that hold every term, best first."""
    found = house_of(request).archive.search(q, SearchFilter(year=year, organ=organ), limit)
    return {"total": found.total, "is_all": found.is_all, "hits": [asdict(one) for one in found.hits]}


@router.get("/verdicts")
def verdicts(
    request: Request, document: str | None = None, limit: Limit = 1000, offset: Offset = 0
) -> Record:
    """What people said, in the order in which they did."""
    given = house_of(request).archive.review.verdicts(document)
    return {"verdicts": [asdict(one) for one in islice(given, offset, offset + limit)]}


@router.post("/verdicts", status_code=201)
def judge(request: Request, verdict: Verdict) -> Record:
    """Say what is printed; nothing is overwritten."""
    printed = printed_as(verdict.printed) if verdict.kind is VerdictKind.CORRECT else None
    if verdict.kind is not VerdictKind.CORRECT and verdict.printed:
        raise HTTPException(400, "only a correction says what is printed")
    who = request.state.person.name
    said = VerdictInput(verdict.kind, who, verdict.note, printed, verdict.run)
    with house_of(request).door.writing() as writer:
        return asdict(writer.review.judge(ReportName(verdict.document, verdict.part), verdict.key, said))


def _without(record: Record, *names: str) -> Record:
    return {name: told for name, told in record.items() if name not in names}
