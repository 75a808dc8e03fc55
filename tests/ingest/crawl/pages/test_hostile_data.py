"""Lists in JSON and XML that are made to hurt cost bounded time and memory, and lead to no other network."""

from __future__ import annotations

import json
import time
import tracemalloc

import pytest

from archive.crawl.records import TaskKind
from ingest.crawl.classify.blind_spots import blind_spots
from ingest.crawl.classify.link_classifier import classify_links
from ingest.crawl.config import Site
from ingest.crawl.pages.links import MOST_LINKS
from ingest.crawl.pages.models import PageView
from ingest.crawl.pages.page_view import look_at

PAGE = 'http://www.qinghe.gov.cn/api/list#POST:{"page": 1}'
SITE = Site(name="青禾县", start=("http://www.qinghe.gov.cn/",))
TITLE = "2023年政府信息公开工作年度报告"
ROW = f'{{"title":"{TITLE}","url":"/a/1.html"}}'


def look(body: str) -> PageView:
    return look_at(PAGE, body.encode(), "application/json")


def rows(count: int, url: str = ',"url":"/a/%d.html"') -> str:
    return ",".join(f'{{"title":"{TITLE}{n}"{url % n if url else ""}}}' for n in range(count))


def nested(depth: int) -> str:
    said = ROW
    for _ in range(depth):
        said = json.dumps({"data": said})
    return said


ENTITIES = "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9))
BOMB = f"<!DOCTYPE l [<!ENTITY a0 'aaaaaaaaaa'>{ENTITIES}]><r><title>&a9;</title></r>"
BODIES = {
    "a million rows": f'{{"total":1000000,"rows":[{rows(1_000_000)}]}}',
    "rows without addresses": f"[{rows(100_000, '')}]",
    "deep lists": "[" * 2_000_000 + "]" * 2_000_000,
    "deep objects": '{"a":' * 600_000,
    "strings in strings": nested(12),
    "a list a row": "[" + ",".join(f"[{ROW}]" for _ in range(50_000)) + "]",
    "many names": "{" + ",".join(f'"k{n}":{n}' for n in range(250_000)) + "}",
    "a string without end": '{"title":"' + "a" * 5_000_000,
    "HTML without end": json.dumps({"html": f"<a href='/x.html'>{TITLE}</a>" * 60_000}),
    "many pieces of HTML": json.dumps([{"html": f"<a href='/{n}.html'>{TITLE}</a>"} for n in range(40_000)]),
    "calls in calls": "cb(" * 500_000,
    "deep XML": "<?xml version='1.0'?>" + "<a>" * 300_000,
    "entities": f"<?xml version='1.0'?>{BOMB}",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_list_costs_bounded_time(name):
    began = time.process_time()
    view = look(BODIES[name])
    assert time.process_time() - began < 20
    assert len(view.links) <= MOST_LINKS


def test_a_million_rows_cost_bounded_memory():
    body = BODIES["a million rows"].encode()
    tracemalloc.start()
    look_at(PAGE, body, "application/json")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Of 4 million characters, which is all that is read, the parsed rows take most: 237 MB at the peak.
    assert peak < 320 << 20


def test_reports_beyond_those_that_are_kept_are_told():
    view = look(BODIES["a million rows"])
    spots = blind_spots(view, classify_links(view, SITE, 1), "政府信息公开年报", is_report=False)
    assert [(kind, url) for kind, url, _, _ in spots] == [("unread_list", PAGE)]
    assert f"links beyond the {MOST_LINKS:,}" in spots[0][2]


@pytest.mark.parametrize("total", ["9999999", "9" * 5_000, "NaN", "-1", '"12"', "1e9", "[]"])
def test_whatever_total_is_declared_further_pages_are_bounded(total):
    view = look(f'{{"total":{total},"rows":[{ROW}]}}')
    assert view.links[0].text == TITLE
    assert len(view.links) <= 1 + 500


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.html",
        "http://10.0.0.1/a.html",
        "//169.254.169.254/latest/a.html",
        "http://2130706433/a.html",
        "http://[::1]/a.html",
        "file:///etc/passwd.html",
        "javascript:location='http://10.0.0.1/a.html'",
        "http://www.qinghe.gov.cn@10.0.0.1/a.html",
    ],
)
def test_a_row_that_leads_into_another_network_is_not_followed(url):
    view = look(json.dumps({"rows": [{"title": TITLE, "url": url}, {"title": TITLE, "url": "/a.html"}]}))
    judged = classify_links(view, SITE, 1)
    assert [one.link.url for one in judged if one.kind is TaskKind.REPORT] == [
        "http://www.qinghe.gov.cn/a.html"
    ]


@pytest.mark.parametrize("address", ["/api/list#POST:x=1", "#POST:x=1", "/a.html#POST:{}"])
def test_no_row_can_ask_for_a_post(address):
    view = look(json.dumps([{"title": TITLE, "url": address}]))
    assert not [link for link in view.links if link.text and "#POST:" in link.url]
