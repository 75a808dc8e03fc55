"""What the crawler takes for a page's text is what the archive reads of it."""

from __future__ import annotations

import pytest

from ingest.crawl.pages.page_view import PageView, fingerprint, look_at
from tests.support.markup import tables, texts

# Hidden in one way or another; 藏 is nowhere seen.
UNSEEN = [
    "<p hidden>藏</p>",
    "<p style='DISPLAY : none'>藏</p>",
    "<p style='visibility:collapse'>藏</p>",
    "<div style='display:none'><p style='display:block'>藏</p></div>",
    "<!-- 藏 --><!--[if IE]><p>藏</p><![endif]-->",
    "<script>document.write('藏')</script><noscript>藏</noscript>",
    "<template><p>藏</p></template>",
    "<noframes><p>藏</p></noframes>",
    "<iframe src=a.html>藏</iframe>",
    "<canvas>藏</canvas>",
    "<audio>藏</audio><video>藏</video>",
    "<datalist><option>藏</datalist>",
    "<input type=hidden value=藏><input type=submit value=藏>",
    "<select><option>藏<option selected>甲<option>藏</select>",
    "<ruby>甲<rp>藏</rp></ruby>",
]
# Hidden by a style sheet: a script may show it, so the crawler looks at it.
BY_SHEET = [
    "<style>.off{display:none}</style><p class='a off'>藏</p>",
    "<p id=off>藏</p><style>#off{display:none}</style>",
    "<style>p.off,div{display:none}</style><p class=off>藏</p>",
    "<style media='screen and (min-width:1px)'>.off{display:none}</style><p class=off>藏</p>",
    "<style>.tab{display:none}.tab.on{display:block}</style><div class='tab off'>藏</div>",
    "<style>body{display:none !important}</style><p>藏</p>",
]
# Seen: `yes` is read.
SEEN = [
    "<p data-style='display:none'>yes</p>",
    "<p style='x-display:none'>yes</p>",
    "<style>@media print{.off{display:none}}</style><p class=off>yes</p>",
    "<style media=print>.off{display:none}</style><p class=off>yes</p>",
    "<style>.off p{display:none}</style><p>yes</p>",
    "<div style='visibility:visible'>yes</div>",
    "<textarea>yes</textarea>",
    "<object data=a.swf>yes</object>",
    "<svg><text>yes</text></svg>",
    "<figure><figcaption>yes</figcaption></figure>",
]


def look(page: str) -> PageView:
    return look_at("http://www.qinghe.gov.cn/", page.encode(), "text/html")


@pytest.mark.parametrize("markup", UNSEEN)
def test_what_nobody_sees_is_neither_read_nor_fingerprinted(markup: str) -> None:
    page = f"<p>青禾县</p>{markup}<p>年报</p>"
    assert "藏" not in "".join(texts(page))
    assert "藏" not in look(page).text
    assert fingerprint(look(page)) == fingerprint(look(page.replace("藏", "躲")))


@pytest.mark.parametrize("markup", BY_SHEET)
def test_what_a_style_sheet_hides_is_not_read_but_a_change_of_it_is_seen(markup: str) -> None:
    page = f"<p>青禾县</p>{markup}<p>年报</p>"
    assert "藏" not in "".join(texts(page))
    assert "藏" in look(page).text
    assert fingerprint(look(page)) != fingerprint(look(page.replace("藏", "躲")))


@pytest.mark.parametrize("field", ["<input value=yes>", "<select><option>yes<option>甲</select>"])
def test_a_field_is_a_figure_in_a_cell_and_elsewhere_no_change(field: str) -> None:
    cell, bare = f"<table><tr><td>规章</td><td>{field}</td></tr></table>", f"<p>青禾县</p>{field}"
    assert "yes" in look(cell).text
    assert "yes" in look(bare).text
    assert fingerprint(look(cell)) != fingerprint(look(cell.replace("yes", "sey")))
    assert fingerprint(look(bare)) == fingerprint(look(bare.replace("yes", "sey")))


@pytest.mark.parametrize(
    ("row", "hidden"),
    [
        ("<li><a href=1.htm>查看</a><span class=full>2021年年度报告</span>", "full"),
        ("<li><a href=1.htm><img src=a.png><span class=txt>2021年年度报告</span></a>", "txt"),
        ("<li><a href=1.htm><span class=pc>2021年年度报告</span></a>", "pc"),
    ],
)
def test_hidden_words_still_say_what_a_link_leads_to(row: str, hidden: str) -> None:
    (link,) = look(f"<style>.{hidden}{{display:none}}</style><ul>{row}</ul>").links
    assert "2021年年度报告" in link.text + link.around


@pytest.mark.parametrize("markup", SEEN)
def test_what_is_seen_is_both_read_and_fingerprinted(markup: str) -> None:
    page = f"<p>青禾县</p>{markup}<p>年报</p>"
    assert "yes" in texts(page)
    assert "yes" in look(page).text.split("\n")
    assert fingerprint(look(page)) != fingerprint(look(page.replace("yes", "sey")))


@pytest.mark.parametrize(
    "cell",
    [
        "12",
        "<input value=12>",
        "<select><option>12<option>13</select>",
        "1\u200b2",
        "1<b>2</b>",
        "行政\n    许可",
        "<p>行政</p>",
        "a <b>b</b>\n c",
        "<pre>12</pre>",
        "<span style='display:none'>9</span>12",
    ],
)
def test_a_cell_says_the_same_to_reader_and_crawler(cell: str) -> None:
    page = f"<table><tr><td>规章<td>{cell}</table>"
    assert look(page).text.split("\t") == [one[4] for one in tables(page)[0]]


def test_cells_that_are_not_displayed_take_no_place_in_a_row() -> None:
    assert look("<table><tr><td>甲<td style='display:none'>9<td>1</table>").text == "甲\t1"


def test_a_changed_figure_in_a_field_has_another_fingerprint() -> None:
    page = "<table><tr><td>规章<td><input value='{}'></table>"
    assert fingerprint(look(page.format(183))) != fingerprint(look(page.format(184)))


@pytest.mark.parametrize("menu", ["<nav>{}</nav>", "<div role=Navigation><p>{}</p></div>"])
def test_menus_are_printed_but_are_no_part_of_what_a_page_says(menu: str) -> None:
    page = f"{menu.format('首页 政务公开')}<p>年报</p>"
    view = look(page)
    assert (view.text, view.own) == ("首页 政务公开\n年报", "年报")
    assert texts(page) == ["年报"]


def test_lines_of_preformatted_text_are_lines() -> None:
    page = "<pre>总体情况\n主动公开\n</pre>"
    assert look(page).text.split("\n") == texts(page) == ["总体情况", "主动公开"]


def test_words_of_a_link_come_in_their_order_hidden_ones_too_but_no_script() -> None:
    page = "<a href=1>甲<b>乙<i>丙</i></b><span style='display:none'>藏</span><script>no</script>丁</a>"
    assert look(page).links[0].text == "甲 乙 丙 藏 丁"
