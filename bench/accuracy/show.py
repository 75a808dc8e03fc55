"""Show the results of the benchmark: tables for people, JSON for programs, pictures of the misses."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image as Pillow
from rich.console import Console
from rich.table import Table

from bench.accuracy.compare import Miss, Score
from bench.accuracy.kinds import KindScore, merged
from bench.corpus.degrade import render

CROP_DPI = 200
MARGIN = 6.0  # points round a miss, so that its rules are seen
_HEADS = ("document", "cells", "exact %", "wrong, no flag", "made up", "missing", "right but flagged %")


def results(scores: Sequence[Score], whole: Score, pace: float, form: str) -> None:
    """Print scores, misses and `pace` (seconds a page) to stdout."""
    if form == "json":
        print(json.dumps(_as_json(scores, whole, pace), ensure_ascii=False, indent=1))
        return
    console = Console(width=max(160, Console().width))
    table = Table(*_HEADS, title=f"{pace:.2f} s a page, ingest of all documents")
    for score in (*scores, whole):
        table.add_row(*_cells(score), style="bold" if score is whole else "")
    console.print(table)
    if whole.misses:
        unread = [score.document for score in scores if score.missing == score.cells > 0]
        for name in unread:
            console.print(f"{name}: the archive has none of its values")
        console.print(_miss_table(whole.misses, unread))


def kinds(found: Sequence[KindScore], form: str) -> None:
    """Print a table by kind of damage; `form` as in `results`."""
    lines = [*found, merged("total", found)]
    if form == "json":
        print(json.dumps([_kind_counts(line) for line in lines], ensure_ascii=False, indent=1))
        return
    table = Table(
        "kind", *_HEADS[1:], "text errors %", "s a page", "planted found", "accused", "proposals right"
    )
    for line in lines:
        planted = f"{line.found}/{line.planted}" if line.planted else "–"
        more = (f"{line.error_rate:.2f}", f"{line.seconds / max(1, line.pages):.2f}", planted)
        proposals = f"{line.right}/{line.proposed}" if line.proposed else "–"
        table.add_row(*_cells(line.score), *more, str(line.accused), proposals)
    Console(width=max(160, Console().width)).print(table)


def _kind_counts(line: KindScore) -> dict[str, Any]:
    return _counts(line.score) | {
        "text_error_percent": round(line.error_rate, 3),
        "pages": line.pages,
        "seconds": round(line.seconds, 2),
        "planted": line.planted,
        "planted_found": line.found,
        "sound_accused": line.accused,
        "proposals": line.proposed,
        "proposals_right": line.right,
    }


def _cells(score: Score) -> tuple[str, ...]:
    counts = (score.silent, score.made_up, score.missing)
    return (
        score.document,
        str(score.cells),
        f"{_exact(score):.2f}",
        *(str(count) for count in counts),
        f"{_percent(score.flagged, score.exact):.2f}",
    )


def _exact(score: Score) -> float:
    return _percent(score.exact, score.cells) if score.cells else 100.0


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _miss_table(misses: Iterable[Miss], unread: Collection[str]) -> Table:
    table = Table("document", title="misses")
    table.add_column("key", overflow="fold", min_width=40)
    for head in ("truth", "read", "what", "flags", "page", "box"):
        table.add_column(head, overflow="fold")
    for miss in misses:
        if miss.document in unread:
            continue
        truth = f"{miss.truth.state} {miss.truth.raw}".strip()
        read = miss.read or {}
        box = " ".join(read.get(side, "") for side in ("left", "top", "right", "bottom")).strip()
        said = f"{read.get('state', '')} {read.get('raw', '')} {read.get('value', '')}".strip()
        row = (miss.document, "/".join(miss.key), truth, said, _kind(miss), read.get("flags", ""))
        table.add_row(*row, read.get("page", ""), box)
    return table


def _kind(miss: Miss) -> str:
    if miss.missing:
        return "missing"
    return (
        ", ".join(filter(None, ("made up" if miss.made_up else "", "no flag" if miss.silent else "")))
        or "flagged"
    )


def _as_json(scores: Sequence[Score], whole: Score, pace: float) -> dict[str, Any]:
    return {
        "documents": [_counts(score) for score in scores],
        "total": _counts(whole) | {"seconds_a_page": round(pace, 3)},
        "misses": [
            {
                "document": miss.document,
                "key": "/".join(miss.key),
                "kind": _kind(miss),
                "truth": {"state": miss.truth.state, "raw": miss.truth.raw, "value": miss.truth.value},
                "read": dict(miss.read) if miss.read else None,
            }
            for miss in whole.misses
        ],
    }


def _counts(score: Score) -> dict[str, Any]:
    return {
        "document": score.document,
        "cells": score.cells,
        "exact": score.exact,
        "exact_percent": round(_exact(score), 3),
        "wrong_without_flag": score.silent,
        "made_up": score.made_up,
        "missing": score.missing,
        "right_but_flagged_percent": round(_percent(score.flagged, score.exact), 3),
    }


def save_crops(misses: Iterable[Miss], files: Mapping[str, Path], folder: Path) -> None:
    """Save `DOCUMENT.TABLE.ROW.COLUMN.png` for every miss that has a box."""
    folder.mkdir(parents=True, exist_ok=True)
    for miss in misses:
        if miss.read and miss.read.get("page") and miss.read.get("left"):
            name = ".".join((Path(miss.document).stem, *miss.key))
            _crop(files[miss.document], miss.read).save(folder / f"{name}.png")


def _crop(path: Path, row: Mapping[str, str]) -> Pillow.Image:
    page, scale = page_image(path, int(row["page"]))
    left, top = (float(row[side]) - MARGIN for side in ("left", "top"))
    right, bottom = (float(row[side]) + MARGIN for side in ("right", "bottom"))
    return page.crop((left * scale, top * scale, right * scale, bottom * scale))


def page_image(path: Path, number: int) -> tuple[Pillow.Image, float]:
    """The page as an image, and its pixels a point."""
    if path.suffix == ".pdf":
        pages = list(render(path, CROP_DPI))
        return Pillow.fromarray(pages[number - 1]), CROP_DPI / 72
    image = Pillow.open(path)
    return image, float(image.info.get("dpi", (72, 72))[0]) / 72
