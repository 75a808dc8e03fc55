"""What is menu and what the page itself."""

from __future__ import annotations

from ocr.html.block_builder import content_of
from ocr.html.blocks import Paragraph
from ocr.html.boilerplate import without_menus


def test_menus_are_left_out_and_links_in_the_report_are_not() -> None:
    menu = "".join(f"<li><a href='{n}'>栏目{n}</a></li>" for n in range(30))
    welcome = "<p>欢迎访问云溪县青禾镇人民政府门户网站，今天是星期二</p>"
    body = "<h1>某局2024年年报</h1><p>正文说明本年度政府信息公开工作的情况。</p><p><a href=x>附件</a></p>"
    blocks = without_menus(content_of(f"<ul>{menu}</ul>{welcome}<ul>{menu}</ul>{body}").blocks)
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == [
        "欢迎访问云溪县青禾镇人民政府门户网站，今天是星期二",
        "某局2024年年报", "正文说明本年度政府信息公开工作的情况。", "附件",
    ]  # fmt: skip
