"""Pages whose text is mostly a guess are said to be: text outside of values has no flag among facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.review_threshold import review_below
from ocr.model import Page
from reconcile.model import Finding, Flag

# Of a page at least so many characters, and this share of them, stand in lines that are unsure.
_FEWEST, _SHARE = 10, 0.3


def unsure_pages(pages: Sequence[Page]) -> Iterator[Finding]:
    """Yield a finding for each page of which much was read unsurely."""
    below = review_below()
    for page in pages:
        unsure = sum(len(line.text) for line in page.lines if line.confidence < below)
        whole = sum(len(line.text) for line in page.lines)
        if unsure >= max(_FEWEST, _SHARE * whole):
            message = f"第 {page.number} 页文字辨认不清：{whole} 字中 {unsure} 字存疑"
            yield Finding(Flag.LOW_CONFIDENCE, message, page=page.number)
