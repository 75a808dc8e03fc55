"""Tables that are printed more than once: the prints with their pages, and which one is in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconcile.cell_values import REPEATED
from reconcile.matching.standing import Standing
from reconcile.matching.table_match import Occurrence, TableMatch
from reconcile.model import Finding, Flag, Key, Value

SECOND_PRINT = "second_print"


@dataclass(frozen=True, slots=True)
class _Print:
    """One printing of a table: its keys and pages, and what the document says of it."""

    keys: frozenset[Key]
    pages: tuple[int, ...]
    standing: Standing


def second_prints(
    layouts: Mapping[str, TableMatch], values: Sequence[Value], standings: Sequence[Standing]
) -> tuple[Finding, ...]:
    """A finding for every table of which values are printed more than once.

    It is `disagreement` where prints differ and the document does not say which of them is in force.
    """
    return tuple(
        finding
        for layout in layouts.values()
        for finding in _findings(layout, [v for v in values if v.key.table == layout.table.key], standings)
    )


def _findings(
    layout: TableMatch, values: Sequence[Value], standings: Sequence[Standing]
) -> Iterator[Finding]:
    prints = _prints(layout, standings)
    again = {key for n, one in enumerate(prints) for other in prints[:n] for key in one.keys & other.keys}
    if not again:
        return
    unlike = [value for value in values if any(other.method == REPEATED for other in value.others)]
    open_keys = tuple(value.key for value in unlike if Flag.DISAGREEMENT in value.flags)
    said = f"“{layout.table.title}”表印有 {len(prints)} 次（{'、'.join(map(_pages, prints))}）"
    if open_keys:
        message = f"{said}，{len(open_keys)} 个值所印不一，文中未说明以何者为准"
        yield Finding(Flag.DISAGREEMENT, message, keys=open_keys, page=prints[-1].pages[0])
    elif unlike:
        best = max(prints, key=lambda one: one.standing)
        message = f"{said}，{len(unlike)} 个值所印不一，依文中所示以{_pages(best)}所印为准"
        keys = tuple(value.key for value in unlike)
        yield Finding(SECOND_PRINT, message, keys=keys, page=best.pages[0])
    else:
        yield Finding(SECOND_PRINT, f"{said}，{len(again)} 个值所印一致", page=prints[-1].pages[0])


def _prints(layout: TableMatch, standings: Sequence[Standing]) -> list[_Print]:
    segments = sorted({sighting.segment for sighting in layout.sightings})
    return [_print([s for s in layout.sightings if s.segment == n], standings) for n in segments]


def _print(sightings: Sequence[Occurrence], standings: Sequence[Standing]) -> _Print:
    pages = sorted({cell.page for sighting in sightings for cell in sighting.slot.cells})
    keys = frozenset(sighting.key for sighting in sightings)
    return _Print(keys, tuple(pages), standings[sightings[0].part])


def _pages(one: _Print) -> str:
    first, last = one.pages[0], one.pages[-1]
    return f"第 {first} 页" if first == last else f"第 {first}–{last} 页"
