"""What scripts would ask for is read without running them, and asked for where it is a list for reading."""

from __future__ import annotations

import pytest

from ingest.crawl.classify.link_classifier import classify_links
from ingest.crawl.classify.link_rules import LISTED
from ingest.crawl.config import Site
from ingest.crawl.pages.js_handlers import understand
from ingest.crawl.pages.page_view import look_at
from ingest.crawl.pages.script_calls import calls

PAGE = "http://www.qinghe.gov.cn/zwgk/nb/index.html"


def asked(script: str, **inputs: str) -> list[tuple[str, bool, bool]]:
    return [(one.address, one.is_known, one.reads_list) for one in calls(script, understand(script), inputs)]


@pytest.mark.parametrize(
    ("script", "address"),
    [
        ("$.getJSON('list.json', function (d) {});", "list.json"),
        ("fetch('/api/reports?type=nb').then(show);", "/api/reports?type=nb"),
        ("var ctx = '/gov'; $.get(ctx + '/article/list', {p: 1});", "/gov/article/list?p=1"),
        (
            "function go(n){$.ajax({type:'POST', url:'/q/list', data:{pageNo:n, colId:'c18'}, success:f})}",
            "/q/list#POST:pageNo=1&colId=c18",
        ),
        (
            "fetch(`/api/list`, {method:'POST', body: JSON.stringify({page:1, channelId:\"33\"})})",
            '/api/list#POST:{"page": 1, "channelId": "33"}',
        ),
        ("axios.get('/v1/infos', {params: {page: 1, code: 'nb'}})", "/v1/infos?page=1&code=nb"),
        ("axios.post('/v1/query', {pageNum: this.page})", '/v1/query#POST:{"pageNum": 1}'),
        (
            "var q = {}; q.pageIndex = 1; q.cat = 'n'; $.post('/queryList', q)",
            "/queryList#POST:pageIndex=1&cat=n",
        ),
        ("$.post('/doc/list', 'page=1&cid=' + cid); var cid = 7;", "/doc/list#POST:page=1&cid=7"),
        ("$.get('/a/list', {id: $('#cat').val(), kw: $('#kw').val()})", "/a/list?id=77&kw="),
        (
            "/* 1 */ $.ajax({ // list\n url: '/a/list', // here\n success: function(d){ x(1, {}) } })",
            "/a/list",
        ),
    ],
)
def test_a_call_whose_address_and_fields_are_plain_is_known(script, address):
    assert asked(script, cat="77", kw="") == [(address, True, True)]


@pytest.mark.parametrize(
    ("script", "address"),
    [
        ("$.get('/q/list', {siteId: window.site.id, p: 1})", "/q/list?siteId=<siteId>&p=1"),
        ("$.post('/q/list', {siteId: window.site.id})", "/q/list#POST:siteId=<siteId>"),
        ("$.ajax({url: base() + '/x/list'})", "/x/list"),
        ("$.get('/q/list', {columnId: $('#none').val()})", "/q/list?columnId=<columnId>"),
    ],
)
def test_what_only_a_running_script_would_know_leaves_a_call_unknown(script, address):
    assert asked(script) == [(address, False, True)]


@pytest.mark.parametrize(
    "script",
    [
        "$.post('/article/hits/add', {id: 3})",
        "$.post('/feedback/save', {page: 1})",
        "$.get('/user/list', {})",
        "$.get('/weather/now')",
    ],
)
def test_what_changes_counts_or_is_no_list_is_never_asked_for(script):
    page = f"<html><body><script>{script}</script></body></html>"
    assert [reads for _, _, reads in asked(script)] == [False]
    assert look_at(PAGE, page.encode(), "text/html").links == ()


def test_other_calls_of_a_script_are_none():
    assert asked("m.get('a'); x.post(1); el.request(); $.get(); fetch(url); f({url: 3})") == []


def test_a_list_that_a_script_asks_for_is_a_link_of_its_page():
    script = "$.ajax({url: 'queryList.do', type: 'post', data: {pageNo: 1, channel: 'nb'}})"
    page = f"<html><head><title>政府信息公开年报</title></head><body><script>{script}</script></body></html>"
    (link,) = [one for one in look_at(PAGE, page.encode(), "text/html").links if one.how == "list"]
    assert link.url == "http://www.qinghe.gov.cn/zwgk/nb/queryList.do#POST:pageNo=1&channel=nb"


@pytest.mark.parametrize(
    "piece", ["$.get('/a/list', {", "$.ajax({url:'/a/list',data:{", "fetch('/a", "$.get(" * 3]
)
def test_endless_scripts_cost_little(piece):
    assert len(asked(piece * 60_000)) <= 2


COLUMN = "<html><head><title>政府信息公开年报</title></head><body><h1>政府信息公开年报</h1>{}</body></html>"
SCRIPTS = "<script src='/js/jquery.js'></script><script src='list.js'></script>"
SITE = Site(name="青禾县", start=("http://www.qinghe.gov.cn/",))


def followed(body: str) -> list[str]:
    """The lists and scripts that are gone on to from a column of annual reports."""
    view = look_at(PAGE, COLUMN.format(body).encode(), "text/html")
    return [one.link.url for one in classify_links(view, SITE, 1) if one.why == LISTED]


def test_the_own_script_of_a_column_that_shows_nothing_is_read():
    assert followed(SCRIPTS) == ["http://www.qinghe.gov.cn/zwgk/nb/list.js"]
    assert followed("<script src='http://cdn.example.com/list.js'></script>") == []


def test_the_scripts_of_a_column_that_shows_reports_are_left():
    assert followed("<a href='1.html'>2023年政府信息公开工作年度报告</a>" + SCRIPTS) == []


def test_a_script_file_leads_to_the_lists_that_it_would_ask_for():
    script = (
        b"$.post('/api/list', {page: 1, code: 'nb'}); $.get('here/list'); $.get('/q/list', {siteId: s.id});"
    )
    view = look_at("http://www.qinghe.gov.cn/js/list.js", script, "application/javascript")
    assert [link.url for link in view.links if link.how == "list"] == [
        "http://www.qinghe.gov.cn/api/list#POST:page=1&code=nb"
    ]
    assert [one.address for one in view.calls if not one.is_known] == ["/q/list?siteId=<siteId>"]
