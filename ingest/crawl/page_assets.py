"""What belongs to a report's page: its pictures and style sheets, and whether they are still the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from scrapy import Request
from scrapy.http import Response

from archive.crawl.records import Original, Sighting, Visit
from ingest.crawl.job import Postponed
from ingest.crawl.middlewares import on_behalf_of
from ingest.crawl.responses import content_type, headers_of
from ocr.web.mhtml_writer import MhtmlResource

Download = Callable[[Request], Awaitable[Response]]
# Pictures and style sheets of one page beyond this many are left.
MOST_PARTS = 150
VALIDATORS = ("etag", "last-modified", "date")


@dataclass(frozen=True, slots=True)
class PageAssets:
    """The parts that could be had, what tells each from a newer one by address, and those that could not."""

    had: tuple[MhtmlResource, ...]
    marks: Mapping[str, Mapping[str, str]]
    missing: frozenset[str]


async def fetch_assets(download: Download, page: Response, urls: Sequence[str]) -> PageAssets:
    """Get what belongs to a page, one after the other. Raises Postponed."""
    had, marks, missing = [], {}, set()
    for url in urls[:MOST_PARTS]:
        answer = await _part(download, page, url, {})
        if answer is None or answer.status != 200 or not answer.body:
            missing.add(url)
            continue
        had.append(MhtmlResource(url, content_type(answer), answer.body))
        marks[url] = _marks(answer)
    return PageAssets(tuple(had), marks, frozenset(missing | set(urls[MOST_PARTS:])))


async def assets_changed(download: Download, page: Response, last: Sighting | None) -> bool:
    """Whether a page image of a report has changed under its address. Raises Postponed."""
    held = (last.shape or {}).get("parts", {}) if last is not None else {}
    for url, marks in held.items():
        headers = {"If-None-Match": marks["etag"]} if "etag" in marks else {}
        if since := marks.get("last-modified") or marks.get("date"):
            headers["If-Modified-Since"] = since
        answer = await _part(download, page, url, headers)
        if answer is not None and answer.status == 200 and _marks(answer)["sha256"] != marks["sha256"]:
            return True
    return False


def with_parts(visit: Visit, original: Original, images: Sequence[str], parts: PageAssets) -> Visit:
    """A visit to a report's page with its document first; it says which page images are missing.

    What the page prints are its text and its page images.
    """
    marks = {url: parts.marks[url] for url in images if url in parts.marks}
    shape = {**(visit.shape or {}), "parts": marks}
    text = sha256("".join([visit.text_sha256, *(mark["sha256"] for mark in marks.values())]).encode())
    visit = replace(visit, text_sha256=text.hexdigest(), originals=(original, *visit.originals))
    lost = [url for url in images if url in parts.missing]
    if not lost:
        return replace(visit, shape=shape)
    reason = f"{len(lost)} of {len(images)} page images are missing: {lost[0]}"
    # Under other rules the next night asks for the whole page anew.
    return replace(visit, reason=reason, shape=shape | {"rules": ""})


async def _part(download: Download, page: Response, url: str, headers: dict[str, str]) -> Response | None:
    """Get one part; None where it cannot be had: a picture must not lose the report."""
    meta = on_behalf_of(page.meta["site"])
    try:
        wanted = Request(url, headers=headers | {"Referer": page.url}, dont_filter=True, meta=meta)
        return await download(wanted)
    except Postponed:
        raise
    except Exception:  # it is told as missing, with its address
        return None


def _marks(answer: Response) -> dict[str, str]:
    validators = {name: value for name, value in headers_of(answer).items() if name in VALIDATORS}
    return validators | {"sha256": sha256(answer.body).hexdigest()}
