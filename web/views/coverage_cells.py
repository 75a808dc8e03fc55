"""The cells of the coverage matrix: a sign, a look and the address that each leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from archive.comparison.coverage import CoverageCell, CoverageState
from archive.comparison.coverage_matrix import CoverageMatrix

# The signs of `guidang coverage`; a report that nobody expected is there all the same.
_SIGNS = {
    CoverageState.PRESENT: "有",
    CoverageState.REPLACED: "换",
    CoverageState.UNREADABLE: "坏",
    CoverageState.PENDING: "待",
    CoverageState.MISSING: "缺",
    CoverageState.NOT_EXPECTED: "多",
}


@dataclass(frozen=True, slots=True)
class LaidCell:
    """A cell; `state` is that of the coverage, or `review` for a report with values to look at."""

    sign: str
    state: str
    address: str
    year: int
    doubts: int
    note: str


@dataclass(frozen=True, slots=True)
class LaidOrgan:
    """An organ and its cells under the years of the page; None where nothing is expected, and nothing is."""

    organ: str
    is_listed: bool
    cells: tuple[LaidCell | None, ...]


def laid_rows(matrix: CoverageMatrix) -> tuple[LaidOrgan, ...]:
    """The rows of the matrix."""
    return tuple(
        LaidOrgan(
            row.organ,
            row.is_listed,
            tuple(_laid(row.cells[year], year) if year in row.cells else None for year in matrix.years),
        )
        for row in matrix.organs
    )


def _laid(cell: CoverageCell, year: int) -> LaidCell:
    state = "review" if cell.needs_review else cell.state.value
    sign = f"{_SIGNS[cell.state]} {cell.needs_review}?" if cell.needs_review else _SIGNS[cell.state]
    return LaidCell(sign, state, _address(cell, year), year, cell.needs_review, cell.note)


def _address(cell: CoverageCell, year: int) -> str:
    """The report, where there is just one; else the list of what there is."""
    if cell.documents == 1:
        return "/documents/" + "/".join(_named(cell))
    return "/?" + urlencode({"organ": cell.organ, "year": year})


def _named(cell: CoverageCell) -> Iterator[str]:
    digest, _, part = cell.document.partition(":")
    yield digest
    if cell.state not in (CoverageState.UNREADABLE, CoverageState.PENDING):
        yield part or "1"
