"""What the archive remembers of crawls: nothing is lost, and nothing kept or asked for twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from archive.crawl.records import Alarm, Robots, Severity, TaskKind, VisitOutcome
from tests.support import visited
from tests.support.places import rows
from tests.support.visited import (
    FIRST_NIGHT,
    GONE,
    HOST,
    LOGIN,
    SITE,
    UNMODIFIED,
    Night,
    file,
    night,
    page,
    task,
    zipped,
)

A = task("/a.pdf", title="2025年政府信息公开工作年度报告")


@pytest.fixture
def archive(place):
    with place.open() as opened:
        yield opened


def objects(archive) -> list[str]:
    return list(archive.objects.names())


def changes(archive, **wanted) -> list[tuple[str, str, str, str]]:
    return [
        (one.kind, one.url.removeprefix(HOST), one.document[:6], one.before[:6])
        for one in archive.crawl.history.changes(**wanted)
    ]


def short(body: bytes) -> str:
    return visited.digest(body)[:6]


def test_first_report_is_new_and_waits_to_be_read(archive):
    with night(archive, 1) as first:
        seen = first.see(A, file("/a.pdf", b"one"))
    assert (seen.outcome, seen.documents) == (VisitOutcome.NEW, (visited.digest(b"one"),))
    (pending,) = archive.documents.pending()
    assert (pending.document, pending.source, pending.media_type) == (seen.documents[0], A.url, visited.PDF)
    assert archive.documents.path(seen.documents[0]).read_bytes() == b"one"
    assert archive.verify().problems == ()


def test_sighting_keeps_all_that_a_visit_met(archive):
    met = file(
        "/a.pdf",
        b"one",
        reason="1 image missing",
        redirects=((302, HOST + "/old"), (301, HOST + "/older")),
        tls="no issuer",
        title="年报\x00\ud800",
        shape={"rows": [1, None, "\x00"]},
        links=(task("/b.pdf"),),
        text_sha256="f" * 64,
    )
    one = Night(archive.crawl, 1)
    seen = one.see(A, met)
    assert seen == next(archive.crawl.history.sightings()) == archive.crawl.last(SITE, A.address)
    assert (seen.url, seen.referrer, seen.kind, seen.round) == (
        A.url,
        A.referrer,
        TaskKind.REPORT,
        one.round.id,
    )
    assert seen.at == "2026-11-01T22:00:00Z"
    assert (seen.title, seen.shape) == ("年报\ufffd\ufffd", {"rows": [1, None, "\ufffd"]})
    kept = ("reason", "status", "final_url", "sha256", "size", "headers", "redirects", "tls", "links")
    assert {name: getattr(seen, name) for name in kept} == {name: getattr(met, name) for name in kept}


def test_same_bytes_or_the_same_text_in_a_new_frame_leave_nothing_behind(archive):
    with night(archive, 1) as first:
        first.see(A, file("/a.pdf", b"old frame", text_sha256="t" * 64))
    before = objects(archive)
    for number, body in ((2, b"old frame"), (3, b"new frame")):
        with night(archive, number) as later:
            seen = later.see(A, file("/a.pdf", body, text_sha256="t" * 64))
            assert (seen.outcome, seen.sha256) == (VisitOutcome.SAME, visited.digest(body))
            assert seen.documents == (visited.digest(b"old frame"),)
    assert objects(archive) == before
    assert len(archive.status.document(A.url).sources) == 1
    assert changes(archive) == [("new", "/a.pdf", short(b"old frame"), "")]


def test_text_that_changed_is_a_new_version_though_the_bytes_of_the_page_are_equal(archive):
    """The text may take in what a page shows beside its own bytes: its images."""
    with night(archive, 1) as first:
        first.see(A, file("/a.pdf", b"page with image 1", sha256="p" * 64, text_sha256="1" * 64))
    with night(archive, 2) as second:
        met = file("/a.pdf", b"page with image 2", sha256="p" * 64, text_sha256="2" * 64)
        assert second.see(A, met).outcome is VisitOutcome.REPLACED


def test_changed_file_is_a_new_version_and_the_old_one_stays(archive):
    for number, body in enumerate((b"one", b"two", b"one"), start=1):
        with night(archive, number) as now:
            outcome = now.see(A, file("/a.pdf", body)).outcome
            assert outcome is (VisitOutcome.REPLACED if number > 1 else VisitOutcome.NEW)
    one, two = short(b"one"), short(b"two")
    wanted = [("new", "/a.pdf", one, ""), ("replaced", "/a.pdf", two, one), ("replaced", "/a.pdf", one, two)]
    assert changes(archive) == wanted
    assert len(archive.documents.pending()) == 2
    assert archive.crawl.last(SITE, A.address).documents == (visited.digest(b"one"),)


def test_bytes_known_from_elsewhere_are_a_duplicate_with_one_more_source(archive):
    archive.documents.keep("scans/a.pdf", BytesIO(b"one"), visited.PDF)
    with night(archive, 1) as first:
        assert first.see(A, file("/a.pdf", b"one")).outcome is VisitOutcome.DUPLICATE
        other = first.see(task("/copy.pdf"), file("/copy.pdf", b"one"))
        assert other.outcome is VisitOutcome.DUPLICATE
        assert first.see(task("/b.pdf"), file("/b.pdf", b"two")).outcome is VisitOutcome.NEW
    assert archive.status.document("scans/a.pdf").sources == ("scans/a.pdf", A.url, HOST + "/copy.pdf")
    told = [one.reason for one in archive.crawl.history.changes()]
    assert told == ["the archive had it from elsewhere"] * 2 + [""]


def test_unmodified_answer_takes_documents_links_and_hashes_from_what_holds(archive):
    listing = task("/list", TaskKind.LIST)
    with night(archive, 1) as first:
        first.see(listing, page(A, body=b"list", headers={"ETag": '"1"'}))
        first.see(A, file("/a.pdf", b"one"))
    for number in (2, 3):
        one = Night(archive.crawl, number)
        archive.crawl.plan(one.round.id, [listing])
        seen, new = archive.crawl.see(one.round.id, listing, UNMODIFIED, one.now)
        assert (seen.links, seen.sha256, seen.shape) == ((A,), visited.digest(b"list"), {"links": 1})
        assert new == []  # the report is in the frontier as known
        assert archive.crawl.history.shapes(one.round.id, SITE) == {listing.address: {"links": 1}}
        assert archive.crawl.last(SITE, listing.address).headers == {"ETag": '"1"'}
        report = one.see(A, UNMODIFIED)
        assert report.documents == (visited.digest(b"one"),)
        assert one.close_site().documents == 1
        one.close()
    assert changes(archive) == [("new", "/a.pdf", short(b"one"), "")]


def test_links_of_an_unmodified_listing_are_visited_again(archive):
    listing, below = task("/list", TaskKind.LIST), task("/list2", TaskKind.LIST)
    with night(archive, 1) as first:
        first.see(listing, page(below))
    one = Night(archive.crawl, 2)
    archive.crawl.plan(one.round.id, [listing])
    assert archive.crawl.see(one.round.id, listing, UNMODIFIED, one.now)[1] == [below]


def test_links_that_stay_as_they_were_are_stored_once(archive):
    listing = task("/list", TaskKind.LIST)
    for number, body in enumerate((b"1", b"2", b"3"), start=1):
        with night(archive, number) as now:
            assert now.see(listing, page(A, body=body)).links == (A,)
    with night(archive, 4) as last:
        assert last.see(listing, UNMODIFIED).sha256 == visited.digest(b"3")
    stored = [links for (links,) in rows(archive, "SELECT links_id FROM sighting ORDER BY id")]
    assert stored == [None, 1, 1, 1]


def test_vanished_document_is_told_once_and_is_new_when_it_comes_back(archive):
    with night(archive, 1) as first:
        first.see(A, file("/a.pdf", b"one"))
    for number in (2, 3):
        with night(archive, number) as gone:
            gone.see(A, GONE)
            assert archive.crawl.known(SITE) == []
    with night(archive, 4) as back:
        assert back.see(A, file("/a.pdf", b"one")).outcome is VisitOutcome.NEW
    found = list(archive.crawl.history.changes())
    assert [(one.kind, one.at[:10]) for one in found] == [
        ("new", "2026-11-01"),
        ("vanished", "2026-11-02"),
        ("new", "2026-11-04"),
    ]
    assert (found[1].document, found[1].before) == ("", visited.digest(b"one"))
    assert found[2].reason == "it was gone since 2026-11-02"
    assert {one.title for one in found} == {A.title}


@pytest.mark.parametrize(
    "met",
    [
        LOGIN,
        visited.visit(VisitOutcome.ERROR, None, reason="timeout"),
        visited.visit(VisitOutcome.OTHER),
        page(),
    ],
)
def test_trouble_does_not_make_a_document_vanish(archive, met):
    with night(archive, 1) as first:
        first.see(A, file("/a.pdf", b"one"))
    with night(archive, 2) as trouble:
        trouble.see(A, met)
    assert [one.address for one in archive.crawl.known(SITE)] == [A.address]
    with night(archive, 3) as well:
        assert well.see(A, file("/a.pdf", b"one")).outcome is VisitOutcome.SAME
    assert [one.kind for one in archive.crawl.history.changes()] == ["new"]


def test_zip_that_changed_tells_of_each_member(archive):
    bundle = task("/a.zip")
    with night(archive, 1) as first:
        seen = first.see(bundle, zipped("/a.zip", ("1", b"1"), ("2", b"2"), ("3", b"3"), body=b"zip"))
        assert len(seen.documents) == 3
    with night(archive, 2) as second:
        met = zipped("/a.zip", ("1", b"1"), ("2", b"2b"), ("4", b"4"), ("5", b"5"), body=b"zip2")
        assert second.see(bundle, met).outcome is VisitOutcome.REPLACED
    assert changes(archive)[3:] == [
        ("replaced", "/a.zip!2", short(b"2b"), short(b"2")),
        ("new", "/a.zip!4", short(b"4"), ""),
        ("new", "/a.zip!5", short(b"5"), ""),
        ("vanished", "/a.zip!3", "", short(b"3")),
    ]
    assert [one[0] for one in changes(archive, kinds=["vanished"])] == ["vanished"]
    assert [one[0] for one in changes(archive, kinds=["new"])] == ["new"] * 5


def test_report_that_is_no_longer_linked_is_told_once_until_it_is_linked_again(archive):
    front = task("/", TaskKind.START)
    told = []
    for number, links in enumerate([(A,), (), (), (A,), ()], start=1):
        one = Night(archive.crawl, number)
        archive.crawl.plan(one.round.id, [front])
        one.see(front, page(*links))
        for waiting in archive.crawl.waiting(one.round.id):
            one.see(waiting, file("/a.pdf", b"one"))
        told.append(one.close_site().outcomes.get("unlinked", 0))
        one.close()
    assert told == [0, 1, 0, 0, 1]
    found = list(archive.crawl.history.changes(kinds=["unlinked"]))
    assert [(one.at[:10], one.document[:6]) for one in found] == [
        ("2026-11-02", short(b"one")),
        ("2026-11-05", short(b"one")),
    ]


def test_link_that_is_found_after_its_target_was_visited_counts(archive):
    with night(archive, 1) as first:
        first.see(A, file("/a.pdf", b"one"))
    one = Night(archive.crawl, 2)
    one.see(replace(A, kind=TaskKind.KNOWN), UNMODIFIED)
    assert one.see(task("/", TaskKind.START), page(A)).links == (A,)
    assert one.close_site().outcomes == {"unmodified": 1, "page": 1}


def test_night_that_was_cut_calls_nothing_unlinked(archive):
    with night(archive, 1) as first:
        first.see(A, file("/a.pdf", b"one"))
    one = Night(archive.crawl, 2)
    one.see(replace(A, kind=TaskKind.KNOWN), UNMODIFIED)
    one.close_site("cut", "06:00")
    assert changes(archive, kinds=["unlinked"]) == []


@pytest.mark.parametrize("outcome", [VisitOutcome.ERROR, VisitOutcome.LOGIN])
@pytest.mark.parametrize("failed", [task("/list", TaskKind.LIST), task("/page")])
def test_link_that_may_stand_on_a_page_that_failed_is_not_called_unlinked(archive, outcome, failed):
    below = replace(A, referrer=failed.url)
    with night(archive, 1) as first:
        first.see(failed, page(below))
        first.see(below, file("/a.pdf", b"one"))
    with night(archive, 2) as second:
        second.see(failed, visited.visit(outcome))
        second.see(replace(below, kind=TaskKind.KNOWN), UNMODIFIED)
    assert changes(archive, kinds=["unlinked"]) == []


def test_waiting_tasks_come_in_the_order_to_visit(archive):
    one = Night(archive.crawl, 1)
    tasks = [
        task("/k", TaskKind.KNOWN),
        task("/f", TaskKind.FILE),
        task("/deep", TaskKind.LIST, depth=3),
        task("/list", TaskKind.LIST),
        task("/list2", TaskKind.LIST),
        task("/", TaskKind.START),
    ]
    assert archive.crawl.plan(one.round.id, tasks) == tasks
    assert archive.crawl.plan(one.round.id, [*tasks, task("/x")]) == [task("/x")]
    waiting = [each.address.removeprefix(HOST) for each in archive.crawl.waiting(one.round.id)]
    assert waiting == ["/", "/list", "/list2", "/deep", "/x", "/f", "/k"]


def test_thousand_links_of_one_page_are_planned_once_each(archive):
    one = Night(archive.crawl, 1)
    links = [task(f"/{number % 1100}") for number in range(1200)]
    assert len(archive.crawl.plan(one.round.id, links)) == 1100
    assert archive.crawl.plan(one.round.id, links) == []


def test_address_too_long_for_an_index_is_told_apart_by_its_hash(archive):
    one = Night(archive.crawl, 1)
    long = [task("/" + "长" * 3000 + end, TaskKind.FILE) for end in ("1", "2")]
    planned = archive.crawl.plan(one.round.id, long)
    assert len({each.address for each in planned}) == 2
    assert [each.url for each in planned] == [each.url for each in long]
    met = file("/" + "长" * 3000 + "1", b"one")
    archive.crawl.see(one.round.id, long[0], met, one.now)
    assert archive.crawl.waiting(one.round.id) == planned[1:]
    assert archive.crawl.last(SITE, long[0].address).url == long[0].url


def test_task_that_does_not_wait_cannot_be_seen_and_nothing_is_kept(archive):
    one = Night(archive.crawl, 1)
    one.see(A, page())
    with pytest.raises(RuntimeError, match="waits"):
        archive.crawl.see(one.round.id, A, file("/a.pdf", b"one"), one.now)
    with pytest.raises(ValueError, match="no bytes"):
        archive.crawl.see(one.round.id, task("/b"), visited.visit(VisitOutcome.NEW), one.now)
    assert archive.status.counts().sources == 0


def test_open_round_is_gone_on_with_unless_it_is_too_old(archive):
    memory, day = archive.crawl, timedelta(days=1)
    first, resumed = memory.begin(FIRST_NIGHT, FIRST_NIGHT - day)
    assert (first.state, first.ended, resumed) == ("open", "", False)
    memory.plan(first.id, [A, task("/k", TaskKind.KNOWN)])
    memory.see(first.id, A, page(), FIRST_NIGHT)
    assert memory.begin(FIRST_NIGHT + day / 2, FIRST_NIGHT) == (first, True)
    second, resumed = memory.begin(FIRST_NIGHT + day, FIRST_NIGHT + day / 2)
    assert (second.id, resumed) == (first.id + 1, False)
    assert [each.address for each in memory.waiting(second.id)] == [HOST + "/k"]
    old = memory.history.rounds()[1]
    assert (old.state, old.reason, old.ended) == ("cut", "never finished", "2026-11-02T22:00:00Z")


def test_waiting_tasks_outlive_a_round_that_was_cut_and_no_other(archive):
    for state, left in (("cut", [A.address]), ("complete", [])):
        one = Night(archive.crawl, 1)
        archive.crawl.plan(one.round.id, [A])
        one.close(state, "06:00" if state == "cut" else "")
        later = Night(archive.crawl, 2)
        assert [each.address for each in archive.crawl.waiting(later.round.id)] == left
        later.close()
    with pytest.raises(RuntimeError, match="not open"):
        later.close()


def test_robots_are_compared_with_the_last_answer_of_use(archive):
    memory, host = archive.crawl, "www.qinghe.gov.cn"
    told = []
    for number, status in enumerate((200, 503, None, 404), start=1):
        one = Night(memory, number)
        assert memory.robots(one.round.id, host) is None
        answer = Robots(host, status, "User-agent: *" if status == 200 else "", "")
        before = memory.keep_robots(one.round.id, answer, one.now)
        assert memory.keep_robots(one.round.id, answer, one.now) == before
        assert memory.robots(one.round.id, host) == answer
        assert memory.history.robots_answers(one.round.id) == [(answer, before)]
        told.append(before and before.status)
        one.close()
    assert told == [None, 200, 200, 200]


def test_night_counts_what_was_seen(archive):
    one = Night(archive.crawl, 1)
    one.see(task("/", TaskKind.START), page(A, task("/b.pdf", TaskKind.FILE), body=b"1234"))
    one.see(A, file("/a.pdf", b"one"))
    one.see(task("/b.pdf", TaskKind.FILE), file("/b.pdf", b"one"))
    counted = archive.crawl.night(one.round.id, SITE)
    assert counted.outcomes == {"new": 1, "duplicate": 1, "page": 1}
    assert (counted.state, counted.documents, counted.reports, counted.bytes) == ("open", 1, 2, 10)
    closed = one.close_site("cut", "06:00")
    one.close_site("cut", "06:00")  # again, after a kill
    assert archive.crawl.history.nights(one.round.id) == [closed]
    assert archive.crawl.history.site_nights(SITE, one.round.id + 1) == []
    assert archive.crawl.history.sites() == [SITE]


def test_history_is_of_complete_rounds_latest_first(archive):
    for number, state in enumerate(("complete", "cut", "complete", "complete"), start=1):
        one = Night(archive.crawl, number)
        one.close_site(state)
        one.close()
    numbers = [each.round for each in archive.crawl.history.site_nights(SITE, one.round.id, limit=5)]
    assert numbers == [one.round.id - 1, one.round.id - 3]
    assert len(archive.crawl.history.site_nights(SITE, one.round.id, states=())) == 3
    assert [each.id for each in archive.crawl.history.rounds(2)] == [one.round.id, one.round.id - 1]


def test_alarms_come_most_severe_first(archive):
    one = Night(archive.crawl, 1)
    given = [
        Alarm(one.round.id, SITE, severity, "kind", HOST, f"{severity}\x00")
        for severity in (Severity.INFO, Severity.CRITICAL, Severity.WARNING, Severity.CRITICAL)
    ]
    archive.crawl.close(one.round.id, "complete", "", given, one.now)
    found = archive.crawl.history.alarms(one.round.id)
    assert [alarm.severity for alarm in found] == ["critical", "critical", "warning", "info"]
    assert found[0].message == "critical\ufffd"


def test_changes_are_chosen_by_time_site_round_and_kind(archive):
    other = "other"
    with night(archive, 1) as first:
        first.see(A, file("/a.pdf", b"one"))
    with night(archive, 2, other) as second:
        second.see(task("/a.pdf", site=other), file("/a.pdf", b"two"))
    wanted = [("new", "/a.pdf", short(b"two"), "")]
    assert changes(archive, since=visited.night_of(2)) == wanted
    assert changes(archive, since=visited.night_of(2) + timedelta(seconds=1)) == []
    assert changes(archive, sites=[other]) == changes(archive, round=second.round.id) == wanted
    assert len(changes(archive, sites=[other, SITE], kinds=["new", "vanished"])) == 2


def test_damaged_memory_is_found(archive):
    visited.two_nights(archive)
    assert archive.verify().problems == ()
    rows(archive, "DELETE FROM sighting_document WHERE sighting_id = 2")
    rows(archive, "UPDATE sighting SET before_id = 77 WHERE before_id IS NOT NULL")
    rows(archive, "UPDATE crawl_task SET done = (1 = 1), address = 'x'")
    rows(archive, "INSERT INTO crawl_round (started, ended, state, reason) VALUES ('', '', 'open', '')")
    found = archive.verify().problems
    assert len(found) == 4
    for words in ("documents than they say", "that are not there", "without a sighting", "rounds are open"):
        assert sum(words in message for message in found) == 1, found
