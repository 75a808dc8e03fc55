# ruff: noqa: E501 -- the lines of HTML that tests are made of are left whole
"""A look at a page: its text, its links however they are built, its fingerprint and its makeup."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.crawl.records import TaskKind
from ingest.crawl.classify.link_classifier import classify_links
from ingest.crawl.classify.list_fingerprint import shape, shape_changed
from ingest.crawl.classify.page_classifier import classify_page
from ingest.crawl.config import Site
from ingest.crawl.pages.links import MOST_LINKS
from ingest.crawl.pages.page_view import PageView, fingerprint, look_at
from tests.support.paths import TESTS

PAGES = TESTS / "pages"
BASE = "http://www.qinghe.gov.cn/zwgk/nb/"
SITE = Site(name="青禾县", start=("http://www.qinghe.gov.cn/",))
REPORT = (PAGES / "report_html.html").read_text(encoding="utf-8")
LIST = (PAGES / "trs_list.html").read_text(encoding="utf-8")


def look(page: str | bytes, url: str = BASE, content_type: str = "text/html") -> PageView:
    return look_at(url, page if isinstance(page, bytes) else page.encode(), content_type)


def addresses(page: str, url: str = BASE) -> list[str]:
    return [link.url for link in look(page, url).links]


def texts(page: str) -> dict[str, str]:
    return {link.url.removeprefix(BASE): link.text for link in look(page).links}


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gb18030", "utf-8-sig"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "GBK", "iso-8859-1", "utf-16", "no-such", ""])
@pytest.mark.parametrize(
    "content_type",
    ["text/html", "text/html; charset=utf-8", "text/html;charset=GB2312", "text/html; charset=ISO-8859-1"],
)
def test_whatever_is_declared_the_bytes_decide_how_they_are_read(
    encoding: str, declared: str, content_type: str
) -> None:
    page = f'<html><head><meta charset="{declared}"><title>政府信息公开年报</title></head><body>青禾县人民政府</body></html>'
    view = look(page.encode(encoding), content_type=content_type)
    assert (view.title, view.text) == ("政府信息公开年报", "青禾县人民政府")


def test_characters_beyond_gb2312_are_read_from_a_page_that_declares_it() -> None:
    page = "<meta charset=gb2312><title>镕堃㛃𠮷</title>"
    assert look(page.encode("gb18030")).title == "镕堃㛃𠮷"


def test_a_page_cut_within_a_character_or_with_one_broken_byte_keeps_its_encoding() -> None:
    body = ("<p>" + "政府信息公开" * 100).encode()
    assert "政府信息公开" in look(body[:-1]).text
    assert "政府信息公开" in look(body[:500] + b"\xff" + body[500:]).text
    broken = ("<meta charset=gb2312><p>" + "政府信息公开" * 100).encode("gbk")
    assert "政府信息公开" in look(broken[:500] + b"\xff" + broken[500:]).text


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("a.html", BASE + "a.html"),
        ("../a.html#part", "http://www.qinghe.gov.cn/zwgk/a.html"),
        ("//img.qinghe.gov.cn/a.pdf", "http://img.qinghe.gov.cn/a.pdf"),
        ("?page=2", BASE + "?page=2"),
        (" /a b.html ", "http://www.qinghe.gov.cn/a%20b.html"),
        ("\u3000/a.html", "http://www.qinghe.gov.cn/a.html"),
        ("\\zwgk\\a.html", "http://www.qinghe.gov.cn/zwgk/a.html"),
        ("a.jsp?x=1&amp;y=2", BASE + "a.jsp?x=1&y=2"),
        ("年报.pdf", BASE + "%E5%B9%B4%E6%8A%A5.pdf"),
        ("http：//www.qinghe.gov.cn/a", "http://www.qinghe.gov.cn/a"),
        ("http:/\\www.qinghe.gov.cn/a", "http://www.qinghe.gov.cn/a"),
        ("/a;jsessionid=0A?b=1", "http://www.qinghe.gov.cn/a;jsessionid=0A?b=1"),
        ("/a\n.html", "http://www.qinghe.gov.cn/a.html"),
    ],
)
def test_addresses_are_resolved_as_browsers_do(href: str, url: str) -> None:
    assert addresses(f'<a href="{href}">年报</a>') == [url]


@pytest.mark.parametrize(
    "href",
    [
        "#top",
        "javascript:;",
        "mailto:a@b.cn",
        "tel:12",
        "data:text/html,x",
        "ftp://a/b",
        "http://",
        "http://[::1",
        "http://a:99999999/",
    ],
)
def test_what_leads_nowhere_on_the_web_is_no_address(href: str) -> None:
    assert all(link.how == "nowhere" for link in look(f'<a href="{href}">政府信息公开年报</a>').links)


def test_a_query_is_written_in_the_encoding_of_its_page() -> None:
    page = "<meta charset=gbk><a href='/年报.jsp?name=公开'>x</a>".encode("gbk")
    assert look(page).links[0].url == "http://www.qinghe.gov.cn/%E5%B9%B4%E6%8A%A5.jsp?name=%B9%AB%BF%AA"


def test_a_base_address_counts_for_links_pictures_and_styles() -> None:
    view = look(
        "<base href='/gk/'><link rel=stylesheet href=a.css><a href=a.html>x</a><img src=b.jpg width=20px height=50%>"
    )
    assert view.links[0].url == "http://www.qinghe.gov.cn/gk/a.html"
    assert view.styles == ("http://www.qinghe.gov.cn/gk/a.css",)
    assert [(one.url, one.width, one.height) for one in view.images] == [
        ("http://www.qinghe.gov.cn/gk/b.jpg", 20, 0)
    ]


def test_a_link_cut_short_says_its_title_and_a_picture_its_alternative() -> None:
    page = "<a href=1 title='青禾县2023年年报'>青禾县2023...</a><a href=2><img alt=信息公开 src=x></a><a href=3 title=别的>全文</a><area href=4 alt=年报>"
    assert texts(page) == {"1": "青禾县2023年年报", "2": "信息公开", "3": "全文", "4": "年报"}


def test_around_a_link_is_its_row() -> None:
    page = "<ul><li><a href=1>查看</a> 甲局年报<li>乙局年报 <a href=2>查看</a></ul><div><div><b>丙局年报</b><span><a href=3>下载</a></span></div><div><a href=4>丁</a></div></div>"
    assert [link.around for link in look(page).links][:3] == [
        "查看 甲局年报",
        "乙局年报 查看",
        "丙局年报 下载",
    ]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<a href='javascript:window.open(\"a.html\")'>x</a>", "a.html"),
        ("<span onclick=\"location.href='a.html'\">x</span>", "a.html"),
        ("<td onclick='top.location=\"a.asp?id=1\"'>x</td>", "a.asp?id=1"),
        ("<a href=# onclick=\"openDoc('a.html','w')\">x</a>", "a.html"),
        (
            "<script>function f(a,b){window.open('/zwgk/nb/'+b+'/d.jsp?id='+a)}</script><a href=\"javascript:f(7,'x')\">x</a>",
            "x/d.jsp?id=7",
        ),
        (
            "<script>var f=function(n){location.href=`l_${n}.html`}</script><a onclick='f(2)'>2</a>",
            "l_2.html",
        ),
        (
            "<script>function g(n){var k=n-1;var u='i_'+k+'.html';location.replace(u)}</script><a href='javascript:g(3)'>3</a>",
            "i_2.html",
        ),
        ("<li data-url='/zwgk/nb/a.html'>x</li>", "a.html"),
        ("<script>document.write('<a href=\"a.html\">x</a>')</script>", "a.html"),
        ('<script>document.write("<a href=\\"a.html\\">x<\\/a>")</script>', "a.html"),
        ("<meta http-equiv=refresh content='0; URL=a.html'>", "a.html"),
        ("<iframe src='a.html'></iframe>", "a.html"),
        ("<object data='a.pdf'></object>", "a.pdf"),
        ("<iframe src='/js/viewer.html?file=/zwgk/nb/a.pdf'></iframe>", "a.pdf"),
        ("<iframe src='/onlinePreview?url=L3p3Z2svbmIvYS5wZGY='></iframe>", "a.pdf"),
        ("<iframe src='/pdfviewer/show?src=%2Fzwgk%2Fnb%2Fa.pdf&page=1'></iframe>", "a.pdf"),
        ("<select onchange='location=this.value'><option value='a.html'>x</select>", "a.html"),
        (
            "<select onchange=\"location.href='l_'+this.value+'.html'\"><option value='4'>4</select>",
            "l_4.html",
        ),
        ("<script>var countPage = 2;document.write('index'+'_'+1+'.html')</script>", "index_1.html"),
        ("<script>createPageHTML('page',2, 1,'list','shtml',30)</script>", "list_2.shtml"),
        ("<script>var countPage=2;createPageHTML(countPage,0,'index','html')</script>", "index_1.html"),
    ],
)
def test_links_are_found_however_they_are_built(page: str, found: str) -> None:
    assert addresses(page) == [BASE + found]


def test_the_second_leaf_of_a_list_that_counts_from_zero_says_1_too() -> None:
    script = b"<script>createPageHTML(3,1,'index','html')</script>"
    for page, leaves in (("index_1.html", ["index_2.html"]), ("", ["index_2.html", "index_3.html"])):
        found = [link.url.removeprefix(BASE) for link in look_at(BASE + page, script, "text/html").links]
        assert [one for one in found if one not in (page, "index.html", "index_1.html")] == leaves


def test_titles_in_scripts_belong_to_their_addresses() -> None:
    page = """<script>urls[0]='1.html';titles[0]='甲';urls[1]='2.html';titles[1]='乙'; // it's
    urls[i]='3.html';headers[i]="丙";i++;urls[i]='4.html';headers[i]="丁";i++;
    var d=[{"title":"戊","url":"5.html"},{"url":"6.html","title":"己"}]; add("庚","7.html","2024-01-01");
    var t=['辛','壬'],u=['8.html','9.html'];</script>"""
    found = texts(page)
    assert "".join(found[f"{number}.html"] for number in range(1, 8)) == "甲乙丙丁戊己庚"
    pairs = {(link.url.removeprefix(BASE), link.text) for link in look(page).links}
    assert {("8.html", "辛"), ("9.html", "壬")} <= pairs


def test_an_answer_in_json_or_xml_is_looked_at_too() -> None:
    data = '{"rows":[{"title":"青禾县2023年政府信息公开年报","url":"/a/1.html"}]}'
    (link,) = look(data, content_type="application/json").links
    assert (link.url, link.text) == ("http://www.qinghe.gov.cn/a/1.html", "青禾县2023年政府信息公开年报")
    xml = '<?xml version="1.0" encoding="UTF-8"?><datastore><record><![CDATA[<a href="/a/2.html">乙</a>]]></record></datastore>'
    assert ("http://www.qinghe.gov.cn/a/2.html", "乙") in {(one.url, one.text) for one in look(xml).links}


@pytest.mark.parametrize(
    ("page", "url", "is_leaf"),
    [
        ("index.html", "index_2.html", True),
        ("", "index_2.html", True),
        ("list.asp?c=1", "list.asp?c=1&page=2", True),
        ("ndbg.htm", "ndbg/3.htm", True),
        ("ndbg/3.htm", "ndbg/2.htm", True),
        ("", "other.html", False),
        ("a.asp", "a.asp?day=2", False),
        ("cal/2024/01/", "cal/2024/02/", False),
    ],
)
def test_a_number_turns_a_leaf_only_of_the_same_list(page: str, url: str, is_leaf: bool) -> None:
    (link,) = look(f"<a href='{BASE}{url}'>2</a>", BASE + page).links
    assert (link.how == "paging") is is_leaf


def test_only_what_is_visible_is_text() -> None:
    view = look(
        "甲<script>x</script><style>y</style><!-- z --><p style='display: none'>w</p><noscript>v</noscript><p hidden>u</p>乙&amp;丙"
    )
    assert view.text == "甲\n乙&丙"


def test_cells_keep_their_place_blank_or_not() -> None:
    table = "<table><tr><td>规章</td><td><p>0</p></td><td></td><td>/</td></tr><tr><td>甲</td><td>1</td></tr></table>"
    assert look(table).text == "规章\t0\t\t/\n甲\t1"


@pytest.mark.parametrize("around", ["", "<style>.tab {display: none}</style>"])
def test_a_report_in_a_tab_that_a_script_would_show_is_seen(around: str) -> None:
    labels = ("一、本年新收政府信息公开申请数量", "1.属于国家秘密", "四、结转下年度继续办理")
    rows = "".join(f"<tr><td>{label}</td><td>1</td></tr>" for label in labels)
    page = f"{around}<div class=tab>概况</div><div class=tab><table>{rows}</table></div>"
    assert look(page).has_statutory_tables


def test_a_report_is_seen_with_its_tables_headline_and_place() -> None:
    view = look(REPORT)
    assert view.has_statutory_tables
    assert view.heading == "青禾县人民政府2023年政府信息公开工作年度报告"
    assert "行政规范性文件\t3\t1\t21" in view.content
    assert "看不见" not in view.text
    assert look(LIST).place == "您现在的位置：首页>政府信息公开>政府信息公开年报"
    assert not look(LIST).has_statutory_tables
    assert look((PAGES / "login.html").read_text(encoding="utf-8")).has_password


def test_a_new_frame_round_an_old_text_has_the_same_fingerprint() -> None:
    other = REPORT
    for old, new in [
        ("今天是2024年3月5日 星期二 10:21:07", "今天是2024年3月6日 星期三 08:00:59"),
        ("浏览次数：123 次", "浏览次数：124 次"),
        ("春耕备耕进行时</a><span>03-01", "防汛演练</a><span>03-06"),
        ("下一篇：没有了", '下一篇：<a href="t3.html">县水利局2023年政府信息公开工作年度报告</a>'),
        ("var hits = 5", "var hits = 6"),
        ("<p>二、主动", "\n  <p>二、主动"),
    ]:
        assert old in other
        other = other.replace(old, new)
    assert fingerprint(look(other)) == fingerprint(look(REPORT))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<td>21</td>", "<td>22</td>"),
        ("<td></td>", "<td>0</td>"),
        ("<td>/</td>", "<td></td>"),
        ("网站访问量：98765次", "网站访问量：98766次"),
        ("申请17件", "申请18件"),
        ("<td>0</td><td></td>", "<td></td><td>0</td>"),
        (
            'P020240118002.docx">青禾县2023年度报告.docx',
            'P020240118002.docx">青禾县2023年度报告（更正）.docx',
        ),
        ("<h1>青禾县人民政府2023年", "<h1>青禾县人民政府2022年"),
    ],
)
def test_a_changed_figure_or_word_has_another_fingerprint(old: str, new: str) -> None:
    assert old in REPORT
    assert fingerprint(look(REPORT.replace(old, new))) != fingerprint(look(REPORT))


FRAMES = (
    "{}",
    "<div class=content>{}</div>",
    "<div id=zoom>{}",
    "<table><tr><td>{}</table>",
    "<a name=top>{}",
    "<a href=x>{}",
    "<font><b>{}",
)
WORDS = st.sampled_from(
    [
        "申请",
        "件",
        "浏览次数：",
        "访问量：",
        "点击数：",
        "今天是",
        "℃",
        "星期二",
        "。",
        "：",
        "来源：",
        "2024-01-15",
        "在线人数：",
        " ",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.data(),
    frame=st.sampled_from(FRAMES),
    words=st.lists(WORDS, max_size=4),
    figures=st.lists(st.integers(0, 99999), min_size=4, max_size=4),
)
def test_no_changed_figure_of_a_table_or_sentence_is_ever_lost(
    data: st.DataObject, frame: str, words: list[str], figures: list[int]
) -> None:
    def page(values: list[int]) -> PageView:
        cells = "".join(f"<td>{''.join(words)}{value}</td>" for value in values[:3])
        rows = f"<table><tr><td>本年新收政府信息公开申请</td>{cells}</tr><tr><td>合计</td><td>1</td></tr></table>"
        body = f"<p>全年共收到申请{values[3]}件，均已办结。</p>{rows}<p>{'各单位认真落实。' * 30}</p>"
        return look("<div class=top>青禾县</div>" + frame.format(body))

    place = data.draw(st.integers(0, 3))
    changed = [*figures[:place], figures[place] + data.draw(st.integers(1, 9)), *figures[place + 1 :]]
    assert fingerprint(page(figures)) != fingerprint(page(changed))


def made(page: str) -> dict[str, object]:
    view = look(page)
    return shape(view, classify_links(view, SITE, 1))


def test_one_more_or_one_fewer_report_is_no_other_shape() -> None:
    row = '<li class="first"><a href="./202402/t20240201_300.html">县林业局2023年政府信息公开工作年度报告</a></li>'
    before = made(LIST)
    assert before["reports"] == 5
    assert shape_changed(before, before) == ""
    assert shape_changed(before, made(LIST.replace('<ul class="list">', '<ul class="list">' + row))) == ""
    assert shape_changed(made(LIST.replace('<ul class="list">', '<ul class="list">' + row)), before) == ""


def test_no_reports_other_markup_and_other_addresses_are_other_shapes() -> None:
    before = made(LIST)
    assert "none now" in shape_changed(before, made("<title>政府信息公开年报</title><p>维护中</p>"))
    moved = LIST.replace("<li", "<dd").replace("</li", "</dd").replace('ul class="list"', 'dl class="new"')
    assert "elsewhere" in shape_changed(before, made(moved))
    renamed = (
        LIST.replace("./202401/t", "/gk/doc").replace("./202301/t", "/gk/doc").replace("./202401/P", "/f/P")
    )
    assert "another way" in shape_changed(before, made(renamed))
    assert "further pages" in shape_changed(before, made(LIST.replace("createPageHTML", "x")))
    home = made('<a href="/zwgk/">政务公开</a>')
    assert "ways" in shape_changed(home, made("<p>新版</p>"))


def test_a_shape_is_plain_json() -> None:
    import json

    assert json.loads(json.dumps(made(LIST))) == made(LIST)


HOSTILE = {
    "deep div": b"<div>" * 100_000 + "<a href='/zwgk/'>政务公开</a>".encode(),
    "deep list": b"<ul><li>" * 50_000,
    "deep headline": b"<h1 class=title><b>" * 25_000,
    "deep table": b"<table><tr><td>" * 30_000,
    "deep link": b"<a href=x>" * 60_000,
    "no end tags": "<p>甲乙丙 3".encode() * 200_000,
    "null bytes": b"\0" * 10_000_000,
    "noise": bytes(range(256)) * 40_000,
    "angles": b"<" * 4_000_000,
    "comments": b"<!--" * 500_000,
    "islands": b"<![CDATA[<a href=x>]" * 100_000,
    "attributes": b"<a " + b"x=1 " * 500_000,
    "long address": b'<a href="' + b"x" * 4_000_000 + b'">',
    "quotes": b"<script>" + b'"\\' * 250_000 + b"</script>",
    "backticks": b"<script>" + b"`\\" * 250_000 + b"</script>",
    "sums": b"<script>location.href=" + b"'a'+" * 100_000 + b"</script>",
    "loops": b"<script>"
    + b"for(var i=0;i<999999;i++){document.write('<a href=\"'+i+'.html\">'+i+'</a>')}" * 500
    + b"</script>",
    "functions": b"<script>" + b'function a(n){location.href="x"+n}' * 10_000 + b"</script>",
    "same words": ("信息公开" * 80_000 + "年度").encode(),
    "long title": ("<title>" + "信息公开年" * 60_000 + "</title><h1>" + "年度报告" * 40_000).encode(),
    "counters": ("浏览次数" * 80_000).encode(),
    "decorations": b"<style>p{" + b"text-decoration:" * 250_000 + b"}</style><p>",
    "rules": b"<style>" + b".a{display:none}" * 200_000 + b"</style>" + b"<p class='b c'>" * 50_000,
    "classes": b"<style>.a{display:none}</style><p class='" + b"b " * 1_000_000 + b"'>",
    "todays": ("今天是" * 100_000).encode(),
    "places": "当前位置\n>\n".encode() * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_cost_little_time(name: str) -> None:
    began = time.process_time()
    view = look(HOSTILE[name])
    judged = classify_links(view, SITE, 0)
    classify_page(view, SITE, "2023年政府信息公开年报")
    fingerprint(view)
    shape(view, judged)
    # A tenth of it on an idle machine; what is quadratic takes minutes.
    assert time.process_time() - began < 10


@pytest.mark.parametrize("tags", ["<div>", "<font><b>", "<ul><li>", "<table><tr><td>", "<p><div><h1>"])
def test_deeper_nesting_than_the_parser_takes_loses_no_link(tags: str) -> None:
    view = look(tags * 10_000 + "<a href='/zwgk/'>政务公开</a>")
    assert [one.kind for one in classify_links(view, SITE, 0)] == [TaskKind.LIST]


def test_of_too_many_links_the_rest_is_counted() -> None:
    view = look("".join(f"<a href='{number}.html'>{number}</a>" for number in range(6_000)))
    assert len(view.links) == MOST_LINKS
    assert view.left_out == 1_000


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode), st.text(max_size=30))
def test_a_look_never_fails(body: bytes, content_type: str) -> None:
    view = look(b"<a href='" + body + b"' onclick='" + body + b"'><script>" + body, content_type=content_type)
    classify_page(view, SITE, content_type)
    assert classify_links(view, SITE, 1) is not None
