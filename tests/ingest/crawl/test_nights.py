"""Three nights over an invented county: all that is there, nothing again, exactly the edits; politely."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from time import sleep

import pytest

from archive.crawl.records import Sighting, VisitOutcome
from tests.support import crawling
from tests.support.countyweb import County, Edit, Hit, Wanted
from tests.support.countyweb.county import CONTACT
from tests.support.crawling import Kept, Ran
from tests.support.places import Place, new_place

# Frames and GBK, and servers of every temper: seconds instead of a minute.
FEW = ("water", "health", "restless")
ALL = County.names()
FIRST, SECOND, THIRD = range(3)
# Addresses that were never had, so that there is nothing to compare with.
NOT_HAD = {
    VisitOutcome.GONE,
    VisitOutcome.LOGIN,
    VisitOutcome.OTHER,
    VisitOutcome.ERROR,
    VisitOutcome.REFUSED,
}
# Of a pause that is kept; the server notes each request a moment late.
PUNCTUAL = 0.9


@dataclass(frozen=True)
class Night:
    """What was there, asked for, kept, and told as changed; it `began` at this time."""

    began: datetime
    ran: Ran
    hits: list[Hit]
    wanted: list[Wanted]
    edits: list[Edit]
    changes: set[tuple[str, str]]
    kept: list[Kept]
    sightings: list[Sighting]


@dataclass(frozen=True)
class Nights:
    """Three nights; `delay` in seconds, `forbidden` are addresses that robots.txt does not allow."""

    archive: str
    nights: tuple[Night, ...]
    delay: float
    forbidden: set[tuple[str, str]]

    def __getitem__(self, number: int) -> Night:
        return self.nights[number]

    @property
    def hits(self) -> list[Hit]:
        return [hit for night in self.nights for hit in night.hits]


def spend(county: County, number: int, plan: Path, place: Place) -> Night:
    """One night: a crawl and a look at what it did."""
    county.go_to(number)
    sleep(number > 1)  # a second, for the archive's clock counts whole ones
    began = datetime.now(UTC)
    ran = crawling.crawl(plan, place.location)
    with place.open(create=False) as archive:
        last = archive.crawl.history.rounds(1)[0].id
        sightings = list(archive.crawl.history.sightings(round=last))
        kept = crawling.kept(archive)
        changes = {(one.kind, crawling.simple(one.url)) for one in archive.crawl.history.changes(began)}
    return Night(began, ran, county.hits, county.wanted(), county.edits(), changes, kept, sightings)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((FEW, "sqlite", 0.05), id="few"),
        pytest.param((ALL, "sqlite", 0.0), id="all-sqlite", marks=pytest.mark.long),
        pytest.param((ALL, "postgresql", 0.0), id="all-postgresql", marks=pytest.mark.long),
    ],
)
def nights(request, tmp_path_factory, server) -> Nights:
    sites, kind, delay = request.param
    folder = tmp_path_factory.mktemp("nights")
    place = new_place(kind, folder, server)
    place.open(write=True).close()
    with County(sites) as county:
        plan = county.write_plan(folder / "SITES.toml", delay)
        forbidden = {(county.places[web.name].host, path) for web in county.webs for path in web.forbidden}
        spent = tuple(spend(county, n, plan, place) for n in (1, 2, 3))
    return Nights(place.location, spent, delay, forbidden)


def test_each_night_ends(nights):
    for night in nights.nights:
        assert night.ran.code in (0, 3), night.ran.err


def test_the_first_night_finds_all_that_is_there_and_nothing_else(nights):
    found = crawling.match(nights[FIRST].wanted, nights[FIRST].kept)
    assert not found.missing
    assert not found.extra


def test_the_second_night_brings_nothing_new(nights):
    assert nights[SECOND].kept == nights[FIRST].kept
    assert nights[SECOND].changes == set()


def test_the_second_night_asks_only_for_what_changed_since(nights):
    before = {crawling.simple(one.url) for one in nights[FIRST].sightings if one.outcome not in NOT_HAD}
    asked = {crawling.simple(one.url) for one in nights[SECOND].sightings}
    assert before <= asked
    known = {address.split("/", 3)[3] for address in before}
    again = [hit for hit in nights[SECOND].hits if hit.plain.removeprefix("/") in known]
    assert again
    assert [hit.path for hit in again if not hit.conditional] == []


def test_a_page_that_can_say_that_it_is_unchanged_is_not_sent_again(nights):
    able = {(hit.host, hit.plain) for hit in nights[FIRST].hits if hit.status == 200 and hit.validates}
    again = {(hit.host, hit.plain) for hit in crawling.fetched(nights[SECOND].hits)}
    had = {(hit.host, hit.plain) for hit in nights[SECOND].hits if hit.conditional}
    assert able & had
    assert not able & had & again


def test_the_third_night_tells_exactly_the_edits(nights, guidang):
    edits = {(edit.kind, crawling.simple(edit.address)) for edit in nights[THIRD].edits}
    assert nights[THIRD].changes == edits
    since = ("--since", nights[THIRD].began.isoformat(), "--format", "json")
    told = guidang("changes", "--archive", nights.archive, *since)
    assert told.code == 0, told.err
    assert {(one["kind"], crawling.simple(one["url"])) for one in json.loads(told.out)} == edits


def test_older_versions_stay(nights):
    before, after = ({one.sha256 for one in nights[n].kept} for n in (SECOND, THIRD))
    assert before < after
    brought = {"new", "replaced"}
    assert len(after - before) == sum(edit.kind in brought for edit in nights[THIRD].edits)


def test_no_host_is_asked_two_things_at_once(nights):
    assert max(hit.at_once for hit in nights.hits) == 1


def test_the_pause_between_two_requests_is_kept(nights):
    for night in nights.nights:
        by_host = defaultdict(list)
        for hit in night.hits:
            by_host[hit.host].append(hit.began)
        for began in map(sorted, by_host.values()):
            assert began[-1] - began[0] >= PUNCTUAL * nights.delay * (len(began) - 1)
            assert all(later - earlier >= nights.delay / 4 for earlier, later in pairwise(began))


def test_a_busy_server_is_left_alone_as_long_as_it_asks(nights):
    busy = next(hit for hit in nights[FIRST].hits if hit.status == 429)
    later = [hit.began for hit in nights[FIRST].hits if hit.host == busy.host and hit.began > busy.began]
    assert min(later) - busy.ended >= PUNCTUAL * 2


def test_robots_txt_comes_first_and_is_obeyed(nights):
    for night in nights.nights:
        first = {}
        for hit in night.hits:
            first.setdefault(hit.host, hit.plain)
        assert set(first.values()) == {"/robots.txt"}
    assert not nights.forbidden & {(hit.host, hit.plain) for hit in nights.hits}


def test_every_request_says_whom_to_write_to(nights):
    assert all(CONTACT in hit.headers["user-agent"] for hit in nights.hits)


def test_nothing_is_sent_and_nothing_is_asked_for_by_head(nights):
    assert {hit.method for hit in nights.hits} == {"GET"}


def test_every_visit_that_brought_nothing_says_why_in_a_line(nights):
    silent = [one for one in nights[FIRST].sightings if one.outcome in NOT_HAD and not one.reason]
    assert not silent
    assert all("\n" not in one.reason for night in nights.nights for one in night.sightings)


@pytest.mark.long
def test_the_tables_of_pages_are_read_into_the_facts_that_they_print(tmp_path):
    with County(("water", "restless")) as county:
        plan, wanted = county.write_plan(tmp_path / "SITES.toml"), county.wanted()
        ran = crawling.run("crawl", plan, "--archive", tmp_path / "a")
    assert ran.code == 3, "the DOC cannot be read"
    printed = defaultdict(dict)
    for fact in crawling.run("facts", "--archive", tmp_path / "a", "--format", "json").json:
        at = crawling.simple(fact["source"])
        printed[at][fact["table"], fact["row"], fact["column"]] = fact["raw"]
    pages = [one for one in wanted if one.facts]
    assert len(pages) == 3
    for one in pages:
        assert printed[crawling.simple(one.addresses[0])] == one.facts


@pytest.mark.long
def test_a_check_takes_no_file_and_stores_nothing(tmp_path):
    with County(("water",)) as county:
        plan = county.write_plan(tmp_path / "SITES.toml")
        ran = crawling.run("crawl", plan, "--archive", tmp_path / "a", "--check", "water")
        hits = county.hits
    assert ran.code == 0, ran.err
    assert not (tmp_path / "a").exists()
    assert not [hit for hit in hits if hit.plain.startswith("/files/")]
    assert "2021.pdf" in ran.out
