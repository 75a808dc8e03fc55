"""How a round ended on a site: silence is no success."""

from __future__ import annotations

import pytest

from archive.crawl.records import Outcome, SiteNight
from ingest.crawl.round import ended


@pytest.mark.parametrize(
    ("outcomes", "cut", "state"),
    [
        ({Outcome.PAGE: 1, Outcome.NEW: 3, Outcome.ERROR: 1}, "", "complete"),
        ({Outcome.UNMODIFIED: 4}, "", "complete"),
        ({Outcome.REFUSED: 1}, "", "skipped"),
        ({Outcome.ERROR: 2, Outcome.LOGIN: 1}, "", "skipped"),
        ({}, "", "skipped"),
        ({}, "outside of its night", "skipped"),
        ({Outcome.PAGE: 1}, "the budget is used up", "cut"),
    ],
)
def test_a_site_that_gave_nothing_of_use_was_not_seen(outcomes, cut, state):
    night = SiteNight(1, "县", "open", "", outcomes, 0, 0, 0, 1.0)
    told = ended(night, cut)
    assert told.state == state
    assert bool(told.reason) == (state != "complete")
