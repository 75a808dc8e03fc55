"""The pages of the county in our own words: frames round them, lists, reports with their tables as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

import numpy as np

from samples.generator import narrative
from samples.generator.grid import Grid
from samples.generator.layouts import LAYOUTS, Look
from samples.generator.values import Printed, Prints, numbers_for, printed
from tests.support.countyweb.web import Facts

TABLES = {"proactive": 1, "requests": 2, "review": 3}


def title_of(organ: str, year: int) -> str:
    """How a report is called."""
    return f"{organ}{year}年政府信息公开工作年度报告"


def document(title: str, body: str, head: str = "", frame: str = "") -> str:
    """A page: its text between the navigation and the foot that all pages of a site have."""
    return (
        f"<!DOCTYPE html>\n<html><head><title>{escape(title)}</title>{head}</head><body>\n{frame}\n"
        f'<div class="content">{body}</div>\n'
        '<div class="footer">主办：栖禾县人民政府办公室　<a href="/map.html">网站地图</a></div>\n'
        "</body></html>\n"
    )


def links(items: Iterable[tuple[str, str]], kind: str = "list") -> str:
    """A list of links: (address, words)."""
    rows = "".join(f'<li><a href="{escape(at)}">{escape(says)}</a></li>' for at, says in items)
    return f'<ul class="{kind}">{rows}</ul>'


def dated(items: Iterable[tuple[str, str, str]]) -> str:
    """A list as a content system sets it: (address, words, date)."""
    rows = "".join(
        f'<li><a href="{escape(at)}" title="{escape(says)}" target="_blank">{escape(says)}</a>'
        f"<span>{date}</span></li>\n"
        for at, says, date in items
    )
    return f'<ul class="news_list">\n{rows}</ul>'


def report(organ: str, year: int, edit: Mapping[tuple[str, str, str], str]) -> tuple[str, Facts]:
    """The text of a report with its tables, and what they print; `edit` prints some values otherwise."""
    rng = np.random.default_rng(year * 1000 + sum(map(ord, organ)))
    prints: dict[str, Prints] = {}
    for table in TABLES:
        changes = {(row, column): raw for (name, row, column), raw in edit.items() if name == table}
        numbers = printed(numbers_for(table, "2021", rng))
        prints[table] = numbers | {at: Printed(raw, raw) for at, raw in changes.items()}
    parts = [f"<h1>{title_of(organ, year)}</h1>", _p(narrative.preamble(organ, year))]
    parts += [f"<h2>{narrative.SECTIONS[0]}</h2>", *map(_p, narrative.overview(year, prints, rng))]
    for table, section in TABLES.items():
        laid = LAYOUTS[table]("2021", prints[table], Look())
        parts += [f"<h2>{narrative.SECTIONS[section]}</h2>", as_html(laid.grid)]
    parts += [f"<h2>{narrative.SECTIONS[4]}</h2>", *map(_p, narrative.problems(rng))]
    parts += [f"<h2>{narrative.SECTIONS[5]}</h2>", *map(_p, narrative.remarks())]
    facts = {
        (table, row, column): cell.raw for table in TABLES for (row, column), cell in prints[table].items()
    }
    return "\n".join(parts), facts


def as_html(grid: Grid) -> str:
    """A grid as the table that a word processor's HTML has."""
    rows: dict[int, list[str]] = {row: [] for row in range(len(grid.heights))}
    for slot in grid.slots:
        spans = f' rowspan="{slot.row_span}"' if slot.row_span > 1 else ""
        spans += f' colspan="{slot.column_span}"' if slot.column_span > 1 else ""
        text = escape("".join(slot.lines)) or "&nbsp;"
        rows[slot.row].append(f'<td{spans}><p align="center"><span>{text}</span></p></td>')
    body = "\n".join(f"<tr>{''.join(cells)}</tr>" for cells in rows.values())
    return f'<table border="1" cellspacing="0" class="MsoNormalTable"><tbody>\n{body}\n</tbody></table>'


def _p(text: str) -> str:
    return f"<p>　　{escape(text)}</p>"
