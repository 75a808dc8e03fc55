"""A web page as a document: pages that we laid out, then the pages that it shows as pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PIL import Image

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.limits import WEB_PAGE, web_page_within
from ocr.documents.base import Document
from ocr.html.block_builder import ParsedPage, content_of
from ocr.html.blocks import Block, HtmlTable, Paragraph, Picture
from ocr.html.boilerplate import without_menus
from ocr.html.encoding import decode
from ocr.html.styles.sheet_rules import StyleSheet
from ocr.web.laid_document import LaidDocument, is_page_of_print, opened_picture
from ocr.web.mhtml_reader import MhtmlPart, SavedPage, from_base64, saved_page
from ocr.web.page_layout import lay_out

# A page with less text than this and nothing else tells that there is no report, or where it is.
_LEAST_TEXT = 200
_DEEPEST_FRAME = 3
_MIB = 1 << 20


@contextmanager
def open_html(path: Path) -> Iterator[Document]:
    """Open an HTML page. Nothing is run and nothing fetched.

    Raises:
        UnreadableDocument: it is larger than the limits, damaged, or holds nothing to read.
    """
    web_page_within(path.stat().st_size // _MIB, WEB_PAGE.markup_bytes // _MIB, "MiB")
    text = decode(path.read_bytes())[0]
    yield _document(content_of(text, sheets=partial(_sheet, None, None)), None)


@contextmanager
def open_mhtml(path: Path) -> Iterator[Document]:
    """Open a page that was saved with its pictures (MHTML). Nothing is run and nothing fetched.

    Raises:
        UnreadableDocument: it is larger than the limits, damaged, or holds nothing to read.
    """
    web_page_within(path.stat().st_size // _MIB, WEB_PAGE.bytes // _MIB, "MiB")
    saved = saved_page(path.read_bytes())
    yield _document(_content(saved, saved.root), saved)


def _document(content: ParsedPage, saved: SavedPage | None) -> Document:
    pictures = tuple(_pages_in(content, saved))
    blocks = without_menus(content.blocks)
    _demand_a_report(blocks, pictures, saved)
    return LaidDocument(lay_out(blocks), pictures)


def _content(saved: SavedPage, page: MhtmlPart, deepest: int = _DEEPEST_FRAME) -> ParsedPage:
    text = page.text
    web_page_within(len(text) // _MIB, WEB_PAGE.markup_bytes // _MIB, "MiB")
    return content_of(text, partial(_frame, saved, deepest - 1), partial(_sheet, saved, page))


def _frame(saved: SavedPage, deepest: int, address: str, base: str) -> ParsedPage:
    """Return the content of a page inside of the page, if it was saved with it."""
    part = saved.part(address, base) if address else None
    if deepest < 0 or part is None or part is saved.root or not part.kind.endswith("html"):
        return ParsedPage()
    return _content(saved, part, deepest)


def _sheet(saved: SavedPage | None, page: MhtmlPart | None, address: str, base: str) -> StyleSheet | None:
    """Return the style sheet at an address, if it was saved with the page or is the address itself."""
    if address.lower().startswith("data:"):
        return StyleSheet(decode(_inline(address))[0], base)
    base = base or (page.location if page else "")
    part = saved.part(address, base) if saved else None
    return StyleSheet(part.text, part.location or base) if part else None


def _pages_in(content: ParsedPage, saved: SavedPage | None) -> Iterator[tuple[bytes, Image.Image]]:
    """Yield the pictures that are large enough for a page of print, each once, in the order of the page."""
    seen: set[bytes] = set()
    for picture in content.pictures:
        data = _bytes_of(picture, content.base, saved)
        if data and data not in seen:
            seen.add(data)
            if (opened := opened_picture(data)) and is_page_of_print(opened):
                yield data, opened


def _bytes_of(picture: Picture, base: str, saved: SavedPage | None) -> bytes | None:
    for address in picture.addresses:
        if address.lower().startswith("data:"):
            return _inline(address)
        if saved and (part := saved.part(address, base)):
            return part.content
    return None


def _inline(address: str) -> bytes:
    """Return the bytes that an address itself holds."""
    head, _, data = address.partition(",")
    sent = unquote_to_bytes(data)
    return from_base64(sent) if head.lower().endswith(";base64") else sent


def _demand_a_report(blocks: Sequence[Block], pictures: Sequence[object], saved: SavedPage | None) -> None:
    """Refuse what is no report: a page that tells of an error, links to the report, or needs a script."""
    length = sum(len(block.text) for block in blocks if isinstance(block, Paragraph))
    if pictures or length >= _LEAST_TEXT or any(isinstance(block, HtmlTable) for block in blocks):
        return
    found = f"{length} characters of text" if length else "no text"
    lost = "" if saved else "; pictures of pages are read where the page was saved with them (MHTML)"
    what = f"an HTML page with {found}, no table and no picture of a page"
    raise UnreadableDocument(
        Failure.NO_REPORT, f"{what}: not a report, or one that a script would show{lost}"
    )
