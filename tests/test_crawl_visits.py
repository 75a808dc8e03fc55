"""What an answer of a site becomes."""

from __future__ import annotations

from scrapy.http import HtmlResponse

from archive.crawlrecords import Kind, Task
from ingest.crawl.visits import packed

PAGE = "<html><h1>2023年政府信息公开工作年度报告</h1></html>".encode()


def answer(query: str) -> HtmlResponse:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    return HtmlResponse(f"http://www.example.gov.cn/show.asp?id=23{query}", headers=headers, body=PAGE)


def test_a_page_is_the_same_document_in_every_session():
    task = Task("县", "http://www.example.gov.cn/show.asp?id=23", "", Kind.REPORT, 1, "", "", "")
    first, second = (
        packed(task, answer(f"&sid={sid}"), ()) for sid in ("6b86b273ff34fce19d6b804e", "9f8e7d6c5b4a39f8")
    )
    assert first == second
    assert first != packed(task, answer("&page=2"), ())
