# ruff: noqa: E501 -- the lines of HTML that tests are made of are left whole
"""Which links lead to reports, which lead on, and what a page that came is."""

from __future__ import annotations

from typing import Any

import pytest

from archive.crawl.records import TaskKind
from ingest.crawl.classify.link_classifier import ClassifiedLink, classify_links
from ingest.crawl.classify.page_classifier import classify_page
from ingest.crawl.config import Site
from ingest.crawl.pages.models import PageView
from ingest.crawl.pages.page_view import look_at
from tests.support.paths import TESTS

PAGES = TESTS / "pages"
BASE = "http://www.qinghe.gov.cn/zwgk/nb/"


def site(**settings: Any) -> Site:
    return Site.model_validate({"name": "青禾县", "start": ("http://www.qinghe.gov.cn/",), **settings})


def seen(page: str, url: str = BASE) -> PageView:
    body = (PAGES / page).read_bytes() if page.endswith(".html") else page.encode()
    return look_at(url, body, "text/html; charset=utf-8")


def judged(page: str, depth: int = 1, url: str = BASE, **settings: Any) -> dict[str, ClassifiedLink]:
    return {one.link.url: one for one in classify_links(seen(page, url), site(**settings), depth)}


def taken(page: str, depth: int = 1, url: str = BASE, **settings: Any) -> dict[str, tuple[str, bool]]:
    """What is followed, by the address below BASE: its kind, and whether it leads deeper."""
    found = judged(page, depth, url, **settings).values()
    return {one.link.url.removeprefix(url): (one.kind.value, one.deeper) for one in found if one.kind}


def one(words: str, href: str = "x.html", **settings: Any) -> ClassifiedLink:
    """Judge a single link on a page that says nothing itself."""
    (found,) = classify_links(
        seen(f"<title>x</title><p><a href='{href}'>{words}</a></p>"), site(**settings), 1
    )
    return found


def test_from_a_home_page_only_disclosure_is_followed() -> None:
    assert taken("home.html", 0, "http://www.qinghe.gov.cn/") == {
        "zwgk/index.html;jsessionid=0A1B2C3D4E5F": ("list", True),
        "zfxxgk/": ("list", True),
    }


def test_of_disclosure_the_annual_reports_and_the_organs_are_followed() -> None:
    assert taken("disclosure.html", url="http://www.qinghe.gov.cn/zwgk/zfxxgk/") == {
        "http://www.qinghe.gov.cn/zwgk/": ("list", True),
        "nb/": ("list", True),
        **{f"http://www.qinghe.gov.cn/bm/{organ}/": ("list", True) for organ in ("jyj", "mzj", "lxz", "czj")},
    }


def test_a_trs_list_gives_its_reports_and_none_of_what_is_about_them() -> None:
    assert taken("trs_list.html") == {
        "202401/t20240118_201.html": ("report", True),
        "202401/t20240117_200.html": ("report", True),
        "202401/t20240117_199.html": ("report", True),
        "202401/P020240117001.pdf": ("file", True),
        "202301/t20230118_101.html": ("report", True),
        "202301/t20230118_100.html": ("report", True),
        "http://www.qinghe.gov.cn/module/download/downfile.jsp?classid=0&filename=2301171.pdf": (
            "file",
            True,
        ),
        "index_1.html": ("list", False),
        "index_2.html": ("list", False),
    }


def test_a_jcms_list_gives_its_island_and_its_further_pages() -> None:
    assert taken("jcms_list.html", url="http://www.qinghe.gov.cn/") == {
        "art/2024/1/20/art_45_901.html": ("report", True),
        "art/2024/1/19/art_45_900.html": ("report", True),
        "col/col45/index.html?uid=123&pageNum=2": ("list", False),
        "module/web/jpage/dataproxy.jsp?page=1&webid=1&columnid=45": ("list", False),
    }


def test_a_list_by_hand_is_read_through_its_clicks_and_a_calendar_is_not_paged() -> None:
    base = "http://www.qinghe.gov.cn/"
    found = judged("asp_list.html", url=f"{base}list.asp?classid=5").values()
    assert {one.link.url.removeprefix(base): one.kind for one in found if one.kind} == {
        **{f"show.asp?id={number}": TaskKind.REPORT for number in (31, 30, 29)},
        "upload/%EF%BC%92%EF%BC%90%EF%BC%91%EF%BC%97%20%E5%B9%B4%E6%8A%A5.doc": TaskKind.FILE,
        **{f"list.asp?classid=5&page={number}": TaskKind.LIST for number in (1, 2, 3, 4, 5, 9)},
    }


def test_what_scripts_would_write_is_found_without_running_them() -> None:
    assert taken("script_list.html", url="http://www.qinghe.gov.cn/gk/") == {
        **{f"a/{number}.html": ("report", True) for number in (1, 2, 5, 6)},
        "a/3.shtml": ("report", True),
        "a/4.pdf": ("file", True),
        **{f"list_{number}.html": ("list", False) for number in (2, 3, 4, 5, 6)},
    }


def test_frames_are_no_deeper_than_their_page() -> None:
    assert taken("frames.html") == {"left.htm": ("list", False), "main.htm": ("list", False)}


def test_a_reports_page_gives_its_attachments_but_not_the_forms_in_its_frame() -> None:
    found = {url: kind for url, (kind, _) in taken("report_attachment.html").items()}
    assert found == {
        "http://www.qinghe.gov.cn/zwgk/": "list",
        "http://www.qinghe.gov.cn/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=77": "file",
        "http://www.qinghe.gov.cn/__local/A/B1/C2/zip.zip": "file",
        "http://www.qinghe.gov.cn/__local/x.pdf": "file",
    }
    assert "P020240118002.docx" in taken("report_html.html")
    assert "http://www.qinghe.gov.cn/files/sqb.doc" not in taken("report_html.html")


@pytest.mark.parametrize(
    "words",
    [
        "政府信息公开指南",
        "政府信息公开目录",
        "依申请公开",
        "2024年政务公开工作要点",
        "部门预算公开",
        "统计年鉴",
        "2023年政府工作报告",
        "2023年政府信息公开工作年度报告解读",
        "一图读懂2023年政府信息公开年报",
        "关于做好政府信息公开年度报告编制工作的通知",
        "我县召开政务公开培训会",
        "青禾县2022年法治政府建设年度报告",
        "企业年报公示",
        "政府网站工作年度报表（2023年度）",
        "首页",
        "2023年年报",
    ],
)
def test_what_only_sounds_like_a_report_is_left_alone(words: str) -> None:
    found = one(words)
    assert found.kind is None or (found.kind is TaskKind.LIST and words == "2023年年报")
    assert found.why


@pytest.mark.parametrize(
    "words",
    [
        "青禾县2023年政府信息公开工作年度报告",
        "青禾县行政审批制度改革办公室2023年政府信息公开年报",
        "县统计局2022年政府信息公开工作年度报告",
        "二○二三年度政府信息公开工作报告",
        "２０２３年政府信息公开年度报告",
        "2023年 政府 信息公开 工作 年度 报告",
    ],
)
def test_what_is_called_like_a_report_is_one(words: str) -> None:
    assert one(words).kind is TaskKind.REPORT
    assert one(words, "f.pdf").kind is TaskKind.FILE


def test_bare_words_mean_a_report_where_the_page_or_row_speaks_of_disclosure() -> None:
    page = "<title>{}</title><h2>{}</h2><ul><li><a href='t20240101_1.html'>2023年度报告</a><li><a href='t20240101_2.html'>县教育局</a></ul>"
    assert taken(page.format("政府信息公开年报", "政府信息公开年报")) == {
        "t20240101_1.html": ("report", True),
        "t20240101_2.html": ("report", True),
    }
    assert taken(page.format("某公司", "某公司")) == {"t20240101_1.html": ("list", True)}
    row = "<table><tr><td>政府信息公开<td><a href='a/1.html'>县教育局2021年年报</a></table>"
    assert taken(row) == {"a/1.html": ("report", True)}


def test_in_a_list_of_annual_reports_a_year_or_an_organ_is_enough() -> None:
    page = """<title>政府信息公开年报</title><div class="list"><table><tr><td>县教育局</td><td><a href="2023.pdf">2023</a></td>
    <td><a href="gk/20220118/101.html">2022年</a></td><td><a href="y2021/">2021年度</a></td></tr><tr><td>县民政局</td>
    <td><a href="a.doc">下载</a></td></tr></table><a href="all.zip">2020年各部门年报打包下载</a>
    <a href="b1.htm">2019年度信息公开报告</a><a href="n.doc">公开指南</a></div>"""
    assert taken(page) == {
        "2023.pdf": ("file", True),
        "gk/20220118/101.html": ("report", True),
        "y2021/": ("list", True),
        "a.doc": ("file", True),
        "all.zip": ("file", True),
        "b1.htm": ("report", True),
    }
    assert classify_page(seen(page), site(), "政府信息公开年报").kind != "report"


def test_more_of_a_block_is_followed_if_its_headline_speaks_of_disclosure() -> None:
    page = "<div><h3>政府信息公开年报</h3><a href=nb/>更多&gt;&gt;</a></div><div><span>最新公开</span><a href=zx/>更多</a></div>"
    assert taken(page) == {"nb/": ("list", True)}


def test_a_click_may_lead_to_a_folder() -> None:
    page = (
        "<title>x</title><a href='JavaScript:void(0);' onclick=\"gotoUrl('/zwgk/xxgknb/')\">信息公开年报</a>"
    )
    assert taken(page) == {"http://www.qinghe.gov.cn/zwgk/xxgknb/": ("list", True)}


def test_a_link_that_says_download_is_named_by_its_row() -> None:
    rows = (
        "<div class=r><span>县教育局2023年政府信息公开年报</span><a href=/attach?id=3>下载</a></div>"
        "<div class=r><span>信息公开申请表</span><a href=/attach?id=4>下载</a></div>"
    )
    assert taken(rows) == {"http://www.qinghe.gov.cn/attach?id=3": ("file", True)}


def test_links_off_the_site_are_refused_unless_hosts_allow_them() -> None:
    away = "http://www.yunxi.gov.cn/nb.html"
    assert "off the site" in one("2023年政府信息公开年报", away).why
    assert one("2023年政府信息公开年报", away, hosts=("yunxi.gov.cn",)).kind is TaskKind.REPORT
    assert one("2023年政府信息公开年报", "http://zwgk.qinghe.gov.cn/a.html").kind is TaskKind.REPORT


def test_skip_wins_over_all_and_patterns_add_to_the_defaults() -> None:
    assert one("某页", "gk/77.html", report=r"/gk/\d+").kind is TaskKind.REPORT
    assert one("某页", "lm/77/", listing=r"/lm/\d+/").kind is TaskKind.LIST
    refused = one("2023年政府信息公开年报", "gk/77.html", report=r"/gk/\d+", skip="gk")
    assert refused.kind is None
    assert "skip" in refused.why


def test_years_bound_reports_and_files() -> None:
    assert one("2018年政府信息公开年报", years="2019-2023").kind is None
    assert one("2019年政府信息公开年报", years="2019-2023").kind is TaskKind.REPORT
    assert one("2019年政府信息公开年报", "a.pdf", years="2020").kind is None


def test_depth_bounds_pages_to_go_on_from_but_not_the_files_of_a_report() -> None:
    assert one("政府信息公开", "a/", depth=1).kind is None
    assert one("政府信息公开", "a/", depth=2).kind is TaskKind.LIST
    assert one("2023年政府信息公开年报", depth=1).kind is TaskKind.REPORT
    assert one("2023年政府信息公开年报", depth=0).kind is None
    assert "P020240118002.docx" in taken("report_html.html", 6)
    assert taken("frames.html", 5) == {"left.htm": ("list", False), "main.htm": ("list", False)}


def test_searches_logins_and_other_orders_are_no_way_to_reports() -> None:
    for href in ("/search?q=x", "/login.jsp", "/rss/a", "?sort=title"):
        assert one("政府信息公开", href).kind is None
    assert one("按时间排序", "?o=1").kind is None


def test_the_only_ways_on_from_a_bare_start_page_are_followed() -> None:
    door = "<a href='main.htm'><img src=enter.jpg></a>"
    assert taken(door, 0) == {"main.htm": ("list", True)}
    assert taken(door, 1) == {}
    assert taken("<script>location.href='/zwgk/index.html'</script>", 0, "http://www.qinghe.gov.cn/") == {
        "zwgk/index.html": ("list", False)
    }


def test_a_javascript_link_that_nobody_can_follow_is_told() -> None:
    found = judged("asp_list.html")["javascript:nobody(28)"]
    assert found.kind is None
    assert "script" in found.why


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("report_html.html", "report"),
        ("report_pictures.html", "report"),
        ("report_attachment.html", "carrier"),
        ("trs_list.html", "list"),
        ("script_list.html", "list"),
        ("asp_list.html", "list"),
        ("frames.html", "list"),
        ("gone.html", "gone"),
        ("login.html", "login"),
        ("challenge.html", "challenge"),
        ("news.html", "page"),
        ("home.html", "page"),
    ],
)
def test_each_kind_of_page_is_known_for_what_it_is(page: str, kind: str) -> None:
    found = classify_page(seen(page), site(), "")
    assert found.kind == kind, found.why
    assert found.why
    assert "\n" not in found.why


def test_a_report_as_pictures_names_them_in_order_without_logo_and_code() -> None:
    found = classify_page(seen("report_pictures.html"), site(), "")
    assert found.images == tuple(f"{BASE}W02023011800{number}.jpg" for number in (1, 2, 3))


def test_pictures_in_a_list_are_no_report() -> None:
    rows = "".join(f"<li><img src=/i/{n}.jpg><a href=o{n}/>县教育{n}局</a></li>" for n in range(4))
    page = f"<title>x</title><h1>2023年政府信息公开年报</h1><div class=content>{rows}</div>"
    assert classify_page(seen(page), site(), "").kind == "page"


def test_pictures_alone_are_a_report_if_the_link_says_so() -> None:
    page = "<img src=p1.jpg><img src=p2.jpg><img src=/images/dot.gif>"
    assert classify_page(seen(page), site(), "临溪镇2020年政府信息公开年报").images == (
        f"{BASE}p1.jpg",
        f"{BASE}p2.jpg",
    )
    assert classify_page(seen(page), site(), "图片新闻").kind == "page"


def test_a_long_text_without_tables_is_a_report_if_it_is_called_like_one() -> None:
    text = "".join(
        f"<p>{part}：{'全县各级各部门认真落实有关要求。' * 15}</p>"
        for part in ("概述", "主动公开", "依申请公开", "存在的主要问题")
    )
    page = f"<title>信息</title><div class=content>{text}</div>"
    assert classify_page(seen(page), site(), "青禾县2012年政府信息公开年度报告").kind == "report"
    assert classify_page(seen(page), site(), "青禾县2012年经济形势").kind != "report"
    assert classify_page(seen(page), site(), "2012年政府信息公开年度报告解读").kind != "report"


@pytest.mark.parametrize(
    "message",
    [
        "404 Not Found",
        "抱歉，您查看的信息已被删除",
        "找不到该页面",
        "The page you requested was not found.",
        "该栏目不存在！",
        "HTTP 404",
    ],
)
def test_a_page_of_status_200_that_says_it_is_gone_is_gone(message: str) -> None:
    assert (
        classify_page(seen(f"<title>提示</title><h2>{message}</h2><a href=/>返回首页</a>"), site(), "").kind
        == "gone"
    )


def test_a_report_that_speaks_of_missing_pages_is_still_a_report() -> None:
    body = (
        (PAGES / "report_html.html")
        .read_text(encoding="utf-8")
        .replace("（三）平台建设。", "（三）清理页面不存在的链接12个。")
    )
    assert classify_page(seen(body.replace(".html", ".htm")), site(), "").kind == "report"


def test_the_files_of_a_page_that_a_report_link_led_to_are_taken_though_it_does_not_say_what_it_is():
    view = look_at(
        "https://www.example.gov.cn/art/22.html",
        "<html><title>2022</title><h1>2022</h1><p><a href='y.pdf'>附件</a></p>".encode(),
        "text/html; charset=utf-8",
    )
    site = Site(name="县", start=("https://www.example.gov.cn/",))
    assert classify_page(view, site, "2022年政府信息公开工作年度报告").kind == "carrier"
    assert [one.kind for one in classify_links(view, site, 3)] == [None]
    assert [one.kind for one in classify_links(view, site, 3, is_report=True)] == [TaskKind.FILE]
