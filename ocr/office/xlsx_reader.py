"""Workbooks as XLSX: what each cell shows by what was reckoned when it was saved, nothing is reckoned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.limits import WEB_PAGE, within_reason
from ocr.documents.zipped_xml import Element, child, children, kind
from ocr.office.number_formats.shown_numbers import ShownText
from ocr.office.ooxml_package import OoxmlPackage, attribute_of, is_on
from ocr.office.worksheet import (
    COLUMNS,
    ROWS,
    USUAL_WIDTH,
    CellList,
    SheetArea,
    SheetCell,
    WorkbookSheets,
    Worksheet,
)
from ocr.office.xlsx_styles import Styles, styles_of

_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
# More areas with conditions that change what is shown count as the whole sheet.
_CONDITIONS = 1_000
_WHOLE = SheetArea(0, 0, ROWS - 1, COLUMNS - 1)
# What lies upon cells and is not read.
_OBJECTS = {"graphicFrame": "图表或图示", "oleObject": "嵌入对象", "control": "控件"}


def read_xlsx(package: OoxmlPackage) -> WorkbookSheets:
    """Read a workbook.

    Raises:
        UnreadableDocument: it is larger than the limits.
        KeyError, ValueError, etree.LxmlError, and what zipfile raises: it is damaged.
    """
    return _Workbook.of(package).read()


# What is asked of a sheet, beside what lies upon cells.
_TAGS = (
    *("row", "c", "col", "sheetFormatPr", "sheetView", "mergeCell"),
    *("conditionalFormatting", "cfRule", "dataBar", "iconSet", *_OBJECTS),
)


@dataclass(frozen=True, slots=True)
class _Workbook:
    """A workbook with what its sheets share."""

    package: OoxmlPackage
    name: str
    root: Element
    texts: list[ShownText]
    styles: Styles
    from_1904: bool
    stale: bool
    cells: CellList = field(default_factory=CellList)

    @classmethod
    def of(cls, package: OoxmlPackage) -> _Workbook:
        top = package.relations("")
        found = [target for told, target in top.values() if told == "officeDocument"]
        name = found[0] if found else package.find("xl/workbook.xml")
        if name is None:
            raise KeyError("it has no workbook")
        root = package.xml(name)
        texts = [
            text for part in package.related(name, "sharedStrings")[:1] for text in _texts(package, part)
        ]
        styles = [styles_of(package.xml(part)) for part in package.related(name, "styles")[:1]]
        from_1904 = is_on(child(root, "workbookPr"), "date1904", otherwise=False)
        stale = is_on(child(root, "calcPr"), "fullCalcOnLoad", otherwise=False)
        return cls(package, name, root, texts, styles[0] if styles else Styles(), from_1904, stale)

    def read(self) -> WorkbookSheets:
        parts = self.package.relations(self.name)
        shown: list[Worksheet] = []
        hidden: list[str] = []
        for sheet in children(child(self.root, "sheets"), "sheet"):
            name = sheet.get("name", "")
            told, part = parts.get(attribute_of(sheet, "id") or "", ("", ""))
            if sheet.get("state", "visible") != "visible":
                hidden.append(name)
            elif told == "worksheet":
                shown.append(_Sheet(self, name, part).read())
            elif told:
                shown.append(Worksheet(name, (), unread=(f"“{name}”是图表页，未读",)))
            else:
                raise KeyError(f"the sheet {name} is missing")
        return WorkbookSheets(tuple(shown), tuple(hidden))


def _texts(package: OoxmlPackage, part: str) -> Iterator[ShownText]:
    n_characters = n_texts = 0
    for event, tag, element in package.events(part, "si"):
        if event == "end" and tag == "si":
            shown = _text(element)
            n_characters += len(shown.text)
            n_texts += 1
            within_reason(n_texts, WEB_PAGE.tags, "the workbook", "shared texts")
            within_reason(n_characters, 8 * WEB_PAGE.characters, "the workbook", "characters of text")
            yield shown


def _text(element: Element) -> ShownText:
    """Return a text in one or more pieces, without its readings; unsure if one is struck out or raised."""
    plain = "".join(one.text or "" for one in children(element, "t"))
    runs = [*children(element, "r")]
    pieces = "".join(one.text or "" for run in runs for one in children(run, "t"))
    return ShownText(plain + pieces, not any(_is_unlike(child(run, "rPr")) for run in runs))


def _is_unlike(looks: Element | None) -> bool:
    struck, raised = child(looks, "strike"), child(looks, "vertAlign")
    set_apart = raised is not None and raised.get("val") != "baseline"
    return set_apart or (struck is not None and is_on(struck))


@dataclass(slots=True)
class _Sheet:
    """A sheet while it is read, from its first tag to its last."""

    book: _Workbook
    name: str
    part: str
    row: int = -1
    column: int = -1
    merged: list[SheetArea] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    widths: dict[int, float] = field(default_factory=dict)
    usual_width: float = USUAL_WIDTH
    doubted: list[SheetArea] = field(default_factory=list)
    conditioned: str = ""
    objects: dict[str, int] = field(default_factory=dict)
    shows_zeros: bool = True
    n_cells: int = 0

    def read(self) -> Worksheet:
        for event, tag, element in self.book.package.events(self.part, *_TAGS):
            (self._begin if event == "start" else self._end)(tag, element)
        texts, pictures = self._drawn()
        unread = [f"工作表“{self.name}”中有 {n} 个{_OBJECTS[tag]}，未读" for tag, n in self.objects.items()]
        return Worksheet(
            self.name,
            self.book.cells.ended(),
            tuple(self.merged),
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            self.widths,
            self.usual_width,
            tuple(self.doubted) if len(self.doubted) <= _CONDITIONS else (_WHOLE,),
            tuple(texts),
            tuple(pictures),
            tuple(unread),
        )

    def _begin(self, tag: str, element: Element) -> None:
        if tag == "row":
            self.row, self.column = _number(element.get("r"), self.row + 1, ROWS), -1
            if element.get("hidden") in ("1", "true") or element.get("ht") in ("0", "0.0"):
                self.hidden_rows.add(self.row)
        elif tag == "sheetView":
            self.shows_zeros = is_on(element, "showZeros")
        elif tag == "conditionalFormatting":
            self.conditioned = element.get("sqref", "")

    def _end(self, tag: str, element: Element) -> None:
        if tag == "c":
            self._cell(element)
        elif tag == "col":
            self._columns(element)
        elif tag == "sheetFormatPr":
            self.usual_width = float(element.get("defaultColWidth", USUAL_WIDTH))
        elif tag == "mergeCell":
            self.merged.append(_area(element.get("ref", "")))
            within_reason(len(self.merged), WEB_PAGE.cells, "the workbook", "merged cells")
        elif tag in ("cfRule", "dataBar", "iconSet"):
            self._condition(tag, element)
        elif tag in _OBJECTS:
            self.objects[tag] = self.objects.get(tag, 0) + 1

    def _columns(self, element: Element) -> None:
        first, last = (_number(element.get(name), 0, COLUMNS) for name in ("min", "max"))
        width = float(element.get("width", self.usual_width))
        self.widths.update(dict.fromkeys(range(first, last + 1), width))
        if is_on(element, "hidden", otherwise=False) or not width:
            self.hidden_columns.update(range(first, last + 1))

    def _condition(self, tag: str, element: Element) -> None:
        styled = tag == "cfRule" and int(element.get("dxfId", -1)) in self.book.styles.altering
        if styled or (tag != "cfRule" and not is_on(element, "showValue")):
            self.doubted += [_area(ref) for ref in self.conditioned.split()[: _CONDITIONS + 1]]

    def _cell(self, element: Element) -> None:
        self.n_cells += 1
        within_reason(self.n_cells, WEB_PAGE.tags, "the workbook", "cells, empty ones counted in")
        told = element.get("r")
        self.row, self.column = _place(told) if told else (self.row, self.column + 1)
        if not (0 <= self.row < ROWS and self.column < COLUMNS):
            raise ValueError(f"no place in a sheet: {told}")
        style = self.book.styles.of(element.get("s"))
        if not len(element):
            if style.framed:
                self.book.cells.add(SheetCell(self.row, self.column, "", framed=True))
            return
        shown, pictured = self._shown(element)
        text = shown.text if not pictured else ""
        unsure = not shown.sure or (bool(text) and style.doubted)
        if text or pictured or unsure or style.framed:
            number = element.get("t", "n") == "n"
            cell = SheetCell(self.row, self.column, text, style.framed, pictured, unsure, number)
            self.book.cells.add(cell)

    def _shown(self, element: Element) -> tuple[ShownText, bool]:
        """Return what a cell shows, and whether it shows what is not told: the result of a formula."""
        formula, value = child(element, "f"), child(element, "v")
        told, way = (value.text or "") if value is not None else "", element.get("t", "n")
        if formula is not None and (value is None or (not told and way != "str")):
            return ShownText(""), True
        shown = self._by_kind(element, way, told)
        return ShownText(shown.text, shown.sure and not (formula is not None and self.book.stale)), False

    def _by_kind(self, element: Element, way: str, told: str) -> ShownText:
        style = self.book.styles.of(element.get("s"))
        if way == "inlineStr":
            inside = child(element, "is")
            text = _text(inside) if inside is not None else ShownText("")
        elif not told:
            return ShownText("")
        elif way == "s":
            text = self.book.texts[_number(told, 0, len(self.book.texts), base=0)]
        elif way == "str":
            text = ShownText(told)
        elif way == "n":
            return self._number(style.format.number(told, self.book.from_1904), float(told))
        else:
            return {"b": ShownText("TRUE" if told == "1" else "FALSE"), "e": ShownText(told)}.get(
                way, ShownText(told, False)
            )
        shown = style.format.text(text.text) if text.text else text
        return ShownText(shown.text, shown.sure and text.sure)

    def _number(self, shown: ShownText, value: float) -> ShownText:
        """Return a number as shown: nothing where zeros, or any, are not; that is no sure blank."""
        hidden = not shown.text or (value == 0 and not self.shows_zeros)
        return ShownText("", False) if hidden else shown

    def _drawn(self) -> tuple[list[str], list[bytes]]:
        """Return the texts and the pictures that lie upon the cells."""
        package = self.book.package
        texts: list[str] = []
        pictures: list[bytes] = []
        for part in package.related(self.part, "drawing"):
            held: Mapping[str, tuple[str, str]] = package.relations(part)
            for element in package.xml(part).iter():
                tag = kind(element)
                if tag == "txBody":
                    lines = (
                        "".join(one.text or "" for one in line.iter("{*}t")) for line in element.iter("{*}p")
                    )
                    texts += filter(None, map(str.strip, lines))
                elif tag == "blip" and (target := held.get(attribute_of(element, "embed") or "")):
                    pictures.append(package.read(target[1]))
                elif tag in _OBJECTS:
                    self.objects[tag] = self.objects.get(tag, 0) + 1
        return texts, pictures


def _number(told: str | None, otherwise: int, most: int, base: int = 1) -> int:
    """Read a number that counts from `base`; return it counted from 0. Raises ValueError beyond `most`."""
    number = otherwise if told is None else int(told) - base
    if not 0 <= number < most:
        raise ValueError(f"no such place: {told}")
    return number


def _place(told: str) -> tuple[int, int]:
    found = _PLACE.fullmatch(told)
    if found is None:
        raise ValueError(f"no place in a sheet: {told}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _area(told: str) -> SheetArea:
    """Read two corners; a whole row or column is told by one half of them."""
    first, _, last = told.partition(":")
    top, left = _place(first)
    bottom, right = _place(last or first)
    return SheetArea(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
