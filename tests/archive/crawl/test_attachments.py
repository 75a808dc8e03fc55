"""A page that is a report without its tables, and the file attached to it that has them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.crawl.records import Original, TaskKind, VisitOutcome
from reconcile.model import State
from tests.support import handmade
from tests.support.visited import HOST, HTML, digest, file, night, task, visit

VALUES = (handmade.value("new", "total", "7"),)
ABSENT = (handmade.value("new", "total", "", State.MISSING),)
PAGE, FILE = b"<html>report", b"%PDF tables"


@pytest.fixture
def archive(place):
    with place.open() as opened:
        yield opened


def seen(archive, *files: tuple[str, bytes]) -> str:
    """A page of a report with links to files, each visited."""
    with night(archive, 1) as round_:
        original = (Original(HOST + "/report.html", HTML, PAGE),)
        told = {"sha256": digest(PAGE), "final_url": HOST + "/report.html", "originals": original}
        round_.see(task("/report.html"), visit(VisitOutcome.NEW, **told))
        for path, body in files:
            linked = replace(task(path, TaskKind.FILE), referrer=HOST + "/report.html")
            round_.see(linked, file(path, body))
    return digest(PAGE)


def read(archive, body: bytes, values, organ: str = "", year: int | None = None) -> None:
    report = handmade.report(organ, year, values)
    archive.documents.record(digest(body), handmade.RUN, [handmade.page(1, "表")], handmade.alone(report))


def test_a_page_without_tables_has_them_in_its_attachment(archive):
    seen(archive, ("/a.pdf", FILE))
    read(archive, PAGE, ABSENT, "清河县水务局", 2023)
    read(archive, FILE, VALUES)
    assert archive.crawl.attached_tables() == [(digest(PAGE), digest(FILE))]


@pytest.mark.parametrize(
    ("page", "file_"),
    [
        ((VALUES, "清河县水务局", 2023), (VALUES, "", None)),
        ((ABSENT, "", 2023), (VALUES, "", None)),
        ((ABSENT, "清河县水务局", None), (VALUES, "", None)),
        ((ABSENT, "清河县水务局", 2023), (ABSENT, "", None)),
        ((ABSENT, "清河县水务局", 2023), (VALUES, "清河县水务局", 2023)),
    ],
    ids=["has its tables", "names no organ", "names no year", "file has none", "file is a report itself"],
)
def test_other_pages_stay_alone(archive, page, file_):
    seen(archive, ("/a.pdf", FILE))
    read(archive, PAGE, *page)
    read(archive, FILE, *file_)
    assert archive.crawl.attached_tables() == []


def test_of_several_files_with_tables_none_is_told_to_be_its_own(archive):
    seen(archive, ("/a.pdf", FILE), ("/b.pdf", b"%PDF more"))
    read(archive, PAGE, ABSENT, "清河县水务局", 2023)
    read(archive, FILE, VALUES)
    read(archive, b"%PDF more", VALUES)
    assert archive.crawl.attached_tables() == []


def test_the_words_of_a_link_are_a_hint_and_never_answer(archive):
    with night(archive, 1) as round_:
        round_.see(
            task("/x.pdf", TaskKind.FILE, "清河县水务局2023年政府信息公开工作年度报告"), file("/x.pdf", FILE)
        )
    read(archive, FILE, VALUES)
    handmade.archive_one(archive, reading=handmade.report("清河县水务局", 2022, VALUES))
    (report,) = archive.reports.listed(digest(FILE))
    assert (report.organ, report.year, report.hint) == ("", None, "清河县水务局 2023")
