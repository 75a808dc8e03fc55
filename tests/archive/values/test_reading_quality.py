"""How well documents were read, and what confidences are worth by what people judged."""

from __future__ import annotations

import pytest

from archive.archive import Archive
from archive.records import ReportName, VerdictKind
from archive.values.reading_quality import added_up, place_of
from archive.values.records import PrintedValue, VerdictInput
from tests.support import handmade


def judge(archive: Archive, document: str, key: str, kind: VerdictKind, printed: str = "") -> None:
    said = PrintedValue("read", printed, printed) if printed else None
    archive.review.judge(ReportName(document), key, VerdictInput(kind, "李", printed=said))


def test_values_are_counted_by_where_documents_came_from(place) -> None:
    with place.open() as archive:
        document = handmade.archive_one(archive)
        handmade.archive_one(archive, "https://www.qinghe.gov.cn/a/b.pdf")
        judge(archive, document, "requests/new/total", VerdictKind.CORRECT, "3")
        found = archive.values.quality()
    assert [one.source for one in found] == ["scans", "www.qinghe.gov.cn"]
    assert [(one.documents, one.values, one.flagged, one.unread) for one in found] == [(1, 7, 4, 1)] * 2
    assert [one.corrected for one in found] == [1, 0]
    assert added_up(found, "all").values == 14


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("a.pdf", "."), ("/data/2023/a.pdf", "/data/2023"), ("x/a.zip!in/b.pdf", "x"),
        ("https://u:p@www.a.gov.cn:8080/x.pdf", "www.a.gov.cn:8080"),
        ("http://www.a.gov.cn/x.zip!y/z.pdf", "www.a.gov.cn"),
    ],
)  # fmt: skip
def test_a_source_is_of_a_site_or_a_folder(source: str, place: str) -> None:
    assert place_of(source) == place


def test_reliability_counts_what_people_saw_and_nothing_that_was_not_read(place) -> None:
    with place.open() as archive:
        document = handmade.archive_one(archive)
        assert archive.values.reliability() == ()
        judge(archive, document, "requests/new/total", VerdictKind.CORRECT, "3")
        judge(archive, document, "requests/new/natural_person", VerdictKind.ACCEPT)
        judge(archive, document, "requests/carried_in/total", VerdictKind.NOTE)
        judge(archive, document, "requests/granted/natural_person", VerdictKind.CORRECT, "4")
        (band,) = archive.values.reliability()
    assert (band.low, band.high, band.judged, band.right) == (0.9, 0.95, 2, 1)
    assert band.promised == pytest.approx(0.91234567)


def test_a_verdict_that_was_taken_back_counts_no_more(place) -> None:
    with place.open() as archive:
        document = handmade.archive_one(archive)
        judge(archive, document, "requests/new/total", VerdictKind.ACCEPT)
        judge(archive, document, "requests/new/total", VerdictKind.UNDO)
        assert archive.values.reliability() == ()
