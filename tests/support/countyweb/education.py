"""The education bureau: links made by script, islands of XML as JCMS has them, redirects of every sort."""

from __future__ import annotations

import json

from tests.support.countyweb import originals
from tests.support.countyweb.web import Answer, Asked, Reply, Validators, Web
from tests.support.countyweb.wording import document, links, title_of

ORGAN = "栖禾县教育局"
ART = "/art/{year}/art_77_{year}.html"


def build(web: Web) -> None:
    """Everything at the site, as it is on `web.night`."""
    opened = (
        '<a href="javascript:void(0)" onclick="window.open(\'/col/col77/index.html\')">政府信息公开年报</a>'
    )
    older = [
        ("/old/nb.jsp", "历年信息公开年度报告"),
        ("/go/nb", "信息公开年报（专栏）"),
        ("/xsgz/", "学生工作"),
    ]
    web.page("/", document(ORGAN, opened + links(older)))
    web.page("/xsgz/", document("学生工作", "<p>开学了。</p>"))
    _island(web)
    _arrays(web)
    _redirects(web)


def _article(web: Web, year: int, file: str, body: bytes) -> None:
    title = title_of(ORGAN, year)
    # The heading is another one on the third night; the report is not, and no news.
    heading = f"{title}（已公开）" if web.night >= 3 and year == 2022 else title
    shown = f"<h1>{heading}</h1>" + links([(file, f"{title}.pdf")])
    web.page(ART.format(year=year), document(heading, shown))
    web.file(file, body)
    web.want("pdf", title, body, file)


def _island(web: Web) -> None:
    """The list is in CDATA in a script; each link has a session that changes at every answer."""
    web.replies["/col/col77/index.html"] = _records((2023, 2022, 2021))
    for year in (2023, 2022, 2021):
        _article(web, year, f"/attach/{year}/a.pdf", originals.pdf(f"教育{year}"))


def _records(years: tuple[int, ...]) -> Reply:
    def answer(asked: Asked) -> Answer:
        session = f";jsessionid={asked.times * 65537:032X}"
        records = "".join(
            f'<record><![CDATA[<li><a href="{ART.format(year=year)}{session}">'
            f"{title_of(ORGAN, year)}</a><span>{year + 1}-01-25</span></li>]]></record>"
            for year in years
        )
        island = f"<datastore><recordset>{records}</recordset></datastore>"
        island = f'<div id="77"><script type="text/xml">{island}</script></div>'
        return Answer(document("政府信息公开年报", island).encode(), validators=Validators.NONE)

    return answer


def _arrays(web: Web) -> None:
    """Titles and addresses in two arrays, and a link that the page writes itself."""
    years = (2020, 2019)
    script = f"var titles = new Array({_quoted(title_of(ORGAN, y) for y in years)});\n"
    script += f"var urls = new Array({_quoted(ART.format(year=y) for y in years)});\n"
    script += "for (var i = 0; i < urls.length; i++)\n"
    script += "  document.write('<li><a href=\"' + urls[i] + '\">' + titles[i] + '</a></li>');"
    written = f"document.write('<a href=\"{ART.format(year=2018)}\">{title_of(ORGAN, 2018)}</a>');"
    web.page("/old/nb.jsp", document("历年年度报告", f"<script>{script}</script><script>{written}</script>"))
    for year in (*years, 2018):
        _article(web, year, f"/attach/{year}/a.pdf", originals.pdf(f"教育{year}"))


def _quoted(words) -> str:  # type: ignore[no-untyped-def]
    return ", ".join(json.dumps(word, ensure_ascii=False) for word in words)


def _redirects(web: Web) -> None:
    """The list has moved; one report after another has too. <base> tells what links are relative to."""
    port = web.root.rsplit(":", 1)[1]
    web.moved("/go/nb", "/zt/nb/list.html", 301)
    moves = {2017: 301, 2016: 302, 2015: 307, 2014: 302}
    items = links([(f"r{year}", title_of(ORGAN, year)) for year in moves])
    web.page("/zt/nb/list.html", document("信息公开年报", items, f'<base href="{web.root}/zt/nb/moved/">'))
    for year, status in moves.items():
        body = originals.pdf(f"教育{year}")
        title, here, there = title_of(ORGAN, year), f"/zt/nb/moved/r{year}", f"/files/{year}.pdf"
        web.moved(here, there, status)
        web.file(there, body)
        web.want("pdf", title, body, here, there)
    # A chain of three, and one to the same machine by another name, which is among the hosts.
    web.moved("/zt/nb/moved/r2016", "/zt/nb/moved/second", 302)
    web.moved("/zt/nb/moved/second", "/zt/nb/moved/third", 301)
    web.moved("/zt/nb/moved/third", "/files/2016.pdf", 302)
    web.moved("/zt/nb/moved/r2014", f"http://localhost:{port}/files/2014.pdf", 302)
