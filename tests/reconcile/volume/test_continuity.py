"""Whether the print on separate pages proves that they follow each other."""

from __future__ import annotations

from reconcile.volume.continuity import Turn, turns
from tests.support.reconcile_grids import PROACTIVE_2021, page, table
from tests.support.volume_pages import SENTENCE, bound, numbered_at_foot, report, sheet, title_of

EAST, WEST = "云溪县东湖区民政局", "云溪县西湖区民政局"
BEGINS, GOES_ON, UNTOLD = Turn.BEGINS, Turn.GOES_ON, Turn.UNTOLD


def test_sections_that_go_on_prove_it() -> None:
    assert turns(bound(report(title_of(EAST)))) == (BEGINS, GOES_ON, GOES_ON)


def test_a_title_begins_another_report() -> None:
    pages = bound(report(title_of(EAST)), report(title_of(WEST), 2))
    assert turns(pages) == (BEGINS, GOES_ON, GOES_ON) * 2


def test_page_numbers_that_count_on_prove_it_and_others_prove_nothing() -> None:
    plain = [sheet(SENTENCE) for _ in range(3)]
    counted = [numbered_at_foot(one, f"— {number} —") for number, one in enumerate(plain, 4)]
    assert turns(bound(counted)) == (BEGINS, GOES_ON, GOES_ON)
    assert turns(bound([counted[0], counted[2], counted[1]])) == (BEGINS, UNTOLD, UNTOLD)
    assert turns(bound(plain)) == (BEGINS, UNTOLD, UNTOLD)


def test_pages_in_another_order_prove_nothing() -> None:
    first, second, third = report(title_of(EAST))
    assert turns(bound([first, third, second])) == (BEGINS, UNTOLD, UNTOLD)


def test_a_table_that_goes_on_over_the_page_proves_it() -> None:
    rows = PROACTIVE_2021.splitlines()
    first = page(1, title_of(EAST), "二、主动公开政府信息情况", table("\n".join(rows[:4]), 1, 150))
    second = page(2, table("\n".join(rows[4:]), 2, 90))
    assert turns([first, second]) == (BEGINS, GOES_ON)
    assert turns([first, page(2, SENTENCE)]) == (BEGINS, UNTOLD)


def test_single_pages_of_different_organs_each_begin() -> None:
    pages = [report(title_of(organ), seed)[0] for seed, organ in enumerate((EAST, WEST, EAST))]
    assert turns(bound(pages)) == (BEGINS, BEGINS, BEGINS)
