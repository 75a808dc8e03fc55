"""Silence is not taken for success: what a round found wrong with a site is told, once a matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from archive.archive import Archive
from archive.crawl.records import Alarm, Robots, Task, TaskKind, Visit, VisitOutcome
from ingest.crawl.reporting.alarms import round_alarms
from tests.support import visited
from tests.support.visited import GONE, HOST, LOGIN, SITE, UNMODIFIED, Night, file, page, task

FRONT = task("/", TaskKind.START)
REPORTS = tuple(task(f"/{number}.pdf") for number in range(8))
ERROR = visited.visit(VisitOutcome.ERROR, None, reason="no answer in 30 s")
REFUSED = visited.visit(VisitOutcome.REFUSED, None, reason="forbidden by robots.txt")
FOUND_NOT = visited.visit(VisitOutcome.GONE, 200, reason="the page says 404")
ALLOWED, FORBIDDEN = "", "User-agent: *\nDisallow: /"


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a", create=True) as opened:
        yield opened


def shape_changed(before, now) -> str:
    return "" if before == now else f"{before['links']} links became {now['links']}"


def report(one: Task, body: bytes = b"") -> Visit:
    return file(one.url.removeprefix(HOST), body or one.url.encode())


def night(
    archive,
    number: int,
    seen: Iterable[tuple[Task, Visit]],
    state: str = "complete",
    reason: str = "",
    robots: str | int | None = None,
) -> list[Alarm]:
    """A night with these visits; its alarms, which are kept as well."""
    one = Night(archive.crawl, number)
    if robots is not None:
        status, text = (200, robots) if isinstance(robots, str) else (robots, "")
        archive.crawl.keep_robots(one.round.id, Robots("www.qinghe.gov.cn", status, text, ""), one.now)
    for what, met in seen:
        one.see(what, met)
    one.close_site(state, reason)
    raised = round_alarms(archive.crawl, one.round.id, shape_changed)
    archive.crawl.close(one.round.id, "complete", "", raised, one.now)
    return raised


def usual(reports: Iterable[Task] = REPORTS, shape: dict | None = None) -> list[tuple[Task, Visit]]:
    listed = tuple(reports)
    front = page(*listed, shape=shape or {"links": 8})
    return [(FRONT, front), *((one, report(one)) for one in listed)]


def short(raised: Iterable[Alarm]) -> list[tuple[str, str]]:
    return [(alarm.severity.value, alarm.kind) for alarm in raised]


def test_nights_that_go_well_raise_nothing(archive):
    for number in range(1, 4):
        assert night(archive, number, usual(), robots=ALLOWED) == []
    quiet = [(FRONT, UNMODIFIED), *((replace(one, kind=TaskKind.KNOWN), UNMODIFIED) for one in REPORTS)]
    assert night(archive, 4, quiet, robots=ALLOWED) == []


def test_alarms_are_raised_and_kept_on_both_databases(place):
    with place.open() as archive:
        night(archive, 1, usual(), robots=ALLOWED)
        known = [(replace(one, kind=TaskKind.KNOWN), GONE) for one in REPORTS[:5]]
        others = [(task("/x"), REFUSED), (task("/list", TaskKind.LIST), LOGIN), (task("/e"), ERROR)]
        front = page(*REPORTS[5:], shape={"links": 3})
        raised = night(archive, 2, [(FRONT, front), *known, *others], robots=FORBIDDEN)
        assert short(raised) == [
            ("critical", "vanished"),
            ("warning", "shape"),
            ("warning", "robots"),
            ("info", "errors"),
        ]
        assert archive.crawl.history.alarms(raised[0].round) == raised


def test_site_that_gives_no_report_any_more_is_critical_every_night(archive):
    night(archive, 1, usual())
    for number in (2, 3, 4):
        raised = night(archive, number, [(FRONT, page(shape={"links": 8}))])
        assert ("critical", "no_reports") in short(raised)
    (alarm,) = [one for one in raised if one.kind == "no_reports"]
    assert alarm.message == f"no report is linked any more; there were 8 in round {raised[0].round - 3}"


def test_first_night_without_any_report_is_a_warning(archive):
    assert short(night(archive, 1, [(FRONT, page())])) == [("warning", "nothing_found")]


def test_far_fewer_reports_than_usual_are_told_and_a_few_less_are_not(archive):
    for number in (1, 2):
        night(archive, number, usual())
    assert night(archive, 3, usual(REPORTS[:5])) == []
    raised = night(archive, 4, usual(REPORTS[:3]))
    assert short(raised) == [("warning", "fewer_reports"), ("warning", "fewer_pages")]
    assert raised[0].message == "3 links to reports; 8 are usual"


def test_no_start_page_is_critical_on_the_first_night_too(archive):
    (alarm, *_) = raised = night(archive, 1, [(FRONT, ERROR)])
    assert short(raised)[0] == ("critical", "start_failed")
    assert (alarm.url, alarm.message) == (FRONT.url, "no start page could be used: no answer in 30 s")
    other = task("/zwgk", TaskKind.START)
    raised = night(archive, 2, [(other, LOGIN), *usual()])
    assert short(raised) == [("warning", "start_failed")]


def test_errors_are_told_once_by_their_share(archive):
    def with_errors(count: int) -> list[tuple[Task, Visit]]:
        return [*usual(), *((task(f"/e{number}"), ERROR) for number in range(count))]

    assert short(night(archive, 1, with_errors(2))) == [("info", "errors")]
    assert short(night(archive, 2, with_errors(5))) == [("warning", "errors")]
    (alarm,) = night(archive, 3, with_errors(9))
    assert (alarm.severity, alarm.url) == ("critical", HOST + "/e0")
    assert alarm.message == "9 of 18 visits failed (50%), most often: no answer in 30 s"


@pytest.mark.parametrize(
    ("met", "kind"), [(LOGIN, "login"), (FOUND_NOT, "not_found"), (page(), "no_document")]
)
def test_answer_that_is_no_report_where_one_was_is_told(archive, met, kind):
    night(archive, 1, usual())
    known = [(replace(one, kind=TaskKind.KNOWN), met) for one in REPORTS[:2]]
    raised = night(archive, 2, [*usual(REPORTS[2:]), *known, (FRONT, page(*REPORTS))][:-1])
    (alarm,) = [one for one in raised if one.kind == kind]
    assert (alarm.severity, alarm.url) == ("warning", REPORTS[0].url)
    assert alarm.message.startswith("2 addresses ")


@pytest.mark.parametrize(("met", "kind"), [(LOGIN, "login"), (FOUND_NOT, "not_found")])
def test_wrong_page_where_a_page_was_is_told_and_where_nothing_was_it_is_not(archive, met, kind):
    listing, never = task("/list", TaskKind.LIST), task("/never", TaskKind.LIST)
    assert night(archive, 1, [*usual(), (listing, page()), (never, met)]) == []
    raised = night(archive, 2, [*usual(), (listing, met), (never, met)])
    assert [(one.kind, one.url) for one in raised] == [(kind, listing.url)]


@pytest.mark.parametrize("met", [LOGIN, FOUND_NOT])
def test_link_to_a_report_that_never_gave_one_is_a_remark(archive, met):
    shut = task("/shut", TaskKind.REPORT)
    (alarm,) = night(archive, 1, [*usual(), (shut, met)])
    assert (alarm.severity, alarm.kind, alarm.url) == ("info", "shut", shut.url)


def test_real_404_is_no_wrong_page(archive):
    night(archive, 1, usual())
    assert night(archive, 2, [*usual(REPORTS[1:]), (replace(REPORTS[0], kind=TaskKind.KNOWN), GONE)]) == []


def test_many_documents_that_vanish_at_once_are_told(archive):
    night(archive, 1, usual())
    gone = [(replace(one, kind=TaskKind.KNOWN), GONE) for one in REPORTS[:5]]
    raised = night(archive, 2, [*usual(REPORTS[5:]), *gone])
    (alarm,) = [one for one in raised if one.kind == "vanished"]
    assert (alarm.severity, alarm.message) == ("critical", "5 of 8 documents vanished at once")


def test_listing_whose_shape_changed_is_told(archive):
    night(archive, 1, usual())
    (alarm,) = night(archive, 2, usual(shape={"links": 0}))
    assert (alarm.kind, alarm.url) == ("shape", FRONT.address)
    assert alarm.message == "1 address list in another way than before: 8 links became 0"


def test_report_with_images_missing_is_told(archive):
    met = file("/0.pdf", b"page", reason="2 of 5 images missing")
    (alarm,) = night(archive, 1, [*usual(REPORTS[1:]), (REPORTS[0], met)])
    assert (alarm.kind, alarm.url) == ("incomplete", REPORTS[0].url)
    assert alarm.message.endswith("2 of 5 images missing")


def test_trouble_with_certificates_is_told_when_it_is_new(archive):
    troubled = [(what, replace(met, tls="expired")) for what, met in usual()]
    told = [
        short(night(archive, number, seen)) for number, seen in enumerate((usual(), troubled, troubled), 1)
    ]
    assert told == [[], [("warning", "tls")], []]


def test_robots_that_forbid_what_they_allowed_are_told(archive):
    night(archive, 1, usual(), robots=ALLOWED)
    raised = night(archive, 2, [*usual(), (task("/x"), REFUSED)], robots=FORBIDDEN)
    assert short(raised) == [("warning", "robots")]
    assert raised[0].message == "robots.txt now forbids 1 address that it allowed before"
    assert night(archive, 3, [*usual(), (task("/x"), REFUSED)], robots=FORBIDDEN) == []
    raised = night(archive, 4, usual(), robots=ALLOWED)
    assert short(raised) == [("info", "robots")]


def test_robots_that_cannot_be_had_are_told(archive):
    night(archive, 1, usual(), robots=ALLOWED)
    raised = night(archive, 2, [*usual(REPORTS), (task("/x"), REFUSED)], robots=503)
    assert short(raised) == [("warning", "robots_unreachable")]
    assert "www.qinghe.gov.cn" in raised[0].message


def test_site_that_is_not_seen_whole_for_long_gets_ever_more_urgent(archive):
    night(archive, 1, usual())
    told = [short(night(archive, number, usual()[:3], "cut", "06:00")) for number in range(2, 9)]
    assert told[0] == told[1] == [("warning", "cut")]
    assert told[2] == told[5] == [("warning", "unseen"), ("warning", "cut")]
    assert told[6] == [("critical", "unseen"), ("warning", "cut")]
    assert short(night(archive, 9, [], "skipped", "outside its night")) == [
        ("critical", "unseen"),
        ("info", "skipped"),
    ]


def test_site_that_a_round_did_not_come_to_is_told_by_name(archive):
    night(archive, 1, usual())
    other = Night(archive.crawl, 2, "other")
    other.see(task("/", TaskKind.START, site="other"), page(task("/1.pdf", site="other")))
    other.close_site()
    raised: Callable[..., list[Alarm]] = lambda **given: round_alarms(  # noqa: E731
        archive.crawl, other.round.id, shape_changed, **given
    )
    assert [(one.site, one.kind) for one in raised()] == [(SITE, "not_visited")]
    assert raised(sites=["other"]) == []
    assert [(one.site, one.kind) for one in raised(sites=["new"])] == [("new", "not_visited")]
