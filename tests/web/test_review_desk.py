"""Several people before one queue."""

from __future__ import annotations

from archive.archive import Archive
from archive.records import VerdictKind
from archive.values.facts import FactFilter
from archive.values.records import VerdictInput
from web.review_desk import ReviewDesk

ALL = FactFilter()


def test_nobody_gets_what_another_looks_at(archive: Archive) -> None:
    desk = ReviewDesk(archive)
    keys = [getattr(desk.question(who, ALL), "key", None) for who in ("li", "wang", "zhao", "sun")]
    assert len({key for key in keys if key}) == 3
    assert keys[3] is None
    assert getattr(desk.question("li", ALL), "key", None) == keys[0]  # loaded again, it is the same


def test_what_somebody_left_is_given_to_another_after_a_while(archive: Archive) -> None:
    now = [0.0]
    desk = ReviewDesk(archive, lambda: now[0])
    first = desk.question("li", ALL)
    now[0] = 901.0
    second = desk.question("wang", ALL)
    assert first
    assert second
    assert first.key == second.key


def test_what_is_left_for_later_comes_no_more_to_that_session(archive: Archive) -> None:
    desk = ReviewDesk(archive)
    seen = []
    while doubt := desk.question("li", ALL):
        seen.append(doubt.key)
        desk.skip("li")
    assert len(seen) == len(set(seen)) == 3
    assert desk.question("wang", ALL)


def test_the_last_judged_comes_back(archive: Archive) -> None:
    desk = ReviewDesk(archive)
    doubt = desk.question("li", ALL)
    assert doubt
    name = doubt.fact.report, doubt.key
    with Archive.open(archive.location, write=True) as writer:
        writer.review.judge(*name, VerdictInput(VerdictKind.ACCEPT, "li"))
        desk.judged("li", [name])
        following = desk.question("li", ALL)
        assert following
        assert following.key != doubt.key
        assert desk.last("li") == name
        writer.review.judge(*name, VerdictInput(VerdictKind.UNDO, "li"))
    again = desk.question("li", ALL)
    assert again
    assert again.key == doubt.key
    assert desk.last("wang") is None
