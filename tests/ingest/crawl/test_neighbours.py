"""Where a column is gone, the folders above it and the front page are looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.crawl.records import TaskKind, VisitOutcome
from ingest.crawl.memory import sighting_of
from ingest.crawl.neighbours import is_gone, neighbours
from tests.support import visited
from tests.support.visited import GONE, HOST, page, task, visit

COLUMN = task("/zwgk/xxgk/nb/index.html", TaskKind.LIST)
START = replace(COLUMN, kind=TaskKind.START)
HOME = page(redirects=((301, COLUMN.url),), final_url=f"{HOST}/")


def beside(*asked) -> list[str]:
    return [one.url.removeprefix(HOST) for one in neighbours(*asked)]


@pytest.mark.parametrize("met", [GONE, HOME, visit(VisitOutcome.ERROR, 403)])
def test_a_start_page_or_list_that_is_not_there_is_gone(met):
    assert is_gone(START, met)
    assert is_gone(COLUMN, met)
    assert not is_gone(replace(COLUMN, kind=TaskKind.REPORT), met)


@pytest.mark.parametrize("met", [page(), visit(VisitOutcome.ERROR, 503), visit(VisitOutcome.ERROR, None)])
def test_trouble_that_may_pass_is_no_loss(met):
    assert not is_gone(START, met)
    assert not is_gone(task("/", TaskKind.START), HOME)


def test_the_folders_above_and_the_front_page_are_asked():
    assert beside(START, None) == ["/zwgk/xxgk/nb/", "/zwgk/xxgk/", "/"]
    assert beside(task("/", TaskKind.START), None) == []


def test_of_lists_only_one_that_showed_reports_is_missed():
    assert beside(COLUMN, None) == []
    for reports, found in ((0, 0), (3, 3)):
        last = sighting_of(1, 1, COLUMN, visited.page(shape={"reports": reports}))
        assert len(beside(COLUMN, last)) == found
