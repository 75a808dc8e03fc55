"""The matrix of organs and years: a page of it is what the whole coverage says of the same organs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive.archive import Archive
from archive.comparison.coverage_matrix import OrganCoverage
from archive.organs.organ_list_file import parse
from tests.support import county

LISTED = parse(county.LIST)


@pytest.fixture
def filled(place) -> Iterator[Archive]:
    with place.open() as archive:
        county.fill(archive)
        yield archive


def row_of(archive: Archive, organ: str) -> OrganCoverage:
    found = archive.comparison.matrix("", 0, 50).organs
    return next(one for one in found if one.organ == organ)


def states(row: OrganCoverage) -> dict[int, str]:
    return {year: cell.state.value for year, cell in sorted(row.cells.items())}


def test_without_a_list_gaps_are_those_between_the_years_of_an_organ(filled: Archive) -> None:
    county.add(filled, "清河县档案馆", 2019, ())
    county.add(filled, "清河县档案馆", 2022, ())
    row = row_of(filled, "清河县档案馆")
    assert states(row) == {2019: "present", 2020: "missing", 2021: "missing", 2022: "present"}
    assert not row.is_listed


def test_with_a_list_gaps_are_exact_and_names_are_linked(filled: Archive) -> None:
    filled.organs.load(LISTED)
    assert states(row_of(filled, county.GOVERNMENT))[2024] == "missing"
    assert states(row_of(filled, county.WATER)) == dict.fromkeys(county.YEARS, "present")
    assert states(row_of(filled, county.HEALTH))[2021] == "not_expected"
    whole = filled.comparison.coverage(LISTED)
    matrix = filled.comparison.matrix("", 0, 50)
    listed = {one.name for one in LISTED.organs}
    cells = {cell for row in matrix.organs if row.organ in listed for cell in row.cells.values()}
    assert set(whole.cells) <= cells


def test_documents_that_wait_or_cannot_be_read_have_their_place(filled: Archive) -> None:
    assert states(row_of(filled, county.GOVERNMENT))[2023] == "pending"
    assert states(row_of(filled, county.HEALTH))[2024] == "unreadable"
    assert row_of(filled, county.WATER).cells[2024].needs_review == 1


def test_a_page_of_organs_is_by_name_and_by_a_part_of_any_name(filled: Archive) -> None:
    filled.organs.load(LISTED)
    whole = filled.comparison.matrix("", 0, 50)
    first, rest = filled.comparison.matrix("", 0, 2), filled.comparison.matrix("", 2, 50)
    assert first.total == rest.total == whole.total == 5
    assert (*first.organs, *rest.organs) == whole.organs
    assert [one.organ for one in filled.comparison.matrix("水利", 0, 50).organs] == [county.WATER]
    assert filled.comparison.matrix("没有", 0, 50).organs == ()
    assert filled.organs.page("水", 0, 5).organs == (county.WATER,)
