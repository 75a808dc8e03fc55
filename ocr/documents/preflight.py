"""What is looked at in a PDF before pdfium opens it: how much there would be to unpack, draw and read.

pdfium ends its process where memory runs out, so what can be told cheaply is told first, by qpdf:
a few milliseconds for an ordinary report. What cannot be told so is bounded by the time and the
memory that the child process has. A file that qpdf cannot open is left to pdfium to judge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from pikepdf import Name, Object

from core.limits import document_limits, within
from ocr.documents.flattening import BesidePages, beside_pages
from ocr.documents.pdf_streams import ODD, bounded, filters_of, listed, unpacked_size
from ocr.documents.stand_ins import look_for_stand_in

# How many bytes one packed byte may become at most.
_RATIOS = {
    "/FlateDecode": 1032,
    "/Fl": 1032,
    "/LZWDecode": 2600,
    "/LZW": 2600,
    "/RunLengthDecode": 64,
    "/RL": 64,
    "/ASCII85Decode": 4,
    "/A85": 4,
}
_DO = re.compile(rb"(/[^\s/<>\[\](){}%]*)\s*Do(?![^\s/<>\[\](){}%])")


@dataclass(frozen=True, slots=True)
class PdfOutline:
    """How many pages are in a PDF, and what of its look is beside them."""

    n_pages: int
    beside: BesidePages


def preflight(path: Path) -> PdfOutline | None:
    """Look into a PDF without unpacking it; return what is in it, None where qpdf cannot tell.

    Raises:
        UnreadableDocument: it is larger in some way than `Limits` allow, or its pages are a stand-in.
    """
    with bounded():
        try:
            with pikepdf.open(path) as pdf:
                _look_at_streams(pdf)
                pages = list(_pages(pdf))
                _look_at_drawing(pages)
                look_for_stand_in(pdf, pages)
                return PdfOutline(len(pages), beside_pages(pdf, pages))
        except ODD:
            return None


def _look_at_streams(pdf: pikepdf.Pdf) -> None:
    for found in pdf.objects:
        if isinstance(found, pikepdf.Stream):
            with suppress(*ODD):
                _look_at_stream(found)


def _look_at_stream(stream: Object) -> None:
    filters = filters_of(stream)
    for parameters in listed(stream.get(Name.DecodeParms)):
        row = _number(parameters, "/Columns", 1) * _number(parameters, "/Colors", 1)
        within(row, "stream_bytes", "a stream in the PDF has rows of more than {}")
    if stream.get(Name.Subtype) == Name.Image:
        bits = min(_number(stream, "/BitsPerComponent", 1), 8)
        pixels = _number(stream, "/Width", 0) * _number(stream, "/Height", 0) * bits / 8
        within(pixels, "picture_pixels", "a picture in the PDF has more than {} pixels")
        filters = filters[:-1]  # the last one unpacks no more than these
    if _bound(stream, filters) > document_limits().stream_bytes:
        within(
            unpacked_size(stream, filters, document_limits().stream_bytes),
            "stream_bytes",
            "a stream in the PDF unpacks to more than {}",
        )


def _number(holder: Object, key: str, default: int) -> int:
    value = holder.get(key, default) if isinstance(holder, pikepdf.Dictionary | pikepdf.Stream) else default
    return max(int(value), 0)


def _bound(stream: Object, filters: Sequence[str]) -> int:
    """Return bytes that a stream cannot exceed when it is unpacked."""
    bound = len(stream.read_raw_bytes()) if any(name in _RATIOS for name in filters) else 0
    for name in filters:
        bound *= _RATIOS.get(name, 1)
    return bound


def _pages(pdf: pikepdf.Pdf) -> Iterator[Object]:
    """Yield the pages of the page tree in some order, each node once, so that no loop is followed.

    Raises:
        UnreadableDocument: there are too many, or they lie too deep.
    """
    waiting, seen, found = [(pdf.Root.Pages, 1)], set(), 0
    while waiting:
        node, depth = waiting.pop()
        if node.objgen in seen or not isinstance(node, pikepdf.Dictionary):
            continue
        seen.add(node.objgen)
        within(depth, "depth", "the pages of the PDF lie in more than {} nodes inside of each other")
        if isinstance(kids := node.get(Name.Kids), pikepdf.Array):
            within(len(kids) + found, "pages", "the PDF has more than {} pages")
            waiting.extend((kid, depth + 1) for kid in kids)
        else:
            found += 1
            within(found, "pages", "the PDF has more than {} pages")
            yield node


def _look_at_drawing(pages: Sequence[Object]) -> None:
    known: dict[tuple[int, int], int] = {}
    for number, page in enumerate(pages, start=1):
        resources = pikepdf.Page(page).resources
        drawn = _Drawing(known, resources).size_of(listed(page.get(Name.Contents)), resources, 1)
        within(drawn, "drawing_bytes", "a page of the PDF is drawn by more than {}", f"page {number}")


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Counts the bytes that draw a page: a form as often as it is drawn. `known` are sizes of forms."""

    known: dict[tuple[int, int], int]
    of_page: Object
    open: set[tuple[int, int]] = field(default_factory=set)

    def size_of(self, contents: Sequence[Object], resources: Object, depth: int) -> int:
        within(depth, "depth", "a page of the PDF draws forms more than {} deep inside of each other")
        most = document_limits().drawing_bytes
        size = sum(unpacked_size(content, filters_of(content), most) for content in contents)
        forms = dict(_forms(resources))
        if not forms or size > most:
            return size
        sizes = {name: self._size_of_form(form, depth + 1) for name, form in forms.items()}
        drawn = Counter(match[1] for content in contents for match in _DO.finditer(content.read_bytes()))
        # A name may be written in several ways: one not known as it stands may be any.
        return size + sum(
            times * sizes.get(name.decode("latin-1"), max(sizes.values())) for name, times in drawn.items()
        )

    def _size_of_form(self, form: Object, depth: int) -> int:
        if form.objgen in self.open:
            return 0  # pdfium draws no form inside of itself
        if form.objgen not in self.known:
            self.open.add(form.objgen)
            inner = form.get(Name.Resources, self.of_page)
            self.known[form.objgen] = self.size_of([form], inner, depth)
            self.open.remove(form.objgen)
        return self.known[form.objgen]


def _forms(resources: Object) -> Iterator[tuple[str, Object]]:
    things = resources.get(Name.XObject)
    if not isinstance(things, pikepdf.Dictionary):
        return
    for name, thing in things.items():
        if isinstance(thing, pikepdf.Stream) and thing.get(Name.Subtype) == Name.Form:
            yield str(name), thing
