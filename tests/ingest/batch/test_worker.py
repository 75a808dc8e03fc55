"""Workers of a PostgreSQL archive: what they read, what they leave, and what becomes of it when they die."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from archive.archive import Archive
from core.errors import ReadingDied, UnreadableDocument, UsageError
from ingest.batch.worker import WorkerIntervals, WorkerLoop, run_worker
from ingest.reading.pipeline import DocumentReading
from tests.support import handmade
from tests.support.paths import environment
from tests.support.places import Place, new_place, rows

PDF = "application/pdf"
QUICK = WorkerIntervals(poll=0.2, heartbeat=0.5, silent=2.0)
JOBS = "SELECT status::text, priority FROM guidang_queue.procrastinate_jobs WHERE queue_name = 'documents'"


@pytest.fixture
def shared(tmp_path, server) -> Place:
    place = new_place("postgresql", tmp_path, server)
    place.open().close()
    return place


def keep(archive: Archive, *names: str) -> list[str]:
    return [archive.documents.keep(name, io.BytesIO(name.encode()), PDF).document for name in names]


def read_by_hand(path: Path) -> DocumentReading:
    """Stands in for the reader, by what the bytes of a document ask for."""
    asked = path.read_text()
    if "poison" in asked:
        raise ReadingDied("crashed", "reading ended its process (-9)", "page 1")
    if "broken" in asked:
        raise UnreadableDocument("corrupt", "no PDF", "open")
    return DocumentReading(handmade.PAGES, handmade.alone(handmade.report()), 0.1)


def work_off(place: Place) -> None:
    run_worker(WorkerLoop(place.location, "w", 2, until_empty=True, pace=QUICK), read_by_hand)


def test_worker_settles_every_document_and_leaves_no_job(shared):
    with shared.open(create=False, write=True) as archive:
        good, broken, poison = keep(archive, "good.pdf", "broken.pdf", "poison.pdf")
        assert rows(archive, JOBS) == [("todo", 10)] * 3
    work_off(shared)
    with shared.open(create=False) as archive:
        assert dict(rows(archive, "SELECT sha256, status FROM document")) == {
            good: "archived",
            broken: "failed",
            poison: "quarantined",
        }
        assert rows(archive, "SELECT count(*) FROM run WHERE outcome = 'died'") == [(3,)]
        assert rows(archive, JOBS) == []
        assert archive.verify().problems == ()


def test_what_a_worker_does_stands_in_its_log_and_its_metrics(shared, tmp_path):
    with shared.open(create=False, write=True) as archive:
        keep(archive, "good.pdf", "broken.pdf")
    log, prom = tmp_path / "log", tmp_path / "w.prom"
    told = {"log": str(log), "prom": prom, "listen": "0"}
    run_worker(WorkerLoop(shared.location, "w", 2, until_empty=True, pace=QUICK, **told), read_by_hand)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    outcomes = {line["source"]: line["outcome"] for line in lines if line["event"] == "document"}
    assert outcomes == {"good.pdf": "archived", "broken.pdf": "failed"}
    assert lines[0]["command"] == "worker"
    assert 'guidang_batch_documents{outcome="archived"} 1.0' in prom.read_text()


@pytest.mark.parametrize("wrong", [{"listen": "here"}, {"at": "tonight"}, {"prom": Path("w.txt")}])
def test_worker_refuses_settings_that_make_no_sense(shared, wrong):
    with pytest.raises(UsageError):
        run_worker(WorkerLoop(shared.location, "w", 1, until_empty=True, pace=QUICK, **wrong), read_by_hand)


def test_worker_serves_its_metrics_while_it_works(shared):
    with shared.open(create=False, write=True) as archive:
        keep(archive, "good.pdf")
    seen = []

    def read_and_look(path: Path) -> DocumentReading:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            seen.append(answer.read().decode())
        return read_by_hand(path)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run_worker(
        WorkerLoop(shared.location, "w", 1, until_empty=True, pace=QUICK, listen=str(port)), read_and_look
    )
    assert 'guidang_archive_documents{status="pending"} 1.0' in seen[0]
    assert "guidang_batch_running 1.0" in seen[0]


def test_crawl_is_begun_when_its_time_comes_and_ended_with_its_worker(shared, tmp_path):
    """A program that stands in for the round: it says that it began, and goes on until it is told to end."""
    with shared.open(create=False, write=True) as archive:
        keep(archive, "good.pdf")
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    script = tmp_path / "round.sh"
    script.write_text(
        f'echo "$GUIDANG_ARCHIVE" > {begun}\ntrap "touch {ended}; exit" TERM\nsleep 60 & wait\n'
    )

    def read_once_begun(path: Path) -> DocumentReading:
        wait_until(lambda: begun.exists() and begun.read_text())
        return read_by_hand(path)

    crawl = {"crawl": ("sh", str(script)), "at": "* * * * * */1"}
    run_worker(WorkerLoop(shared.location, "w", 1, until_empty=True, pace=QUICK, **crawl), read_once_begun)
    assert begun.read_text().strip() == shared.location
    wait_until(ended.exists)


def test_document_that_ends_its_child_is_tried_again_behind_the_others(shared):
    with shared.open(create=False, write=True) as archive:
        poison, good = keep(archive, "poison.pdf", "good.pdf")
    run_worker(WorkerLoop(shared.location, "w", 1, until_empty=True, pace=QUICK), read_by_hand)
    with shared.open(create=False) as archive:
        runs = "SELECT sha256 FROM run JOIN document ON document.id = document_id ORDER BY run.id"
        assert rows(archive, runs) == [(poison,), (good,), (poison,), (poison,)]


def test_retry_puts_failed_and_quarantined_documents_behind_all_others(shared):
    with shared.open(create=False, write=True) as archive:
        keep(archive, "broken.pdf", "poison.pdf")
    work_off(shared)
    with shared.open(create=False, write=True) as archive:
        keep(archive, "new.pdf")
        assert archive.documents.retry() == 2
        assert sorted(rows(archive, JOBS)) == [("todo", 0), ("todo", 0), ("todo", 10)]
        assert archive.documents.retry() == 0


def test_document_that_is_read_elsewhere_is_left_alone(shared):
    with shared.open(create=False, write=True) as archive:
        (document,) = keep(archive, "good.pdf")
        assert archive.queue.claim(document)
        work_off(shared)
        assert rows(archive, "SELECT count(*) FROM run") == [(0,)]
        assert rows(archive, JOBS) == [("todo", 10)]
        archive.documents.record(document, handmade.RUN, handmade.PAGES, handmade.alone(handmade.report()))
        assert rows(archive, JOBS) == []


def test_reading_that_comes_too_late_is_dropped(shared):
    with shared.open(create=False, write=True) as archive:
        document = handmade.archive_one(archive)
        report = handmade.report()
        assert not archive.documents.record(
            document, handmade.RUN, handmade.PAGES, handmade.alone(report), if_pending=True
        )
        assert not archive.documents.fail(
            document, handmade.RUN, "open", "no PDF", "corrupt", if_pending=True
        )
        assert (
            archive.documents.die(document, handmade.RUN, "read", "killed", "crashed", if_pending=True)
            == "settled"
        )
        assert rows(archive, "SELECT count(*) FROM run") == [(1,)]


def test_job_of_a_worker_that_died_is_put_back_and_its_third_death_is_the_last(shared):
    with shared.open(create=False, write=True) as archive:
        (document,) = keep(archive, "good.pdf")
        for death in (1, 2, 3):
            rows(archive, "UPDATE guidang_queue.procrastinate_jobs SET status = 'doing'")
            assert archive.queue.claim(document)
            with shared.open(create=False, write=True) as other:
                assert other.queue.rescue(handmade.RUN, 1.0) == []  # it is claimed: its worker lives
            archive.queue.release(document)
            status = "pending" if death < 3 else "quarantined"
            assert archive.queue.rescue(handmade.RUN, 1.0) == [(document, status)]
            assert rows(archive, JOBS) == ([("todo", 10 - death)] if death < 3 else [])
            if death < 3:  # behind those that came with it, and still called so
                assert [one.priority for one in archive.status.workshop().queue] == ["ingest"]


def test_pending_document_without_a_job_is_told_and_upgrade_makes_it(shared):
    with shared.open(create=False, write=True) as archive:
        keep(archive, "good.pdf")
        rows(archive, "DELETE FROM guidang_queue.procrastinate_jobs")
        assert "no job in the queue" in archive.verify().problems[0]
    Archive.upgrade(shared.location)
    with shared.open(create=False) as archive:
        assert archive.verify().problems == ()


def test_archive_in_a_folder_has_no_workers(tmp_path):
    Archive.open(tmp_path / "a", create=True).close()
    with pytest.raises(UsageError, match="has no workers"):
        run_worker(WorkerLoop(str(tmp_path / "a"), "w", 1, until_empty=True), read_by_hand)


SLOW = """
import sys, time
from tests.ingest.batch.test_worker import QUICK, read_by_hand
from ingest.batch.worker import WorkerLoop, run_worker
def slowly(path):
    time.sleep(2)
    return read_by_hand(path)
run_worker(WorkerLoop(sys.argv[1], "slow", 1, pace=QUICK), slowly)
"""


def start_slow_worker(place: Place) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", SLOW, place.location]
    return subprocess.Popen(command, start_new_session=True, env=environment())


def wait_until(true) -> None:
    until = time.monotonic() + 30
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_term_finishes_what_is_under_way_and_takes_nothing_new(shared):
    with shared.open(create=False, write=True) as archive:
        keep(archive, "a.pdf", "b.pdf")
        process = start_slow_worker(shared)
        wait_until(lambda: ("doing", 10) in rows(archive, JOBS))
        wait_until(lambda: archive.status.workshop().workers)
        (one,) = archive.status.workshop().workers
        assert (one.name, one.slots, len(one.reads)) == ("slow", 1, 1)
        process.terminate()
        assert process.wait(30) == 0
        assert sorted(rows(archive, "SELECT status FROM document")) == [("archived",), ("pending",)]
        assert rows(archive, JOBS) == [("todo", 10)]
        assert archive.status.workshop().workers == ()


def test_what_a_killed_worker_left_is_read_by_another(shared):
    with shared.open(create=False, write=True) as archive:
        keep(archive, "a.pdf")
        process = start_slow_worker(shared)
        wait_until(lambda: ("doing", 10) in rows(archive, JOBS))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(QUICK.silent + QUICK.heartbeat)
        work_off(shared)
        assert rows(archive, "SELECT status FROM document") == [("archived",)]
        assert rows(archive, "SELECT outcome FROM run ORDER BY id") == [("died",), ("archived",)]
        assert rows(archive, JOBS) == []
