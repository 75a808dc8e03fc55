"""Running heads: the line at the top of leaves that follow each other, the same on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconcile.report_title import Title, title_runs
from reconcile.title_patterns import names_an_organ
from reconcile.volume.leaves import Leaf, PrintedLine
from reconcile.volume.marks.page_numbers import is_number

# They stand in this outer share of the height of the page, and right and left pages may have their own.
_MARGIN = 0.08
_APART = 2


def running_heads(leaves: Sequence[Leaf]) -> tuple[PrintedLine | None, ...]:
    """The running head of every leaf; None where it has none."""
    tops = [_top_line(leaf) for leaf in leaves]
    return tuple(top if top and _recurs(tops, n) else None for n, top in enumerate(tops))


def head_title(head: str) -> Title:
    """The organ and year that a running head names; nothing where it names neither."""
    named = Title(organ=head) if names_an_organ(head) else Title()
    return next((replace(run.title, text="") for run in title_runs([head], 0)), named)


def _top_line(leaf: Leaf) -> PrintedLine | None:
    return next((line for line in leaf.lines if _is_head(leaf, line)), None)


def _is_head(leaf: Leaf, line: PrintedLine) -> bool:
    return line.box.centre[1] < _MARGIN * leaf.height and not is_number(leaf, line)


def _recurs(tops: Sequence[PrintedLine | None], n: int) -> bool:
    near = [m for m in range(max(0, n - _APART), min(len(tops), n + _APART + 1)) if m != n]
    return any((other := tops[m]) is not None and other.text == _text(tops[n]) for m in near)


def _text(line: PrintedLine | None) -> str:
    return line.text if line else ""
