"""A list that declares more than was seen, and a column whose lists show nothing, are never silent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.crawl.records import Sighting, Task, TaskKind, VisitOutcome
from ingest.crawl.classify.link_rules import FURTHER, LISTED
from ingest.crawl.memory import sighting_of
from ingest.crawl.reporting.list_evidence import VisitTally, look_at_columns, look_at_lists
from tests.support import visited


def to(path: str, why: str = FURTHER, kind: TaskKind = TaskKind.LIST) -> Task:
    return replace(visited.task(path, kind), why=why)


def seen(path: str, *links: Task, body: bytes = b"", **shape: object) -> Sighting:
    made = {"rows": 0, "rows_declared": 0, "reports": 1} | shape
    visit = visited.page(*links, body=body or path.encode(), shape=made)
    return sighting_of(1, 1, to(path), visit)


def short(*sightings: Sighting) -> list[str]:
    found = VisitTally()
    look_at_lists(VisitTally(), found, sightings)
    return list(found.examples.values())


def unread(*sightings: Sighting) -> list[str]:
    found = VisitTally()
    look_at_columns(found, sightings)
    return list(found.examples)


FIRST = seen("/1", to("/2"), rows=5, rows_declared=12, pages_declared=3)
SECOND = seen("/2", to("/1"), to("/3"), rows=5, rows_declared=12)
THIRD = seen("/3", rows=2, rows_declared=12)


def test_a_list_of_which_all_pages_were_seen_is_whole():
    assert short(FIRST, SECOND, THIRD) == []
    assert short(seen("/1", rows=12, rows_declared=12)) == []


def test_a_row_that_a_site_counts_twice_is_no_alarm():
    assert short(FIRST, SECOND, replace(THIRD, shape=dict(THIRD.shape) | {"rows": 1})) == []


@pytest.mark.parametrize(
    ("sightings", "words"),
    [
        ((FIRST, SECOND), "3 pages declared, 2 seen"),
        ((seen("/1", rows=5, rows_declared=12),), "12 rows declared, 5 seen"),
        ((seen("/1", to("/2"), rows=5, rows_declared=12), SECOND), "12 rows declared, 10 seen"),
        ((seen("/1", to("/l", LISTED), rows_declared=12), seen("/l", rows=5)), "12 rows declared, 5 seen"),
        ((FIRST, replace(SECOND, sha256=FIRST.sha256), THIRD), "3 pages declared, 2 seen"),
    ],
)
def test_a_list_that_declares_more_than_was_seen_is_told(sightings, words):
    assert short(*sightings) == [words]


def test_what_no_report_stands_in_or_an_earlier_version_saw_is_not_held_to_its_rows():
    assert short(seen("/1", rows=5, rows_declared=900, reports=0)) == []
    assert short(replace(FIRST, shape={"reports": 5, "rows_declared": 12})) == []


def test_a_column_whose_lists_show_a_report_is_read():
    report = to("/a", "title", TaskKind.REPORT)
    column = seen("/c", to("/l", LISTED), column="")
    assert unread(column, seen("/l", to("/l2"), column=None), seen("/l2", report, column=None)) == []


def test_a_column_whose_lists_show_none_or_failed_is_told():
    column = seen("/c", to("/l", LISTED), column="; a script fills it: x.js")
    failed = replace(seen("/l"), outcome=VisitOutcome.ERROR)
    for one in (seen("/l"), failed):
        assert unread(column, replace(one, shape=None)) == [column.url]
