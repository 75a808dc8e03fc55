"""A column that is gone is told with the one where reports are listed now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.crawl.records import Sighting, TaskKind, VisitOutcome
from ingest.crawl.classify.link_rules import FURTHER, LISTED
from ingest.crawl.memory import sighting_of
from ingest.crawl.reporting.moved_columns import column_now, moved
from tests.support import visited
from tests.support.visited import HOST, task


def seen(path: str, reports: int, *links: tuple[str, str], kind: TaskKind = TaskKind.LIST) -> Sighting:
    led = [replace(task(to, TaskKind.LIST), why=why) for to, why in links]
    return sighting_of(1, 1, task(path, kind), visited.page(*led, shape={"reports": reports, "files": 0}))


HOME = seen("/", 0, kind=TaskKind.START)
OLD = seen("/old/", 8)
NEW = seen("/new/", 9)
SENT_HOME = replace(OLD, redirects=((301, f"{HOST}/old/"),), final_url=f"{HOST}/")
GONE = replace(OLD, outcome=VisitOutcome.GONE, reason="status 404", shape=None)
THERE = f"; reports are listed at {HOST}/new/ now: name it in start"


def became(*now: Sighting) -> list[tuple[str, str]]:
    return list(moved([HOME, OLD], [HOME, *now]))


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ([SENT_HOME, NEW], f"it leads to the front page, {HOST}/{THERE}"),
        ([GONE, NEW], f"status 404{THERE}"),
        ([NEW], f"nothing leads there any more{THERE}"),
        ([seen("/old/", 0), NEW], f"it lists no report any more{THERE}"),
        ([SENT_HOME], f"it leads to the front page, {HOST}/, and no other page lists reports"),
        ([GONE], "status 404, and no other page lists reports"),
    ],
)
def test_a_column_that_lists_nothing_any_more_is_told(now, words):
    assert became(*now) == [(f"{HOST}/old/", words)]


def test_a_column_that_still_lists_reports_is_where_it_was():
    assert became(OLD, NEW) == []
    assert became(seen("/old/", 1)) == []


def test_one_of_two_columns_that_goes_is_no_loss():
    assert list(moved([OLD, NEW], [GONE, NEW])) == []


def test_the_last_page_of_a_list_that_shrinks_is_no_column():
    before = [seen("/old/", 5, ("/old/2", FURTHER)), seen("/old/2", 2)]
    assert list(moved(before, [seen("/old/", 5), NEW])) == []


def test_a_list_that_a_script_gets_is_named_by_its_page():
    column, listed = seen("/new/", 0, ("/api", LISTED)), replace(seen("/api", 9), referrer=f"{HOST}/new/")
    assert column_now([column, listed]) == f"{HOST}/new/"
    assert column_now([HOME]) == ""
