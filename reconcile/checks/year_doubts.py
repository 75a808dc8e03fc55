"""A year that is in doubt: the period of the figures, or a second title, is of another one."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.model import Page
from reconcile.model import DOUBTFUL_YEAR, Finding
from reconcile.report_title import Title, period_of, years_in_titles


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
