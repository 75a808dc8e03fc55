# ruff: noqa: E501 (markup is told from its parts in one line)
"""Reports as workbooks: text in merged rows, tables in frames with merged headers, numbers with their formats.

XLSX is written part by part, so that formulas have the results that a program that reckons would have left.
XLS is written by xlwt, which leaves none: its sums are numbers.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from samples.generator.fixed_documents import packed
from samples.generator.grid import Slot
from samples.generator.layouts import LAYOUTS, Look
from samples.generator.reports import TABLES, Sample, compose
from samples.generator.typeset import Heading, TableSpec
from samples.generator.values import (
    DASHES,
    Printed,
    Prints,
    balanced_requests,
    balanced_review,
    numbers_for,
    printed,
)

# The formats in use, by what they are for; a number of 164 and more is a workbook's own.
GENERAL, THOUSANDS, CENTS, ACCOUNT = "General", "#,##0", "0.00", '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ '
_FORMATS = (GENERAL, THOUSANDS, CENTS, ACCOUNT)
# Columns of a sheet: tables have up to eleven.
_COLUMNS = 11
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class SetCell:
    """A cell: its place, its spans, what it shows, and as a number by which format."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    number: str = ""
    format: str = GENERAL
    framed: bool = True
    formula: bool = False


@dataclass(slots=True)
class SetSheet:
    """A sheet that is being set."""

    name: str
    cells: list[SetCell] = field(default_factory=list)
    hidden: bool = False
    height: int = 0


def workbook() -> Sample:
    """2021 form: thousands by format, a fee as 12.50, dashes by the format of accounts, sums by formula."""
    rng = np.random.default_rng(4021)
    two = {
        key: _in_format(cell, THOUSANDS)
        for key, cell in printed(numbers_for("proactive", "2021", rng)).items()
    }
    two["licensing", "decisions"] = Printed("12,408", "12408")
    two["fees", "amount"] = Printed("12.50", "12.50")
    two |= {("regulations", column): Printed("/") for column in ("issued", "repealed", "in_force")}
    two["coercion", "decisions"] = Printed("")
    three = printed(balanced_requests(rng, "2021", mean=11.0, fill=0.5))
    four = {key: _in_format(cell, ACCOUNT) for key, cell in printed(balanced_review(rng, mean=4.0)).items()}
    return _sample("workbook", "云溪县白沙镇人民政府", 2023, "2021", (two, three, four), 41)


def workbook_old() -> Sample:
    """2019 form, as XLS: thousands, negative numbers, "—" where there is no power, blanks."""
    rng = np.random.default_rng(4019)
    two = {
        key: _in_format(cell, THOUSANDS)
        for key, cell in printed(numbers_for("proactive", "2019", rng)).items()
    }
    two |= {("coercion", column): Printed("—") for column in ("prior_items", "change", "decisions")}
    three = printed(balanced_requests(rng, "2019", mean=7.0, fill=0.4))
    three |= {key: Printed("") for key, cell in three.items() if cell.value == "0" and key[1] == "research"}
    four = printed(balanced_review(rng, mean=2.0))
    return _sample("workbook-old", "东屏市南岸区民政局", 2020, "2019", (two, three, four), 42)


def _sample(name: str, organ: str, year: int, form: str, values: tuple[Prints, ...], seed: int) -> Sample:
    tables = {table: (form, held) for table, held in zip(TABLES, values, strict=True)}
    prints = {table: (TableSpec(table, form, held, Look()),) for table, (_, held) in tables.items()}
    return compose(name, organ, year, tables, prints, seed)


def _in_format(cell: Printed, code: str) -> Printed:
    if not cell.value or "." in cell.value:
        return cell
    if code == ACCOUNT and cell.value == "0":
        return Printed("-")
    return Printed(f"{int(cell.value):,}", cell.value)


def sheets_of(sample: Sample, apart: str = "") -> list[SetSheet]:
    """Set the report on a sheet, table `apart` and what follows on another; a hidden one has other numbers."""
    sheets = [SetSheet("年度报告")]
    for block in sample.spec.blocks:
        sheet = sheets[-1]
        if isinstance(block, TableSpec):
            _set_table(sheet, block)
            if block.table == apart:
                sheets.append(SetSheet("其他"))
        elif isinstance(block, Heading):
            for line in block.text.split("\n"):
                _set_text(sheet, line)
        elif isinstance(block, str):
            _set_text(sheet, block)
    drafts = [
        replace(cell, number="9", text="9", formula=False) if cell.number else cell
        for cell in sheets[0].cells
    ]
    return [*sheets, SetSheet("草稿", drafts, True, sheets[0].height)]


def _set_text(sheet: SetSheet, text: str) -> None:
    sheet.cells.append(SetCell(sheet.height, 0, 1, _COLUMNS, text, framed=False))
    sheet.height += 1


def _set_table(sheet: SetSheet, spec: TableSpec) -> None:
    """Set a table from its grid, with an empty row below."""
    grid = LAYOUTS[spec.table](spec.form, spec.values, spec.look).grid
    sheet.cells += [_of_slot(slot, sheet.height, spec) for slot in grid.slots]
    sheet.height += len(grid.heights) + 1


def _of_slot(slot: Slot, top: int, spec: TableSpec) -> SetCell:
    text = "".join(slot.lines)
    place = (top + slot.row, slot.column, slot.row_span, slot.column_span, text)
    plain = text.replace(",", "")
    if slot.kind != "value" or (text in DASHES and text != "-") or not (plain == "-" or _is_number(plain)):
        return SetCell(*place)
    code = ACCOUNT if spec.table == "review" and spec.form == "2021" else CENTS if "." in text else THOUSANDS
    number = "0" if plain == "-" else str(float(plain)) if "." in plain else plain
    return SetCell(*place, number=number, format=code, formula=code == THOUSANDS and slot.column > 8)


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def set_xlsx(sample: Sample) -> bytes:
    """Return the XLSX of a report."""
    sheets = sheets_of(sample, apart="requests")
    parts = {f"xl/worksheets/sheet{n}.xml": _sheet_xml(sheet).encode() for n, sheet in enumerate(sheets, 1)}
    return packed({**_frame(sheets), **parts})


def _frame(sheets: list[SetSheet]) -> dict[str, bytes]:
    told = "".join(
        f'<sheet name="{sheet.name}" sheetId="{n}" r:id="rId{n}"{" state=" + chr(34) + "hidden" + chr(34) if sheet.hidden else ""}/>'
        for n, sheet in enumerate(sheets, 1)
    )
    parts = [("officeDocument", "xl/workbook.xml")]
    inside = [
        *(("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)),
        ("styles", "styles.xml"),
    ]
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'.encode(),
        "_rels/.rels": _relations(parts),
        "xl/_rels/workbook.xml.rels": _relations(inside),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{told}</sheets></workbook>'.encode(),
        "xl/styles.xml": _styles(),
    }


def _relations(parts: list[tuple[str, str]]) -> bytes:
    told = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(parts, 1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_HEAD}<Relationships xmlns="{space}">{told}</Relationships>'.encode()


def _styles() -> bytes:
    formats = "".join(
        f'<numFmt numFmtId="{164 + n}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for n, code in enumerate(_FORMATS)
    )
    side = "".join(
        f'<{name} style="thin"><color auto="1"/></{name}>' for name in ("left", "right", "top", "bottom")
    )
    styles = "".join(
        f'<xf numFmtId="{164 + n if n else 0}" fontId="0" fillId="0" borderId="{border}"/>'
        for border in (0, 1)
        for n in range(len(_FORMATS))
    )
    inside = (
        f'<numFmts count="{len(_FORMATS)}">{formats}</numFmts><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        f'<borders count="2"><border><left/><right/><top/><bottom/></border><border>{side}</border></borders><cellXfs>{styles}</cellXfs>'
    )
    return f'{_HEAD}<styleSheet xmlns="{_MAIN}">{inside}</styleSheet>'.encode()


def _sheet_xml(sheet: SetSheet) -> str:
    rows = "".join(_row_xml(sheet, row) for row in range(sheet.height))
    merged = "".join(
        f'<mergeCell ref="{_place(cell.row, cell.column)}:{_place(cell.row + cell.row_span - 1, cell.column + cell.column_span - 1)}"/>'
        for cell in sheet.cells
        if cell.row_span * cell.column_span > 1
    )
    width = '<cols><col min="1" max="11" width="12.7109375" customWidth="1"/></cols>'
    return f'{_HEAD}<worksheet xmlns="{_MAIN}">{width}<sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells></worksheet>'


def _row_xml(sheet: SetSheet, row: int) -> str:
    told: dict[int, str] = {}
    for cell in sheet.cells:
        if cell.row <= row < cell.row + cell.row_span:
            for n in range(cell.column, cell.column + cell.column_span):
                covered = (row, n) != (cell.row, cell.column)
                style = _FORMATS.index(cell.format) + len(_FORMATS) * cell.framed
                told[n] = f'<c r="{_place(row, n)}" s="{style}"' + ("/>" if covered else _inside(cell))
    if not told:
        return ""
    return f'<row r="{row + 1}">{"".join(told[n] for n in sorted(told))}</row>'


def _inside(cell: SetCell) -> str:
    if cell.number:
        sum_of = f"<f>SUM({_place(cell.row, 3)}:{_place(cell.row, 8)})</f>" if cell.formula else ""
        return f">{sum_of}<v>{cell.number}</v></c>"
    return (
        f' t="inlineStr"><is><t xml:space="preserve">{escape(cell.text)}</t></is></c>' if cell.text else "/>"
    )


def _place(row: int, column: int) -> str:
    return f"{chr(ord('A') + column)}{row + 1}"


def set_xls(sample: Sample) -> bytes:
    """Return the XLS of a report."""
    import xlwt

    book: Any = xlwt.Workbook(encoding="utf-8")
    looks = {(code, framed): _look(code, framed) for code in _FORMATS for framed in (False, True)}
    for sheet in sheets_of(sample):
        made = book.add_sheet(sheet.name)
        made.visibility = int(sheet.hidden)
        for column in range(_COLUMNS):
            made.col(column).width = 12 * 256
        for cell in sheet.cells:
            look = looks[cell.format, cell.framed]
            bottom, right = cell.row + cell.row_span - 1, cell.column + cell.column_span - 1
            shown: Any = float(cell.number) if cell.number else cell.text
            made.write_merge(cell.row, bottom, cell.column, right, shown, look)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _look(code: str, framed: bool) -> Any:
    import xlwt

    look = xlwt.XFStyle()
    look.num_format_str = code
    if framed:
        look.borders.left = look.borders.right = look.borders.top = look.borders.bottom = 1
    return look


def workbooks() -> Iterator[tuple[Sample, str, bytes]]:
    """Yield each sample with the ending of its file and its bytes."""
    new, old = workbook(), workbook_old()
    yield new, ".xlsx", set_xlsx(new)
    yield old, ".xls", set_xls(old)
