"""What an answer of a site means: a response becomes a visit, its links become tasks; nothing is stored."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from hashlib import sha256
from html import escape
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy.http import Response

from archive.crawl.records import Original, Sighting, Task, TaskKind, Visit, VisitOutcome
from core.media_types import HEAD, HTML, MHTML, OTHER, PDF, ZIP
from ingest.crawl.classify.blind_spots import blind_spots, filled_by, is_column
from ingest.crawl.classify.link_classifier import ClassifiedLink
from ingest.crawl.classify.link_rules import FURTHER, LISTED
from ingest.crawl.classify.list_fingerprint import rows_of, shape
from ingest.crawl.classify.page_classifier import PageClass
from ingest.crawl.inline_files import inline_files
from ingest.crawl.pages.models import PageView
from ingest.crawl.pages.page_view import fingerprint
from ingest.crawl.pages.urls import canonical
from ingest.crawl.transport.error_messages import dead_end
from ingest.crawl.transport.tls import noted
from ingest.crawl.transport.walls import WALL, wall_of
from ingest.sources.candidates import Candidate, is_document, members, sniffed
from ingest.sources.embedded import embedded_members
from ocr.web.mhtml_writer import MhtmlResource, pack

GONE = (404, 410)
UNAUTHORISED = 401
# Endings of files that are kept though nobody can read them yet.
KEPT_ENDINGS = (".doc", ".docx", ".wps", ".ofd", ".xls", ".xlsx", ".rtf", ".rar", ".7z", ".ceb", ".et")
# Headers that are remembered; the rest says nothing of the document.
HEADERS = (
    "content-type",
    "content-length",
    "content-disposition",
    "last-modified",
    "etag",
    "date",
    "server",
    "location",
    "retry-after",
)
# What a visit to a page comes to that has no more than a message.
_MESSAGES = {"gone": VisitOutcome.GONE, "login": VisitOutcome.LOGIN, "challenge": VisitOutcome.ERROR}
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
# A zip that holds more than this is taken for a bomb.
MOST_UNPACKED = 1 << 29
# No header is remembered beyond so many characters.
LONGEST_HEADER = 1000


def empty_visit(outcome: VisitOutcome, reason: str, **known: Any) -> Visit:
    """A visit that brought nothing."""
    nothing: dict[str, Any] = {
        "status": None,
        "final_url": "",
        "media_type": "",
        "sha256": "",
        "size": 0,
        "headers": {},
        "title": "",
        "redirects": (),
        "text_sha256": "",
        "tls": "",
        "shape": None,
        "links": (),
        "originals": (),
    }
    return Visit(outcome=outcome, reason=reason, **(nothing | known))


def met(task: Task, response: Response) -> dict[str, Any]:
    """What every answer tells, whatever is in it."""
    meta = response.meta
    hops = zip(meta.get("redirect_reasons", ()), meta.get("redirect_urls", ()), strict=False)
    return {
        "status": response.status,
        "final_url": response.url,
        "headers": headers_of(response),
        "title": task.title,
        "redirects": tuple((why if isinstance(why, int) else 0, url) for why, url in hops),
        "tls": noted(response),
        "sha256": sha256(response.body).hexdigest() if response.body else "",
        "size": len(response.body),
    }


def headers_of(response: Response) -> dict[str, str]:
    """The headers worth remembering, as text; bytes that are none stay visible."""
    found = {}
    for name in HEADERS:
        value = response.headers.get(name)
        if value is not None:
            found[name] = value.decode("utf-8", "backslashreplace")[:LONGEST_HEADER]
    return found


def content_type(response: Response) -> str:
    """The Content-Type as sent, empty if there is none."""
    return (response.headers.get(b"Content-Type") or b"").decode("latin-1")


def kind_of(task: Task, response: Response) -> str:
    """The media type by content; a text page that begins oddly is a page where it was sent as one."""
    try:
        found = sniffed(_candidate(task, response))
    except OSError:
        found = OTHER
    is_text = found == OTHER and b"\0" not in response.body[:HEAD]
    if is_text and ("html" in content_type(response).lower() or task.kind in (TaskKind.LIST, TaskKind.START)):
        return HTML
    return found


def refused_status(task: Task, response: Response) -> Visit | None:
    """The visit where the status already says all, None where the body must be looked at."""
    known = met(task, response)
    if response.status in GONE:
        return empty_visit(VisitOutcome.GONE, f"status {response.status}", **known)
    if response.status == UNAUTHORISED:
        return empty_visit(VisitOutcome.LOGIN, f"status {response.status}", **known)
    if end := dead_end(response):
        return empty_visit(*end, **known)
    if response.status >= 300:
        wall = wall_of(response.status, response.body)
        said = f"status {response.status}" + (f": {WALL} {wall}" if wall else "")
        return empty_visit(VisitOutcome.ERROR, said, **known)
    if not response.body:
        return empty_visit(VisitOutcome.ERROR, "the answer is empty", **known)
    return None


def file_visit(task: Task, response: Response, kind: str) -> Visit:
    """A visit to something that is no page: a document, several in a zip, or none."""
    known = met(task, response) | {"media_type": kind}
    try:
        originals = tuple(_originals(task, response, kind))
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        return empty_visit(VisitOutcome.ERROR, f"the zip cannot be read: {error}", **known)
    if not originals:
        return empty_visit(VisitOutcome.OTHER, "it is no document", **known)
    # Such an answer ends with the connection, and nobody can tell whether that was its end.
    reason = "it told no length: it may be cut short" if "partial" in response.flags else ""
    return empty_visit(VisitOutcome.NEW, reason, **known | {"originals": originals})


def with_inline_files(task: Task, response: Response, visit: Visit) -> Visit:
    """A visit to a report's page with the files that its source carries, each at its own address."""
    if visit.outcome not in (VisitOutcome.NEW, VisitOutcome.PAGE, VisitOutcome.OTHER):
        return visit
    found: list[Original] = []
    for number, body in enumerate(inline_files(response.body), 1):
        candidate = Candidate(f"{task.url}#inline-{number}", partial(_in_memory, body), asked_for=False)
        kind = sniffed(candidate)
        if is_document(candidate, kind):
            found.append(Original(candidate.name, kind, body))
    if not found:
        return visit
    # What the page prints are its text and these files.
    digests = "".join(sha256(one.body).hexdigest() for one in found)
    printed = sha256(f"{visit.text_sha256}{digests}".encode()).hexdigest()
    made = {**(visit.shape or {}), "printed": printed}
    carried = f"carries {len(found)} file{'s' if len(found) > 1 else ''} in its source"
    visit = replace(visit, outcome=VisitOutcome.NEW, reason=carried, originals=tuple(found))
    return replace(visit, text_sha256=printed, shape=made)


def _in_memory(body: bytes) -> closing[BytesIO]:
    return closing(BytesIO(body))


def _originals(task: Task, response: Response, kind: str) -> Iterator[Original]:
    candidate = _candidate(task, response)
    inside = members(candidate) if kind == ZIP else None
    if inside is not None:
        yield from _within(MOST_UNPACKED, _unpacked(inside, depth=2))
    elif is_document(candidate, kind) or ends_like_a_document(task, response):
        yield Original(task.url, kind, response.body)
        with suppress(OSError):  # the document itself is kept all the same
            yield from _within(MOST_UNPACKED, _embedded(candidate, kind, depth=2))


def _candidate(task: Task, response: Response) -> Candidate:
    return Candidate(task.url, lambda: closing(BytesIO(response.body)), asked_for=False)


def _within(limit: int, originals: Iterator[Original]) -> Iterator[Original]:
    """The originals, as long as they are no more than so many bytes together. Raises OSError."""
    for one in originals:
        limit -= len(one.body)
        if limit < 0:
            raise OSError(f"it unpacks to more than {MOST_UNPACKED >> 20} MB")
        yield one


def _unpacked(candidates: Iterator[Candidate], depth: int) -> Iterator[Original]:
    for candidate in candidates:
        kind = sniffed(candidate)
        inside = members(candidate, depth) if kind == ZIP else None
        if inside is not None:
            yield from _unpacked(inside, depth + 1)
        elif is_document(candidate, kind):
            with candidate.open() as stream:
                yield Original(candidate.name, kind, stream.read(MOST_UNPACKED + 1))
            yield from _embedded(candidate, kind, depth + 1)


def _embedded(candidate: Candidate, kind: str, depth: int) -> Iterator[Original]:
    """The documents that a PDF carries. Raises OSError where they are beyond a limit."""
    if kind == PDF:
        yield from _unpacked(iter(embedded_members(candidate, depth - 1)), depth)


def ends_like_a_document(task: Task, response: Response) -> bool:
    """Whether a name of the file, in its address, its link or the header, is that of a document."""
    names = (
        unquote(urlsplit(task.url).path),
        task.url,
        response.url,
        headers_of(response).get("content-disposition", "").strip("\"' "),
        task.title.strip(),
    )
    return any(name.lower().endswith(KEPT_ENDINGS) for name in names)


def tasks_of(task: Task, judged: Sequence[ClassifiedLink], base: str, name: str = "") -> tuple[Task, ...]:
    """The links that are followed, each once, as tasks of the same site.

    `name` is what the page is called: so are its lists, frames and further pages that have no words.
    """
    found: dict[str, Task] = {}
    followed = [one for one in judged if one.kind is not None]
    told_apart = _told_apart(followed)
    for one in followed:
        assert one.kind is not None
        address = told_apart[one.link.url]
        depth = task.depth + one.deeper
        title = one.link.text or one.link.around
        if one.link.how in ("list", "frame", "paging") and not _CHINESE.search(one.link.text):
            title = name or title
        new = Task(task.site, address, one.link.url, one.kind, depth, base, title[:300], one.why)
        found.setdefault(address, new)
    found.pop(task.address, None)
    return tuple(found.values())


def _told_apart(followed: Sequence[ClassifiedLink]) -> dict[str, str]:
    """The canonical address of each link of one page, so that no two documents are taken for one.

    What looks like a session is none where two links of the page differ in it, for a page has one
    session; nor where it is all that the query of a report or a file says.
    """
    wholes: dict[str, set[str]] = {}
    for one in followed:
        wholes.setdefault(canonical(one.link.url), set()).add(canonical(one.link.url, with_tokens=True))
    found = {}
    for one in followed:
        short, whole = canonical(one.link.url), canonical(one.link.url, with_tokens=True)
        is_all = one.kind in (TaskKind.REPORT, TaskKind.FILE) and bool(urlsplit(whole).query)
        is_all = is_all and not urlsplit(short).query
        found[one.link.url] = whole if is_all or len(wholes[short]) > 1 else short
    return found


def page_visit(
    task: Task,
    response: Response,
    view: PageView,
    page_class: PageClass,
    judged: Sequence[ClassifiedLink],
    rules: str,
) -> Visit:
    """A visit to a page: what it is, and where it leads. A report's page still lacks its originals."""
    printed = fingerprint(view)
    known = met(task, response) | {
        "media_type": HTML,
        "title": view.heading or view.title or task.title,
        "text_sha256": printed,
    }
    if page_class.kind in _MESSAGES:
        found = "status 200, but " if page_class.kind == "gone" else ""
        return empty_visit(_MESSAGES[page_class.kind], f"{found}{page_class.why}", **known)
    known |= {
        "links": tasks_of(task, judged, response.url, view.heading or view.title),
        "shape": shape(view, judged)
        | {"rules": rules, "printed": printed}
        | _hidden(task, view, page_class, judged),
    }
    if page_class.kind == "report":
        return empty_visit(VisitOutcome.NEW, page_class.why, **known)
    if task.kind in (TaskKind.FILE, TaskKind.KNOWN) and not known["links"]:
        return empty_visit(VisitOutcome.OTHER, "a page where a file should be", **known)
    return empty_visit(VisitOutcome.PAGE, page_class.why, **known)


def _hidden(
    task: Task, view: PageView, page_class: PageClass, judged: Sequence[ClassifiedLink]
) -> dict[str, Any]:
    """What the night's alarms need to know of a page: how much it declares, what it may hide."""
    is_report = page_class.kind in ("report", "carrier")
    # A further page of a list may be empty; its first page speaks for all.
    is_list = task.why == LISTED
    spots = blind_spots(view, judged, task.title, is_report=is_report or task.why == FURTHER, is_list=is_list)
    said: dict[str, Any] = {"rows": rows_of(judged), "rows_declared": view.declared.rows}
    said |= {"pages_declared": view.declared.pages} if view.declared.pages > 1 else {}
    if is_list and (address := filled_by(view)[1]):
        said["asks"] = address
    # Whether its lists show what it does not is known when they have been seen.
    is_whole = task.why not in (FURTHER, LISTED) and not is_report and not spots
    if is_whole and is_column(view, task.title):
        said["column"] = filled_by(view)[0]
    return said | ({"blind": [list(one) for one in spots]} if spots else {})


def packed(
    task: Task, response: Response, parts: Sequence[MhtmlResource], view: PageView | None = None
) -> Original:
    """A report's page with its pictures and style sheets, as one document.

    Its address goes without its session, which would make it another document each time. An article
    that only a script would write stands in it as the script has it, beside the page as received.
    """
    page = MhtmlResource(canonical(response.url), content_type(response), response.body)
    if view is not None and view.written:
        parts = [*parts, MhtmlResource(f"{page.url}#received", page.content_type, page.body)]
        name = escape(view.heading or view.title)
        head = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title></head>'
        written = f"{head}<body><h1>{name}</h1>{view.written}</body></html>".encode("utf-8", "replace")
        page = MhtmlResource(page.url, "text/html; charset=utf-8", written)
    whole = pack(page, parts)
    return Original(task.url, MHTML, whole)


def conditions(last: Sighting | None, rules: str) -> dict[str, str]:
    """Headers that ask for an answer only if it differs from the one that is remembered.

    None where there is nothing to go on with: no answer, or one that was looked at by other rules.
    """
    if last is None or not (last.documents or last.shape is not None):
        return {}
    if last.shape is not None and last.shape.get("rules") != rules:
        return {}
    found = {}
    if etag := last.headers.get("etag"):
        found["If-None-Match"] = etag
    if since := last.headers.get("last-modified") or last.headers.get("date"):
        found["If-Modified-Since"] = since
    return found
