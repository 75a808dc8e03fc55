"""Bytes of a page as text."""

from __future__ import annotations

import pytest

from ocr.html.encoding import decode

CHINESE = "<html><meta charset='{}'>予以公开１２件　“三安全一稳定”</html>"


@pytest.mark.parametrize(
    ("sent", "declared", "said"),
    [
        ("utf-8", "", "utf-8"),
        ("gb18030", "", "gb2312"),
        ("gb18030", "", "utf-8"),
        ("utf-8", "", "gbk"),
        ("gb18030", "iso-8859-1", "nonsense"),
        ("gb18030", "utf-8", ""),
        ("utf-8", "gbk", ""),
        ("utf-16", "", "utf-16"),
        ("big5", "big5", ""),
    ],
)
def test_what_decodes_settles_a_wrong_declaration(sent: str, declared: str, said: str) -> None:
    page = CHINESE.format(said)
    if sent == "big5":
        page = page.replace("予以公开１２件　“三安全一稳定”", "政府資訊公開年度報告：予以公開")
    assert decode(page.encode(sent), f"text/html; charset={declared}")[0] == page
