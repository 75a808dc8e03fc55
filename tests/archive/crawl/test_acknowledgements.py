"""Alarms that somebody knows of stay in sight, for as long and as far as was said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.crawl.acknowledgements import marked, of_alarms
from archive.crawl.records import Acknowledgement, Alarm, Severity
from core.errors import UsageError
from tests.support.visited import SITE, Night

SAID = Acknowledgement(
    SITE, "short_list", Severity.WARNING, "2026-12-31", "旧%系统_", "李", "2026-11-02T00:00:00"
)
ALARM = Alarm(1, SITE, Severity.WARNING, "short_list", "http://x.test/", "12 declared, 10 seen")


@pytest.mark.parametrize(
    ("alarm", "day", "is_known"),
    [
        (ALARM, "2026-12-31", True),
        (ALARM, "2027-01-01", False),
        (replace(ALARM, severity=Severity.INFO), "2026-12-01", True),
        (replace(ALARM, severity=Severity.CRITICAL), "2026-12-01", False),
        (replace(ALARM, kind="unread_list"), "2026-12-01", False),
        (replace(ALARM, site="松山县"), "2026-12-01", False),
    ],
)
def test_it_holds_for_its_site_and_kind_no_worse_and_until_its_day_is_over(alarm, day, is_known):
    (one,) = marked([alarm], [SAID], day)
    assert (one.acknowledged is not None) == is_known
    assert one.is_grave == (not is_known)
    assert replace(one, acknowledged=None) == alarm


def test_the_alarms_of_a_site_are_acknowledged_up_to_the_worst_of_each_kind():
    raised = [replace(ALARM, severity=Severity.CRITICAL), ALARM, replace(ALARM, kind="shape")]
    given = of_alarms(raised, SITE, "", "2026-12-31", "", "李", "now")
    assert [(one.kind, one.severity.value) for one in given] == [
        ("short_list", "critical"),
        ("shape", "warning"),
    ]
    with pytest.raises(UsageError, match="there are shape, short_list"):
        of_alarms(raised, SITE, "wall", "2026-12-31", "", "李", "now")


def test_what_was_said_is_kept_replaced_and_withdrawn_on_both_databases(place):
    with place.open() as archive:
        memory = archive.crawl
        memory.acknowledge([SAID, replace(SAID, kind="shape"), replace(SAID, site="a_b%c:d")])
        memory.acknowledge([replace(SAID, note="again")])
        assert [(one.site, one.kind, one.note) for one in memory.history.acknowledgements()] == [
            ("a_b%c:d", "short_list", SAID.note),
            (SITE, "shape", SAID.note),
            (SITE, "short_list", "again"),
        ]
        assert [one.kind for one in memory.withdraw(SITE)] == ["shape", "short_list"]
        assert memory.withdraw(SITE) == []
        assert [one.site for one in memory.history.acknowledgements()] == ["a_b%c:d"]


def test_a_night_tells_its_alarms_with_what_was_said_of_them(place):
    with place.open() as archive:
        for number in (1, 4):
            one = Night(archive.crawl, number)
            one.close_site()
            alarm = replace(ALARM, round=one.round.id)
            archive.crawl.close(one.round.id, "complete", "", [alarm], one.now)
            if number == 1:
                archive.crawl.acknowledge([replace(SAID, until="2026-11-02")])
        history = archive.crawl.history
        assert [one.acknowledged is not None for one in history.alarms(1) + history.alarms_now(SITE)] == [
            True,
            False,
        ]
        assert history.alarms_now("松山县") == []
