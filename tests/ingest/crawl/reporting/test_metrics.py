"""A round as metrics and as the night's summary."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console

from archive.crawl.acknowledgements import of_alarms
from archive.crawl.records import Alarm, Severity, TaskKind, VisitOutcome
from console.views import crawl_night
from core.errors import UsageError
from ingest.crawl.nightly import NightSummary
from ingest.crawl.reporting import night_report
from ingest.crawl.reporting.crawl_metrics import fill
from ingest.monitoring import metrics_exposition
from tests.support import visited
from tests.support.visited import GONE, SITE, Night, file, night, page, task

OTHER = "松山街道办事处"
ERROR = visited.visit(VisitOutcome.ERROR, None, reason="\x1b[31mno\nanswer")
A, B = task("/a.pdf", title="2025年政府信息公开工作年度报告"), task("/b.pdf")


@pytest.fixture
def archive(place):
    with place.open() as opened:
        yield opened


def last_night(archive) -> int:
    """A night on which one report was replaced, one vanished, one came, and another site was cut."""
    with night(archive, 1) as first:
        first.see(task("/", TaskKind.START), page(A, B))
        first.see(A, file("/a.pdf", b"one"))
        first.see(B, file("/b.pdf", b"two"))
    one = Night(archive.crawl, 2)
    one.see(task("/", TaskKind.START), visited.UNMODIFIED)
    one.see(A, file("/a.pdf", b"first"))
    one.see(B, GONE)
    one.see(task("/c.pdf"), file("/c.pdf", b"three"))
    one.close_site()
    other = Night(archive.crawl, 2, OTHER)
    other.see(
        task("/", TaskKind.START, site=OTHER),
        visited.visit(VisitOutcome.ERROR, None, reason="\x1b[31mno\nanswer"),
    )
    other.close_site("cut", "06:00")
    number = one.round.id
    raised = [
        Alarm(number, SITE, Severity.INFO, "errors", "", "one\x1b[31m"),
        Alarm(number, OTHER, Severity.CRITICAL, "start_failed", visited.HOST, "no start page"),
    ]
    archive.crawl.close(number, "cut", "06:00", raised, one.now)
    return number


def test_metrics_say_what_a_round_found_on_each_site(archive, tmp_path):
    file = tmp_path / "guidang.prom"
    number = last_night(archive)
    metrics_exposition.save(file, partial(fill, archive.crawl, number))
    found = {
        (sample.name.removeprefix("guidang_crawl_"), *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(file.read_text())
        for sample in family.samples
    }
    wanted = {
        ("visits", SITE, "new"): 1,
        ("visits", SITE, "unmodified"): 1,
        ("visits", OTHER, "error"): 1,
        ("visits", OTHER, "new"): 0,
        ("changes", SITE, "vanished"): 1,
        ("changes", SITE, "replaced"): 1,
        ("documents", SITE): 2,
        ("report_links", SITE): 3,
        ("bytes", SITE): 10,
        ("seconds", SITE): 12.5,
        ("alarms", OTHER, "critical"): 1,
        ("alarms", SITE, "critical"): 0,
        ("round_state", "cut"): 1,
        ("round_state", "complete"): 0,
        ("site_state", OTHER, "cut"): 1,
        ("round_start_timestamp_seconds",): visited.night_of(2).timestamp(),
        ("round_end_timestamp_seconds",): visited.night_of(2).timestamp(),
        ("last_complete_timestamp_seconds", OTHER): 0,
        ("last_complete_timestamp_seconds", SITE): visited.night_of(2).timestamp(),
    }
    assert {name: found[name[0], *sorted(name[1:])] for name in wanted} == wanted
    assert not list(tmp_path.glob("guidang.prom?*"))


@pytest.mark.parametrize("name", ["guidang.txt", "none/guidang.prom"])
def test_metrics_that_nobody_would_read_are_refused(archive, tmp_path, name):
    with pytest.raises(UsageError):
        metrics_exposition.save(tmp_path / name, partial(fill, archive.crawl, last_night(archive)))


def test_summary_for_programs_counts_by_site(archive):
    told = night_report.night_report_of(archive.crawl, last_night(archive))
    object_ = json.loads(json.dumps(night_report.as_json(told)))
    assert (object_["round"]["state"], object_["well"]) == ("cut", False)
    first, second = sorted(object_["sites"], key=lambda one: one["visited"])
    assert (first["site"], first["state"], first["reason"], first["errors"]) == (OTHER, "cut", "06:00", 1)
    counted = {
        name: second[name] for name in ("visited", "new", "replaced", "vanished", "unchanged", "documents")
    }
    assert counted == {
        **{"visited": 4, "new": 1, "replaced": 1, "vanished": 1},
        **{"unchanged": 1, "documents": 2},
    }
    assert [alarm["severity"] for alarm in object_["alarms"]] == ["critical", "info"]


@pytest.mark.parametrize("width", [80, 120])
def test_summary_for_people_fits_the_terminal_and_cannot_steer_it(archive, width):
    told = night_report.night_report_of(archive.crawl, last_night(archive))
    console = Console(width=width, markup=False, highlight=False)
    with console.capture() as printed:
        for one in crawl_night.round_summary(told):
            console.print(one)
    text = printed.get()
    assert "\x1b" not in text
    site = next(line for line in text.splitlines() if line.startswith(SITE))
    assert site.split() == [SITE, "4", "1", "1", "1", "1", "·", "0.0", "complete"]
    assert text.index("critical") < text.index("info ")
    assert "guidang changes --since 2026-11-02T22:00:00Z" in text
    assert "guidang failures" in text


def test_an_alarm_that_is_acknowledged_is_shown_and_raises_nothing(archive, tmp_path):
    number = last_night(archive)
    said = of_alarms(archive.crawl.history.alarms_now(OTHER), OTHER, "", "2999-12-31", "搬迁", "李", "now")
    archive.crawl.acknowledge(said)
    report = night_report.night_report_of(archive.crawl, number)
    assert [
        one["acknowledged"] and one["acknowledged"]["note"] for one in night_report.as_json(report)["alarms"]
    ] == [
        "搬迁",
        None,
    ]
    assert NightSummary(report, Counter()).grave == 0
    shown = "\n".join(map(str, crawl_night.round_summary(report)))
    assert "alarms: 1 info, 1 acknowledged" in shown
    assert "acknowledged until 2999-12-31 by 李: 搬迁" in shown
    registry = CollectorRegistry()
    fill(archive.crawl, number, registry)
    labels = {"site": OTHER}
    assert registry.get_sample_value("guidang_crawl_acknowledged_alarms", labels) == 1
    assert registry.get_sample_value("guidang_crawl_alarms", labels | {"severity": "critical"}) == 0


def test_round_is_well_if_it_is_complete_and_no_alarm_is_more_than_a_remark(archive):
    told = []
    for number, severity in enumerate((Severity.INFO, Severity.WARNING), start=1):
        one = Night(archive.crawl, number)
        raised = [Alarm(one.round.id, SITE, severity, "errors", "", "")]
        archive.crawl.close(one.round.id, "complete", "", raised, one.now)
        told.append(night_report.is_well(night_report.night_report_of(archive.crawl, one.round.id)))
    assert told == [True, False]
