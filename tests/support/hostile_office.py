# ruff: noqa: E501 (markup is told from its parts in one line)
"""Workbooks and Word files that mean harm, made here and not committed: each with what must become of it."""

from __future__ import annotations

import io

import xlwt

from samples.generator.fixed_documents import packed
from samples.generator.word_files import W
from tests.support.hostile_files import ARCHIVED, Case
from tests.support.office_files import MAIN, number_cell, relations, rows, styles, text_cell, xlsx

_ENTITIES = '<!DOCTYPE a [<!ENTITY a "1">' + "".join(
    f'<!ENTITY {chr(n + 1)} "{f"&{chr(n)};" * 10}">' for n in range(97, 107)
)
_HEAD = text_cell("项目") + text_cell("数量")
_AWAY = '<Relationship Id="rId9" Type="a/externalLink" TargetMode="External" Target="http://127.0.0.1:9/{}"/>'


def _sheet(inside: str) -> dict[str, bytes]:
    return {"xl/worksheets/sheet1.xml": inside.encode()}


def _many_rows(cell: str, n_rows: int = 1_000_000) -> bytes:
    return xlsx(f"<sheetData>{f'<row>{cell}</row>' * n_rows}</sheetData>", look=styles("General"))


def _far(reference: str) -> bytes:
    far = f'<row r="1048576"><c r="XFD1048576" s="0"><v>1</v></c></row></sheetData>{reference}'
    return xlsx(rows(_HEAD).replace("</sheetData>", far))


def _links() -> bytes:
    formula = "WEBSERVICE(&quot;http://127.0.0.1:9/&quot;)"
    sheet = rows(
        _HEAD, number_cell("1", 0, formula), text_cell("=cmd|' /C calc'!A0") + number_cell("2", 0, "[1]a!A1")
    )
    held = relations(("worksheet", "worksheets/sheet1.xml"), extra=_AWAY.format("a.xlsx"))
    return xlsx(sheet, parts={"xl/_rels/workbook.xml.rels": held})


def _docx(inside: str, before: str = "") -> bytes:
    document = f'{before}<w:document xmlns:w="{W}"><w:body>{inside}</w:body></w:document>'
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": document.encode()})


def _xls(n_rows: int) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for row in range(n_rows):
        sheet.write(row, 0, "x")
        sheet.write(row, 1, row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _circle(data: bytes) -> bytes:
    """A compound file in whose table of sectors every sector leads to the first."""
    at = (int.from_bytes(data[76:80], "little") + 1) * 512
    return data[:at] + bytes(512) + data[at + 512 :]


OFFICE_FILES: dict[str, Case] = {
    "links.xlsx": Case(_links, ".xlsx", (ARCHIVED,)),
    "bomb.xlsx": Case(
        lambda: xlsx(f"<sheetData>{' ' * (80 << 20)}</sheetData>"), ".xlsx", ("too_large",), "GUIDANG_MAX_"
    ),
    "texts.xlsx": Case(
        lambda: xlsx(rows(_HEAD), strings="<si/>" * 4_000_000), ".xlsx", ("too_large",), "texts"
    ),
    "dimension.xlsx": Case(
        lambda: xlsx('<dimension ref="A1:XFD1048576"/>' + rows(_HEAD, _HEAD)), ".xlsx", (ARCHIVED,)
    ),
    "frames.xlsx": Case(lambda: _many_rows("<c/>"), ".xlsx", ("no_pages",)),
    "rows.xlsx": Case(lambda: _many_rows("<c><v>1</v></c>"), ".xlsx", ("too_large",), "cells"),
    "cells.xlsx": Case(lambda: _many_rows("<c/><c/><c/>"), ".xlsx", ("too_large",), "cells"),
    "far.xlsx": Case(lambda: _far(""), ".xlsx", (ARCHIVED,)),
    "merged.xlsx": Case(
        lambda: _far('<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        ".xlsx",
        ("too_large",),
        "merged",
    ),
    "entities.xlsx": Case(
        lambda: xlsx(
            parts=_sheet(""), look=f'{_ENTITIES}]><styleSheet xmlns="{MAIN}">&k;</styleSheet>'.encode()
        ),
        ".xlsx",
        ("damaged",),
    ),
    "entity.xlsx": Case(
        lambda: xlsx(
            rows(""),
            parts=_sheet(
                f'{_ENTITIES}]><worksheet xmlns="{MAIN}"><sheetData><row><c><v>&a;</v></c></row></sheetData></worksheet>'
            ),
        ),
        ".xlsx",
        ("damaged",),
        "entities",
    ),
    "outside.xlsx": Case(
        lambda: xlsx(
            rows(""),
            parts=_sheet(
                f'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet xmlns="{MAIN}">&a;</worksheet>'
            ),
        ),
        ".xlsx",
        ("damaged", "no_pages"),
    ),
    "deep.xlsx": Case(lambda: xlsx("<a>" * 100_000), ".xlsx", ("damaged",)),
    "itself.xlsx": Case(
        lambda: xlsx(
            rows(_HEAD, _HEAD),
            parts={"xl/worksheets/_rels/sheet1.xml.rels": relations(("drawing", "sheet1.xml"))},
        ),
        ".xlsx",
        (ARCHIVED,),
    ),
    "bomb.docx": Case(lambda: _docx(" " * (80 << 20)), ".docx", ("too_large",), "GUIDANG_MAX_"),
    "entity.docx": Case(lambda: _docx("&a;", f"{_ENTITIES}]>"), ".docx", ("damaged",), "entities"),
    "deep.docx": Case(lambda: _docx("<w:sdt>" * 50_000 + "</w:sdt>" * 50_000), ".docx", ("damaged",)),
    "cells.docx": Case(
        lambda: _docx(f"<w:tbl>{'<w:tr><w:tc/></w:tr>' * 120_000}</w:tbl>"), ".docx", ("too_large",), "cells"
    ),
    "rows.xls": Case(lambda: _xls(60_000), ".xls", ("too_large",), "cells"),
    "cut.xls": Case(lambda: _xls(2_000)[:30_000], ".xls", ("damaged",)),
    "circle.xls": Case(lambda: _circle(_xls(2_000)), ".xls", ("damaged",)),
    "records.xls": Case(lambda: b"\x09\x08\x10\x00" + b"\xff" * 5_000, ".xls", ("damaged",)),
}
