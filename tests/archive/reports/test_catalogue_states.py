"""Reports by how they stand with people."""

from __future__ import annotations

from dataclasses import replace

from archive.archive import Archive
from archive.records import ReportName, VerdictKind
from archive.reports.catalogue import CatalogueFilter, ReportState
from archive.values.records import VerdictInput
from reconcile.model import Report
from tests.support import county, handmade

EXCLUSIVE = (ReportState.DOUBT, ReportState.SETTLED, ReportState.SOUND, ReportState.EMPTY)


def found(archive: Archive, state: ReportState) -> list[str]:
    page = archive.reports.catalogue(CatalogueFilter(state=state), 0, 50)
    assert page.total == len(page.reports)
    return [report.source for report in page.reports]


def with_values(*values: object, organ: str = "清河县水务局") -> Report:
    return replace(handmade.report(organ), values=values)


def test_every_report_is_in_one_of_four_states(place) -> None:
    with place.open() as archive:
        plain, doubtful = handmade.VALUES[0], handmade.VALUES[1]
        doubt = handmade.archive_one(archive, "doubt.pdf", reading=with_values(plain, doubtful))
        settled = handmade.archive_one(archive, "settled.pdf", reading=with_values(plain, doubtful))
        handmade.archive_one(archive, "sound.pdf", reading=with_values(plain))
        handmade.archive_one(archive, "empty.pdf", reading=with_values(organ=""))
        for document, key in ((doubt, "requests/new/natural_person"), (settled, "requests/new/total")):
            archive.review.judge(ReportName(document), key, VerdictInput(VerdictKind.ACCEPT, "李"))
        assert {state.value: found(archive, state) for state in ReportState} == {
            "doubt": ["doubt.pdf"],
            "settled": ["settled.pdf"],
            "sound": ["sound.pdf"],
            "empty": ["empty.pdf"],
            "judged": ["settled.pdf", "doubt.pdf"],
            "unplaced": ["empty.pdf"],
        }


def test_the_four_states_cover_a_whole_archive(place) -> None:
    with place.open() as archive:
        county.fill(archive)
        every = archive.reports.catalogue(CatalogueFilter(), 0, 50).total
        assert sum(len(found(archive, state)) for state in EXCLUSIVE) == every
        assert archive.reports.waiting(0, 5).total == 1
        assert archive.reports.waiting(1, 5).documents == ()
