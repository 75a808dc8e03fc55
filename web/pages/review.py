"""The review: one doubtful value after the other, judged by keyboard."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from archive.archive import Archive
from archive.records import ReportName, VerdictKind
from archive.values import verdicts
from archive.values.facts import FactFilter
from archive.values.records import DoubtfulValue, PrintedValue, VerdictInput
from archive.values.review_queue import ReviewFilter
from core.errors import GuidangError, UsageError
from reconcile.model import Key
from web.house import House, house_of
from web.review_desk import look
from web.views.relations import RelationNow, relations_of

router = APIRouter(prefix="/review")
_STATES = {
    "blank": "blank",
    "空": "blank",
    "unread": "unread",
    "未识": "unread",
    "missing": "missing",
    "缺": "missing",
}
Form = dict[str, str]


async def _form(request: Request) -> Form:
    """The fields of a form as a browser sends it."""
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


Fields = Annotated[Form, Depends(_form)]


@router.get("")
def review(
    request: Request, document: str = "", organ: str = "", year: str = "", table: str = "", flag: str = ""
) -> Response:
    """The next doubtful value of those wanted; one who only reads is asked nothing, and holds nothing up."""
    if not request.state.person.may_judge:
        raise HTTPException(403, "values are settled by reviewers")
    house = house_of(request)
    filters = {"document": document, "organ": organ, "year": year, "table": table, "flag": flag}
    return house.page(request, "review.html", **_question(house, request, filters))


@router.post("/verdict")
def verdict(request: Request, fields: Fields) -> Response:
    """Keep what somebody says of a value, and show the next one."""
    house, filters = house_of(request), _filter(fields)
    try:
        report, key = _named(fields)
        said = _said(request, fields)
        with house.door.writing() as writer:
            writer.review.judge(report, key, said)
    except GuidangError as error:
        return house.page(request, "_question.html", 409, **_question(house, request, filters, str(error)))
    if said.kind is not VerdictKind.NOTE:
        house.desk.judged(_session(request), [(report, key)])
    return house.page(request, "_question.html", **_question(house, request, filters))


@router.post("/finding")
def finding(request: Request, fields: Fields) -> Response:
    """Say the same of every value of a finding that still asks for a look."""
    house, filters = house_of(request), _filter(fields)
    report, key = _named(fields)
    doubt = look(house.archive, report, key)
    chosen = int(fields.get("finding", "0"))
    if doubt is None or not 0 <= chosen < len(doubt.findings):
        raise HTTPException(404)
    kind = VerdictKind(fields["kind"])
    names = [(report, f"{one.table}/{one.row}/{one.column}") for one in doubt.findings[chosen].keys]
    done = []
    with house.door.writing() as writer:
        for name in names:
            other = look(writer, *name)
            if other and other.fact.needs_review:
                seen = VerdictInput(kind, _who(request), fields.get("note", ""), seen_run=other.run)
                writer.review.judge(*name, seen)
                done.append(name)
    house.desk.judged(_session(request), done)
    return house.page(request, "_question.html", **_question(house, request, filters))


@router.post("/later")
def later(request: Request, fields: Fields) -> Response:
    """Leave the value for later."""
    house, filters = house_of(request), _filter(fields)
    house.desk.skip(_session(request))
    return house.page(request, "_question.html", **_question(house, request, filters))


@router.post("/undo")
def undo(request: Request, fields: Fields) -> Response:
    """Take back the last verdict of this session, and look at its value again."""
    house, filters = house_of(request), _filter(fields)
    last = house.desk.last(_session(request))
    trouble = ""
    if last:
        with house.door.writing() as writer:
            writer.review.judge(*last, VerdictInput(VerdictKind.UNDO, _who(request)))
    else:
        trouble = "nothing to take back in this session"
    return house.page(request, "_question.html", **_question(house, request, filters, trouble))


@router.get("/relations")
def relations(request: Request, document: str, part: int, key: str, printed: str = "") -> Response:
    """The relations of a value as if what is typed were printed there."""
    house = house_of(request)
    doubt = look(house.archive, ReportName(document, part), key)
    if doubt is None:
        raise HTTPException(404)
    return house.page(request, "_relations.html", relations=_relations(house.archive, doubt, printed))


def _question(house: House, request: Request, filters: dict[str, str], trouble: str = "") -> dict[str, Any]:
    """The value to ask about, and how many there are."""
    wanted = _wanted(house, **filters)
    doubt = house.desk.question(_session(request), wanted)
    return {
        "doubt": doubt,
        "left": house.archive.review.count_doubts(ReviewFilter(wanted)),
        "relations": _relations(house.archive, doubt, "") if doubt else (),
        "row": _row_of(house.archive, doubt) if doubt else (),
        "filters": filters,
        "trouble": trouble,
    }


def _relations(archive: Archive, doubt: DoubtfulValue, typed: str) -> tuple[RelationNow, ...]:
    fact = doubt.fact
    facts = list(archive.values.facts(FactFilter(fact.document, fact.part)))
    try:
        printed = printed_as(typed) if typed.strip() else None
    except UsageError:  # half typed
        printed = None
    return relations_of(facts, Key(fact.table, fact.row, fact.column), printed)


def _row_of(archive: Archive, doubt: DoubtfulValue) -> tuple[object, ...]:
    fact = doubt.fact
    return tuple(archive.values.facts(FactFilter(fact.document, fact.part, table=fact.table, row=fact.row)))


def printed_as(text: str) -> PrintedValue:
    """What somebody says is printed: a number, a dash, or the name or sign of another state.

    Raises UsageError for anything else.
    """
    state = _STATES.get(text.strip().lower())
    return PrintedValue(state, "", "") if state else verdicts.printed(text)


def _said(request: Request, fields: Form) -> VerdictInput:
    try:
        kind = VerdictKind(fields.get("kind", ""))
        run, standing = int(fields["run"]), int(fields["standing"])
    except (KeyError, ValueError) as error:
        raise UsageError("the page has sent no verdict: load it again") from error
    printed = printed_as(fields.get("printed", "")) if kind is VerdictKind.CORRECT else None
    return VerdictInput(kind, _who(request), fields.get("note", ""), printed, run, standing)


def _named(fields: Form) -> tuple[ReportName, str]:
    try:
        return ReportName(fields["document"], int(fields["part"])), fields["key"]
    except (KeyError, ValueError) as error:
        raise UsageError("the page has named no value: load it again") from error


def _filter(fields: Form) -> dict[str, str]:
    """What is wanted, as a form tells it: `of` goes before what names a value."""
    names = ("document", "organ", "year", "table", "flag")
    of = {name: fields.get(f"of_{name}", "") for name in names}
    return of if any(f"of_{name}" in fields for name in names) else {n: fields.get(n, "") for n in names}


def _wanted(
    house: House, document: str = "", organ: str = "", year: str = "", table: str = "", flag: str = ""
) -> FactFilter:
    name, part = house.archive.documents.find_report(document) if document else (None, None)
    return FactFilter(name, part, table or None, year=year or None, organ=organ or None, flag=flag or None)


def _session(request: Request) -> str:
    session = request.state.session
    return session.key if session else "token"


def _who(request: Request) -> str:
    return str(request.state.person.name)
