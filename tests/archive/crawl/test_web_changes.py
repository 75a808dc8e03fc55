"""`guidang changes` and what `guidang status` says of crawls."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from archive.crawl.records import Alarm, Severity, TaskKind
from console.time_parsing import moment
from core.errors import UsageError
from tests.support import visited
from tests.support.visited import FIRST_NIGHT, GONE, HOST, SITE, Night, file, night, page, task

A, B = task("/a.pdf", title="=2025年报告"), task("/b.pdf")
COLUMNS = ["at", "site", "kind", "url", "title", "document", "before", "reason"]


@pytest.fixture
def home(place):
    """Two nights: first both reports came, then one was replaced and the other vanished."""
    with place.open() as archive:
        with night(archive, 1) as first:
            first.see(A, file("/a.pdf", b"one"))
            first.see(B, file("/b.pdf", b"two"))
        second = Night(archive.crawl, 2)
        second.see(task("/", TaskKind.START), page(A))
        second.see(A, file("/a.pdf", b"three"))
        second.see(B, GONE)
        second.close_site()
        archive.crawl.plan(second.round.id, [task("/later")])
    return place.location


def listed(guidang, home, *options: str) -> list[list[str]]:
    shown = guidang("changes", "--archive", home, "--format", "csv", *options)
    assert shown.code == 0
    header, *rows = csv.reader(io.StringIO(shown.out))
    assert header == COLUMNS
    return [[row[2], row[3].removeprefix(HOST)] for row in rows]


def test_changes_of_the_last_round_are_listed_and_counted(guidang, home):
    assert listed(guidang, home) == [["replaced", "/a.pdf"], ["vanished", "/b.pdf"]]
    shown = guidang("changes", "--archive", home)
    assert shown.err == "1 replaced, 1 vanished since 2026-11-02T22:00:00Z\n"
    assert SITE in shown.out
    assert "=2025年报告" in shown.out
    assert f"{visited.digest(b'three')[:12]}, before {visited.digest(b'one')[:12]}" in shown.out


def test_changes_are_chosen_by_time_site_and_kind(guidang, home):
    everything = [["new", "/a.pdf"], ["new", "/b.pdf"], ["replaced", "/a.pdf"], ["vanished", "/b.pdf"]]
    assert listed(guidang, home, "--since", "2026-11-01") == everything
    assert listed(guidang, home, "--since", "2026-11-01", "--kind", "new", "--kind", "vanished") == [
        everything[0],
        everything[1],
        everything[3],
    ]
    assert listed(guidang, home, "--site", SITE) == everything[2:]


def test_changes_as_json_give_whole_hashes(guidang, home):
    replaced, vanished = json.loads(guidang("changes", "--archive", home, "--format", "json").out)
    assert list(replaced) == COLUMNS
    assert (replaced["document"], replaced["before"]) == (visited.digest(b"three"), visited.digest(b"one"))
    assert (vanished["document"], vanished["before"]) == ("", visited.digest(b"two"))
    assert (replaced["title"], vanished["reason"]) == ("=2025年报告", "status 404")


def test_table_of_many_changes_says_that_more_are_not_shown(guidang, home, monkeypatch):
    monkeypatch.setattr("console.delivery.LONGEST_TABLE", 1)
    shown = guidang("changes", "--archive", home)
    assert "/b.pdf" not in shown.out
    assert shown.err.splitlines() == [
        "only the first 1 are shown, 1 more are not; --format csv gives all",
        "1 replaced, 1 vanished since 2026-11-02T22:00:00Z",
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--site", "nowhere"), f"no site 'nowhere'; sites are {SITE}"),
        (("--kind", "old"), "no kind 'old'; kinds are new, replaced, vanished, unlinked"),
        (("--since", "then"), "'then' is no moment"),
    ],
)
def test_changes_that_cannot_be_are_refused_in_a_line(guidang, home, options, said):
    shown = guidang("changes", "--archive", home, *options)
    assert (shown.code, shown.out, len(shown.err.splitlines())) == (2, "", 1)
    assert said in shown.err


def test_archive_without_crawls_says_so(guidang, place):
    place.open().close()
    shown = guidang("changes", "--archive", place.location)
    assert (shown.code, shown.out) == (0, "")
    assert "no site was visited yet" in shown.err
    assert "crawls" not in guidang("status", "--archive", place.location).out


def test_status_tells_of_the_last_round_and_its_alarms(guidang, home, place):
    told = guidang("status", "--archive", home).out.split("crawls\n")[1].split("\n\n")[0].splitlines()
    assert told == [
        "last round  2026-11-02T22:00:00Z, open",
        "         1  address waits (`guidang crawl` goes on)",
        "last whole  2026-11-01T22:00:00Z",
    ]
    with place.open(create=False, write=True) as archive:
        number = archive.crawl.history.rounds(1)[0].id
        raised = [Alarm(number, SITE, Severity.WARNING, "cut", "", f"matter {n}") for n in range(6)]
        archive.crawl.close(number, "cut", "06:00", raised, FIRST_NIGHT)
    told = guidang("status", "--archive", home).out.split("crawls\n")[1].split("\n\n")[0].splitlines()
    assert told[0] == "last round  2026-11-02T22:00:00Z, cut (06:00)"
    assert told[2] == f"!  warning   {SITE}: matter 0"
    assert told[-1] == "   and 1 more of that round"


NOW = datetime(2026, 11, 10, 8, 30, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-01", datetime(2026, 10, 31, 16)),
        ("2026-11-01T06:00", datetime(2026, 10, 31, 22)),
        ("2026-11-01T06:00Z", datetime(2026, 11, 1, 6)),
        ("today", datetime(2026, 11, 9, 16)),
        ("yesterday", datetime(2026, 11, 8, 16)),
        ("7d", datetime(2026, 11, 3, 0, 30)),
        ("12h", datetime(2026, 11, 9, 12, 30)),
    ],
)
def test_moments_are_local_where_no_zone_is_given(text, utc):
    assert moment(text, NOW) == utc.replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "2026-13-01", "last week"])
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(UsageError, match="is no moment"):
        moment(text, NOW)


def test_every_sighting_is_exported(guidang, home, tmp_path):
    shown = guidang("export", "sightings", "--archive", home)
    rows = list(csv.DictReader(io.StringIO(shown.out)))
    met = [(row["round"], row["url"].removeprefix(HOST), row["outcome"]) for row in rows]
    assert met == [
        ("1", "/a.pdf", "new"),
        ("1", "/b.pdf", "new"),
        ("2", "/", "page"),
        ("2", "/a.pdf", "replaced"),
        ("2", "/b.pdf", "gone"),
    ]
    assert rows[3]["documents"] == visited.digest(b"three")
    whole = json.loads(guidang("export", "sightings", "--format", "json", "--archive", home).out)
    assert [one["documents"] for one in whole][3] == [visited.digest(b"three")]
    assert guidang("export", "sightings", "--output", tmp_path / "s.parquet", "--archive", home).code == 0
