"""What a document says of itself that one report should not: several titles, or two years."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.model import Page
from reconcile.model import DOUBTFUL_YEAR, SEVERAL_REPORTS, Finding
from reconcile.report_title import Title, period_of, years_in_titles

Section = tuple[Title, Sequence[int]]


def several_reports(sections: Sequence[Section]) -> Finding:
    """Name the reports with their pages (from 1); the values are those of the first."""
    named = "、".join(f"{title.organ} {title.year} 年（{_pages(pages)}）" for title, pages in sections)
    message = f"文件含 {len(sections)} 份报告：{named}；所列各值只取自第一份"
    return Finding(SEVERAL_REPORTS, message, page=sections[1][1][0])


def doubtful_year(title: Title, pages: Sequence[Page]) -> tuple[Finding, ...]:
    """Say that the figures are said to cover another year than the title, or that its page names another."""
    if not title.year:
        return ()
    period = period_of(pages)
    own = (year for page in pages if page.number == title.page for year in years_in_titles(page))
    told = [f"所列数据的统计期限却是 {period} 年"] if period not in (None, title.year) else []
    told += [f"同页另有 {year} 年的题名" for year in own if year != title.year]
    return tuple(
        Finding(DOUBTFUL_YEAR, f"题名为 {title.year} 年，{said}；年度依题名", page=title.page or None)
        for said in told
    )


def _pages(pages: Sequence[int]) -> str:
    first, last = min(pages), max(pages)
    return f"第 {first} 页" if first == last else f"第 {first}–{last} 页"
