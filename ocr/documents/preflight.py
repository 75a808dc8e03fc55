"""What is looked at in a PDF before pdfium opens it: how much there would be to unpack, draw and read.

pdfium ends its process where memory runs out, so what can be told cheaply is told first, by qpdf:
a few milliseconds for an ordinary report. What cannot be told so is bounded by the time and the
memory that the child process has. A file that qpdf cannot open is left to pdfium to judge.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from pikepdf import Name, Object, settings

from core.limits import document_limits, within
from ocr.documents.flattening import BesidePages, beside_pages
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
_FLATE = ("/FlateDecode", "/Fl")
_PIECE = 1 << 16
_DO = re.compile(rb"(/[^\s/<>\[\](){}%]*)\s*Do(?![^\s/<>\[\](){}%])")
# What qpdf raises where a file does not hold what it should.
ODD = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    TypeError,
    ValueError,
    AttributeError,
    KeyError,
    IndexError,
    OverflowError,
    RuntimeError,
)


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
    with _bounded():
        try:
            with pikepdf.open(path) as pdf:
                _look_at_streams(pdf)
                pages = list(_pages(pdf))
                _look_at_drawing(pages)
                look_for_stand_in(pdf, pages)
                return PdfOutline(len(pages), beside_pages(pdf, pages))
        except ODD:
            return None


@contextmanager
def _bounded() -> Iterator[None]:
    """Let qpdf unpack no stream, those that hold objects included, beyond the limit."""
    most = min(document_limits().stream_bytes, (1 << 32) - 1)
    before = settings.set_qpdf_limits(flate_max_memory=most, run_length_max_memory=most, png_max_memory=most)
    try:
        yield
    finally:
        settings.set_qpdf_limits(**before)  # type: ignore[arg-type]  # they are numbers


def _look_at_streams(pdf: pikepdf.Pdf) -> None:
    for found in pdf.objects:
        if isinstance(found, pikepdf.Stream):
            with suppress(*ODD):
                _look_at_stream(found)


def _look_at_stream(stream: Object) -> None:
    filters = _filters(stream)
    for parameters in _listed(stream.get(Name.DecodeParms)):
        row = _number(parameters, "/Columns", 1) * _number(parameters, "/Colors", 1)
        within(row, "stream_bytes", "a stream in the PDF has rows of more than {}")
    if stream.get(Name.Subtype) == Name.Image:
        bits = min(_number(stream, "/BitsPerComponent", 1), 8)
        pixels = _number(stream, "/Width", 0) * _number(stream, "/Height", 0) * bits / 8
        within(pixels, "picture_pixels", "a picture in the PDF has more than {} pixels")
        filters = filters[:-1]  # the last one unpacks no more than these
    if _bound(stream, filters) > document_limits().stream_bytes:
        within(
            _unpacked(stream, filters, document_limits().stream_bytes),
            "stream_bytes",
            "a stream in the PDF unpacks to more than {}",
        )


def _filters(stream: Object) -> list[str]:
    return [str(name) for name in _listed(stream.get(Name.Filter))]


def _listed(value: Object | None) -> list[Object]:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _number(holder: Object, key: str, default: int) -> int:
    value = holder.get(key, default) if isinstance(holder, pikepdf.Dictionary | pikepdf.Stream) else default
    return max(int(value), 0)


def _bound(stream: Object, filters: Sequence[str]) -> int:
    """Return bytes that a stream cannot exceed when it is unpacked."""
    bound = len(stream.read_raw_bytes()) if any(name in _RATIOS for name in filters) else 0
    for name in filters:
        bound *= _RATIOS.get(name, 1)
    return bound


def _unpacked(stream: Object, filters: Sequence[str], most: int) -> int:
    """Return the bytes that a stream unpacks to, or some number beyond `most`."""
    if not all(name in _FLATE for name in filters):
        try:
            return len(stream.read_bytes())
        except pikepdf.PdfError:
            return 0 if most < document_limits().stream_bytes else most + 1
    pieces: Iterator[bytes] = iter([stream.read_raw_bytes()])
    for _ in filters:
        pieces = _inflated(pieces)
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            break
    return size


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Inflate piece by piece; what follows damaged data is no data."""
    packed = zlib.decompressobj()
    with suppress(zlib.error):
        for piece in pieces:
            yield packed.decompress(piece, _PIECE)
            while packed.unconsumed_tail:
                yield packed.decompress(packed.unconsumed_tail, _PIECE)


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
        drawn = _Drawing(known, resources).size_of(_listed(page.get(Name.Contents)), resources, 1)
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
        size = sum(_unpacked(content, _filters(content), most) for content in contents)
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
