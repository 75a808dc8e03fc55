"""Web pages: read from their markup as printed, laid out so that each value can be shown."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from PIL import Image

from archive.archive import Archive
from bench.accuracy.truth import read_truth
from core.errors import UnreadableDocument
from core.limits import WEB_PAGE
from core.media_types import HEAD, HTML, MHTML, OTHER, PDF, media_type
from ingest.sources.intake import take
from ocr.document_opener import open_document
from ocr.engine.base import Engine
from ocr.html.block_builder import content_of
from ocr.model import Cell, Page, Route
from ocr.output.overlay import crop
from ocr.output.searchable_pdf import write_searchable
from ocr.output.step_pictures import step_pictures
from ocr.reader import read_document
from ocr.rereading import read_again
from ocr.web.mhtml_reader import saved_page
from ocr.web.page_layout import LaidTable, lay_out
from reconcile.model import Flag, State
from reconcile.reconciliation import reconcile
from tests.support.markup import CellAt, grids
from tests.support.paths import SAMPLES

TEXT = "<p>" + "本报告由云溪县青禾镇人民政府编制。" * 15 + "</p>"
WEBPAGE = (SAMPLES / "webpage.html").read_text(encoding="utf-8")


def pages_of(tmp_path: Path, page: str | bytes, name: str = "page") -> list[Page]:
    path = tmp_path / name
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    return list(read_document(path, _NO_ENGINE))


class _NoEngine:
    """What a page of markup is never given to."""

    name = "none"

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"the engine was asked to {name}")


_NO_ENGINE: Engine = _NoEngine()  # type: ignore[assignment]


def cell_texts(pages: list[Page]) -> list[str]:
    return [cell.text for page in pages for table in page.tables for cell in table.cells]


def mhtml(*parts: tuple[str, str, bytes], coding: str = "base64", extra: str = "") -> bytes:
    out = [b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\npreamble\r\n']
    for kind, place, data in parts:
        sent = base64.encodebytes(data).replace(b"\n", b"\r\n") if coding == "base64" else data
        head = f"--b\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {coding}\r\n{place}\r\n\r\n"
        out += [head.encode(), sent, b"\r\n"]
    return b"".join([*out, b"--b--\r\n"])


# What a file is


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"<!DOCTYPE html><html>", HTML),
        (b"\xef\xbb\xbf\r\n <HTML>", HTML),
        (b"<!-- saved from url=(0014)about:internet -->\r\n<html>", HTML),
        (b"<!-- " + b"a long licence " * 100, HTML),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x"><html xmlns="y">', HTML),
        (b'<meta charset="gbk"><title>\xb1\xa8\xb8\xe6</title>', HTML),
        (b"<table border=1><tr><td>\xb9\xe6\xd5\xc2</td>", HTML),
        (b"\xff\xfe" + "<html>".encode("utf-16-le"), HTML),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=x\r\n\r\n--x", MHTML),
        (b"From: <Saved by Blink>\r\nSnapshot-Content-Location: http://a/\r\nSubject: \r\n", MHTML),
        (b"From: a@b.cn\r\nContent-Type: text/plain\r\n\r\nContent-Type: multipart/related", OTHER),
        (b'<?xml version="1.0"?><rss>', OTHER),
        (b"<plist>", OTHER),
        (b"body { color: red }", OTHER),
        (b"%PDF-1.7 <html>", PDF),
        (b"<html> before it\n%PDF-1.4", PDF),
        (b"\xff\xd8\xff\xe0<html>", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n<!DOCTYPE html>", "image/png"),
    ],
)
def test_a_web_page_is_known_by_its_first_bytes(head: bytes, kind: str) -> None:
    assert media_type(head[:HEAD]) == kind


def test_what_does_not_decode_is_marked_and_doubted(tmp_path: Path) -> None:
    broken = WEBPAGE.encode().replace("规章".encode(), b"\xe8\xa7\x84\xe7\xab")
    pages = pages_of(tmp_path, broken)
    (label,) = [
        cell
        for page in pages
        for t in page.tables
        for cell in t.cells
        if cell.text[:1] == "规" and cell.column == 0
    ]
    assert "\ufffd" in label.text
    assert label.confidence <= 0.5


# What is printed


def test_blank_dash_and_zero_stay_three_facts_and_a_picture_is_unread(tmp_path: Path) -> None:
    row = WEBPAGE.index("四、结转下年度")
    start = WEBPAGE.index("<td>", row)
    end = WEBPAGE.index("</tr>", row)
    cells = [
        "&nbsp;",
        "/",
        "0",
        "<img src='5.gif'>",
        "<img width=1 src='blank.gif'>",
        "7<img src='x.gif'>",
        "0",
    ]
    changed = WEBPAGE[:start] + "".join(f"<td>{cell}</td>" for cell in cells) + WEBPAGE[end:]
    report = reconcile(pages_of(tmp_path, changed))
    values = [v for v in report.values if (v.key.table, v.key.row) == ("requests", "carried_out")]
    assert [value.state for value in values] == [
        State.BLANK, State.DASH, State.READ, State.UNREAD, State.BLANK, State.READ, State.READ,
    ]  # fmt: skip
    assert Flag.UNREAD in values[3].flags
    assert Flag.LOW_CONFIDENCE in values[5].flags
    assert Flag.UNREAD not in values[0].flags


# Tables


@pytest.mark.parametrize(
    "cell",
    [
        "<del>99</del>183",
        "<s>99</s>183",
        "<strike>99</strike>183",
        "<span style='text-decoration: line-through'>99</span>183",
        "183<sup>1</sup>",
        "183<sub>1</sub>",
        "<ruby>183<rt>9</rt></ruby>",
        "<bdo dir=rtl>381</bdo>",
        "<span style='color:#FFF'>9</span>183",
        "<font color=white>9</font>183",
        "<style>.far{position:absolute}</style><span class=far>9</span>183",
        "<script>document.write(183)</script>",
        "<script>document.write(1)</script>83",
        "183<span style='position:relative;top:-4px'>1</span>",
        "183<span style='vertical-align:30%'>1</span>",
        "183<span style='font:8px/1 serif'>1</span>",
        "<style>td .n b{font-size:60%}</style>183<i class=n><b>1</b></i>",
        "<big>183</big>1",
        "183<small>1</small>",
        "<s><b>99</b></s>183",
        "<span dir=rtl>183</span>",
        "\u202e183",
        "<span style='display:inline-block;transform:rotate(180deg)'>183</span>",
        "<span style='display:inline-block;scale:-1 1'>183</span>",
        "<math><mfrac><mn>18</mn><mn>3</mn></mfrac></math>",
        "<input placeholder=183>",
        "<input type=submit value=183>",
        "<span style='color:#fefefe'>9</span>183",
        "<span style='color:rgba(0,0,0,.02)'>9</span>183",
        "<span style='filter:opacity(2%)'>9</span>183",
        "<span style='opacity:.2'><span style='opacity:.2'>9</span></span>183",
        "<span style='font-size:1px'>9</span>183",
        "<span style='letter-spacing:-1em'>9183</span>",
        "<style>.n::before{content:'9'}</style><b class=n>183</b>",
        "<style>@media screen{td b:last-child:after{content:attr(x)}}</style><b x=9>183</b>",
        "<style>i.n:after{content:'183'}</style><i class=n></i>",
    ],
)
def test_a_cell_whose_print_the_markup_does_not_tell_is_never_sure(cell: str, tmp_path: Path) -> None:
    page = WEBPAGE.replace("<td>183</td>", f"<td>{cell}</td>", 1)
    found = reconcile(pages_of(tmp_path, page)).values
    (value,) = [one for one in found if str(one.key) == "proactive/normative_documents/issued"]
    assert value.needs_review
    assert value.state is not State.BLANK
    assert [one for one in found if one.needs_review] == [value]


@pytest.mark.parametrize(
    "style",
    [
        "display:block",
        "display:inline-block;width:5em",
        "display:table-cell",
        "display:inline-flex",
        "float:right",
        "margin-left:2em",
        "margin:0 0 0 20px",
        "padding:0 10px",
        "position:relative;left:30px",
    ],
)
def test_numbers_that_a_style_sets_apart_are_not_one_number(style: str, tmp_path: Path) -> None:
    for cell in (f"18<i style='{style}'>3</i>", f"<i style='{style}'>18</i>3", f"<b><i style='{style}'>183"):
        page = WEBPAGE.replace("<td>183</td>", f"<td>{cell}</td>", 1)
        assert ("183" in cell_texts(pages_of(tmp_path, page))) == ("183" in cell)


def test_a_box_sets_apart_what_is_in_it(tmp_path: Path) -> None:
    cell = "<td><div style='display:flex;gap:9px'><b>18</b><b>3</b></div></td>"
    assert "18 3" in cell_texts(pages_of(tmp_path, WEBPAGE.replace("<td>183</td>", cell, 1)))


@pytest.mark.parametrize("part", ["table", "tbody", "tr", "td"])
def test_what_is_struck_out_around_a_cell_is_struck_in_it(part: str, tmp_path: Path) -> None:
    struck = f"<{part} style='text-decoration: red line-through'"
    at = WEBPAGE.rindex(f"<{part}", 0, WEBPAGE.index("183</td>"))
    page = WEBPAGE[:at] + struck + WEBPAGE[at + len(part) + 1 :]
    doubted = {str(one.key) for one in reconcile(pages_of(tmp_path, page)).values if one.needs_review}
    assert "proactive/normative_documents/issued" in doubted
    assert not any(key.startswith("requests/") for key in doubted)


@pytest.mark.parametrize(
    "style",
    ["font-size:0", "font-size: 0px;", "opacity:0", "position:absolute;left:-9999px", "visibility:hidden"],
)
def test_what_no_browser_shows_in_a_cell_is_not_read_and_casts_no_doubt(style: str, tmp_path: Path) -> None:
    page = WEBPAGE.replace("<td>183</td>", f'<td><span style="{style}">9</span>183</td>', 1)
    found = reconcile(pages_of(tmp_path, page)).values
    (value,) = [one for one in found if str(one.key) == "proactive/normative_documents/issued"]
    assert value.raw == "183"
    assert not any(one.needs_review for one in found)


def test_a_struck_cell_is_doubted_itself_and_a_pale_one_on_its_own_ground_is_not(tmp_path: Path) -> None:
    for style, doubted in (("text-decoration:line-through", 1), ("background:#036;color:#fff", 0)):
        page = WEBPAGE.replace("<td>183</td>", f'<td style="{style}">183', 1)
        assert sum(one.needs_review for one in reconcile(pages_of(tmp_path, page)).values) == doubted


@pytest.mark.parametrize(
    "cell",
    [
        "<b>183</b>",
        "1<b>8</b>3",
        "<span style='font-size:10.5pt;color:#000'>183</span>",
        "<span style='font-size:14px'><span style='font-size:100%'>1</span>83</span>",
        "<span style='position:relative;top:-1.5pt'>183</span>",
        "<p style='display:inline-block;margin:0 5px;padding:0 5px;opacity:.9'>183</p>",
        "<a style='text-decoration:none;vertical-align:middle;transform:none'>183</a>",
        "<input value=183 placeholder=0>",
        "<style>b:after{content:'.';visibility:hidden} b:before{content:''}</style><b>183</b>",
        "<style>@media print{b:after{content:'9'}} i:after{content:'9'}</style><b>183</b>",
    ],
)
def test_ordinary_type_casts_no_doubt(cell: str, tmp_path: Path) -> None:
    page = WEBPAGE.replace("<td>183</td>", f"<td>{cell}</td>", 1)
    assert not any(one.needs_review for one in reconcile(pages_of(tmp_path, page)).values)


@given(grids())
def test_the_cells_of_a_laid_out_table_lie_side_by_side_and_hold_their_text(
    made: tuple[list[CellAt], str],
) -> None:
    pages = lay_out(content_of(made[1]).blocks)
    for table in (item for page in pages for item in page.items if isinstance(item, LaidTable)):
        area = sum(cell.box.width * cell.box.height for cell in table.cells)
        assert area == pytest.approx(table.box.width * table.box.height)
        for cell in table.cells:
            assert "".join(line.text for line in cell.lines).replace(" ", "") == cell.cell.text.replace(
                " ", ""
            )
            for line in cell.lines:
                assert cell.box.left - 0.1 <= line.box.left <= line.box.right <= cell.box.right + 0.1
                assert cell.box.top - 0.1 <= line.box.top <= line.box.bottom <= cell.box.bottom + 0.1


# Reports


def cut_before(markup: str, label: str) -> str:
    at = markup.rindex("<tr>", 0, markup.index(label))
    return f"{markup[:at]}</tbody></table><table>{markup[at:]}"


MODEL = {
    "as it is": WEBPAGE,
    "table three in three": cut_before(cut_before(WEBPAGE, "四、结转下年度"), "一、本年新收"),
    "a caption between": cut_before(WEBPAGE, "四、结转下年度").replace("<table><tr", "<p>续表</p><table><tr"),
    "no end tags": re.sub("</t[dr]>", "", WEBPAGE),
    "headers": WEBPAGE.replace("<td", "<th").replace("</td>", "</th>"),
    "fields of a form": re.sub(r"<td>(\d+)</td>", r"<td><input value='\1'></td>", WEBPAGE),
    "a table in each cell": re.sub(r"<td>(\d+)</td>", r"<td><table><tr><td>\1</table></td>", WEBPAGE),
    "gbk that says utf-8": WEBPAGE.encode("gb18030"),
    "a page of tables": "<table><tr>"
    + "<td><a href=x>栏目</a>" * 9
    + "<tr><td colspan=9>"
    + WEBPAGE[WEBPAGE.index("<article") : WEBPAGE.index("</article>")]
    + "</table>",
}  # fmt: skip


@pytest.mark.parametrize("name", MODEL)
def test_a_report_is_read_whole_however_its_page_is_made(name: str, tmp_path: Path) -> None:
    report = reconcile(pages_of(tmp_path, MODEL[name]))
    truth = {fact.key: (fact.state, fact.raw) for fact in read_truth(SAMPLES / "webpage.truth.csv")}
    read = {(v.key.table, v.key.row, v.key.column): (v.state.value, v.raw) for v in report.values}
    assert read == truth
    assert (report.organ, report.year) == ("云溪县青禾镇人民政府", 2024)
    assert not [value for value in report.values if value.flags]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<html><p>您访问的页面不存在或已删除。</p></html>", "14 characters of text"),
        (mhtml(("text/html", "Content-Location: a", b"")), "no text"),
        (mhtml(("text/html", "Content-Location: a", b" \0\r\n")), "no text"),
        ("<html><div id=app></div><script src=a.js></script></html>", "no text"),
        ("<html><a href=r.pdf>2024年政府信息公开工作年度报告.pdf</a></html>", "MHTML"),
    ],
)
def test_a_page_that_is_no_report_is_refused(page: str | bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=reason) as refused:
        pages_of(tmp_path, page)
    assert refused.value.code == "no_report"
    assert "\n" not in str(refused.value)


# Where it stands


def cells_of(pages: list[Page]) -> list[Cell]:
    return [cell for page in pages for table in page.tables for cell in table.cells]


def test_every_character_stands_where_the_page_shows_it() -> None:
    with open_document(SAMPLES / "webpage.html") as document:
        sheet = document.sheet(2)
        pixels = sheet.render(144)
        ink = [
            pixels[int(2 * b.top) : int(2 * b.bottom) + 1, int(2 * b.left) : int(2 * b.right) + 1].min()
            for b in (char.box for char in sheet.chars if char.text.isalnum())
        ]
        bare = sheet.render(144, text=False)
    assert len(ink) > 600
    assert max(ink) < 100
    assert (bare < 128).sum() < (pixels < 128).sum()


# What a crop shows around the box, its frame and the rules of the table, in pixels.
_AROUND = 48


def test_the_crop_of_a_value_shows_the_value(engine: Engine) -> None:
    path = SAMPLES / "webpage-gbk.html"
    cells = [
        cell
        for cell in cells_of(list(read_document(path, _NO_ENGINE)))
        if re.fullmatch(r"[\d,]{3,}", cell.text)
    ]
    assert len(cells) > 5
    for cell in cells[:6]:
        shown = Image.open(io.BytesIO(crop(path, cell.page, cell.box, cell.box))).convert("RGB")
        inside = np.asarray(shown)[_AROUND:-_AROUND, _AROUND:-_AROUND]
        rows, columns = np.nonzero(inside.min(axis=2) < 128)
        ink = inside[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        assert engine.recognise(np.ascontiguousarray(ink)).text == cell.text


def test_the_same_page_is_laid_out_the_same_twice() -> None:
    first, second = (list(read_document(SAMPLES / "webpage-gbk.html", _NO_ENGINE)) for _ in range(2))
    assert [(page.lines, page.tables) for page in first] == [(page.lines, page.tables) for page in second]
    assert {page.route for page in first} == {Route.DIGITAL}


def test_a_wide_table_gets_a_wide_page_and_a_long_one_is_cut_between_rows(tmp_path: Path) -> None:
    wide = "<table>" + ("<tr>" + "<td>12345678" * 40) * 2 + "</table>"
    long = "<table>" + "".join(f"<tr><td>行{n}<td>{n}" for n in range(400)) + "</table>"
    first, *rest = pages_of(tmp_path, wide + long)
    assert first.width > 1500
    assert max(cell.box.right for cell in cells_of([first])) <= first.width
    assert len(rest) >= 2
    assert all(cell.box.bottom <= page.height for page in rest for cell in cells_of([page]))
    assert [c.text for c in cells_of(rest) if c.column == 1] == [str(n) for n in range(400)]
    assert rest[0].tables[0].open_bottom
    assert rest[1].tables[0].open_top


def test_a_failed_sum_is_the_reports_own_mistake(tmp_path: Path) -> None:
    path = tmp_path / "page"
    path.write_text(WEBPAGE.replace("<td>139</td>", "<td>138</td>"), encoding="utf-8")
    pages = list(read_document(path, _NO_ENGINE))
    cell = next(cell for cell in cells_of(pages) if cell.text == "138")
    second = read_again(path, pages, [cell], _NO_ENGINE)
    assert second[cell.place].text == "138"


def test_the_steps_of_a_laid_out_page_can_be_looked_at() -> None:
    steps = step_pictures(SAMPLES / "webpage.html", 2, _NO_ENGINE)
    assert [step.name for step in steps] == ["01-laid-out", "02-grid", "03-readings"]


# Saved with its pictures


def picture(shade: int, size: tuple[int, int] = (700, 900), kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("L", size, shade).save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize("coding", ["base64", "binary", "8bit"])
def test_a_saved_page_gives_its_files_byte_for_byte(coding: str) -> None:
    data = bytes(range(256)) * 3 + b"\r\n"
    page = mhtml(
        ("text/html; charset=gbk", "Content-Location: http://a/b/c.html", "<p>规章".encode("gbk")),
        ("image/png", "content-location: http://a/x%20y/\r\n\t1.png", data),
        ("image/png", "Content-ID: <two@mhtml.blink>", data[:7]),
        coding=coding,
    )
    saved = saved_page(page)
    assert saved.root.text == "<p>规章"
    assert saved.part("../x y/1.png").content == data  # type: ignore[union-attr]
    assert saved.part("cid:two@mhtml.blink").content == data[:7]  # type: ignore[union-attr]
    assert saved.part("http://a/b/other.png") is None


def test_a_file_is_found_whether_or_not_its_address_is_escaped() -> None:
    for kept, named in (("http://a/%E5%9B%BE/1.png", "图/1.png"), ("http://a/图/1.png", "%E5%9B%BE/1.png#x")):
        page = ("text/plain", "Content-Location: http://a/", b"<html>")
        saved = saved_page(mhtml(page, ("image/png", f"Content-Location: {kept}", b"picture")))
        assert saved.part(named).content == b"picture"  # type: ignore[union-attr]


@pytest.mark.parametrize("length", range(60, 72))
def test_a_file_that_was_cut_short_is_what_there_is_of_it(length: int) -> None:
    data = bytes(range(100))
    sent = base64.encodebytes(data)[:length]
    head = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
    part = b"--b\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
    found = saved_page(head + part + sent).root.content
    assert found == data[: len(found)]
    assert len(found) >= length * 3 // 4 - 2


def test_pictures_of_pages_follow_the_laid_out_pages_in_order_and_icons_are_skipped(tmp_path: Path) -> None:
    markup = f"{TEXT}<img src=1.png><img src=logo.png><p><img src='2.png'><img src=1.png>"
    page = mhtml(
        ("text/html", "Content-Location: http://a/r/", markup.encode()),
        ("image/png", "Content-Location: http://a/r/2.png", picture(100)),
        ("image/png", "Content-Location: http://a/r/1.png", picture(50)),
        ("image/png", "Content-Location: http://a/r/logo.png", picture(0, (1900, 300))),
    )  # fmt: skip
    path = tmp_path / "page.mhtml"
    path.write_bytes(page)
    with open_document(path) as document:
        assert len(document) == 3
        assert [int(document.sheet(n).render(200)[5, 5, 0]) for n in (1, 2, 3)] == [255, 50, 100]
        assert [document.sheet(n).number for n in (1, 2, 3)] == [1, 2, 3]


def test_pictures_inside_of_the_markup_are_pages_too(tmp_path: Path) -> None:
    data = base64.b64encode(picture(70)).decode()
    path = tmp_path / "page.html"
    path.write_text(f"<html><img src='data:image/png;base64,{data}'>", encoding="utf-8")
    with open_document(path) as document:
        assert len(document) == 1
        assert int(document.sheet(1).render(200)[5, 5, 0]) == 70


def test_a_frame_that_was_saved_too_is_read_in_its_place(tmp_path: Path) -> None:
    table = "<table><tr><td>规章<td>3</table>"
    page = mhtml(
        ("text/html", "Content-Location: http://a/", f"{TEXT}<iframe src='cid:f@x'></iframe><p>end".encode()),
        ("text/html", "Content-ID: <f@x>", f"{table}<iframe src='cid:f@x'></iframe>".encode()),
    )
    pages = pages_of(tmp_path, page)
    assert cell_texts(pages)[:2] == ["规章", "3"]
    assert pages[0].lines[-1].text == "end"


def test_style_sheets_that_were_saved_too_are_in_force(tmp_path: Path) -> None:
    links = "<link rel=stylesheet href='data:text/css;base64,LnN7ZGlzcGxheTpub25lfQ=='>"
    links += "<link rel=stylesheet href='css/a.css'><link rel='alternate stylesheet' href='cid:z@x'>"
    cell = "<td><b class=p>9</b><b class=q>9</b><b class=r>9</b><b class=s>9</b><i>183</i></td>"
    markup = WEBPAGE.replace("<td>183</td>", cell, 1).replace("</head>", f"{links}</head>", 1)
    page = mhtml(
        ("text/html; charset=utf-8", "Content-Location: http://a/r/1.html", markup.encode()),
        (
            "text/css",
            "Content-Location: http://a/r/css/a.css",
            b"@import url('../b.css') screen; @import 'a.css'; @import url(cid:p@x) print; .p{display:none}",
        ),
        ("text/css", "Content-Location: http://a/r/b.css", b"@import 'cid:c@x';.q{opacity:0}"),
        ("text/css", "Content-ID: <c@x>", b".r{font-size:0}"),
        ("text/css", "Content-ID: <p@x>", b"i{display:none}"),
        ("text/css", "Content-ID: <z@x>", b"i{display:none}"),
    )
    found = reconcile(pages_of(tmp_path, page)).values
    (value,) = [one for one in found if str(one.key) == "proactive/normative_documents/issued"]
    assert (value.raw, value.needs_review) == ("183", False)


def test_a_saved_page_without_a_page_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="no page"):
        pages_of(tmp_path, mhtml(("image/png", "Content-Location: a", picture(1))))


def test_the_searchable_pdf_of_a_web_page_has_its_text_over_its_picture(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<table><tr><td>结转下年度继续办理<td>12<tr><td>予以公开<td>/</table>", encoding="utf-8")
    (page,) = read_document(path, _NO_ENGINE)
    assert write_searchable(path, [page], tmp_path / "out.pdf", "title") is None
    (made,) = pdfium.PdfDocument(tmp_path / "out.pdf")
    text = made.get_textpage()
    assert re.sub(r"\s+", " ", text.get_text_range()).split() == ["结转下年度继续办理", "12", "予以公开", "/"]
    for cell in cells_of([page]):
        index, _ = text.search(cell.text).get_next()
        left, _, _, top = text.get_charbox(index)
        assert cell.box.contains(left + 1, page.height - top + 1)


# Too much


@pytest.mark.parametrize(
    ("page", "limit"),
    [
        ("<html>" + "<div>" * 100_000, f"{WEB_PAGE.depth:,} elements"),
        ("<html>" + "<table><tr><td>" * 100_000, f"{WEB_PAGE.table_depth:,} tables"),
        ("<table>" + "<tr><td>1<td>2<td>3<td>4" * 26_000, f"{WEB_PAGE.cells:,} cells"),
        (
            "<table>" + "<tr><td colspan=9999999 rowspan=9999999>1" * 6_000,
            f"{WEB_PAGE.columns:,} columns",
        ),
        ("<html>" + "政府信息公开" * 400_000, f"{WEB_PAGE.characters:,} characters"),
        ("<html>" + "<p>x" * 110_000, f"{WEB_PAGE.lines:,} lines"),
        (b"<html>" + b"<!-- -->" * (5 << 20), "32 MiB"),
        (b"<html>" + b"<b></b>" * 600_000, f"{WEB_PAGE.tags:,} tags"),
        ("<style>b:nth-child(2){color:red}</style>" + "<b></b>" * 20_000, f"{WEB_PAGE.counted:,} elements"),
    ],
    ids=["nesting", "tables", "cells", "spans", "text", "lines", "size", "tags", "counted"],
)  # fmt: skip
def test_a_page_beyond_the_limits_is_refused_with_the_limit_named(
    page: str | bytes, limit: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableDocument, match=limit) as refused:
        pages_of(tmp_path, page)
    assert refused.value.code == "too_large"
    assert "\n" not in str(refused.value)


# Where pages come from


def test_what_browsers_save_beside_a_page_is_passed_over_in_folders_and_zips(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    for name in ("page_files", "old.files", "scans_files"):
        (folder / name).mkdir(parents=True)
        (folder / name / "icon.png").write_bytes(picture(0, (16, 16)))
        (folder / name / "a.css").write_text("body {}")
    (folder / "page.html").write_text(f"<html>{TEXT}", encoding="utf-8")
    (folder / "old.HTM").write_text(f"<html>{TEXT} 2", encoding="utf-8")
    (folder / "old.htm").write_text(f"<html>{TEXT} 3", encoding="utf-8")
    (folder / "page_files" / "report.pdf").write_bytes((SAMPLES / "onepage.pdf").read_bytes())
    with zipfile.ZipFile(tmp_path / "saved.zip", "w") as made:
        for path in sorted(folder.rglob("*.*")):
            if path.is_file():
                made.write(path, path.relative_to(folder))
    with Archive.open(tmp_path / "archive", create=True) as archive:
        for root in (folder, tmp_path / "saved.zip"):
            names = (one.name.removeprefix(str(root))[1:] for one in take([root], archive) if one.kept)
            kept = set(names)
            assert kept == {
                "page.html",
                "old.HTM",
                "old.htm",
                "page_files/report.pdf",
                "scans_files/icon.png",
            }
        (named,) = (one for one in take([folder / "page_files"], archive) if one.name.endswith("icon.png"))
        assert named.kept
