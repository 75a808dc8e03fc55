"""A page whose text is mostly a guess is said to be."""

from __future__ import annotations

from dataclasses import replace

from reconcile.checks.text_confidence import unsure_pages
from reconcile.model import Flag
from tests.support import handmade


def test_a_page_of_which_a_third_is_unsure_has_a_finding() -> None:
    (page,) = handmade.pages_saying("本年收到行政复议申请十一件")
    unsure = replace(page, lines=tuple(replace(line, confidence=0.5) for line in page.lines))
    (finding,) = unsure_pages([page, unsure])
    assert (finding.kind, finding.page) == (Flag.LOW_CONFIDENCE, page.number)
    assert finding.message == "第 1 页文字辨认不清：13 字中 13 字存疑"
