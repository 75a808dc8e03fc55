"""Table three whose rows, header or pages lost or gained a cell, as retyping and converting leave them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.accuracy.truth import Fact
from bench.cases.base import Case
from bench.corpus.degrade import Recipe, scan_pdf
from bench.corpus.steps import blur, noise, skew
from samples.generator.grid import Grid, Slot, cut_row, fit_heights, split_at, take_rows, wrap
from samples.generator.layouts import Laid, Look, lay_requests
from samples.generator.typeset import Block, GridSpec, Heading, PageBreak, ReportSpec, set_report
from samples.generator.values import APPLICANTS, Prints, balanced_requests, printed, uniform

COLUMNS = (*APPLICANTS, "total")
FIRST = 3  # the first value column of the grid, and the number of its header rows
LOOK = Look(size=8.0, width=470.0, padding=2.0)
SCAN = Recipe(200, (blur(0.5), skew(0.4), noise(3.0)))
FORMS = ("2019", "2021")
SCANNED = ("lost", "gained", "split", "extracted")


@dataclass(frozen=True, slots=True)
class Damaged:
    """The pages of a damaged table, and the values (row key, column key) that are no longer printed."""

    grids: tuple[Grid, ...]
    lost: tuple[tuple[str, str], ...] = ()


Damage = Callable[[Laid, str, int], Damaged]  # of the row with this key, at the value with this number


def draw(folder: Path) -> Iterator[Case]:
    """Every damage in both forms, digital; some of them of an idle year, and some scanned."""
    number = 0
    for name, damage in DAMAGES.items():
        for form in FORMS:
            number += 1
            # Which of nothing but zeros is gone nobody can tell.
            idle = number % 5 == 0 and damage not in (*LOSING, _narrow_page)
            yield _case(folder, f"{name}-{form}", damage, form, number, idle=idle)
    for name in SCANNED:
        number += 1
        case = _case(folder, f"{name}-print", DAMAGES[name], FORMS[number % 2], number, idle=False)
        target = folder / f"{name}-scan.pdf"
        scan_pdf(case.path, target, SCAN, seed=number)
        yield Case(target, case.truth)


def _case(folder: Path, name: str, damage: Damage, form: str, seed: int, *, idle: bool) -> Case:
    rng = np.random.default_rng(seed)
    full = {"fill": 0.9} if damage in LOSING else {}
    values = (
        uniform("requests", form, "0") if idle else printed(balanced_requests(rng, form, mean=9.0, **full))
    )
    laid = lay_requests(form, values, LOOK)
    places = [(row, at) for row in laid.row_of for at in range(len(COLUMNS) - 1)]
    if damage in LOSING:
        places = [(row, at) for row, at in places if _can_be_told(_texts(laid, row), at)]
    row, at = places[int(rng.integers(0, len(places)))]
    damaged = damage(laid, row, at)
    path = folder / f"{name}.pdf"
    path.write_bytes(set_report(_report(damaged.grids)))
    return Case(path, tuple(_facts(form, values, damaged.lost)))


def _can_be_told(texts: Sequence[str], at: int) -> bool:
    """Say whether the loss of that value can be made out: a 0 between others, which leaves the sum alone."""
    return texts[at] == "0" and "0" not in (texts[at + 1], *texts[max(at - 1, 0) : at])


def _report(grids: Sequence[Grid]) -> ReportSpec:
    title = "临江区青田街道办事处2023年政府信息公开工作年度报告"
    blocks: list[Block] = [Heading(title, 0), Heading("三、收到和处理政府信息公开申请情况")]
    for n, grid in enumerate(grids):
        blocks += [PageBreak()] * bool(n) + [GridSpec(grid, LOOK, open_break=True)]
    return ReportSpec(title, tuple(blocks), size=11.0, margins=(40.0, 50.0, 40.0, 50.0))


def _facts(form: str, values: Prints, lost: Sequence[tuple[str, str]]) -> Iterator[Fact]:
    for (row, column), cell in values.items():
        if (row, column) not in lost:
            yield Fact(form, "requests", row, column, cell.state, cell.raw, cell.value)


def _lost(laid: Laid, row: str, at: int) -> Damaged:
    """A cell is gone, the later ones moved left, an empty one closes the row."""
    texts = _texts(laid, row)
    return Damaged((_with_row(laid, row, [*texts[:at], *texts[at + 1 :], ""]),), ((row, COLUMNS[at]),))


def _short(laid: Laid, row: str, at: int) -> Damaged:
    """A cell is gone, the later ones moved left, the row ends early."""
    texts = _texts(laid, row)
    return Damaged((_with_row(laid, row, [*texts[:at], *texts[at + 1 :]]),), ((row, COLUMNS[at]),))


def _moved_right(laid: Laid, row: str, at: int) -> Damaged:
    """A cell is gone, the earlier ones moved right."""
    texts = _texts(laid, row)
    return Damaged((_with_row(laid, row, ["", *texts[:at], *texts[at + 1 :]]),), ((row, COLUMNS[at]),))


def _gained(laid: Laid, row: str, at: int) -> Damaged:
    """A value stands twice: the row has a cell more than the table."""
    texts = _texts(laid, row)
    return Damaged((_with_row(_wider(laid), row, [*texts[:at], texts[at], *texts[at:]]),))


def _padded(laid: Laid, row: str, at: int) -> Damaged:
    """A value stands twice; all other rows have an empty cell more."""
    damaged = _gained(laid, row, at).grids[0]
    last = FIRST + len(COLUMNS)
    ends = [Slot(n, last, 1, 1, ("",), "value") for n in range(len(damaged.heights)) if n != laid.row_of[row]]
    return Damaged((replace(damaged, slots=(*damaged.slots, *ends)),))


def _split(laid: Laid, row: str, at: int) -> Damaged:
    """One cell is parted in two, the second says 0."""
    column, line = FIRST + at, laid.row_of[row]
    widths = list(laid.grid.widths)
    widths[column : column + 1] = [widths[column] / 2] * 2
    slots = [_around(slot, column) for slot in laid.grid.slots]
    slots = [
        replace(slot, column_span=1) if (slot.row, slot.column) == (line, column) else slot for slot in slots
    ]
    slots.append(Slot(line, column + 1, 1, 1, ("0",), "value"))
    return Damaged((replace(laid.grid, widths=tuple(widths), slots=tuple(slots)),))


def _double(laid: Laid, row: str, at: int) -> Damaged:
    """Two values stand in one cell, the later ones moved left."""
    texts = _texts(laid, row)
    both = f"{texts[at]} {texts[at + 1]}"
    return Damaged((_with_row(laid, row, [*texts[:at], both, *texts[at + 2 :], ""]),))


def _double_kept(laid: Laid, row: str, at: int) -> Damaged:
    """Two values stand in one cell, the next one is empty."""
    texts = _texts(laid, row)
    both = f"{texts[at]} {texts[at + 1]}"
    return Damaged((_with_row(laid, row, [*texts[:at], both, "", *texts[at + 2 :]]),))


def _merged(laid: Laid, row: str, at: int) -> Damaged:
    """Two neighbours are one cell with the value of the first."""
    line, column = laid.row_of[row], FIRST + at
    slots = [slot for slot in laid.grid.slots if (slot.row, slot.column) != (line, column + 1)]
    slots = [
        replace(slot, column_span=2) if (slot.row, slot.column) == (line, column) else slot for slot in slots
    ]
    pair = (row, COLUMNS[at]), (row, COLUMNS[at + 1])
    return Damaged((replace(laid.grid, slots=tuple(slots)),), pair)


def _header_left(laid: Laid, row: str, at: int) -> Damaged:
    """The headers of the organisations stand a column too far left, an empty one follows."""
    heads = [slot for slot in laid.grid.slots if slot.row == FIRST - 1 and slot.kind == "header"]
    texts = [*(slot.lines for slot in heads[1:]), ("",)]
    moved = {id(slot): replace(slot, lines=lines) for slot, lines in zip(heads, texts, strict=True)}
    return Damaged((replace(laid.grid, slots=tuple(moved.get(id(s), s) for s in laid.grid.slots)),))


def _rows_right(laid: Laid, row: str, at: int) -> Damaged:
    """An empty cell stands before the values of every row, the header stays."""
    wide = _wider(laid)
    for key in laid.row_of:
        wide = Laid(_with_row(wide, key, ["", *_texts(laid, key)]), laid.row_of)
    return Damaged((wide.grid,))


def _extracted(laid: Laid, row: str, at: int) -> Damaged:
    """Merged label cells fell together: the values follow their label, the row is filled up at its end."""
    # Long labels in one column need room: all three are as wide as each other.
    width = sum(laid.grid.widths[:FIRST]) / FIRST
    room = (width - 2 * LOOK.padding) / LOOK.size
    slots = [slot for slot in laid.grid.slots if slot.kind not in ("label", "value")]
    for slot in laid.grid.slots:
        if slot.kind == "label":
            slots.append(replace(slot, column_span=1, lines=wrap("".join(slot.lines), room)))
    for key, line in laid.row_of.items():
        own = max(s.column for s in slots if (s.kind, s.row, s.row_span) == ("label", line, 1))
        texts = [*_texts(laid, key), *[""] * (FIRST - own - 1)]
        slots += [Slot(line, own + 1 + n, 1, 1, (text,), "value") for n, text in enumerate(texts)]
    widths = (*[width] * FIRST, *laid.grid.widths[FIRST:])
    heights = fit_heights(tuple(slots), len(laid.grid.heights), LOOK.size, LOOK.padding)
    return Damaged((Grid(widths, heights, tuple(slots)),))


def _narrow_page(laid: Laid, row: str, at: int) -> Damaged:
    """The second page has a column less."""
    line, column = laid.row_of["unable.1"], FIRST + at
    first = take_rows(laid.grid, 0, line, open_break=True)
    second = take_rows(laid.grid, line, len(laid.grid.heights), open_break=True)
    slots = [_closed(slot, column) for slot in second.slots if slot.column != column or slot.column_span > 1]
    widths = [*second.widths[:column], *second.widths[column + 1 :]]
    share = sum(laid.grid.widths[FIRST:]) / sum(widths[FIRST:])
    widths = [*widths[:FIRST], *(width * share for width in widths[FIRST:])]
    gone = [key for key, n in laid.row_of.items() if n >= line]
    return Damaged(
        (first, replace(second, widths=tuple(widths), slots=tuple(slots))),
        tuple((key, COLUMNS[at]) for key in gone),
    )


def _cut(laid: Laid, row: str, at: int) -> Damaged:
    """The page break cuts a row of two lines, and on the second page a value stands twice."""
    key = "partly_granted"
    damaged = _padded(laid, "carried_out", at).grids[0]
    grid = cut_row(damaged, laid.row_of[key], 1)
    return Damaged(tuple(split_at(grid, (laid.row_of[key] + 1,), open_break=True)))


DAMAGES: dict[str, Damage] = {
    "lost": _lost,
    "short": _short,
    "moved-right": _moved_right,
    "gained": _gained,
    "padded": _padded,
    "split": _split,
    "double": _double,
    "double-kept": _double_kept,
    "merged": _merged,
    "header-left": _header_left,
    "rows-right": _rows_right,
    "extracted": _extracted,
    "narrow-page": _narrow_page,
    "cut": _cut,
}
LOSING = (_lost, _short, _moved_right)


def _texts(laid: Laid, row: str) -> list[str]:
    own = [slot for slot in laid.grid.slots if slot.row == laid.row_of[row] and slot.kind == "value"]
    return ["".join(slot.lines) for slot in sorted(own, key=lambda slot: slot.column)]


def _with_row(laid: Laid, row: str, texts: Sequence[str]) -> Grid:
    """The grid with these texts in the value cells of a row, one a column."""
    line = laid.row_of[row]
    others = [slot for slot in laid.grid.slots if slot.row != line or slot.kind != "value"]
    own = [Slot(line, FIRST + n, 1, 1, (text,), "value") for n, text in enumerate(texts)]
    return replace(laid.grid, slots=(*others, *own))


def _wider(laid: Laid) -> Laid:
    """The grid with one value column more at its right."""
    widths = (*laid.grid.widths, laid.grid.widths[-1])
    return Laid(replace(laid.grid, widths=widths), laid.row_of)


def _around(slot: Slot, column: int) -> Slot:
    """The slot on a grid whose `column` is parted in two."""
    if slot.column > column:
        return replace(slot, column=slot.column + 1)
    return replace(slot, column_span=slot.column_span + 1) if slot.right > column else slot


def _closed(slot: Slot, column: int) -> Slot:
    """The slot on a grid without that `column`."""
    if slot.column > column:
        return replace(slot, column=slot.column - 1)
    return replace(slot, column_span=slot.column_span - 1) if slot.right > column else slot
