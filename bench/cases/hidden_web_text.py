"""Web pages with text in them that no browser shows: digits beside values, whole values, copies of them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from bench.accuracy.truth import read_truth
from bench.cases.base import Case
from bench.cases.lifting import SAMPLES

# Style sheets, and an element around text that is not shown; pages written by hand, by CMS, against copying.
HIDDEN = (
    ("", "<span style='font-size:0'>{}</span>"),
    ("", "<span style='font-size:0px;line-height:0'>{}</span>"),
    ("", "<font style='font:0/0 a'>{}</font>"),
    ("", "<span style='display:none'>{}</span>"),
    ("", "<span style='visibility:hidden'>{}</span>"),
    ("", "<span style='opacity:0'>{}</span>"),
    ("", "<span style='position:absolute;left:-9999px'>{}</span>"),
    ("", "<span style='position:absolute;top:-999em'>{}</span>"),
    ("", "<div style='text-indent:-9999px;height:0'>{}</div>"),
    ("", "<div style='height:0;overflow:hidden'>{}</div>"),
    ("", "<span style='position:absolute;clip:rect(0,0,0,0)'>{}</span>"),
    ("", "<span style='clip-path:inset(100%)'>{}</span>"),
    ("", "<span style='color:transparent'>{}</span>"),
    ("", "<span style='background:#fff;color:#ffffff'>{}</span>"),
    ("", "<span hidden>{}</span>"),
    ("", "<template>{}</template>"),
    ("", "<noscript>{}</noscript>"),
    ("", "<details>{}</details>"),
    ("", "<dialog>{}</dialog>"),
    ("", "<input type=hidden value={}>"),
    ("<style>.k{font-size:0}</style>", "<i class=k>{}</i>"),
    ("<style>td i.k{opacity:0}</style>", "<i class=k>{}</i>"),
    ("<style>.k{display:inline} td>.k{display:none}</style>", "<i class=k>{}</i>"),
    (
        "<style>#k, .k.l{visibility:hidden!important}</style>",
        "<i class='l k' style='visibility:visible'>{}</i>",
    ),
)
_CELL = re.compile(r"<td>(\d+)</td>")


def draw(folder: Path) -> Iterator[Case]:
    """48 pages: ways to hide by what is hidden, a digit before or a number behind every third value."""
    page = (SAMPLES / "webpage.html").read_text("utf-8")
    truth = tuple(read_truth(SAMPLES / "webpage.truth.csv"))
    for number, (sheet, hidden) in enumerate(HIDDEN):
        for place, form in (("before", "<td>{0}{1}</td>"), ("behind", "<td>{1} {0}</td>")):
            target = folder / f"hidden-{number:02d}-{place}.html"
            target.write_text(_with(page, sheet, hidden.format(8), form), "utf-8")
            yield Case(target, truth)


def _with(page: str, sheet: str, hidden: str, form: str) -> str:
    numbers = itertools.count()

    def put(cell: re.Match[str]) -> str:
        return form.format(hidden, cell[1]) if next(numbers) % 3 == 0 else cell[0]

    return _CELL.sub(put, page).replace("</head>", f"{sheet}</head>", 1)
