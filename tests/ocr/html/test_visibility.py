"""What a browser shows of a page, by its markup and the style sheets inside of it."""

from __future__ import annotations

import pytest

from ocr.html.rendered_text import tell
from ocr.html.tree import Element, parse, walk
from ocr.html.visibility import AS_MARKED_UP, Shown
from tests.support.markup import tables, texts

UNSEEN = [
    "<b style='font-size:0'>no</b>",
    "<b style='font-size:0em'><i style='font-size:120%'>no</i></b>",
    "<b style='font:0/0 a'>no</b>",
    "<style>.x{font-size:0}</style><b class=x>no</b>",
    "<style>p .x>i{font-size:0}</style><p><b class=x><i>no</i></b>",
    "<style>#x.y{opacity:0}</style><b id=x class='y z'>no</b>",
    "<style>b{visibility:hidden}</style><b>no</b>",
    "<style>b{display:inline}.x{display:none}</style><b class=x>no</b>",
    "<style>.x{display:none!important}</style><b class=x style='display:inline'>no</b>",
    "<style>p b:first-child{display:none}</style><p><b>no</b>",
    "<style>p>b:not(i):nth-of-type(2n+1){display:none}</style><p><b>no</b>",
    "<style>b:not(.x,.y)[data-h='1']{display:none}</style><b data-h=1>no</b>",
    "<style>a,b:is(.x,[data-h]),i{display:none}</style><b data-h=1>no</b>",
    "<style>i+b,i~u{display:none}</style><i></i><b>no</b><u>no</u>",
    "<style>.a\\:b{display:none}</style><b class='a:b'>no</b>",
    "<style>@media screen{@supports (display:grid){b{display:none}}}</style><b>no</b>",
    "<style>@media print,(min-width:600px) and (max-width:1500px){b{display:none}}</style><b>no</b>",
    "<style>@media not print{b{display:none}}</style><b>no</b>",
    "<style>@media(width>=600px){b{display:none}}</style><b>no</b>",
    "<style>a::before{content:'}'}/*}*/b{display:none}</style><b>no</b>",
    "<style>a{color:red;&:hover{color:blue}}b{display:none</style><b>no</b>",
    "<b style='opacity:0.0'><i style='opacity:1'>no</i></b>",
    "<b style='visibility:collapse'>no</b>",
    "<b style='content-visibility:hidden'>no</b>",
    "<b style='filter:opacity(0%)'>no</b>",
    "<b style='position:absolute;left:-9999px'>no</b>",
    "<b style='position:fixed;top:-100em'>no</b>",
    "<div style='text-indent:-9999px'>no</div>",
    "<div style='margin-left:-9999px'>no</div>",
    "<b style='position:absolute;clip:rect(0 0 0 0)'>no</b>",
    "<b style='position:absolute;clip:rect(1px, 1px, 1px, 1px)'>no</b>",
    "<b style='clip-path:inset(50%)'>no</b>",
    "<b style='clip-path:circle(0)'>no</b>",
    "<b style='display:inline-block;transform:scale(0)'>no</b>",
    "<div style='transform:translateX(-9999px)'>no</div>",
    "<div style='height:0;overflow:hidden'>no</div>",
    "<div style='max-height:0;overflow-y:hidden'>no</div>",
    "<div style='line-height:0;overflow:hidden'>no</div>",
    "<div style='margin:0 0 0 -9999px'>no</div>",
    "<b style='float:left;width:0;overflow:hidden'>no</b>",
    "<b style='position:absolute;width:1px;height:1px;overflow:hidden'>no</b>",
    "<b style='color:transparent'>no</b>",
    "<b style='color:rgba(0,0,0,0)'>no</b>",
    "<b style='color:#00000000'><i>no</i></b>",
    "<div style='background:#036'><b style='color:#003366'>no</b></div>",
    "<div style='background-color:white'><font color=white>no</font></div>",
    "<table bgcolor=ffffff><tr><td style='color:#fff'>no</table>",
    "<details>no<p>no</p></details>",
    "<details><summary></summary><summary>no</summary></details>",
    "<dialog>no</dialog>",
    "<b hidden=until-found>no</b>",
    "<template>no</template><noscript>no</noscript>",
    "<progress>no</progress><meter>no</meter>",
    "<input type=password value=no><input type=range value=no><input style='opacity:0' value=no>",
    "<select><option>0<option selected hidden>no</select>",
]
SEEN = [
    "<b style='font-size:0.5em'>yes</b>",
    "<b style='font-size:0'><i style='font-size:12px'>yes</i></b>",
    "<div style='font-size:0'><input value=yes></div>",
    "<style>.x{font-size:0}</style><b class=y>yes</b>",
    "<style>.x b{font-size:0}</style><b class=x>yes</b>",
    "<style>.tab{display:none}.tab.on{display:inline}</style><b class='tab on'>yes</b>",
    "<style>.x{display:none}b{display:inline}</style><b style='display:inline' class=x>yes</b>",
    "<style>.x:hover,.x::before{display:none}</style><b class=x>yes</b>",
    "<style>@media print{.x{opacity:0}}</style><b class=x>yes</b>",
    "<style>@media not screen{b{opacity:0}} @media (max-width:400px){b{opacity:0}}</style><b>yes</b>",
    "<style media='screen and (max-width:400px)'>b{opacity:0}</style><b>yes</b>",
    "<style>@media print{b{opacity:0} i{x:y}} b{display:inline}</style><b>yes</b>",
    "<style>@font-face{src:url(a;b{)} @supports not (a:b){b{opacity:0}}</style><b>yes</b>",
    "<style>a{color:red;&:hover{display:none}} p b:nth-child(3){opacity:0}</style><b>yes</b>",
    "<style>b:first-child{opacity:0} b.x:first-child{opacity:1}</style><b class=x>yes</b>",
    "<style>a{&:hover{b{}}; x:y}</style><b>yes</b>",
    "<b style='visibility:hidden'><i style='visibility:visible'>yes</i></b>",
    "<b style='opacity:0.05'>yes</b>",
    "<div style='text-indent:-2em'>yes</div>",
    "<div style='margin-left:-20px'>yes</div>",
    "<b style='left:-9999px'>yes</b>",
    "<b style='clip:rect(0 0 0 0)'>yes</b>",
    "<b style='position:absolute;clip:rect(auto auto auto auto)'>yes</b>",
    "<div style='height:0'>yes</div>",
    "<div style='height:0;padding:20px 0 0;overflow:hidden'>yes</div>",
    "<b style='height:0;overflow:hidden'>yes</b>",
    "<div style='height:0;padding-top:20px;overflow:hidden'>yes</div>",
    "<div style='background:#036;color:#fff'>yes</div>",
    "<div style='background:url(a.png) #fff;color:#fff'>yes</div>",
    "<b style='color:#fff'>yes</b>",
    "<div style='color:transparent'><i style='color:#000'>yes</i></div>",
    "<details open>yes</details>",
    "<details><summary>yes</summary></details>",
    "<dialog open>yes</dialog>",
    "<b hidden style='display:block'>yes</b>",
]


@pytest.mark.parametrize("markup", UNSEEN)
def test_what_a_browser_does_not_show_is_not_read(markup: str) -> None:
    assert "no" not in "".join([*texts(markup), *(cell[4] for table in tables(markup) for cell in table)])


@pytest.mark.parametrize("markup", SEEN)
def test_what_a_browser_shows_is_read(markup: str) -> None:
    assert texts(f"<p>{markup}</p>") == ["yes"]


def test_a_cell_that_is_not_high_is_shown_all_the_same_and_a_folded_row_takes_no_place() -> None:
    markup = """<table><tr><td style="height:0;overflow:hidden">a<td>1</tr>
    <tr style="visibility:collapse"><td>b<td>2</tr><tr><td>c<td>3</tr></table>"""
    assert [cell[4] for cell in tables(markup)[0]] == ["a", "1", "c", "3"]


class _Words:
    """Collects all text that it is told of (a `PrintListener`)."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def begin(self, element: Element, tag: str, shown: Shown) -> None: ...

    def end(self, element: Element, tag: str) -> None: ...

    def text(self, text: str) -> None:
        self.words.append(text)

    def value(self, text: str) -> None: ...

    def line_end(self) -> None: ...

    def left_out(self, element: Element, tag: str) -> None: ...


@pytest.mark.parametrize(
    "markup",
    [
        "<style>.x{display:none}</style><b class=x>yes</b>",
        "<b style='opacity:0'>yes</b>",
        "<details>yes</details>",
        "<div style='height:0;overflow:hidden'>yes</div>",
    ],
)
def test_for_the_crawler_nothing_is_hidden_that_a_script_may_show(markup: str) -> None:
    words = _Words()
    tell(walk(parse(markup).root), AS_MARKED_UP, words)
    assert words.words == ["yes"]
