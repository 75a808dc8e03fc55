"""The objects of a page of an OFD, drawn on the page of a PDF."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from fontTools.pens.basePen import PenError
from fontTools.svgLib.path import parse_path
from pikepdf import Object, Pdf

from core.limits import document_limits
from ocr.documents.zipped_xml import Element, child, children, kind
from ocr.ofd.canvas import Canvas, PathPen, plain
from ocr.ofd.glyph_fonts import OutlineFont, PdfFont, our_font, outline_font
from ocr.ofd.package import numbers, text_of
from ocr.ofd.pictures import BAD_PICTURE, picture_of
from ocr.ofd.resources import Resources, Style
from ocr.ofd.text_runs import PlacedChar, placed_chars

# The commands of outlines, as SVG has them; the others are the same there.
_COMMANDS = {"S": "M", "B": "C", "C": "Z"}
# A4, where nothing tells the size of a page.
A4 = (0.0, 0.0, 210.0, 297.0)
_FILL, _STROKE, _BOTH, _HIDDEN = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Atelier:
    """What the pages of a document are drawn with, by the names of parts: None for what cannot be opened.

    `shelf` has all fonts of the PDF that is made.
    """

    pdf: Pdf
    shelf: list[PdfFont] = field(default_factory=list)
    fonts: dict[str, PdfFont | None] = field(default_factory=dict)
    pictures: dict[str, Object | None] = field(default_factory=dict)

    def apart(self) -> Atelier:
        """Return one for another document, whose parts may have the same names."""
        return Atelier(self.pdf, self.shelf)

    def font(self, part: str, source: Callable[[], OutlineFont | None]) -> PdfFont | None:
        """Return the font of the PDF for a part, made of its outlines when it is first asked for."""
        if part not in self.fonts:
            outlines = source()
            self.fonts[part] = PdfFont(f"F{len(self.shelf)}", outlines) if outlines else None
            self.shelf.extend(made for made in (self.fonts[part],) if made)
        return self.fonts[part]


@dataclass(slots=True)
class PagePainter:
    """Draws what the resources of a document tell of."""

    resources: Resources
    atelier: Atelier
    canvas: Canvas
    depth: int = 0

    def layers(self, content: Element | None) -> None:
        """Draw the layers of a page or template: those behind first, those in front last."""
        order = ("Background", "Body", "Foreground")
        layers = [*children(content, "Layer")]
        layers.sort(key=lambda one: order.index(one.get("Type", "Body")) if one.get("Type") in order else 1)
        for layer in layers:
            self.objects(layer, self.resources.style(layer, Style()))

    def objects(self, block: Iterable[Element], style: Style) -> None:
        """Draw the objects of a block, one over the other.

        Raises:
            ValueError: a number in it is none.
        """
        for element in block:
            what = kind(element)
            if not what or element.get("Visible") == "false":
                continue
            if what == "PageBlock":
                self._nested(lambda inside=element: self.objects(inside, style))  # type: ignore[misc]
            elif what in _OBJECTS:
                self._object(element, self.resources.style(element, style), _OBJECTS[what])

    def _nested(self, draw: Callable[[], None]) -> None:
        if self.depth >= document_limits().depth:
            raise ValueError("drawings lie too deep inside of each other")
        self.depth += 1
        draw()
        self.depth -= 1

    def _object(
        self, element: Element, style: Style, draw: Callable[[PagePainter, Element, Style], None]
    ) -> None:
        left, top, *_ = box_of(element.get("Boundary"))
        matrix = numbers(element.get("CTM"))
        moves = [(1, 0, 0, 1, left, top), *([matrix] if len(matrix) == 6 else [])]
        style = _covering(element, style)
        with self.canvas.moved(*moves):
            self.canvas.colours(style)
            self.canvas.lines(style)
            draw(self, element, style)

    def text(self, element: Element, style: Style) -> None:
        """Draw a text object: each character where it is told to stand."""
        size, across = float(element.get("Size") or 0), float(element.get("HScale") or 1)
        turn = math.radians(float(element.get("CharDirection") or 0))
        stands = float(element.get("ReadDirection") or 0) in (90, 270)
        mode = _mode(element, style, filled=True, drawn=False)
        self.canvas.put(f"BT {mode} Tr")
        cos, sin = math.cos(turn), math.sin(turn)
        shift = 0.0
        for char in placed_chars(element):
            font, code = self._glyph(element.get("Font", ""), char)
            if font is None:
                continue
            shift = shift if char.runs_on else 0.0
            x, y = (char.x, char.y + shift) if stands else (char.x + shift, char.y)
            place = plain(cos * across, sin * across, sin, -cos, x, y)
            self.canvas.fonts.add(font.name)
            self.canvas.put(f"/{font.name} {plain(size)} Tf {place} Tm <{code:04X}> Tj")
            shift += size if stands else font.width(code) * size * across
        self.canvas.put("ET")

    def _glyph(self, key: str, char: PlacedChar) -> tuple[PdfFont | None, int]:
        """Return font and code of a character; our own font where its own is not embedded or has it not."""
        if not char.text:
            return None, 0
        part, read = self.resources.fonts.get(key), self.resources.package.read
        own = self.atelier.font(part, lambda: outline_font(read(part))) if part else None
        name = own.source.name_of(char.text, char.glyph) if own else None
        if own and name is not None:
            return own, own.code(name, char.text)
        ours = self.atelier.font("", our_font)
        assert ours is not None
        return ours, ours.code(ours.source.name_of(char.text, None) or ".notdef", char.text)

    def path(self, element: Element, style: Style) -> None:
        """Draw a path object."""
        parts = text_of(child(element, "AbbreviatedData")).replace(",", " ").split()
        filled = element.get("Fill") == "true" and child(element, "FillColor", "Pattern") is None
        mode = _mode(element, style, filled=filled, drawn=True)
        if mode == _HIDDEN or not parts:
            return
        try:
            parse_path(" ".join(_COMMANDS.get(part, part) for part in parts), PathPen(self.canvas))
        except (PenError, IndexError, AssertionError, TypeError) as error:
            raise ValueError("an outline is none") from error
        even = "*" if element.get("Rule") == "Even-Odd" else ""
        self.canvas.put({_FILL: f"f{even}", _STROKE: "S", _BOTH: f"B{even}"}[mode])

    def image(self, element: Element, style: Style) -> None:
        """Draw an image object; one that cannot be drawn is a frame that is crossed out, as print unread."""
        made = self._picture(self.resources.media.get(element.get("ResourceID", "")))
        _, _, width, height = box_of(element.get("Boundary"))
        if len(numbers(element.get("CTM"))) != 6:
            self.canvas.put(f"{plain(width, 0, 0, height, 0, 0)} cm")
        if made is None:
            self.canvas.put("0 w 0.6 G 0 0 1 1 re 0 0 m 1 1 l 0 1 m 1 0 l S")
        else:
            self.canvas.picture(made)

    def _picture(self, part: str | None) -> Object | None:
        if part is not None and part not in self.atelier.pictures:
            try:
                made = picture_of(self.atelier.pdf, self.resources.package.read(part))
            except BAD_PICTURE:
                made = None
            self.atelier.pictures[part] = made
        return self.atelier.pictures[part] if part is not None else None

    def composite(self, element: Element, style: Style) -> None:
        """Draw what is told once and used often."""
        unit = self.resources.units.get(element.get("ResourceID", ""))
        for content in children(unit, "Content"):
            self._nested(lambda inside=content: self.objects(inside, style))  # type: ignore[misc]

    @contextmanager
    def placed(self, boundary: str | None) -> Iterator[None]:
        """Draw inside of a box of the page."""
        left, top, *_ = box_of(boundary)
        with self.canvas.moved((1, 0, 0, 1, left, top)):
            yield


_OBJECTS = {
    "TextObject": PagePainter.text,
    "PathObject": PagePainter.path,
    "ImageObject": PagePainter.image,
    "CompositeObject": PagePainter.composite,
}


def box_of(text: str | None) -> tuple[float, float, float, float]:
    """Return left, top, width and height; all 0 where none is told."""
    found = numbers(text)
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 else (0.0, 0.0, 0.0, 0.0)


def _covering(element: Element, style: Style) -> Style:
    """Return a style that covers only as much as its object does."""
    share = float(element.get("Alpha") or 255) / 255
    return replace(style, fill_alpha=style.fill_alpha * share, stroke_alpha=style.stroke_alpha * share)


def _mode(element: Element, style: Style, *, filled: bool, drawn: bool) -> int:
    """Return how PDF calls it: filled, drawn along its outline, both or hidden."""
    filled = element.get("Fill", str(filled).lower()) == "true" and style.fill_alpha > 0
    drawn = element.get("Stroke", str(drawn).lower()) == "true" and style.stroke_alpha > 0
    return {(True, False): _FILL, (False, True): _STROKE, (True, True): _BOTH}.get((filled, drawn), _HIDDEN)
