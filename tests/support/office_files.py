# ruff: noqa: E501 (markup is told from its parts in one line)
"""Office files made by hand, part by part: workbooks, Word documents, compound files."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

from samples.generator.fixed_documents import packed

_SPACE = "http://schemas.openxmlformats.org"
_RELATION = f"{_SPACE}/officeDocument/2006/relationships"
MAIN = f"{_SPACE}/spreadsheetml/2006/main"
_BOX = '<border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/></border>'

# A table that tests write as Word and as a workbook: text, rows and columns of each cell, two heads merged.
MERGED_HEADS = [
    ("项目", 2, 1),
    ("数量", 1, 2),
    ("上年", 1, 1),
    ("本年", 1, 1),
    ("规章", 1, 1),
    ("1", 1, 1),
    ("", 1, 1),
]


def relations(*told: tuple[str, str], extra: str = "") -> bytes:
    """Each with its kind and place, numbered from rId1."""
    inside = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATION}/{kind}" Target="{place}"/>'
        for n, (kind, place) in enumerate(told, 1)
    )
    return (
        f'<Relationships xmlns="{_SPACE}/package/2006/relationships">{inside}{extra}</Relationships>'.encode()
    )


def styles(
    *codes: str, fonts: str = "<font/>", fills: str = "<fill/>", xfs: str = "", dxfs: str = ""
) -> bytes:
    """Styles 0, 1, …: in frames and with these formats; then those of `xfs`."""
    formats = "".join(
        f'<numFmt numFmtId="{200 + n}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for n, code in enumerate(codes)
    )
    own = "".join(f'<xf numFmtId="{200 + n}" borderId="1"/>' for n in range(len(codes)))
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><fonts>{fonts}</fonts><fills>{fills}</fills>'
        f"<borders><border/>{_BOX}</borders><cellXfs>{own}{xfs}</cellXfs><dxfs>{dxfs}</dxfs></styleSheet>"
    ).encode()


def xlsx(
    *sheets: str,
    look: bytes = styles("General"),
    strings: str = "",
    book: str = "",
    states: Mapping[int, str] | None = None,
    parts: Mapping[str, bytes] | None = None,
) -> bytes:
    """A workbook of sheets, each as the content of its `worksheet`."""
    told = "".join(
        f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}" state="{(states or {}).get(n, "visible")}"/>'
        for n in range(1, len(sheets) + 1)
    )
    inside = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    held = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_RELATION}">{book}<sheets>{told}</sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": relations(
            *inside, ("styles", "styles.xml"), ("sharedStrings", "shared.xml")
        ),
        "xl/styles.xml": look,
        "xl/shared.xml": f'<sst xmlns="{MAIN}">{strings}</sst>'.encode(),
    }
    for n, sheet in enumerate(sheets, 1):
        held[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{MAIN}" xmlns:r="{_RELATION}">{sheet}</worksheet>'.encode()
        )
    return packed({**held, **(parts or {})})


def rows(*lines: str) -> str:
    """The data of a sheet, each row as its cells."""
    return f"<sheetData>{''.join(f'<row>{line}</row>' for line in lines)}</sheetData>"


def text_cell(text: str, style: int = 0) -> str:
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def number_cell(number: str, style: int = 0, formula: str = "") -> str:
    told = f"<f>{formula}</f>" if formula else ""
    return f'<c s="{style}">{told}<v>{number}</v></c>'


def compound(*names: str, below: str = "") -> bytes:
    """A compound file with empty streams of these names at its top, and one `below` in a storage."""
    entries = [("Root Entry", 5, 1, 0xFFFFFFFF)]
    for n, name in enumerate(names, 1):
        entries.append((name, 2, 0xFFFFFFFF, n + 1 if n < len(names) or below else 0xFFFFFFFF))
    if below:
        n = len(entries)
        entries += [("ObjectPool", 1, n + 1, 0xFFFFFFFF), (below, 2, 0xFFFFFFFF, 0xFFFFFFFF)]
    directory = b"".join(_entry(*one) for one in entries)
    directory += bytes(-len(directory) % 512)
    n_sectors = len(directory) // 512
    chain = [*range(1, n_sectors), 0xFFFFFFFE, 0xFFFFFFFD]
    table = struct.pack(f"<{len(chain)}I", *chain) + b"\xff" * (512 - 4 * len(chain))
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    )
    head += struct.pack("<9I", 0, 1, 0, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", n_sectors)
    return head + b"\xff" * (512 - len(head)) + directory + table


def _entry(name: str, kind: int, child: int, right: int) -> bytes:
    told = name.encode("utf-16-le")
    head = told + bytes(64 - len(told)) + struct.pack("<HBB", len(told) + 2, kind, 1)
    return head + struct.pack("<3I", 0xFFFFFFFF, right, child if kind != 2 else 0xFFFFFFFF) + bytes(48)


def written(folder: Path, data: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
