"""The water bureau: an old site of frames in GBK, paged by ?page=, with a session in every address."""

from __future__ import annotations

from hashlib import sha256

from tests.support.countyweb import originals
from tests.support.countyweb.web import Answer, Asked, Reply, Validators, Web
from tests.support.countyweb.wording import document, links, report, title_of

ORGAN = "栖禾县水务局"
GB = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
TEXT_HTML = "text/html"  # as such servers send it: no charset, the page says it or nobody does


def build(web: Web) -> None:
    """Everything at the site, as it is on `web.night`."""
    _frames(web)
    _list(web)
    _reports(web)


def _frames(web: Web) -> None:
    frames = (
        '<frameset rows="80,*"><frame src="top.asp" name="top"><frame src="main.asp" name="main"></frameset>'
    )
    web.page(
        "/", f"<html><head>{GB}<title>{ORGAN}</title></head>{frames}</html>", "gbk", media_type=TEXT_HTML
    )
    menu = links([("main.asp", "首页"), ("about.asp", "机构职能"), ("guest.asp", "留言板")])
    web.page("/top.asp", document(ORGAN, menu, GB), "gbk", media_type=TEXT_HTML)
    web.page("/about.asp", document("机构职能", "<p>管水。</p>", GB), "gbk", media_type=TEXT_HTML)
    web.page(
        "/guest.asp",
        document("留言板", "<form method=post><textarea></textarea></form>", GB),
        "gbk",
        media_type=TEXT_HTML,
    )
    web.page(
        "/main.asp", document(ORGAN, links([("nb.asp", "信息公开年报")]), GB), "gbk", media_type=TEXT_HTML
    )
    # Undeclared: neither the header nor the page says that it is GBK.
    inside = '<iframe src="list.asp?classid=7" width="100%" frameborder="0"></iframe>'
    web.page("/nb.asp", document("信息公开年报", inside), "gbk", media_type=TEXT_HTML)


def _list(web: Web) -> None:
    """Links to reports carry a session that is another one at every answer."""
    shown = [(2023, "show.asp?id=23"), (2022, "show.asp?id=22"), (2021, "show.asp?id=21")]
    shown += [(2020, "show.asp?id=20"), (2019, "show.asp?id=19"), (2018, "down.asp?id=18")]
    if web.night >= 3:
        shown.remove((2020, "show.asp?id=20"))
        web.edit("unlinked", "/files/2020.pdf")
    for page in (1, 2, 3):
        part = shown[2 * (page - 1) : 2 * page]
        reply = _with_session(part, page)
        web.replies[f"/list.asp?classid=7&page={page}"] = reply
        if page == 1:
            web.replies["/list.asp?classid=7"] = reply


def _with_session(shown: list[tuple[int, str]], page: int) -> Reply:
    def answer(asked: Asked) -> Answer:
        session = f"sid={sha256(str(asked.times).encode()).hexdigest()[:24]}"
        rows = links([(f"{link}&{session}", title_of(ORGAN, year)) for year, link in shown])
        turn = [(f"list.asp?classid=7&page={n}", str(n)) for n in (1, 2, 3)]
        turn += [(f"list.asp?classid=7&page={page + 1}", "下一页")] if page < 3 else []
        body = document("信息公开年报", rows + links(turn, "pages"), GB).encode("gbk")
        return Answer(body, TEXT_HTML, validators=Validators.NONE)

    return answer


def _reports(web: Web) -> None:
    """Two pages with tables, one declared wrongly; files under several addresses and odd names."""
    # The frame is another one on the third night, the report is not.
    words = ("首页", "水利工程", "防汛抗旱") if web.night >= 3 else ("首页", "机构职能", "留言板")
    changed = links([("main.asp", words[0]), ("about.asp", words[1]), ("guest.asp", words[2])], "nav")
    text, facts = report(ORGAN, 2023, {})
    web.page(
        "/show.asp?id=23", document(title_of(ORGAN, 2023), text, GB, changed), "gbk", media_type=TEXT_HTML
    )
    web.want_page(title_of(ORGAN, 2023), facts, "/show.asp?id=23")

    digit = {("proactive", "licensing", "decisions"): "8"} if web.night >= 3 else {}
    text, facts = report(ORGAN, 2022, digit)
    wrong = "text/html; charset=utf-8"  # the bytes and the page itself say GBK
    web.page("/show.asp?id=22", document(title_of(ORGAN, 2022), text, GB), "gbk", media_type=wrong)
    web.want_page(title_of(ORGAN, 2022), facts, "/show.asp?id=22")
    web.edit("replaced", "/show.asp?id=22")

    # The same file under three addresses.
    same = [
        ("/files/2021.pdf", "附件1"),
        ("/files/2021.pdf?v=2", "附件1（备用下载）"),
        ("/down.asp?id=21", "点击下载"),
    ]
    body = document(title_of(ORGAN, 2021), links(same), GB)
    web.page("/show.asp?id=21", body, "gbk", media_type=TEXT_HTML)
    for path, _ in same:
        web.file(path, originals.pdf("水务2021"), validators=Validators.DATE)
    web.want("pdf", title_of(ORGAN, 2021), originals.pdf("水务2021"), *(path for path, _ in same))

    body = document(title_of(ORGAN, 2020), links([("files/2020.pdf", "附件")]), GB)
    web.page("/show.asp?id=20", body, "gbk", media_type=TEXT_HTML)
    web.file("/files/2020.pdf", originals.pdf("水务2020"))
    web.want("pdf", title_of(ORGAN, 2020), originals.pdf("水务2020"), "/files/2020.pdf")

    body = document(title_of(ORGAN, 2019), links([("files/2019.doc", "附件：年度报告")]), GB)
    web.page("/show.asp?id=19", body, "gbk", media_type=TEXT_HTML)
    web.file("/files/2019.doc", originals.doc("水务2019"), originals.DOC)
    web.want("doc", title_of(ORGAN, 2019), originals.doc("水务2019"), "/files/2019.doc")

    # The link of the list is the download; the name in the header is bare GBK.
    name = f"{title_of(ORGAN, 2018)}.pdf".encode("gbk").decode("latin-1")
    named = {"Content-Disposition": f"attachment; filename={name}"}
    web.file("/down.asp?id=18", originals.pdf("水务2018"), "application/octet-stream", headers=named)
    web.want("pdf", title_of(ORGAN, 2018), originals.pdf("水务2018"), "/down.asp?id=18")
