"""What a list says of itself: so many rows, so many pages."""

from __future__ import annotations

import re

from ingest.crawl.pages.models import Declared

# A list of more says nothing that anybody could hold it to.
_MOST = 200_000
_READ = 400_000
# In scripts and attributes: totalRecord:20, countPage = 3, m_nRecordCount = "57", <div … count="12">.
_ROWS = re.compile(
    r"(?<![\w.])(?:total_?records?|m_nRecordCount|record_?count|total_?count|post_count|total_?num|totalElements)"
    r"[\"']?\s{0,4}[:=]\s{0,4}[\"']?(\d{1,6})(?![\w.])",
    re.I,
)
_PAGES = re.compile(
    r"(?<![\w.])(?:count_?pages?|page_?counts?|_?ntotal_?pages?|total_?pages?|pages?_?total|m_nPageCount)"
    r"[\"']?\s{0,4}[:=]\s{0,4}[\"']?(\d{1,5})(?![\w.])",
    re.I,
)
_CREATED = re.compile(
    r"createPageHTML\s{0,4}\(\s{0,4}(?:[\"']\w{1,40}[\"']\s{0,4},\s{0,4})?(\d{1,5})\s{0,4},"
)
# In print: 共12条, 共 3 页, 第1/3页, 总记录数：57.
_ROWS_PRINTED = re.compile(
    # What is counted in 项 or 个 is mostly something else: 共5个部门.
    r"(?:共|总计|合计)\s{0,3}(?:有|计)?\s{0,3}(\d{1,6})\s{0,3}(?:条|篇|[项个](?:记录|信息|数据|文章|内容))|"
    r"(?:总记录数?|记录总数|总条数)\s{0,3}[:：]?\s{0,3}(\d{1,6})"
)
_PAGES_PRINTED = re.compile(
    r"共\s{0,3}(\d{1,5})\s{0,3}页|(?:总页数|页数)\s{0,3}[:：]\s{0,3}(\d{1,5})|"
    r"第?\s{0,3}\d{1,5}\s{0,3}[/／]\s{0,3}(\d{1,5})\s{0,3}页"
)


def declared(source: str, text: str) -> Declared:
    """What a page's source and its print say of the list on it; where several are said, of the largest."""
    source, text = source[:_READ], text[:_READ]
    rows = _most(_ROWS, source, 1), _most(_ROWS_PRINTED, text, 2)
    pages = _most(_PAGES, source, 1), _most(_CREATED, source, 1), _most(_PAGES_PRINTED, text, 3)
    return Declared(max(rows), max(pages))


def _most(pattern: re.Pattern[str], text: str, groups: int) -> int:
    said = [match[n] for match in pattern.finditer(text) for n in range(1, groups + 1) if match[n]]
    return max((int(one) for one in said if int(one) < _MOST), default=0)
