"""Several writers of one PostgreSQL archive: real processes that do the same things at the same time."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from archive.archive import Archive
from archive.db.engine import LockedError
from archive.records import ReportName, VerdictKind
from archive.values.records import VerdictInput
from core.errors import UsageError
from tests.support import handmade
from tests.support.batches import until
from tests.support.places import Place, new_place, rows

PDF = "application/pdf"
DIGEST = hashlib.sha256(b"scans/a.pdf").hexdigest()
PROCESSES, ROUNDS = 4, 12
MEANT = {f"{n}局": f"{n % 3}县" for n in range(30)}


@pytest.fixture
def shared(tmp_path, server) -> Place:
    place = new_place("postgresql", tmp_path, server)
    place.open().close()
    return place


def at_once(place: Place, work: Callable[[Archive, int], Any]) -> list[Any]:
    """What several processes gave that did the same work at the same time, each with its own session."""
    context = multiprocessing.get_context("fork")
    ready, results = context.Barrier(PROCESSES), context.Queue()
    children = [
        context.Process(target=_child, args=(place, work, n, ready, results)) for n in range(PROCESSES)
    ]
    for child in children:
        child.start()
    found = [results.get(timeout=60) for _ in children]
    for child in children:
        child.join()
    return found


def _child(place: Place, work: Callable[[Archive, int], Any], n: int, ready: Any, results: Any) -> None:
    try:
        with place.open(create=False, write=True) as archive:
            ready.wait()
            results.put(work(archive, n))
    except BaseException as error:
        results.put(error)


def keep_the_same(archive: Archive, n: int) -> int:
    """Keep documents that the others keep too, from sources of one's own; count those that were new."""
    return sum(
        archive.documents.keep(f"{n}/{round_}.pdf", io.BytesIO(b"%d" % round_), PDF).new_document
        for round_ in range(ROUNDS)
    )


def record_the_same(archive: Archive, _: int) -> int:
    for _ in range(ROUNDS):
        archive.documents.record(DIGEST, handmade.RUN, handmade.PAGES, handmade.alone(handmade.report()))
    return ROUNDS


def claim_all(archive: Archive, _: int) -> list[str]:
    mine = [one.document for one in archive.documents.pending() if archive.queue.claim(one.document)]
    for document in mine:
        archive.documents.record(document, handmade.RUN, handmade.PAGES, handmade.alone(handmade.report()))
    return mine


def judge_the_same(archive: Archive, n: int) -> int:
    for round_ in range(ROUNDS):
        archive.review.judge(
            ReportName(DIGEST), "requests/new/total", VerdictInput(VerdictKind.ACCEPT, f"{n}", f"{round_}")
        )
    return ROUNDS


def link_otherwise(archive: Archive, n: int) -> int:
    done = 0
    for name in MEANT:
        try:
            done += len(archive.organs.link([name], f"{n % 2}县"))
        except UsageError:
            continue
    return done


def test_same_bytes_brought_by_several_are_one_document_with_every_source(shared):
    assert sum(at_once(shared, keep_the_same)) == ROUNDS
    with shared.open(create=False) as archive:
        assert len(archive.documents.pending()) == ROUNDS
        assert rows(archive, "SELECT count(*) FROM source") == [(ROUNDS * PROCESSES,)]
        assert archive.verify().problems == ()


def test_readings_recorded_at_once_leave_one_that_is_current(shared):
    with shared.open() as archive:
        handmade.archive_one(archive)
    assert sum(at_once(shared, record_the_same)) == ROUNDS * PROCESSES
    with shared.open(create=False) as archive:
        runs = Counter(rows(archive, "SELECT is_current FROM run"))
        assert runs == {(True,): 1, (False,): ROUNDS * PROCESSES}
        assert archive.verify().problems == ()


def test_every_pending_document_is_claimed_by_one(shared):
    with shared.open() as archive:
        kept = [archive.documents.keep(f"{n}.pdf", io.BytesIO(b"%d" % n), PDF).document for n in range(40)]
    claimed = at_once(shared, claim_all)
    assert sorted(document for mine in claimed for document in mine) == sorted(kept)
    with shared.open(create=False) as archive:
        assert archive.documents.pending() == []
        assert rows(archive, "SELECT count(*) FROM run") == [(len(kept),)]


def test_claim_ends_with_its_process(shared):
    with shared.open() as first:
        document = first.documents.keep("a.pdf", io.BytesIO(b"a"), PDF).document
        assert first.queue.claim(document)
        assert not first.queue.claim(document)
        with shared.open(create=False, write=True) as second:
            assert not second.queue.claim(document)
            first.close()
            # The server lets go when it notices that the connection is closed, a moment later.
            assert until(lambda: second.queue.claim(document), bool)


def test_verdicts_given_at_once_are_all_kept_and_one_stands(shared):
    with shared.open() as archive:
        handmade.archive_one(archive)
    assert sum(at_once(shared, judge_the_same)) == ROUNDS * PROCESSES
    with shared.open(create=False) as archive:
        assert archive.review.count_verdicts() == ROUNDS * PROCESSES
        assert rows(archive, "SELECT count(*) FROM verdict WHERE stands") == [(1,)]


def test_name_linked_by_several_at_once_means_one_organ(shared):
    assert sum(at_once(shared, link_otherwise)) == len(MEANT)
    with shared.open(create=False) as archive:
        assert rows(archive, "SELECT count(*) FROM organ_alias") == [(len(MEANT),)]


def test_empty_database_is_made_an_archive_by_one_of_several(server, tmp_path):
    place = Place("postgresql", server.new_database("template0"), tmp_path / "objects")

    context = multiprocessing.get_context("fork")
    with context.Pool(2) as pool:
        assert pool.map(_made, [place, place]) == [0, 0]


def _made(place: Place) -> int:
    with place.open() as archive:
        return len(archive.documents.pending())


def test_what_must_be_alone_waits_for_nobody_and_nobody_works_beside_it(shared):
    with shared.open(create=False, write=True), pytest.raises(LockedError, match="stop them first"):
        shared.open(create=False, write=True, alone=True)
    with shared.open(create=False, write=True, alone=True), pytest.raises(LockedError, match="must be alone"):
        shared.open(create=False, write=True)


def test_one_round_of_the_crawler_at_a_time(shared):
    with shared.open(create=False, write=True) as first, shared.open(create=False, write=True) as second:
        with (
            first.queue.crawling(),
            pytest.raises(LockedError, match="another round"),
            second.queue.crawling(),
        ):
            pass
        with second.queue.crawling():
            pass
