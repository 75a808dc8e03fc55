"""Word files as DOCX: text, tables, pictures in their order; what it does not know is left to LibreOffice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from core.limits import WEB_PAGE, within_reason
from ocr.documents.zipped_xml import Element, child, children, kind
from ocr.html.blocks import Block, HtmlCell, HtmlTable, Paragraph
from ocr.html.html_tables import without_empty
from ocr.html.rendered_text import one_text, text_of
from ocr.office.ooxml_package import OoxmlPackage, attribute_of, is_on

# What prints nothing of its own, in the body, in paragraphs, and in runs.
_SILENT = frozenset(
    {
        *("sectPr", "pPr", "rPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr"),
        *("bookmarkStart", "bookmarkEnd", "permStart", "permEnd", "proofErr", "lastRenderedPageBreak"),
        *("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "softHyphen"),
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
        *("instrText", "delText", "delInstrText", "fldChar", "rt", "rubyPr"),
    }
)
# What only holds others.
_HOLDERS = frozenset(
    {
        *("hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml"),
        *("ruby", "rubyBase"),
    }
)
_DELETED = frozenset({"del", "moveFrom"})
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_WHITE = "FFFFFF"
# What is left of a number of pages in a running head.
_PAGE_NUMBER = "-—–·第页共 0123456789"
_DRAWN = frozenset({"drawing", "pict"})
_SHAPES = ("/picture", "/wordprocessingShape")


class NotUnderstoodError(Exception):
    """There is something in the document that this reader does not know how to show; it says what."""


@dataclass(frozen=True, slots=True)
class WordContent:
    """What a Word file shows, its pictures, and what of it is left out."""

    blocks: tuple[Block, ...]
    pictures: tuple[bytes, ...]
    left_out: tuple[str, ...]


@dataclass(slots=True)
class _Text:
    """The text of a paragraph so far; `doubted` and `pictured` as of a cell, `boxes` what text boxes hold."""

    pieces: list[str] = field(default_factory=list)
    doubted: bool = False
    pictured: bool = False
    boxes: list[Block] = field(default_factory=list)


def read_docx(package: OoxmlPackage) -> WordContent:
    """Read a Word file.

    Raises:
        NotUnderstoodError: it holds what is not understood here.
        UnreadableDocument: it is larger than the limits.
        KeyError, ValueError, etree.LxmlError, and what zipfile raises: it is damaged.
    """
    found = [target for told, target in package.relations("").values() if told == "officeDocument"]
    name = found[0] if found else package.find("word/document.xml")
    if name is None:
        raise KeyError("it has no document")
    reader = _Reader(package, name)
    body = child(package.xml(name), "body")
    middle = [*reader.blocks(body)]
    heads, feet = reader.running("header"), reader.running("footer")
    return WordContent((*heads, *middle, *feet), tuple(reader.pictures), tuple(reader.notes))


@dataclass(slots=True)
class _Reader:
    """Reads one part after another; `notes` are in the order in which they were first met."""

    package: OoxmlPackage
    part: str
    pictures: dict[bytes, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()
    n_characters: int = 0

    def __post_init__(self) -> None:
        for name in self.package.related(self.part, "styles")[:1]:
            styles = [*children(self.package.xml(name), "style")]
            self.hidden = frozenset(_id(one) for one in styles if _is_set(child(one, "rPr", "vanish")))
            self.numbered = frozenset(_id(one) for one in styles if child(one, "pPr", "numPr") is not None)

    def running(self, wanted: str) -> list[Block]:
        """Return what is printed above or below every page, each text once."""
        around, blocks = self.part, dict[Block, None]()
        for name in self.package.related(around, wanted):
            self.part = name
            blocks.update(dict.fromkeys(self.blocks(self.package.xml(name))))
        self.part = around
        return [one for one in blocks if not isinstance(one, Paragraph) or one.text.strip(_PAGE_NUMBER)]

    def blocks(self, holder: Element) -> Iterator[Block]:
        """Yield the paragraphs and tables of a body, a cell or a text box."""
        for element in holder if holder is not None else ():
            tag = kind(element)
            if tag == "p":
                told = self.paragraph(element)
                yield from _paragraphs(told)
                yield from told.boxes
            elif tag == "tbl":
                yield from self.table(element)
            elif tag in _HOLDERS:
                yield from self.blocks(element)
            elif tag in _DELETED:
                self._note_deleted()
            elif tag and tag not in _SILENT:
                raise NotUnderstoodError(f"“{tag}”")

    def paragraph(self, element: Element) -> _Text:
        """Return the text of a paragraph."""
        looks = child(element, "pPr")
        if child(looks, "framePr") is not None:
            raise NotUnderstoodError("a frame")
        told = _Text()
        style = _value(child(looks, "pStyle"))
        number = child(looks, "numPr")
        by_style = number is None and style in self.numbered
        if by_style or (number is not None and _value(child(number, "numId")) != "0"):
            self.notes["自动编号未列入"] = None
            told.doubted = True
        self._inline(element, told, style in self.hidden)
        self.n_characters += sum(map(len, told.pieces))
        within_reason(self.n_characters, WEB_PAGE.characters, "the Word document", "characters of text")
        return told

    def _inline(self, holder: Element, told: _Text, hidden: bool) -> None:
        for element in holder:
            tag = kind(element)
            if tag == "r":
                self._run(element, told, hidden)
            elif tag in _HOLDERS:
                if tag in ("ins", "moveTo"):
                    self.notes["文档带有修订：插入的文字已列入"] = None
                self._inline(element, told, hidden)
            elif tag in _DELETED:
                self._note_deleted()
            elif tag and tag not in _SILENT:
                raise NotUnderstoodError(f"“{tag}”")

    def _note_deleted(self) -> None:
        self.notes["文档带有修订：删除的文字未列入"] = None

    def _run(self, run: Element, told: _Text, hidden: bool) -> None:
        looks = child(run, "rPr")
        hidden = hidden or _is_set(child(looks, "vanish")) or _value(child(looks, "rStyle")) in self.hidden
        for element in run:
            tag = kind(element)
            if tag in ("t", *_SIGNS):
                if hidden:
                    self.notes["隐藏的文字未列入"] = None
                else:
                    told.pieces.append((element.text or "") if tag == "t" else _SIGNS[tag])
                    told.doubted |= _is_doubtful(looks)
            elif tag in _DRAWN:
                self._drawn(element, told)
            elif tag == "AlternateContent":
                for choice in [*children(element, "Choice")][:1]:
                    self._run(choice, told, hidden)
            elif tag == "ruby":
                self._inline(element, told, hidden)
            elif tag and tag not in _SILENT:
                raise NotUnderstoodError(f"“{tag}”")

    def _drawn(self, element: Element, told: _Text) -> None:
        """Take in pictures and text boxes; any other drawing is not understood."""
        for inner in element.iter():
            tag = kind(inner)
            if tag == "graphicData" and not inner.get("uri", "").endswith(_SHAPES):
                raise NotUnderstoodError("a chart or drawing")
            if tag in ("blip", "imagedata"):
                self._picture(attribute_of(inner, "embed") or attribute_of(inner, "id"), told)
            elif tag == "txbxContent":
                told.boxes += self.blocks(inner)
            elif tag in ("wgp", "group", "textpath"):
                raise NotUnderstoodError("a group of drawings")

    def _picture(self, number: str | None, told: _Text) -> None:
        target = self.package.relations(self.part).get(number or "")
        if target is None or target[1].lower().endswith((".emf", ".wmf")):
            raise NotUnderstoodError("a picture that is drawn (EMF, WMF) or lies elsewhere")
        self.pictures[self.package.read(target[1])] = None
        told.pictured = True

    # Tables

    def table(self, element: Element) -> Iterator[Block]:
        """Yield a table, or the text of what has one column only."""
        cells: list[HtmlCell] = []
        above: dict[int, int] = {}
        n_rows = 0
        for row in self._rows(element):
            above = self._row(row, n_rows, cells, above)
            n_rows += 1
            within_reason(len(cells), WEB_PAGE.cells, "the Word document", "cells of tables")
        if cells:
            grid = without_empty(cells, n_rows)
            yield from _as_block(grid)

    def _rows(self, holder: Element) -> Iterator[Element]:
        for element in holder:
            tag = kind(element)
            if tag == "tr":
                if child(element, "trPr", "del") is not None:
                    self._note_deleted()
                elif not _is_set(child(element, "trPr", "hidden")):
                    yield element
            elif tag in _HOLDERS:
                yield from self._rows(element)
            elif tag and tag not in _SILENT:
                raise NotUnderstoodError(f"“{tag}” in a table")

    def _row(self, row: Element, number: int, cells: list[HtmlCell], above: dict[int, int]) -> dict[int, int]:
        """Add the cells of a row; return the index of the cell that each column of it belongs to."""
        column = int(_value(child(row, "trPr", "gridBefore")) or 0)
        here: dict[int, int] = {}
        for element in _cells(row):
            looks = child(element, "tcPr")
            if child(looks, "hMerge") is not None:
                raise NotUnderstoodError("cells merged in the old way")
            span = max(1, int(_value(child(looks, "gridSpan")) or 1))
            within_reason(column + span, WEB_PAGE.columns, "the Word document", "columns in a table")
            merged = child(looks, "vMerge")
            goes_on = merged is not None and _value(merged) != "restart"
            at = above.get(column) if goes_on else None
            if at is not None and (cells[at].column, cells[at].column_span) == (column, span):
                cells[at] = replace(cells[at], row_span=number + 1 - cells[at].row)
            else:
                at = len(cells)
                cell = self._cell(element, number, column, span)
                cells.append(replace(cell, doubted=cell.doubted or goes_on))
            here.update(dict.fromkeys(range(column, column + span), at))
            column += span
        return here

    def _cell(self, element: Element, row: int, column: int, span: int) -> HtmlCell:
        texts: list[str] = []
        doubted = pictured = False
        for inner in element:
            tag = kind(inner)
            if tag == "p":
                told = self.paragraph(inner)
                texts += [line.text for line in _paragraphs(told)]
                doubted |= told.doubted or bool(told.boxes)
                pictured |= told.pictured
                texts += [one.text for one in told.boxes if isinstance(one, Paragraph)]
            elif tag == "tbl":
                raise NotUnderstoodError("a table in a table")
            elif tag and tag not in _SILENT:
                raise NotUnderstoodError(f"“{tag}” in a cell")
        return HtmlCell(row, column, 1, span, one_text(texts), pictured, doubted)


def _cells(row: Element) -> Iterator[Element]:
    for element in row:
        tag = kind(element)
        if tag == "tc":
            yield element
        elif tag in _HOLDERS:
            yield from _cells(element)
        elif tag and tag not in _SILENT:
            raise NotUnderstoodError(f"“{tag}” in a row")


def _as_block(grid: HtmlTable) -> Iterator[Block]:
    if grid.n_columns > 1:
        yield grid
    else:
        yield from (Paragraph(cell.text) for cell in grid.cells if cell.text)


def _paragraphs(told: _Text) -> list[Paragraph]:
    lines = (text_of([line]) for line in "".join(told.pieces).split("\n"))
    return [Paragraph(line) for line in lines if line]


def _is_doubtful(looks: Element | None) -> bool:
    """Tell whether print is struck out, raised or white."""
    if looks is None:
        return False
    struck = any(_is_set(child(looks, name)) for name in ("strike", "dstrike"))
    raised = _value(child(looks, "vertAlign")) in ("superscript", "subscript")
    return struck or raised or (_value(child(looks, "color")) or "").upper() == _WHITE


def _is_set(switch: Element | None) -> bool:
    return switch is not None and is_on(switch)


def _value(element: Element | None) -> str | None:
    return None if element is None else attribute_of(element, "val")


def _id(style: Element) -> str:
    return attribute_of(style, "styleId") or ""
