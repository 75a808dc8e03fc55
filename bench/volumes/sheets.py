"""What stands between the reports of a volume: covers, separators, contents; page numbers and heads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import typst

from bench.volumes.members import Member, folder
from samples.generator.typeset import FONT_FOLDERS

_HEAD = """#set page(width: 595.28pt, height: 841.89pt, margin: 72pt)
#set text(font: ("Noto Serif CJK SC",), size: 14pt, lang: "zh")
"""
_SEAL = (
    "#place(bottom + right, dx: -40pt, dy: -60pt, circle(radius: 50pt, stroke: 3pt + red)"
    "[#set align(center + horizon); #text(fill: red, size: 11pt)[{organ}]])"
)
ORGAN_ABOVE, ORGAN_BELOW = "above", "below"


def cover(one: Member, how: str = ORGAN_ABOVE, sealed: bool = False) -> Path:
    """A cover: organ and title above, or the title above and the organ over the date below."""
    title = f"{one.year}年政府信息公开工作年度报告"
    if how == ORGAN_ABOVE:
        body = [_line(one.organ, 26), _line(title, 22), "#v(320pt)", _line(f"{one.year + 1}年1月", 14)]
    else:
        body = [_line(title, 24), "#v(360pt)", _line(one.organ, 18), _line(f"{one.year + 1}年1月20日", 14)]
    seal = _SEAL.format(organ=one.organ) if sealed else ""
    return _typeset("#v(140pt)\n" + "\n".join(body) + seal)


def volume_cover(place: str, year: int) -> Path:
    """The cover of the whole volume."""
    lines = [
        _line(place, 28),
        _line(f"{year}年政府信息公开工作年度报告汇编", 22),
        "#v(300pt)",
        _line("档案室", 14),
    ]
    return _typeset("#v(160pt)\n" + "\n".join(lines))


def separator(text: str) -> Path:
    """A sheet with nothing but a few words in its upper half."""
    return _typeset("#v(220pt)\n" + _line(text, 28))


def blank() -> Path:
    """A sheet with nothing on it."""
    return _typeset("")


def contents(members: Sequence[Member], first_pages: Sequence[int], *, organs_only: bool = False) -> Path:
    """A table of contents with leaders; of organs only, or of whole titles."""
    names = [
        one.organ if organs_only else f"{one.organ}{one.year}年政府信息公开工作年度报告" for one in members
    ]
    rows = [
        f"#box(width: 100%)[#text({_quote(name)}) #box(width: 1fr, repeat[.]) {page}]\n"
        for name, page in zip(names, first_pages, strict=True)
    ]
    return _typeset(_line("目  录", 20) + "\n#set text(size: 11pt)\n" + "\n".join(rows))


def notice(one: Member) -> Path:
    """A page of text that is attached to a report."""
    text = (
        f"为做好{one.year}年度政务公开工作，现将有关事项通知如下。各单位要高度重视，落实责任。"
        "要及时更新栏目，方便群众查询。要加强培训，提高业务水平。请于月底前报送材料。"
    )
    return _typeset(_line("附件：工作通知", 16) + f"\n#par({_quote(text)})\n" * 3)


def overlay(texts: Sequence[tuple[str, str]]) -> Path:
    """A page for each (running head, page number), to be laid over others; either may be empty."""
    pages = [
        f"#place(top + center, dy: -40pt, text(size: 10pt, {_quote(head)}))\n"
        f"#place(bottom + center, dy: 40pt, text(size: 10pt, {_quote(number)}))"
        for head, number in texts
    ]
    return _typeset("\n#pagebreak()\n".join(pages))


def _line(text: str, size: int) -> str:
    return f"#align(center, text(size: {size}pt, {_quote(text)}))"


def _typeset(source: str) -> Path:
    whole = _HEAD + source
    path = folder() / f"{sha256(whole.encode()).hexdigest()[:16]}.pdf"
    if not path.exists():
        path.write_bytes(_compiler().compile(input=whole.encode(), format="pdf"))  # type: ignore[arg-type]
    return path


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=list(FONT_FOLDERS), ignore_system_fonts=True)


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
