"""An archive that every page of numbers has something to show of: the made-up county, judged and crawled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from archive.archive import Archive
from archive.crawl.acknowledgements import of_alarms
from archive.crawl.records import Alarm, Severity, TaskKind, VisitOutcome
from archive.records import ReportName, VerdictKind
from archive.values.records import PrintedValue, VerdictInput
from reconcile.model import Flag, State
from tests.support import county, handmade, visited

ORGAN = county.WATER
NEW_TOTAL = "requests/new/total"


def fill(archive: Archive) -> None:
    """A value over nine years with every kind of gap, judged readings of two confidences, two nights."""
    county.fill(archive)
    archive.organs.link([county.OLD_WATER], ORGAN)
    _gaps(archive)
    _judge(archive)
    _crawl(archive)


def _gaps(archive: Archive) -> None:
    for year, raw, state in (
        (2014, "1,203", State.READ), (2015, "", State.BLANK), (2016, "/", State.DASH),
        (2017, "", State.UNREAD), (2018, "960", State.READ), (2019, "-3", State.READ),
    ):  # fmt: skip
        flags = (Flag.LOW_CONFIDENCE,) if year == 2019 else (Flag.UNREAD,) if state is State.UNREAD else ()
        value = handmade.value("new", "total", raw, state, flags=flags)
        county.add(archive, ORGAN, year, [value], f"https://www.qinghe.gov.cn/{year}.pdf")


def _judge(archive: Archive) -> None:
    for n, kind in enumerate((VerdictKind.ACCEPT, VerdictKind.CORRECT, VerdictKind.ACCEPT)):
        value = replace(handmade.value("new", "total", str(40 + n)), confidence=(0.6, 0.75, 0.97)[n])
        document = county.add(archive, f"清河县第{n + 1}中学", 2023, [value])
        printed = PrintedValue("read", "14", "14") if kind is VerdictKind.CORRECT else None
        archive.review.judge(ReportName(document), NEW_TOTAL, VerdictInput(kind, "李", printed=printed))


def _crawl(archive: Archive) -> None:
    with visited.night(archive, 1) as first:
        first.see(visited.task("/", TaskKind.START), visited.page(visited.task("/a.pdf")))
        first.see(visited.task("/a.pdf"), visited.file("/a.pdf", b"first"))
    second = visited.Night(archive.crawl, 2)
    second.see(visited.task("/a.pdf", TaskKind.KNOWN), visited.file("/a.pdf", b"second"))
    failing = visited.task("/b.pdf?token=secret", title="年度报告")
    second.see(failing, visited.visit(VisitOutcome.ERROR, 500, reason="500"))
    second.close_site("cut", "06:00")
    alarms = [
        Alarm(
            second.round.id, visited.SITE, Severity.CRITICAL, "start_failed", visited.HOST, "start page gone"
        ),
        Alarm(second.round.id, visited.SITE, Severity.WARNING, "short_list", "", "a list has fewer rows"),
    ]
    known = of_alarms(
        alarms, visited.SITE, "short_list", "2030-12-31", "旧系统", "李", "2026-11-03T08:00:00Z"
    )
    archive.crawl.acknowledge(known)
    ended = second.now + timedelta(hours=1)
    archive.crawl.close(second.round.id, "cut", "06:00", alarms, ended)
