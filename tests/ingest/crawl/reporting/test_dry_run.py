"""A check says what a round may miss, and what to write into SITES.toml."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.crawl.records import TaskKind, VisitOutcome
from ingest.crawl.config import Site
from ingest.crawl.memory import NoMemory
from ingest.crawl.reporting.dry_run import MISSES, DryRunEntry, dry_run_entries
from tests.support import visited
from tests.support.visited import HOST, SITE, page, task

START = task("/", TaskKind.START)
SITE_SETTINGS = Site(name=SITE, start=(f"{HOST}/",))
REPORT = task("/a.pdf", TaskKind.FILE)


def check(*visits) -> list[DryRunEntry]:
    memory = NoMemory()
    for one, met in visits:
        memory.plan(0, [one])
        memory.see(0, one, met, datetime.now(UTC))
    return [one for one in dry_run_entries(memory, {}, SITE_SETTINGS) if one.taken == MISSES]


def blind(*spot: str):
    return (START, page(REPORT, shape={"rows": 0, "blind": [list(spot)]}))


def test_a_site_that_is_read_whole_has_nothing_to_miss():
    assert check((START, page(REPORT))) == []


@pytest.mark.parametrize(
    ("spot", "write"),
    [
        (
            ("unread_list", f"{HOST}/nb/", "a script asks /api", f"{HOST}/api"),
            f'start = ["{HOST}/", "{HOST}/api"]',
        ),
        (
            ("unread_list", f"{HOST}/nb/", "x.js", ""),
            f'start = ["{HOST}/", "<the address that the script asks>"]',
        ),
        (
            ("off_site", "http://a.cn/nb", "kept on a.cn", "a.cn"),
            'hosts = ["www.qinghe.gov.cn", "qinghe.gov.cn", "a.cn"]',
        ),
        (
            ("unread_pager", f"{HOST}/nb/", "go(2)", ""),
            f'start = ["{HOST}/", "<the address of its second page>"]',
        ),
    ],
)
def test_a_blind_spot_is_told_with_the_line_to_write(spot, write):
    (one,) = check(blind(*spot))
    assert (one.kind, one.url, one.why, one.write) == (*spot[:3], write)


def test_a_wall_a_site_without_reports_and_a_start_that_fails_are_told():
    wall = visited.visit(VisitOutcome.ERROR, 412, reason="status 412: a wall against programs, 瑞数")
    assert {one.kind: bool(one.write) for one in check((START, wall))} == {
        "start_failed": True,
        "nothing_found": True,
        "wall": False,
    }
    (one,) = check((START, page()))
    assert one.write == f'start = ["{HOST}/", "<the page that lists the annual reports>"]'
