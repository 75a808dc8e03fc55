"""Reports published as web pages: the same text and tables as the others, set as HTML and MHTML."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path

import numpy as np
import pikepdf

from samples.generator.grid import Slot
from samples.generator.layouts import LAYOUTS, Look
from samples.generator.reports import TABLES, Sample, compose
from samples.generator.typeset import Heading, TableSpec
from samples.generator.values import Printed, balanced_requests, balanced_review, numbers_for, printed

_SITE = "http://www.qinghe.example.cn"
_MENU = ("网站首页", "政务动态", "政府信息公开", "办事服务", "互动交流", "走进青禾")
_MODERN = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
.report table {{ border-collapse: collapse; }}
.tip, .only-phone {{ display: none; }}
@media print {{ .article {{ display: none; }} }}
</style>
<script>document.write("<p>本行由脚本写出，不属于报告。</p>");</script>
</head>
<body>
<header><ul class="menu">{menu}</ul></header>
<div class="path">您现在的位置：<a href="/">首页</a> &gt;
<a href="/zwgk/">政府信息公开</a> &gt; <a href="/nb/">年报</a></div>
<div class="only-phone">打开客户端阅读</div>
<article class="article report">
{body}
</article>
<footer><p>主办：{organ}</p></footer>
</body>
</html>
"""
_OLD = """<!-- saved from a template of 2006 -->
<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312">
<TITLE>{title}</TITLE></HEAD>
<BODY bgColor=#ffffff topMargin=0>
<TABLE cellSpacing=0 cellPadding=0 width=980 align=center border=0><TBODY>
<TR><TD colSpan=2><IMG height=1 src="images/spacer.gif" width=980></TD></TR>
<TR><TD colSpan=2><TABLE width="100%" border=0><TR>{menu}</TR></TABLE></TD></TR>
<TR><TD vAlign=top width=180><TABLE width=170><TR><TD><A href="a.asp">机构职能</A></TD></TR>
<TR><TD><A href="b.asp">领导信箱</A></TD></TR></TABLE></TD>
<TD vAlign=top width=800><TABLE width="100%" border=0><TR><TD>
{body}
</TD></TR></TABLE></TD></TR>
<TR><TD colSpan=2 align=middle><FONT size=2>{organ} 版权所有</FONT></TD></TR>
</TBODY></TABLE></BODY></HTML>
"""
_BOUNDARY = "----guidang-sample"


def webpage() -> Sample:
    """A page of today, 2021 form: "/" where there is no power, a blank, a decimal fee, a thead."""
    rng = np.random.default_rng(3021)
    two = printed(numbers_for("proactive", "2021", rng))
    two |= {("regulations", column): Printed("/") for column in ("issued", "repealed", "in_force")}
    two["coercion", "decisions"] = Printed("")
    three = printed(balanced_requests(rng, "2021", mean=11.0, fill=0.5))
    four = printed(balanced_review(rng, mean=4.0))
    values = {t: ("2021", n) for t, n in zip(TABLES, (two, three, four), strict=True)}
    return _sample("webpage", "云溪县青禾镇人民政府", 2024, values, 31)


def webpage_gbk() -> Sample:
    """An old page laid out in tables, in GBK, 2019 form: thousands, full-width digits, blanks, a unit."""
    rng = np.random.default_rng(3019)
    two = printed(numbers_for("proactive", "2019", rng), thousands=True)
    two["licensing", "decisions"] = Printed("12,408", "12408")
    two["penalties", "prior_items"] = Printed("３７", "37")
    two["procurement", "amount"] = Printed("251000元", "251000")
    two |= {("coercion", column): Printed("—") for column in ("prior_items", "change", "decisions")}
    three = printed(balanced_requests(rng, "2019", mean=7.0, fill=0.4))
    three |= {key: Printed("") for key, cell in three.items() if cell.value == "0" and key[1] == "research"}
    four = printed(balanced_review(rng, mean=2.0))
    values = {t: ("2019", n) for t, n in zip(TABLES, (two, three, four), strict=True)}
    return _sample("webpage-gbk", "东屏市南岸区水利局", 2020, values, 32)


def _sample(name: str, organ: str, year: int, values: dict, seed: int) -> Sample:  # type: ignore[type-arg]
    prints = {t: (TableSpec(t, form, facts, Look()),) for t, (form, facts) in values.items()}
    return compose(name, organ, year, values, prints, seed)


def set_webpage(sample: Sample) -> bytes:
    """The page of today, in UTF-8."""
    menu = "".join(f'<li><a href="/{n}/">{text}</a></li>' for n, text in enumerate(_MENU))
    body = "\n".join(_blocks(sample, _modern_table, "h1", "h2"))
    return _MODERN.format(title=sample.spec.title, menu=menu, body=body, organ=sample.organ).encode()


def set_webpage_gbk(sample: Sample) -> bytes:
    """The old page, in GBK, which it calls GB2312."""
    menu = "".join(f'<TD><A href="{n}.asp">{text}</A></TD>' for n, text in enumerate(_MENU))
    body = "\n".join(_blocks(sample, _old_table, "P", "P"))
    return _OLD.format(title=sample.spec.title, menu=menu, body=body, organ=sample.organ).encode("gb18030")


def _blocks(sample: Sample, table: Callable[[TableSpec], str], title: str, heading: str) -> Iterator[str]:
    for block in sample.spec.blocks:
        if isinstance(block, Heading):
            tag = heading if block.level else title
            yield f"<{tag}>{'<br>'.join(map(escape, block.text.split(chr(10))))}</{tag}>"
        elif isinstance(block, TableSpec):
            yield table(block)
        elif isinstance(block, str):
            yield f"<p>&emsp;&emsp;{escape(block)}</p>"


def _slots(spec: TableSpec) -> Iterable[tuple[int, list[Slot]]]:
    grid = LAYOUTS[spec.table](spec.form, spec.values, spec.look).grid
    for row in range(len(grid.heights)):
        yield row, sorted((slot for slot in grid.slots if slot.row == row), key=lambda slot: slot.column)


def _modern_table(spec: TableSpec) -> str:
    rows = ["<table border='1'>", "<thead>"]
    body = False
    for _, slots in _slots(spec):
        if not body and any(slot.kind in ("value", "label") for slot in slots):
            rows.append("</thead><tbody>")
            body = True
        cells = (_cell(slot, "td", "".join(slot.lines) or "&nbsp;") for slot in slots)
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*rows, "</tbody></table>"])


def _cell(slot: Slot, tag: str, text: str) -> str:
    spans = f' rowspan="{slot.row_span}"' if slot.row_span > 1 else ""
    spans += f' colspan="{slot.column_span}"' if slot.column_span > 1 else ""
    return f"<{tag}{spans}>{text}</{tag}>"


def _old_table(spec: TableSpec) -> str:
    """As a word processor exports it: a paragraph a line, no end tags, a hidden cell for its own use."""
    rows = ['<TABLE class=MsoNormalTable style="mso-border-alt: solid windowtext .5pt" border=1><TBODY>']
    for _, slots in _slots(spec):
        rows.append('<TR style="mso-yfti-irow: 0">')
        rows += [_cell(slot, "TD", _old_lines(slot)).removesuffix("</TD>") for slot in slots]
        rows.append('<TD style="DISPLAY: none">9</TD></TR>')
    return "\n".join([*rows, "</TBODY></TABLE>"])


def _old_lines(slot: Slot) -> str:
    lines = slot.lines if any(slot.lines) else ("",)
    font = "<FONT face=宋体><SPAN lang=EN-US>{}<?xml:namespace prefix = o /><o:p></o:p></SPAN></FONT>"
    return "".join(f"<P class=MsoNormal align=center>{font.format(line or '&nbsp;')}</P>" for line in lines)


def set_images(scan: Path, title: str) -> bytes:
    """A page that shows the pages of a scan as pictures, saved with them; a logo is no page."""
    pictures = [_jpeg(page) for page in pikepdf.open(scan).pages]
    images = "".join(f'<p><img src="files/page{n}.jpg"></p>' for n in range(1, len(pictures) + 1))
    body = f'<html><body><img src="/logo.gif"><h1>{title}</h1>{images}</body></html>'
    parts = [_part("text/html; charset=utf-8", f"{_SITE}/nb/2022.html", body.encode())]
    parts.append(_part("image/gif", f"{_SITE}/logo.gif", _LOGO))
    parts += [
        _part("image/jpeg", f"{_SITE}/nb/files/page{n}.jpg", data) for n, data in enumerate(pictures, 1)
    ]
    kind = f'multipart/related; type="text/html"; boundary="{_BOUNDARY}"'
    head = f"MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n"
    return head.encode() + b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()


# A GIF of one white pixel.
_LOGO = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==")


def _jpeg(page: pikepdf.Page) -> bytes:
    (image,) = page.images.values()
    return bytes(image.read_raw_bytes())


def _part(kind: str, location: str, data: bytes) -> bytes:
    head = f"--{_BOUNDARY}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
    sent = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return f"{head}Content-Location: {location}\r\n\r\n".encode() + sent


WEBPAGES = ((webpage, set_webpage), (webpage_gbk, set_webpage_gbk))
