"""A platform that a user describes, and the shipped ones, on pages drawn for the test."""

from __future__ import annotations

import pytest

from core import settings as core_settings
from core.settings_schema import Settings
from ingest.crawl.pages.page_view import look_at
from ingest.crawl.pages.urls import canonical
from ingest.crawl.platforms.answers import read_json
from ingest.crawl.platforms.requests import split_request

BASE = "http://www.heyuan.example/xxgk/nb.html"
MADE_UP = r"""
about: 云政通, made up
known_by: 'yunzt\.js'
lists:
  - where: 'yzt\.list\(\s*"(?P<column>\w+)"'
    url: '/yzt/api/list'
    send: json
    fields: {column: '{column}', pageNo: '1'}
answers:
  - at: '/yzt/api/list'
    page: '"pageNo": "(\d+)"'
    rows: result.items
    title: ['{bt}']
    url: ['/yzt/view/{bh}.html']
"""


@pytest.fixture
def made_up(tmp_path, monkeypatch):
    (tmp_path / "yunzt.yaml").write_text(MADE_UP, encoding="utf-8")
    monkeypatch.setattr(core_settings, "_adopted", Settings(platforms=str(tmp_path)))


def links(url: str, text: str, kind: str = "text/html; charset=utf-8") -> list[tuple[str, str]]:
    return [(one.how, one.url) for one in look_at(url, text.encode(), kind).links]


def test_a_users_file_gets_a_list_by_post(made_up):
    page = '<script src="/js/yunzt.js"></script><script>yzt.list("c18")</script>'
    (found,) = [url for how, url in links(BASE, page) if how == "list"]
    assert split_request(found)[:2] == (
        "http://www.heyuan.example/yzt/api/list",
        b'{"column": "c18", "pageNo": "1"}',
    )
    rows = ('{"bh": "a1", "bt": "2023年报告"}', '{"bh": "a2", "bt": "2022年报告"}')
    answer = '{"result": {"total": 3, "items": [' + ", ".join(rows) + "]}}"
    got = links(found, answer, "application/json")
    assert ("data", "http://www.heyuan.example/yzt/view/a1.html") in got
    assert [url for how, url in got if how == "paging"] == [found.replace('"1"', '"2"')]


def test_a_dead_state_does_not_tell_requests_apart():
    one = "http://a.example/l.aspx#POST:__VIEWSTATE=abc&__EVENTARGUMENT=2"
    assert canonical(one) == canonical(one.replace("abc", "xyz"))
    assert canonical(one) != canonical(one.replace("=2", "=3"))


def test_no_link_of_a_page_makes_us_post():
    assert links(BASE, '<a href="/delete#POST:a=1">2023年</a>') == [("a", "http://www.heyuan.example/delete")]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, "{", '{"rows": 3}'])
def test_deep_or_broken_data_is_an_empty_list(text):
    found = read_json(text)
    assert found is None or not found.rows


def test_a_list_of_a_million_rows_ends():
    row = '{"title":"年报","url":"/a/%d.html"}'
    found = read_json("[" + ",".join(row % n for n in range(100_000)) + "]")
    assert found is not None
    assert len(found.rows) <= 5000
