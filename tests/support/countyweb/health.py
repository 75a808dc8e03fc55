"""The health bureau: one list, and files behind servers of every temper."""

from __future__ import annotations

from tests.support.countyweb import originals
from tests.support.countyweb.web import Answer, Asked, Reply, Validators, Web
from tests.support.countyweb.wording import document, links, title_of

ORGAN = "栖禾县卫生健康局"
PDF = "application/pdf"


def build(web: Web) -> None:
    """Everything at the site, as it is on `web.night`."""
    years = [2023, 2022, 2021, 2020, 2019, 2018, 2017, 2016, 2015, 2014, 2013]
    rows = [(f"/f/{year}.pdf", title_of(ORGAN, year)) for year in years]
    web.page("/", document(ORGAN, links([("/nb/", "政府信息公开年度报告"), ("/ylfw/", "医疗服务")])))
    web.page("/nb/", document("政府信息公开年度报告", links(rows)), gzip=True)
    web.page("/ylfw/", document("医疗服务", "<p>请预约。</p>"))
    down = Answer(b"down", "text/plain", 503, {"Retry-After": "1"})
    # Another report under the same address on the third night, and one that is no longer there.
    first = originals.pdf("卫健2023更正" if web.night >= 3 else "卫健2023")
    _report(web, 2023, Answer(first, PDF))
    web.edit("replaced", "/f/2023.pdf")
    if web.night < 3:
        _report(web, 2022, Answer(originals.pdf("卫健2022"), PDF, validators=Validators.DATE))
    web.edit("vanished", "/f/2022.pdf")
    _report(web, 2021, Answer(originals.pdf("卫健2021"), PDF, validators=Validators.NONE))
    _report(web, 2020, Answer(originals.pdf("卫健2020"), PDF, validators=Validators.DEAF))
    _report(web, 2019, Answer(originals.pdf("卫健2019"), "text/html; charset=utf-8"))
    _report(web, 2018, Answer(originals.pdf("卫健2018"), PDF, gzip=True))
    _report(web, 2017, Answer(originals.pdf("卫健2017"), PDF, seconds=0.3))
    _report(
        web,
        2016,
        Answer(originals.pdf("卫健2016"), PDF),
        first=Answer(b"busy", "text/plain", 429, {"Retry-After": "2"}),
    )
    _report(
        web,
        2015,
        Answer(originals.pdf("卫健2015"), PDF),
        first=down,
    )
    _report(web, 2014, Answer(originals.pdf("卫健2014"), PDF), head=False)
    # An error page under the name and the type of a PDF is none.
    web.page(
        "/f/2013.pdf",
        "<html><title>出错了</title><p>服务器内部错误，文件无法打开。</p></html>",
        media_type=PDF,
    )


def _report(web: Web, year: int, answer: Answer, first: Answer | None = None, head: bool = True) -> None:
    """A report; `first` is what the first request gets instead, without `head` HEAD is refused."""

    def reply(asked: Asked) -> Answer:
        if first is not None and asked.times == 1:
            return first
        if asked.method == "HEAD" and not head:
            return Answer(b"", "text/plain", 405, {"Allow": "GET"})
        return answer

    path = f"/f/{year}.pdf"
    kept: Reply = answer if first is None and head else reply
    web.replies[path] = kept
    web.want("pdf", title_of(ORGAN, year), answer.body, path)
