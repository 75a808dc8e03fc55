"""What an answer of a site becomes."""

from __future__ import annotations

from base64 import b64encode

from scrapy.http import HtmlResponse

from archive.crawl.records import Original, Task, TaskKind, Visit, VisitOutcome
from ingest.crawl.classify.link_classifier import ClassifiedLink
from ingest.crawl.pages.models import Link
from ingest.crawl.responses import empty_visit, packed, tasks_of, with_inline_files

PAGE = "<html><h1>2023年政府信息公开工作年度报告</h1></html>".encode()


def answer(query: str) -> HtmlResponse:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    return HtmlResponse(f"http://www.example.gov.cn/show.asp?id=23{query}", headers=headers, body=PAGE)


def test_a_page_is_the_same_document_in_every_session():
    task = Task("县", "http://www.example.gov.cn/show.asp?id=23", "", TaskKind.REPORT, 1, "", "", "")
    first, second = (
        packed(task, answer(f"&sid={sid}"), ()) for sid in ("6b86b273ff34fce19d6b804e", "9f8e7d6c5b4a39f8")
    )
    assert first == second
    assert first != packed(task, answer("&page=2"), ())


def followed(kind: TaskKind, *urls: str) -> list[str]:
    """The addresses of the tasks that links of one page become."""
    task = Task(
        "县", "http://www.example.gov.cn/", "http://www.example.gov.cn/", TaskKind.LIST, 1, "", "", ""
    )
    links = [Link(f"http://www.example.gov.cn/{url}", "年报", "", "a") for url in urls]
    judged = [ClassifiedLink(link, kind, True, "") for link in links]
    return [one.address.removeprefix(task.address) for one in tasks_of(task, judged, task.address)]


FIRST, SECOND = "9f8e7d6c5b4a39f8", "0a1b2c3d4e5f6071"


def test_a_token_that_is_all_that_tells_two_files_apart_is_no_session():
    assert len(followed(TaskKind.FILE, f"down?token={FIRST}", f"down?token={SECOND}")) == 2
    (first,), (second,) = (followed(TaskKind.FILE, f"down?token={one}") for one in (FIRST, SECOND))
    assert first != second
    assert len(followed(TaskKind.REPORT, f"show.jsp?sid={FIRST}", f"show.jsp?sid={SECOND}")) == 2


def test_two_links_of_one_page_that_differ_in_a_token_are_two_since_a_page_has_one_session():
    assert len(followed(TaskKind.FILE, f"down?id=1&token={FIRST}", f"down?id=1&token={SECOND}")) == 2


def test_a_session_is_none_of_the_address_of_what_is_told_apart_otherwise():
    for kind in (TaskKind.REPORT, TaskKind.FILE, TaskKind.LIST):
        found = [followed(kind, f"show.asp?id=23&sid={one}") for one in (FIRST, SECOND)]
        assert found == [["show.asp?id=23"]] * 2
    assert followed(TaskKind.LIST, f"list.asp?sid={FIRST}", f"list.asp?sid={FIRST}") == ["list.asp"]


def carrying(body: bytes, outcome: VisitOutcome = VisitOutcome.PAGE) -> Visit:
    """A visit to a page with a file in its script."""
    task = Task("县", URL, URL, TaskKind.REPORT, 1, "", "", "")
    page = b'<script>var pdfData = "%s";</script>' % b64encode(body)
    met = empty_visit(outcome, "no report and no list", text_sha256="printed", shape={"printed": "printed"})
    return with_inline_files(task, HtmlResponse(URL, body=page), met)


URL = "http://www.example.gov.cn/2023.html"
PDF = b"%PDF-1.7\n" + b"1 0 obj<<>>endobj\n" * 40


def test_a_file_in_the_source_of_a_reports_page_is_its_document_at_a_stable_address():
    visit = carrying(PDF)
    assert (visit.outcome, visit.reason) == (VisitOutcome.NEW, "carries 1 file in its source")
    assert visit.originals == (Original(f"{URL}#inline-1", "application/pdf", PDF),)


def test_another_file_in_the_same_page_is_another_text():
    first, second = carrying(PDF), carrying(PDF + b"%")
    assert first.text_sha256 != second.text_sha256
    assert first.shape["printed"] == first.text_sha256


def test_a_page_that_is_gone_or_carries_no_document_stays_what_it_was():
    assert carrying(PDF, VisitOutcome.GONE).originals == ()
    assert carrying(b"%PD").outcome is VisitOutcome.PAGE
