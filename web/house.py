"""What every page has at hand: archive, pictures, desk, and templates in the language of the browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from archive.archive import Archive
from archive.records import short
from archive.values.records import Fact
from core.language.translations import CHINESE, Translate, preferred, translation
from reconcile.forms.registry import labels_of
from web.archive_door import ArchiveDoor
from web.pictures import Pictures
from web.review_desk import ReviewDesk
from web.views.charted import percent
from web.views.page_boxes import key_of, look_of
from web.views.printed_values import printed, sign_of

STATIC = Path(__file__).parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class House:
    """The parts that pages are made with; `request.app.state.house` has them."""

    door: ArchiveDoor
    pictures: Pictures
    desk: ReviewDesk
    templates: Environment

    @property
    def archive(self) -> Archive:
        """The archive, for reading."""
        return self.door.reading

    def page(self, request: Request, template: str, status: int = 200, **shown: Any) -> HTMLResponse:
        """A page of a template; whatever is shown is escaped."""
        language = _language(request)
        session = getattr(request.state, "session", None)
        text = self.templates.get_template(template).render(
            **shown,
            _=translation(language),
            language="zh-CN" if language == CHINESE else "en",
            person=getattr(request.state, "person", None),
            token=session.token if session else "",
            can_leave=request.app.state.guard.people is not None,
        )
        return HTMLResponse(text, status, {"Cache-Control": "no-store", "Vary": "Accept-Language"})

    def word(self, request: Request) -> Translate:
        """What turns the English of the code into the language of the browser."""
        return translation(_language(request))


def _language(request: Request) -> str:
    return preferred(request.headers.get("accept-language", ""))


def templates() -> Environment:
    """The templates, which escape what they show and fail where something is missing."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"short": short, "key": key_of, "look": look_of, "printed": printed}
    made.filters |= {"marked": marked, "label": label, "percent": percent, "sign": sign_of}
    return made


def label(fact: Fact) -> str:
    """The printed labels of a value; its keys under a form that is no longer known."""
    try:
        return " · ".join(labels_of(fact.form, fact.table, fact.row, fact.column))
    except KeyError:
        return f"{fact.row} · {fact.column}"


def marked(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """A text in pieces, each with whether it is marked; marks are half-open ranges in order."""
    at = 0
    for start, end in marks:
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False


def house_of(request: Request) -> House:
    """The house of a request."""
    house: House = request.app.state.house
    return house
