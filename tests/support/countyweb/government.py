"""The county government's site: a content system of the TRS kind, with everything in it, the reports too."""

from __future__ import annotations

from urllib.parse import quote, urljoin

from tests.support.countyweb import originals
from tests.support.countyweb.web import Answer, Asked, Validators, Web
from tests.support.countyweb.wording import dated, document, links, report, title_of

ORGAN = "栖禾县人民政府"
NAVIGATION = [
    ("/", "首页"),
    ("/xwzx/", "新闻中心"),
    ("/xxgk/", "政府信息公开"),
    ("/zwfw/login.jsp?from=index", "政务服务"),
    ("/hdjl/", "互动交流"),
    ("/tjsj/tjnj/", "统计年鉴"),
    ("/zfgzbg/", "政府工作报告"),
    ("/zjqh/", "走进栖禾"),
]
NB = "/xxgk/fdzdgknr/nb/"
ALIKE = "关于2023年政府信息公开工作年度报告编制情况的新闻通稿"
MISSING = "您访问的页面不存在"


def build(web: Web) -> None:
    """Everything at the site, as it is on `web.night`."""
    _portal(web)
    _what_is_no_report(web)
    _list(web)
    _pages(web)
    _attachments(web)
    _not_to_be_had(web)


def _framed(title: str, body: str, head: str = "") -> str:
    return document(title, body, head, links(NAVIGATION, "nav"))


def _portal(web: Web) -> None:
    rules = "User-agent: *\nDisallow: /internal/\nDisallow: /search\n\nUser-agent: BadBot\nDisallow: /\n"
    web.file("/robots.txt", rules.encode(), "text/plain", validators=Validators.NONE)
    search = '<form action="/search" method="get"><input name="q"><button>搜索</button></form>'
    news = links([(f"/xwzx/{n}.html", f"栖禾县第{n}次项目调度会召开") for n in range(1, 9)])
    web.page("/", _framed(ORGAN, search + news), gzip=True)
    guide = [
        ("./zn/index.html", "政府信息公开指南"),
        ("./zd/index.html", "政府信息公开制度"),
        ("./fdzdgknr/index.html", "法定主动公开内容"),
        ("./ysqgk/index.html", "依申请公开"),
        ("./fdzdgknr/nb/", "政府信息公开年报"),
        ("/calendar?month=202312", "政务公开日历"),
    ]
    web.page("/xxgk/", _framed("政府信息公开", links(guide)), validators=Validators.DATE)
    web.page(
        "/xxgk/zn/index.html",
        _framed(
            "政府信息公开指南", "<p>一、公开范围……</p>" + links([("./zn.pdf", "政府信息公开指南（PDF）")])
        ),
    )
    web.file("/xxgk/zn/zn.pdf", originals.pdf("指南"))
    web.page(
        "/xxgk/zd/index.html", _framed("政府信息公开制度", links([("./gzzd.html", "信息公开保密审查制度")]))
    )
    web.page("/xxgk/zd/gzzd.html", _framed("信息公开保密审查制度", "<p>先审查、后公开。</p>"))
    form = '<form action="./submit" method="post"><input name="who"><textarea name="what"></textarea></form>'
    web.page("/xxgk/ysqgk/index.html", _framed("依申请公开", form))
    kinds = [
        ("../fdzdgknr/ysgk/", "预算公开"),
        ("../fdzdgknr/jcgk/", "决策公开"),
        ("../fdzdgknr/nb/index.html", "政府信息公开工作年度报告"),
    ]
    web.page("/xxgk/fdzdgknr/index.html", _framed("法定主动公开内容", links(kinds)))


def _what_is_no_report(web: Web) -> None:
    """Most of any site. The calendar never ends; every page of it leads to two more."""
    for path in ("/xwzx/", "/hdjl/", "/zjqh/", "/map.html", "/xxgk/fdzdgknr/jcgk/"):
        web.page(
            path, _framed("栏目", links([(f"{path.rstrip('/')}/{n}.htm", f"条目{n}") for n in range(5)]))
        )
    web.page("/zfgzbg/", _framed("政府工作报告", links([("./2024.pdf", "2024年政府工作报告")])))
    web.file("/zfgzbg/2024.pdf", originals.pdf("政府工作报告"))
    web.page("/tjsj/tjnj/", _framed("统计年鉴", links([("./2023.pdf", "栖禾县2023年统计年鉴")])))
    web.file("/tjsj/tjnj/2023.pdf", originals.pdf("统计年鉴"))
    budgets = links([(f"./{year}.pdf", f"栖禾县{year}年部门预算公开报告") for year in (2022, 2023)])
    web.page("/xxgk/fdzdgknr/ysgk/", _framed("预算公开", budgets))
    for year in (2022, 2023):
        web.file(f"/xxgk/fdzdgknr/ysgk/{year}.pdf", originals.pdf(f"预算{year}"))
    for month in range(12 * 60):
        web.replies[f"/calendar?month={1990 + month // 12}{month % 12 + 1:02d}"] = _calendar
    asks = '用户名<input name="user">密码<input type="password" name="word"><button>登录</button>'
    login = f'<form action="/zwfw/login.do" method="post">{asks}</form>'
    web.page("/zwfw/login.jsp?from=index", _framed("用户登录", login))
    web.page("/zwfw/login.jsp?from=nb", _framed("用户登录", login))


def _calendar(asked: Asked) -> Answer:
    year, month = int(asked.path[-6:-2]), int(asked.path[-2:])
    later = f"{year + month // 12}{month % 12 + 1:02d}"
    earlier = f"{year - (month == 1)}{(month - 2) % 12 + 1:02d}"
    both = links(
        [
            (f"/calendar?month={earlier}", "政务公开日历（上月）"),
            (f"/calendar?month={later}", "政务公开日历（下月）"),
        ]
    )
    return Answer(_framed("政务公开日历", both).encode(), validators=Validators.NONE)


def _list(web: Web) -> None:
    """Three pages; the first counts its visitors, so that it is another page at every answer."""
    rows = [
        ("./202401/t20240126_1001.html", title_of(ORGAN, 2023), "2024-01-26"),
        ("./202301/t20230130_1002.html", title_of(ORGAN, 2022), "2023-01-30"),
        ("./202201/t20220128_1003.html", title_of(ORGAN, 2021), "2022-01-28"),
        ("./202101/t20210129_1004.html", title_of(ORGAN, 2020), "2021-01-29"),
        ("../../../xwzx/tg.html", ALIKE, "2024-01-27"),
        ("./202001/t20200122_1005.html", title_of(ORGAN, 2019), "2020-01-22"),
        ("./201901/t20190125_1006.html", title_of(ORGAN, 2018), "2019-01-25"),
        ("./201801/t20180126_1007.html", title_of(ORGAN, 2017), "2018-01-26"),
        ("./201701/t20170120_1008.html", title_of(ORGAN, 2016), "2017-01-20"),
        ("./201601/t20160122_1009.html", title_of(ORGAN, 2015), "2016-01-22"),
        ("/upload/年度 报告/2014年政府信息公开年度报告.pdf", title_of(ORGAN, 2014), "2015-01-20"),
        (f"//{web.root.split('//')[1]}/UPLOAD/NB/2013.PDF", title_of(ORGAN, 2013), "2014-01-20"),
        ("./201301/t20130122_1012.html", title_of(ORGAN, 2012), "2013-01-22"),
        ("/internal/2011.pdf", title_of(ORGAN, 2011), "2012-01-20"),
        ("./201101/t20110120_1014.html", title_of(ORGAN, 2010), "2011-01-20"),
        ("/zwfw/nb2009.jsp", title_of(ORGAN, 2009) + "（内部版）", "2010-01-20"),
    ]
    if web.night >= 3:
        rows.insert(0, ("./202501/t20250124_1020.html", title_of(ORGAN, 2024), "2025-01-24"))
    script = '<script>createPageHTML(3, {}, "index", "html");</script>'
    for page, start in enumerate(range(0, 18, 6)):
        body = dated(rows[start : start + 6]) + script.format(page)
        if page == 0:
            web.replies[NB] = web.replies[NB + "index.html"] = _counted(body)
        else:
            web.page(f"{NB}index_{page}.html", _framed("政府信息公开年报", body))
    web.page("/xwzx/tg.html", _framed(ALIKE, "<p>日前，我县各单位年度报告已全部编制完成并按时公布。</p>"))


def _counted(body: str):  # type: ignore[no-untyped-def]
    def answer(asked: Asked) -> Answer:
        counter = f"<p>访问量：{40_000 + asked.times}　今天是第{asked.times}个工作日</p>"
        return Answer(_framed("政府信息公开年报", counter + body).encode(), validators=Validators.NONE)

    return answer


def _pages(web: Web) -> None:
    """Reports that are pages: tables, tables that are attached as well (both are kept), pictures."""
    changed = {("proactive", "penalties", "decisions"): "7"} if web.night >= 3 else {}
    text, facts = report(ORGAN, 2023, changed)
    page = NB + "202401/t20240126_1001.html"
    style = '<link rel="stylesheet" href="/css/site.css">'
    logo = '<img src="/images/logo.png" width="120">'
    web.page(page, _framed(title_of(ORGAN, 2023), logo + text, style))
    web.file("/css/site.css", b"body{font-family:SimSun}\n", "text/css")
    web.file("/images/logo.png", bytes.fromhex(_PIXEL), "image/png")
    web.want_page(title_of(ORGAN, 2023), facts, page)
    web.edit("replaced", page)

    page, files = NB + "202101/t20210129_1004.html", "/xxgk/fdzdgknr/nb/202101/P020210129.pdf"
    text, facts = report(ORGAN, 2020, {})
    web.page(
        page,
        _framed(
            title_of(ORGAN, 2020), text + links([("./P020210129.pdf", "附件：" + title_of(ORGAN, 2020))])
        ),
    )
    web.file(files, originals.pdf("政府2020"))
    web.want("pdf", title_of(ORGAN, 2020), originals.pdf("政府2020"), files)
    web.want_page(title_of(ORGAN, 2020), facts, page)

    page = NB + "202001/t20200122_1005.html"
    scans = [f"W0202001225{n}.jpg" for n in (1, 2)]
    web.page(page, _framed(title_of(ORGAN, 2019), "".join(f'<p><img src="./{scan}"></p>' for scan in scans)))
    for scan in scans:
        web.file(f"{NB}202001/{scan}", originals.jpeg(scan), "image/jpeg")
    web.want_page(title_of(ORGAN, 2019), {}, page)


def _attachments(web: Web) -> None:
    """A page for each report with its file, as it was done in each year."""
    files = [
        (
            "202301/t20230130_1002",
            2022,
            "pdf",
            "./P020230130.pdf",
            originals.pdf("政府2022"),
            "application/pdf",
        ),
        (
            "202201/t20220128_1003",
            2021,
            "pdf",
            "../../../../attach/2021/nb.pdf",
            originals.pdf("政府2021"),
            "application/pdf",
        ),
        (
            "201801/t20180126_1007",
            2017,
            "docx",
            "./P020180126.docx",
            originals.docx("政府2017"),
            originals.DOCX,
        ),
        ("201701/t20170120_1008", 2016, "ofd", "./P020170120.ofd", originals.ofd("政府2016"), originals.OFD),
        (
            "201301/t20130122_1012",
            2012,
            "pdf",
            "/attach/2012/1.pdf",
            originals.pdf("政府2012"),
            "application/pdf",
        ),
    ]
    if web.night >= 3:
        added = (
            "202501/t20250124_1020",
            2024,
            "pdf",
            "./P020250124.pdf",
            originals.pdf("政府2024"),
            "application/pdf",
        )
        files.append(added)
        web.edit("new", NB + "202501/P020250124.pdf")
    for page, year, kind, link, body, media_type in files:
        title = title_of(ORGAN, year)
        shown = f"<h1>{title}</h1><p>现将报告予以公布。</p>" + links([(link, f"附件：{title}.{kind}")])
        web.page(f"{NB}{page}.html", _framed(title, shown), validators=Validators.DATE)
        path = urljoin(NB + page, link)
        web.file(path, body, media_type, validators=Validators.DATE)
        web.want(kind, title, body, path)
    _zipped(web)
    _by_script(web)
    _named_by_hand(web)


def _zipped(web: Web) -> None:
    title, page = title_of(ORGAN, 2018), NB + "201901/t20190125_1006.html"
    members = {f"{title}.pdf": originals.pdf("政府2018"), "附件：工作台账.pdf": originals.pdf("台账2018")}
    web.page(page, _framed(title, links([("./P020190125.zip", f"附件：{title}（压缩包）")])))
    path = NB + "201901/P020190125.zip"
    web.file(path, originals.packed(members), originals.ZIP)
    for name, body in members.items():
        web.want("zip", title, body, f"{path}!{name}")


def _by_script(web: Web) -> None:
    """A download script: the type is octet-stream, the name in the header in both of its spellings."""
    title, page = title_of(ORGAN, 2015), NB + "201601/t20160122_1009.html"
    path = "/module/download/downfile.jsp?classid=0&filename=2015nb.pdf"
    name = f"{title}.pdf"
    named = f"attachment; filename=\"{name.encode('gbk').decode('latin-1')}\"; filename*=UTF-8''{quote(name)}"
    web.page(page, _framed(title, links([(path, "点击下载")])))
    web.file(
        path, originals.pdf("政府2015"), "application/octet-stream", headers={"Content-Disposition": named}
    )
    web.want("pdf", title, originals.pdf("政府2015"), path)


def _named_by_hand(web: Web) -> None:
    """Spaces and Chinese in an address, capitals, an address without a scheme."""
    spaced, upper = "/upload/年度 报告/2014年政府信息公开年度报告.pdf", "/UPLOAD/NB/2013.PDF"
    web.file(spaced, originals.pdf("政府2014"))
    web.file(upper, originals.pdf("政府2013"))
    web.want("pdf", title_of(ORGAN, 2014), originals.pdf("政府2014"), quote(spaced))
    web.want("pdf", title_of(ORGAN, 2013), originals.pdf("政府2013"), upper)


def _not_to_be_had(web: Web) -> None:
    """What robots.txt forbids, what says 200 and is not there, what wants a password."""
    web.file("/internal/2011.pdf", originals.pdf("内部2011"))
    web.forbidden.append("/internal/2011.pdf")
    web.page(NB + "201101/t20110120_1014.html", _framed(MISSING, f"<p>抱歉，{MISSING}或已删除！</p>"))
    web.moved("/zwfw/nb2009.jsp", "/zwfw/login.jsp?from=nb")


_PIXEL = (
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cf500f0003010101185dd68d0000000049454e44ae426082"
)
