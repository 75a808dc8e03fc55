# ruff: noqa: E501 (markup is told from its parts in one line)
"""Reports as DOCX: headings, text, tables with spans over columns and rows, as word processors write them."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from samples.generator.fixed_documents import packed
from samples.generator.grid import Slot
from samples.generator.layouts import LAYOUTS
from samples.generator.reports import Sample
from samples.generator.typeset import Heading, TableSpec

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
    f' Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>'
)


def set_docx(sample: Sample) -> bytes:
    """Return the DOCX of a report: every number in two runs, a deleted one behind, a hidden one in the text."""
    body = "".join(_body(sample))
    document = f'{_HEAD}<w:document xmlns:w="{W}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    parts = {
        "[Content_Types].xml": _HEAD + _TYPES,
        "_rels/.rels": _HEAD + _RELATIONS,
        "word/document.xml": document,
    }
    return packed({name: part.encode() for name, part in parts.items()})


def _body(sample: Sample) -> Iterator[str]:
    for block in sample.spec.blocks:
        if isinstance(block, TableSpec):
            yield _table(block)
        elif isinstance(block, Heading):
            yield from map(_paragraph, block.text.split("\n"))
        elif isinstance(block, str):
            yield _paragraph(block, "<w:r><w:rPr><w:vanish/></w:rPr><w:t>（内部稿）</w:t></w:r>")


def _paragraph(text: str, behind: str = "") -> str:
    half = len(text) // 2
    runs = "".join(
        f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
        for part in (text[:half], text[half:])
        if part
    )
    return f"<w:p>{runs}{behind}</w:p>"


def _table(spec: TableSpec) -> str:
    grid = LAYOUTS[spec.table](spec.form, spec.values, spec.look).grid
    rows = []
    for row in range(len(grid.heights)):
        here = (slot for slot in grid.slots if slot.row <= row < slot.bottom)
        rows.append(
            f"<w:tr>{''.join(_cell(slot, row) for slot in sorted(here, key=lambda slot: slot.column))}</w:tr>"
        )
    columns = "".join("<w:gridCol/>" for _ in grid.widths)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _cell(slot: Slot, row: int) -> str:
    looks = f'<w:gridSpan w:val="{slot.column_span}"/>' if slot.column_span > 1 else ""
    begins = slot.row == row
    looks += ('<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>") if slot.row_span > 1 else ""
    deleted = '<w:del w:id="1"><w:r><w:delText>7</w:delText></w:r></w:del>' if slot.kind == "value" else ""
    inside = _paragraph("".join(slot.lines), deleted) if begins else "<w:p/>"
    return f"<w:tc><w:tcPr>{looks}</w:tcPr>{inside}</w:tc>"
