"""Watching a batch: its log, its metrics in a file and over HTTP."""

from __future__ import annotations

import io
import json
import urllib.request
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from archive.archive import Archive
from archive.status.size import Size
from core.errors import ArchiveUnavailable, UsageError
from ingest.monitoring import batch_monitor as watch
from ingest.monitoring.batch_counts import BatchCounts
from ingest.monitoring.batch_metrics import LAST_SUCCESS, fill_archive, fill_batch
from ingest.monitoring.batch_monitor import watching
from ingest.monitoring.metrics_exposition import filled, save, saved_value, served
from ingest.reading.outcomes import DocumentOutcome, tell
from tests.support import handmade

READ = DocumentOutcome("ab" * 32, "scans/一.pdf", "archived", pages=3, flagged=2, seconds=4.00049, worker=77)
FAILED = DocumentOutcome("cd" * 32, "scans/二.pdf", "failed", "page 2", "damaged", "page 2 cannot be opened")


@pytest.fixture
def archive(place):
    with place.open(write=True) as opened:
        yield opened


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def values(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name.removeprefix("guidang_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_log_says_of_each_document_what_became_of_it(archive, tmp_path):
    log = tmp_path / "log.json"
    with watching(archive, "ingest", str(log), None):
        tell(READ)
        tell(FAILED)
    begin, read, failed, end = lines(log)
    assert (begin["event"], begin["command"], begin["archive"]) == (
        "batch_begin",
        "ingest",
        str(archive.location),
    )
    known = {"event": "document", "level": "info", "timestamp": read["timestamp"]}
    assert read == known | {
        **{"document": "ab" * 32, "source": "scans/一.pdf", "outcome": "archived", "stage": "", "code": ""},
        **{"reason": "", "pages": 3, "flagged": 2, "seconds": 4.0, "worker": 77},
    }
    assert (failed["stage"], failed["code"], failed["seconds"]) == ("page 2", "damaged", None)
    assert (end["event"], end["ended"]) == ("batch_end", "finished")
    assert [end[one] for one in ("archived", "failed", "pages", "flagged")] == [1, 1, 3, 2]


@pytest.mark.parametrize(
    ("error", "ended", "level", "reason"),
    [
        (KeyboardInterrupt(), "stopped", "info", ""),
        (ArchiveUnavailable("disk full\nof scans"), "error", "error", "ArchiveUnavailable: disk full"),
    ],
)
def test_a_batch_that_is_broken_off_says_so_in_its_log_and_metrics(
    archive, tmp_path, error, ended, level, reason
):
    log, prom = tmp_path / "log.json", tmp_path / "guidang.prom"
    with watching(archive, "ingest", None, prom):
        pass
    success = saved_value(prom, LAST_SUCCESS)
    with suppress(type(error)), watching(archive, "ingest", str(log), prom):
        tell(READ)
        raise error
    last = lines(log)[-1]
    assert (last["ended"], last["level"], last["reason"], last["archived"]) == (ended, level, reason, 1)
    found = values(prom.read_text())
    assert found[LAST_SUCCESS,] == success
    assert success > 1.7e9
    assert found["batch_running",] == 0


def test_a_log_that_nobody_asked_for_costs_no_line_and_stdout_stays_clean(archive, capsys):
    with watching(archive, "ingest", None, None):
        tell(FAILED)
    tell(READ)  # nobody watches any more
    assert capsys.readouterr() == ("", "")


def test_metrics_count_the_batch_and_what_the_archive_holds(archive, tmp_path, monkeypatch):
    handmade.archive_one(archive)
    bad = archive.documents.keep("scans/bad.pdf", io.BytesIO(b"<html>"), "text/html")
    archive.documents.fail(bad.document, handmade.RUN, "open", "HTML", "not_a_document")
    archive.documents.keep("scans/new.pdf", io.BytesIO(b"%PDF-new"), "application/pdf")
    monkeypatch.setattr(watch, "RENEWED_AFTER", 0.0)
    prom = tmp_path / "guidang.prom"
    with watching(archive, "ingest", None, prom, _beside):
        tell(READ)
        running = values(prom.read_text())
        tell(FAILED)
    assert (running["batch_running",], running["batch_documents", "archived"]) == (1, 1)
    found = values(prom.read_text())
    wanted = {
        ("batch_documents", "archived"): 1,
        ("batch_documents", "failed"): 1,
        ("batch_pages",): 3,
        ("batch_flagged_values",): 2,
        ("batch_running",): 0,
        ("archive_documents", "archived"): 1,
        ("archive_documents", "failed"): 1,
        ("archive_documents", "pending"): 1,
        ("archive_documents", "quarantined"): 0,
        ("beside",): 7,
    }
    assert {name: found[name] for name in wanted} == wanted
    originals = sum(one.stat().st_size for one in archive.objects.folder.rglob("*") if one.is_file())
    assert found["archive_originals_bytes",] == originals
    assert found["archive_database_bytes",] > 0
    assert found["archive_free_bytes",] > 0
    assert found["archive_last_archived_timestamp_seconds",] == handmade.RUN.finished.timestamp()


def _beside(registry) -> None:
    from ingest.monitoring.metrics_exposition import gauge

    gauge(registry, "beside", "Of the crawl.").set(7)


def test_metrics_of_an_empty_archive_say_that_nothing_was_ever_archived(archive):
    found = filled(partial(fill_archive, archive))
    assert found.get_sample_value("guidang_archive_last_archived_timestamp_seconds") == 0
    assert found.get_sample_value("guidang_archive_documents", {"status": "pending"}) == 0


def test_a_batch_outlives_metrics_that_cannot_be_written_any_more(archive, tmp_path, monkeypatch):
    folder, log = tmp_path / "metrics", tmp_path / "log.json"
    folder.mkdir()
    with watching(archive, "ingest", str(log), folder / "guidang.prom"):
        (folder / "guidang.prom").unlink()
        folder.rmdir()
        tell(READ)
    assert [one["event"] for one in lines(log)] == ["batch_begin", "document", "batch_end", "metrics"]


@pytest.mark.parametrize("name", ["guidang.txt", "none/guidang.prom"])
def test_a_place_where_nobody_would_read_metrics_is_refused_before_the_batch(archive, tmp_path, name):
    with pytest.raises(UsageError), watching(archive, "ingest", None, tmp_path / name):
        raise AssertionError("the batch began")


def test_value_of_a_file_that_is_none_of_ours_counts_as_none(tmp_path):
    file = tmp_path / "a.prom"
    assert saved_value(file, LAST_SUCCESS) is None
    file.write_text("what { ever")
    assert saved_value(file, LAST_SUCCESS) is None
    save(file, partial(fill_batch, BatchCounts(last_success=5.0)))
    assert saved_value(file, LAST_SUCCESS) == 5.0


def test_metrics_over_http_are_those_of_the_moment_and_only_for_this_machine():
    tally = BatchCounts()
    with served(0, partial(fill_batch, tally)) as port:
        url = f"http://127.0.0.1:{port}/metrics"
        before = values(urllib.request.urlopen(url, timeout=5).read().decode())
        tally.add(READ)
        after = values(urllib.request.urlopen(url, timeout=5).read().decode())
        with (
            pytest.raises(UsageError, match="cannot serve metrics"),
            served(port, partial(fill_batch, tally)),
        ):
            pass
    assert (before["batch_pages",], after["batch_pages",]) == (0, 3)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=5)


@pytest.mark.parametrize(("port", "address"), [(70000, "127.0.0.1"), (0, "nowhere.example.invalid")])
def test_an_address_that_cannot_be_served_is_a_mistake_of_the_command(port, address):
    with pytest.raises(UsageError, match="cannot serve metrics"), served(port, address=address):
        pass


def test_size_at_an_address_has_no_free_bytes(tmp_path):
    with Archive.open(tmp_path / "a", create=True) as archive, archive.sessions.reading() as connection:
        from archive.status import size

        found = size.size(connection, archive.location, None)
    assert isinstance(found, Size)
    assert (found.free_bytes, found.free_inodes, found.last_archived) == (None, None, "")
