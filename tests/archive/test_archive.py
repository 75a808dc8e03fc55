"""What the archive keeps, and that it loses and changes nothing."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import stat
import time
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from archive.archive import Archive
from archive.db.engine import LockedError
from archive.documents import documents
from archive.index import page_index
from archive.maintenance import schema_upgrade
from archive.search.search import SearchFilter
from core.errors import ArchiveDamaged, ArchiveUnavailable, UnreadableDocument, UsageError
from ocr.model import Box, Reading, Warp
from reconcile.model import Finding, Key
from tests.support import handmade
from tests.support.places import rows

PDF = "application/pdf"


@pytest.fixture
def archive(place):
    with place.open() as opened:
        yield opened


@pytest.fixture
def on_sqlite(tmp_path):
    with Archive.open(tmp_path / "s", create=True) as opened:
        yield opened


def test_original_is_kept_byte_for_byte_under_its_hash(archive, place):
    content = b"%PDF-1.7\n" + bytes(range(256)) * 9000
    kept = archive.documents.keep("x/报告.pdf", io.BytesIO(content), PDF)
    assert kept.document == hashlib.sha256(content).hexdigest()
    path = archive.documents.path(kept.document)
    assert path.read_bytes() == content
    assert path.relative_to(place.objects).as_posix() == f"{kept.document[:2]}/{kept.document[2:]}"
    assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


def test_same_bytes_under_two_names_are_one_document_with_two_sources(archive):
    first = archive.documents.keep("a.pdf", io.BytesIO(b"same"), PDF)
    second = archive.documents.keep("b.zip!a.pdf", io.BytesIO(b"same"), PDF)
    assert (first.new_document, first.new_source) == (True, True)
    assert (second.new_document, second.new_source) == (False, True)
    assert second.document == first.document
    assert archive.status.document(first.document).sources == ("a.pdf", "b.zip!a.pdf")
    counts = archive.status.counts()
    assert (counts.sources, counts.duplicates, sum(counts.documents.values())) == (2, 1, 1)


def test_keeping_again_changes_nothing(archive):
    archive.documents.keep("a.pdf", io.BytesIO(b"same"), PDF)
    before = archive.status.counts()
    again = archive.documents.keep("a.pdf", io.BytesIO(b"same"), PDF)
    assert (again.new_document, again.new_source) == (False, False)
    assert archive.status.counts() == before


def test_other_bytes_under_the_same_name_are_another_document(archive):
    first = archive.documents.keep("a.pdf", io.BytesIO(b"one"), PDF)
    second = archive.documents.keep("a.pdf", io.BytesIO(b"two"), PDF)
    assert second.new_document
    assert [one.document for one in archive.documents.pending()] == [first.document, second.document]


def test_stream_that_breaks_leaves_nothing_behind(archive, place):
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            if self.tell_calls:
                raise OSError("the disk under the source is gone")
            self.tell_calls = 1
            return b"half"

        tell_calls = 0

    with pytest.raises(OSError, match="is gone"):
        archive.documents.keep("a.pdf", Broken(), PDF)
    assert archive.documents.pending() == []
    assert [path for path in place.objects.rglob("*") if path.is_file()] == []


def test_object_is_written_before_its_row(archive, monkeypatch):
    def power_cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(documents, "add", power_cut)
        with pytest.raises(KeyboardInterrupt):
            archive.documents.keep("a.pdf", io.BytesIO(b"bytes"), PDF)
    digest = hashlib.sha256(b"bytes").hexdigest()
    assert archive.documents.path(digest).read_bytes() == b"bytes"
    assert archive.documents.pending() == []
    assert f"{digest[:2]}/{digest[2:]}" in archive.verify().notes[0]
    assert archive.documents.keep("a.pdf", io.BytesIO(b"bytes"), PDF).new_document


def test_leftovers_of_an_interrupted_writer_are_cleared(archive, place):
    leftover = place.objects / "tmp123.part"
    leftover.parent.mkdir(exist_ok=True)
    leftover.write_bytes(b"half")
    os.utime(leftover, (0, 0))
    archive.close()
    with Archive.open(archive.location, write=True):
        assert not leftover.exists()


def test_pending_names_the_first_source_and_the_object(archive):
    kept = archive.documents.keep("a.pdf", io.BytesIO(b"same"), PDF)
    archive.documents.keep("b.pdf", io.BytesIO(b"same"), PDF)
    archive.documents.keep("c.pdf", io.BytesIO(b"other"), "image/png")
    (one,) = archive.documents.pending([kept.document, "0" * 64])
    assert (one.document, one.source, one.media_type) == (kept.document, "a.pdf", PDF)
    assert archive.documents.readable(one.document).read_bytes() == b"same"
    assert len(archive.documents.pending()) == 2


def test_reading_comes_back_as_it_was_recorded(archive):
    digest = handmade.archive_one(archive)
    view = archive.status.document(digest)
    assert (view.status, view.organ, view.year) == ("archived", "清河县水务局", 2023)
    assert view.run == handmade.RUN
    assert [page.text for page in view.pages] == [page.text for page in handmade.PAGES]
    assert [page.route for page in view.pages] == ["digital", "scanned", "garbled"]
    assert [(table.key or None, table.form, table.pages) for table in view.tables] == [
        ("requests", "2021", (2, 3)),
        (None, "", (3,)),
    ]
    assert [cell.text for table in view.tables for cell in table.cells] == ["自然人", "1,203", "合计", "@x"]
    read = [(f.table, f.row, f.column, f.state, f.raw, f.value) for f in view.facts]
    assert read == [
        (v.key.table, v.key.row, v.key.column, v.state.value, v.raw, v.value) for v in handmade.VALUES
    ]
    assert view.findings[0].keys == (Key("review", "cases", "review.total"),)
    assert view.findings[0].relation == "R4"


def test_every_cell_and_other_reading_of_a_value_is_kept(archive):
    cells = (handmade.cell(0, 0, "1", 1), handmade.cell(9, 1, "7", 2))
    doubtful = replace(handmade.value("new", "total", cells=cells), others=(Reading("8", 0.5, "scale 2"),))
    handmade.archive_one(archive, reading=handmade.report(values=[doubtful]))
    assert rows(archive, "SELECT ordinal, text, page, top FROM value_place") == [
        (0, "1", 1, 200),
        (1, "7", 2, 380),
    ]
    assert rows(archive, "SELECT text, confidence, method FROM value_reading") == [("8", 0.5, "scale 2")]
    assert rows(archive, "SELECT grid, cell, text, method FROM cell_reading") == [(1, 1, "=1+1", "scale 2")]


def test_record_stores_all_or_nothing(archive):
    kept = archive.documents.keep("a.pdf", io.BytesIO(b"x"), PDF)
    broken = replace(handmade.report(), findings=("no finding",))
    with pytest.raises(AttributeError):
        archive.documents.record(kept.document, handmade.RUN, handmade.PAGES, handmade.alone(broken))
    assert [one.document for one in archive.documents.pending()] == [kept.document]
    tables = (
        "run",
        "page",
        "line",
        "grid",
        "grid_cell",
        "report",
        "value",
        "value_place",
        "finding",
        page_index.NAME,
    )
    assert {table: rows(archive, f"SELECT count(*) FROM {table}")[0][0] for table in tables} == dict.fromkeys(
        tables, 0
    )


def test_second_reading_becomes_current_and_the_first_stays(archive):
    digest = handmade.archive_one(archive, pages=handmade.pages_saying("旧文字"))
    archive.documents.record(
        digest,
        handmade.RUN,
        handmade.pages_saying("新文字"),
        handmade.alone(handmade.report(organ="新机关", values=())),
    )
    assert archive.search("旧").total == 0
    assert archive.search("新文字").total == 1
    view = archive.status.document(digest)
    assert (view.organ, view.facts, view.runs) == ("新机关", (), 2)
    assert rows(archive, "SELECT organ FROM report ORDER BY run_id") == [("清河县水务局",), ("新机关",)]
    assert archive.status.counts().pages == {"scanned": 1}
    assert archive.verify().problems == ()


def test_failure_tells_why_and_retry_makes_it_pending(archive):
    kept = archive.documents.keep("a.pdf", io.BytesIO(b"<html>"), "text/html")
    archive.documents.fail(kept.document, handmade.RUN, "open", "HTML, not a PDF", "not_pdf")
    (failure,) = archive.documents.failures()
    assert (failure.source, failure.stage, failure.code, failure.reason) == (
        "a.pdf",
        "open",
        "not_pdf",
        "HTML, not a PDF",
    )
    assert archive.status.document(kept.document).failure == failure
    assert archive.documents.pending() == []
    assert archive.documents.retry(["0" * 64]) == 0
    assert archive.documents.retry([kept.document]) == 1
    assert archive.documents.failures() == []
    assert len(archive.documents.pending()) == 1


def test_last_of_several_failures_is_told(archive):
    kept = archive.documents.keep("a.pdf", io.BytesIO(b"x"), PDF)
    for reason in ("first", "second"):
        archive.documents.fail(kept.document, handmade.RUN, "read", reason, "crashed")
    assert [failure.reason for failure in archive.documents.failures()] == ["second"]


def test_failing_again_leaves_an_older_reading_in_place(archive):
    digest = handmade.archive_one(archive)
    archive.documents.fail(digest, handmade.RUN, "read", "took too long", "timeout")
    assert len(list(archive.values.facts())) == len(handmade.VALUES)
    assert archive.status.counts().documents == {
        "pending": 0,
        "archived": 0,
        "failed": 1,
        "quarantined": 0,
        "set_aside": 0,
    }


def test_unknown_document_cannot_be_recorded(archive):
    with pytest.raises(UsageError, match="no document"):
        archive.documents.record("0" * 64, handmade.RUN, (), handmade.alone(handmade.report()))


def test_second_writer_is_refused_where_it_cannot_be_and_a_reader_is_not(archive, place):
    with pytest.raises(LockedError) as refused:
        Archive.open(archive.location, write=True, alone=True)
    assert refused.value.exit_code == 5
    with Archive.open(archive.location) as reader:
        assert reader.documents.pending() == []
        with pytest.raises(RuntimeError, match="for reading"):
            reader.documents.retry()


def test_lock_is_free_after_closing(archive):
    archive.close()
    with Archive.open(archive.location, write=True) as again:
        assert again.documents.retry() == 0


def test_reader_does_not_wait_for_a_writer_in_the_middle(archive):
    handmade.archive_one(archive)
    facts = archive.values.facts()
    next(facts)
    handmade.archive_one(archive, "b.pdf")
    assert sum(1 for _ in facts) == len(handmade.VALUES) - 1


@pytest.mark.parametrize("location", ["mysql://host/db", "s3://bucket/x", "postgresql://host:port/x"])
def test_location_that_is_no_archive_is_refused_in_one_line(location):
    with pytest.raises(UsageError) as refused:
        Archive.open(location, create=True)
    assert "\n" not in str(refused.value)


def test_missing_archive_is_unavailable_and_not_made(tmp_path):
    with pytest.raises(ArchiveUnavailable, match="guidang init"):
        Archive.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_folder_in_use_for_something_else_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("private")
    with pytest.raises(UsageError, match=r"letter\.txt"):
        Archive.open(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_half_made_archive_is_finished(tmp_path):
    (tmp_path / "guidang.db").touch()
    with pytest.raises(ArchiveUnavailable, match="guidang init"):
        Archive.open(tmp_path)
    with Archive.open(tmp_path, create=True) as archive:
        assert archive.documents.pending() == []


def test_older_schema_asks_for_upgrade_and_upgrade_rebuilds_the_index(archive):
    handmade.archive_one(archive)
    archive.close()
    rows(archive, f"DROP TABLE {page_index.NAME}")
    before, after = Archive.upgrade(archive.location)
    assert (before, after) == (schema_upgrade.HEAD, schema_upgrade.HEAD)
    with Archive.open(archive.location) as upgraded:
        assert upgraded.search("行政复议").total == 1
        assert upgraded.verify().problems == ()


@pytest.mark.parametrize(
    ("schema", "advice"), [("0000", "guidang upgrade"), ("9999", "newer than this program")]
)
def test_schema_of_another_version_is_not_opened(archive, schema, advice):
    archive.close()
    rows(archive, f"UPDATE alembic_version SET version_num = '{schema}'")
    with pytest.raises(ArchiveUnavailable, match=advice):
        Archive.open(archive.location)


def test_named_head_is_the_newest_migration():
    assert ScriptDirectory(str(schema_upgrade.MIGRATIONS)).get_current_head() == schema_upgrade.HEAD


def test_migrations_make_the_tables_of_the_schema(archive):
    options = {
        "include_object": lambda _, name, kind, *__: (
            not (kind == "table" and page_index.is_search_index(name))
        )
    }
    with archive.sessions.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_database_is_in_wal_mode_with_foreign_keys(on_sqlite):
    assert rows(on_sqlite, "PRAGMA journal_mode") == [("wal",)]
    with on_sqlite.sessions.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000


def test_file_name_that_is_no_utf8_is_kept_readable(archive):
    name = b"\xb1\xa8\xb8\xe6.pdf".decode("utf-8", "surrogateescape")
    kept = archive.documents.keep(name, io.BytesIO(b"x"), PDF)
    assert archive.status.document(kept.document).sources == (r"\xb1\xa8\xb8\xe6.pdf",)
    assert not archive.documents.keep(name, io.BytesIO(b"x"), PDF).new_source
    assert archive.documents.find(name) == kept.document


def test_text_that_no_database_can_hold_is_marked_not_lost(archive):
    digest = handmade.archive_one(archive, pages=handmade.pages_saying("甲\ud800乙\x00丙𠮷"))
    assert archive.status.document(digest).pages[0].text == "甲\ufffd乙\ufffd丙𠮷"


def test_document_is_found_by_hash_prefix_source_and_file_name(archive):
    digest = handmade.archive_one(archive, "scans/a.pdf")
    zipped = handmade.archive_one(archive, "more.zip!in/b.pdf")
    for name in (digest, digest[:4], digest[:9].upper(), "scans/a.pdf", "a.pdf"):
        assert archive.documents.find(name) == digest
    for name in ("b.pdf", "in/b.pdf"):
        assert archive.documents.find(name) == zipped


def test_unknown_and_ambiguous_names_are_told_apart(archive):
    first = handmade.archive_one(archive, "2022/a.pdf")
    second = handmade.archive_one(archive, "2023/a.pdf")
    with pytest.raises(UsageError, match="names 2 documents") as ambiguous:
        archive.documents.find("a.pdf")
    assert first[:12] in str(ambiguous.value)
    assert second[:12] in str(ambiguous.value)
    for unknown in ("b.pdf", first[:3], "", "%", "_.pdf"):
        with pytest.raises(UsageError, match="no document"):
            archive.documents.find(unknown)


def test_status_counts_current_readings(archive):
    handmade.archive_one(archive)
    archive.documents.keep("waiting.pdf", io.BytesIO(b"w"), PDF)
    counts = archive.status.counts()
    assert counts.documents == {"pending": 1, "archived": 1, "failed": 0, "quarantined": 0, "set_aside": 0}
    assert counts.pages == {"digital": 1, "garbled": 1, "scanned": 1}
    assert counts.values == {"blank": 1, "dash": 1, "missing": 1, "read": 3, "unread": 1}
    assert counts.flags == {
        "low_confidence": 1,
        "missing": 1,
        "source_anomaly": 1,
        "unbalanced": 1,
        "unread": 1,
    }
    assert counts.table_flags == {"unknown_form": 1}
    assert counts.document_flags == {}
    assert counts.needs_review == 3


def test_documents_without_a_report_are_counted_and_found(archive):
    found = Finding("no_report", "未见年度报告的标题")
    digest = archive.documents.keep("notice.pdf", io.BytesIO(b"n"), PDF).document
    pages = (handmade.page(1, "国庆节放假通知"),)
    reading = replace(handmade.report(values=[]), tables=(), findings=(found, found))
    archive.documents.record(digest, handmade.RUN, pages, handmade.alone(reading))
    assert archive.status.counts().document_flags == {"no_report": 1}
    assert [hit.document for hit in archive.search("放假", SearchFilter(flag="no_report")).hits] == [digest]


def test_overwritten_database_is_reported_as_damage(on_sqlite):
    on_sqlite.close()
    database: Path = on_sqlite.location.home / "guidang.db"
    database.write_bytes(b"not a database at all" * 300)
    with pytest.raises(ArchiveDamaged) as damage:
        Archive.open(on_sqlite.location)
    assert damage.value.exit_code == 4


def test_recording_a_usual_report_takes_less_than_a_tenth_of_a_second(archive):
    # Seconds of the processor: with other tests beside this one, time on the clock is a question of luck.
    cells = tuple(handmade.cell(n // 10, n % 10, str(n)) for n in range(250))
    values = [handmade.value(f"r{n}", "c", cells=cells[n : n + 1]) for n in range(250)]
    tables = (replace(handmade.report().tables[0], cells=cells),)
    reading = replace(handmade.report(values=values), tables=tables)
    pages = tuple(handmade.page(n, *["本年新收政府信息公开申请数量"] * 80) for n in range(1, 6))
    kept = [archive.documents.keep(f"{n}.pdf", io.BytesIO(b"%d" % n), PDF).document for n in range(5)]
    seconds = []
    for document in kept:
        start = time.process_time()
        archive.documents.record(document, handmade.RUN, pages, handmade.alone(reading))
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.1


def test_unreadable_document_survives_the_way_back_from_a_worker():
    error = pickle.loads(pickle.dumps(UnreadableDocument("encrypted", "needs a password", "open")))
    assert (error.code, error.reason, error.stage, str(error)) == (
        "encrypted",
        "needs a password",
        "open",
        "needs a password",
    )


def test_original_is_hashed_before_it_is_read_and_an_unmounted_store_is_no_lost_original(archive, place):
    kept = archive.documents.keep("a.pdf", io.BytesIO(b"same"), PDF)
    held = archive.documents.readable(kept.document)
    held.chmod(0o644)
    held.write_bytes(b"rotten")
    with pytest.raises(ArchiveDamaged, match=kept.document):
        archive.documents.readable(kept.document)
    held.unlink()
    with pytest.raises(ArchiveDamaged, match=kept.document):
        archive.documents.readable(kept.document)
    place.objects.rename(place.objects.with_name("elsewhere"))
    place.objects.mkdir()
    with pytest.raises(ArchiveUnavailable, match="mounted"):
        archive.documents.readable(kept.document)


def test_what_comes_out_is_what_went_in(archive):
    nodes = (((0.1, 0.2), (594.9, 1 / 3)), ((0.0, 841.5), (595.0, 842.0)))
    photograph = replace(handmade.PAGES[1], warp=Warp(595.5, 842.25, nodes))
    spread = replace(handmade.PAGES[2], gutter=Box(297.5, 421.0, 297.5, 421.0))
    pages = (handmade.PAGES[0], photograph, spread)
    first = handmade.report()
    second_part = replace(handmade.cell(3, 1, "5", 3), table=1, rows_before=2)
    known, unknown = first.tables
    known = replace(known, cells=(*known.cells, second_part), caption=None, confidence=None)
    unknown = replace(unknown, caption="表1 收入", confidence=2 / 3)
    read = replace(first, tables=(known, unknown))
    digest = handmade.archive_one(archive, "whole.pdf", pages, read)
    assert tuple(stored.page for stored in archive.export.pages(digest)) == pages
    assert tuple(stored.table for stored in archive.export.tables(digest)) == read.tables
    assert archive.status.document(digest).findings == read.findings
