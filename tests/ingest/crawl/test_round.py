"""How a round ended on a site: silence is no success."""

from __future__ import annotations

import pytest

from archive.crawl.records import SiteNight, VisitOutcome
from ingest.crawl.round import site_ending


@pytest.mark.parametrize(
    ("outcomes", "cut", "state"),
    [
        ({VisitOutcome.PAGE: 1, VisitOutcome.NEW: 3, VisitOutcome.ERROR: 1}, "", "complete"),
        ({VisitOutcome.UNMODIFIED: 4}, "", "complete"),
        ({VisitOutcome.REFUSED: 1}, "", "skipped"),
        ({VisitOutcome.ERROR: 2, VisitOutcome.LOGIN: 1}, "", "skipped"),
        ({}, "", "skipped"),
        ({}, "outside of its night", "skipped"),
        ({VisitOutcome.PAGE: 1}, "the budget is used up", "cut"),
    ],
)
def test_a_site_that_gave_nothing_of_use_was_not_seen(outcomes, cut, state):
    night = SiteNight(1, "县", "open", "", outcomes, 0, 0, 0, 1.0)
    told = site_ending(night, cut)
    assert told.state == state
    assert bool(told.reason) == (state != "complete")
