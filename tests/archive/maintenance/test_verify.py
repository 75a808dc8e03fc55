"""Verify finds exactly what is wrong with an archive, and says what to do."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import threading
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.index import page_index
from archive.maintenance.subset import Subset
from archive.objects.base import name_of
from core.errors import UsageError
from tests.support import handmade
from tests.support.places import Place, rows

SIXTY = 60


@pytest.fixture
def archive(place):
    with place.open() as opened:
        yield opened


def flip_a_byte(path: Path, at: int = 0) -> None:
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)


def test_sound_archive_verifies(archive):
    handmade.archive_one(archive)
    found = archive.verify()
    assert (found.originals, found.problems, found.notes) == (1, (), ())


def test_twenty_changed_five_deleted_and_three_strange_objects_are_named_and_no_other(place, guidang):
    with place.open() as archive:
        kept = [handmade.archive_one(archive, f"scans/{n}.pdf") for n in range(SIXTY)]
        paths = [archive.documents.path(document) for document in kept]
    for n, path in enumerate(paths[:20]):
        flip_a_byte(path, at=n)
    for path in paths[20:25]:
        path.unlink()
    strangers = ("报告 副本.pdf", f"{name_of(kept[30])}.bak", name_of("0" * 64))
    for name in strangers:
        (place.objects / name).parent.mkdir(exist_ok=True)
        (place.objects / name).write_bytes(b"strange")
    shown = guidang("verify", "--archive", place.location, "--format", "json")
    assert shown.code == 4
    found = [(one["kind"], one["object"]) for one in json.loads(shown.out)]
    assert len(found) == 28
    assert set(found) == (
        {("changed", name_of(document)) for document in kept[:20]}
        | {("missing", name_of(document)) for document in kept[20:25]}
        | {("untracked", name) for name in strangers}
    )
    assert shown.err.startswith("guidang: ")
    assert {"20 changed", "5 missing", "3 untracked"} <= set(re.findall(r"\d+ \w+", shown.err))


def test_line_names_the_object_and_says_what_to_do(place, guidang):
    with place.open() as archive:
        document = handmade.archive_one(archive, "scans/报告.pdf")
        archive.documents.path(document).unlink()
    shown = guidang("verify", "--archive", place.location)
    assert (shown.code, shown.out) == (
        4,
        f"missing     original {document} is gone: restore {name_of(document)} from a copy, "
        "or ingest scans/报告.pdf again\n",
    )
    assert re.fullmatch(r"guidang: 1 missing in .*\n", shown.err)


def test_csv_has_a_row_a_problem(place, guidang):
    with place.open() as archive:
        document = handmade.archive_one(archive)
        flip_a_byte(archive.documents.path(document))
    shown = guidang("verify", "--archive", place.location, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(shown.out))
    assert (row["kind"], row["document"], row["object"]) == ("changed", document, name_of(document))


def test_quiet_verify_of_a_sound_archive_says_nothing(place, guidang):
    with place.open() as archive:
        handmade.archive_one(archive)
    shown = guidang("verify", "--quiet", "--archive", place.location)
    assert (shown.code, shown.out, shown.err) == (0, "", "")
    shown = guidang("verify", "--archive", place.location)
    assert shown.err == "1 originals, the database and the search index are sound\n"


def test_changed_original_is_healed_by_ingesting_it_again(archive):
    document = handmade.archive_one(archive)
    flip_a_byte(archive.documents.path(document))
    assert len(archive.verify().problems) == 1
    archive.documents.keep("scans/a.pdf", io.BytesIO(b"scans/a.pdf"), "application/pdf")
    assert archive.verify().problems == ()


def test_intact_object_without_a_document_is_noted_and_no_damage(place, guidang):
    with place.open() as archive:
        handmade.archive_one(archive)
    digest = hashlib.sha256(b"cut short").hexdigest()
    (place.objects / digest[:2]).mkdir(exist_ok=True)
    (place.objects / name_of(digest)).write_bytes(b"cut short")
    (place.objects / "tmp1.part").write_bytes(b"half")
    shown = guidang("verify", "--archive", place.location, "--format", "json")
    assert shown.code == 0
    found = {(one["kind"], one["object"]) for one in json.loads(shown.out)}
    assert found == {("unclaimed", name_of(digest)), ("unclaimed", "tmp1.part")}


def test_name_of_a_stranger_cannot_steer_the_terminal(place, guidang):
    with place.open() as archive:
        handmade.archive_one(archive)
    for name in (b"\x1b[31m\nred", b"\xb1\xa8\xb8\xe6.pdf"):
        (place.objects / os.fsdecode(name)).write_bytes(b"x")
    shown = guidang("verify", "--archive", place.location)
    assert len(shown.out.splitlines()) == 2
    assert r"\x1b[31m\nred" in shown.out
    assert r"\xb1\xa8\xb8\xe6.pdf" in shown.out
    assert "\x1b" not in shown.out


def test_original_that_cannot_be_read_is_not_called_lost(archive, monkeypatch):
    document = handmade.archive_one(archive)
    path = archive.documents.path(document)
    real_open = Path.open

    def fails(opened, *arguments):
        if opened == path:
            raise OSError(5, "Input/output error")
        return real_open(opened, *arguments)

    monkeypatch.setattr(Path, "open", fails)
    (damage,) = archive.verify().damages
    assert (damage.kind, damage.document) == ("unreadable", document)
    assert "Input/output error" in damage.message


def test_originals_at_an_fsspec_address_are_verified_there(server, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    address = f"memory://{tmp_path}/objects"
    with Archive.open(server.new_database(), create=True, objects=address) as archive:
        kept = [handmade.archive_one(archive, f"{n}.pdf") for n in range(3)]
        archive.documents.path(kept[0])  # a good copy in the cache must not hide what happened at the store
        files, root = archive.objects._files, archive.objects._root
        files.pipe_file(f"{root}/{name_of(kept[0])}", b"?")
        files.rm_file(f"{root}/{name_of(kept[1])}")
        files.pipe_file(f"{root}/notes.txt", b"!")
        found = archive.verify()
    assert found.objects("changed") == (name_of(kept[0]),)
    assert found.objects("missing") == (name_of(kept[1]),)
    assert found.objects("untracked") == ("notes.txt",)


# Parts of an archive


@given(st.integers(1, 400), st.lists(st.binary(min_size=32, max_size=32), max_size=50))
def test_parts_hold_every_hash_exactly_once(of, hashes):
    parts = [Subset(number, of) for number in range(1, of + 1)]
    for digest in (one.hex() for one in hashes):
        assert [digest in part for part in parts].count(True) == 1


@given(st.integers(1, 2000))
def test_parts_touch_each_other_and_reach_both_ends(of):
    parts = [Subset(number, of) for number in range(1, of + 1)]
    assert all(one.upper == other.lower for one, other in pairwise(parts))
    assert "0" * 64 in parts[0]
    assert "f" * 64 in parts[-1]


@pytest.mark.parametrize("text", ["0/30", "31/30", "1/0", "1", "a/b", "-1/3", "1/3/5", "٣/٣٠", "1 / 3"])
def test_part_that_is_none_is_refused(text, place, guidang):
    with pytest.raises(UsageError, match="7/30"):
        Subset.parse(text)
    shown = guidang("verify", "--archive", place.location, "--subset", text)
    assert shown.code == 2
    assert len(shown.err.splitlines()) == 1


def test_all_parts_together_find_every_change_once(place, guidang):
    with place.open() as archive:
        kept = [handmade.archive_one(archive, f"{n}.pdf") for n in range(20)]
        for document in kept:
            flip_a_byte(archive.documents.path(document))
    found = []
    for number in range(1, 8):
        options = ("--archive", place.location, "--subset", f"{number}/7", "--format", "json")
        found += [one["document"] for one in json.loads(guidang("verify", *options).out)]
    assert sorted(found) == sorted(kept)


def test_part_says_how_much_it_hashed(place, guidang):
    with place.open() as archive:
        for n in range(20):
            handmade.archive_one(archive, f"{n}.pdf")
    told = [guidang("verify", "--archive", place.location, "--subset", f"{n}/3").err for n in (1, 2, 3)]
    assert sum(int(line.split()[0]) for line in told) == 20
    assert "originals of part 2/3" in told[1]


def test_part_sees_what_is_missing_or_strange_anywhere(archive, place):
    kept = handmade.archive_one(archive)
    archive.documents.path(kept).unlink()
    (place.objects / "strange").touch()
    for number in (1, 2, 3):
        found = archive.verify(Subset(number, 3))
        assert (found.objects("missing"), found.objects("untracked")) == ((name_of(kept),), ("strange",))


def test_progress_ends_at_the_total(archive):
    for n in range(5):
        handmade.archive_one(archive, f"{n}.pdf")
    told: dict[str, tuple[int, int]] = {}
    archive.verify(told=lambda part, done, total: told.update({part: (done, total)}))
    assert told == {"originals": (5, 5), "database": (1, 1), "index": (5, 5)}


def test_progress_is_drawn_on_a_terminal_and_only_there(place, guidang, monkeypatch):
    with place.open() as archive:
        handmade.archive_one(archive)
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes stderr for a terminal then
    drawn = guidang("verify", "--archive", place.location).err
    assert drawn.count("originals") > 1
    assert "1/1" in drawn
    assert guidang("verify", "--archive", place.location, "--quiet").err == ""
    monkeypatch.delenv("FORCE_COLOR")
    assert "1/1" not in guidang("verify", "--archive", place.location).err


# The database and the index


def problems_after(archive: Archive, *statements: str) -> tuple[str, ...]:
    for statement in statements:
        rows(archive, statement)
    return archive.verify().problems


def test_index_that_lost_a_page_is_found(archive):
    handmade.archive_one(archive)
    assert problems_after(archive, f"DELETE FROM {page_index.NAME} WHERE page_id = 2") == (
        "search index: 2 pages, but 3 were read; `guidang upgrade` makes it anew",
        "search index: 1 of 3 pages are not indexed as they were read; `guidang upgrade` makes it anew",
    )


def test_text_changed_behind_the_index_is_found_and_upgrade_is_the_remedy(archive):
    handmade.archive_one(archive)
    change = "UPDATE line SET text = '九、总体情况' WHERE page = 1 AND ordinal = 0"
    assert problems_after(archive, change) == (
        "search index: 1 of 3 pages are not indexed as they were read; `guidang upgrade` makes it anew",
    )
    archive.close()
    Archive.upgrade(archive.location)
    with Archive.open(archive.location) as upgraded:
        assert upgraded.verify().problems == ()
        assert upgraded.search("九").total == 1


def test_lexeme_that_a_page_lost_is_found(archive, place):
    handmade.archive_one(archive)
    entry = _entries(archive)[0]
    _replace_lexemes(archive, place, entry, [lexeme for lexeme in entry.lexemes.split() if lexeme != "复_议"])
    assert_only_the_index_is_wrong(archive)


def test_lexeme_that_no_page_has_is_found(archive, place):
    handmade.archive_one(archive)
    entry = _entries(archive)[0]
    _replace_lexemes(archive, place, entry, [*entry.lexemes.split(), "没_有"])
    assert_only_the_index_is_wrong(archive)


def assert_only_the_index_is_wrong(archive: Archive) -> None:
    (problem,) = archive.verify().problems
    assert problem.startswith("search index: ")
    digest = archive.documents.find("a.pdf")
    parts = [archive.verify(Subset(number, 5)).problems for number in range(1, 6)]
    assert [bool(part) for part in parts] == [digest in Subset(number, 5) for number in range(1, 6)]


def _entries(archive: Archive) -> list[page_index.IndexEntry]:
    with archive.sessions.reading() as connection:
        return list(page_index.entries(connection, [1]))


def _replace_lexemes(
    archive: Archive, place: Place, entry: page_index.IndexEntry, lexemes: list[str]
) -> None:
    with archive.sessions.writing() as connection:
        if place.kind == "sqlite":
            page_index._delete_from_fts5(connection, entry.page, entry.lexemes.split())
            sql = f"INSERT INTO {page_index.LEXEMES} (rowid, lexemes) VALUES (?, ?)"
            connection.exec_driver_sql(sql, (entry.page, " ".join(lexemes)))
        else:
            sql = f"UPDATE {page_index.NAME} SET lexemes = array_to_tsvector(%s::text[]) WHERE page_id = %s"
            connection.exec_driver_sql(sql, (lexemes, entry.page))


def test_damaged_lookup_table_of_sqlite_is_found_and_healed_by_upgrade(tmp_path):
    with Archive.open(tmp_path / "a", create=True) as archive:
        handmade.archive_one(archive)
        rows(archive, f"UPDATE {page_index.LEXEMES}_data SET block = zeroblob(30) WHERE id > 10")
    with Archive.open(tmp_path / "a") as archive:
        assert any(problem.startswith("search index: ") for problem in archive.verify().problems)
    Archive.upgrade(tmp_path / "a")
    with Archive.open(tmp_path / "a") as archive:
        assert archive.verify().problems == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE run SET is_current = false", "1 archived documents have no current reading"),
        ("UPDATE run SET outcome = 'failed'", "1 current readings are of runs that failed"),
        ("DELETE FROM source", "1 documents have no source"),
        ("DELETE FROM report", "1 archived runs have no report"),
        ("DELETE FROM line WHERE page = 1 AND ordinal = 1", "rows of line are lost in 1 places"),
    ],
)
def test_rows_that_contradict_each_other_are_found(archive, change, told):
    handmade.archive_one(archive)
    (found,) = (one for one in problems_after(archive, change) if one.startswith("database: "))
    assert found.startswith(f"database: {told}")
    assert found.endswith("restore the database from a copy")


def test_row_that_refers_to_nothing_is_found(archive, place):
    handmade.archive_one(archive)
    off = "PRAGMA foreign_keys = OFF" if place.kind == "sqlite" else "SET session_replication_role = replica"
    with archive.sessions.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if place.kind == "sqlite":
            connection.exec_driver_sql("COMMIT")  # the pragma does nothing inside a transaction
        connection.exec_driver_sql(off)
        connection.exec_driver_sql("DELETE FROM page WHERE number = 3")
        connection.invalidate()
    found = [one for one in archive.verify().problems if one.startswith("database: ")]
    assert found
    assert all("of line refer" in one and "of page" in one for one in found)


def test_damaged_list_of_documents_is_reported_like_any_damage(tmp_path):
    with Archive.open(tmp_path / "a", create=True) as archive:
        handmade.archive_one(archive)
        ((page,),) = rows(archive, "SELECT rootpage FROM sqlite_master WHERE name = 'document'")
        ((size,),) = rows(archive, "PRAGMA page_size")
    with (tmp_path / "a" / "guidang.db").open("r+b") as database:
        database.seek((page - 1) * size)
        database.write(b"\xff" * size)
    with Archive.open(tmp_path / "a") as archive:
        found = archive.verify()
    assert {one.kind for one in found.damages} == {"database"}
    assert all("restore the database from a copy" in problem for problem in found.problems)


def test_damaged_page_of_sqlite_hides_no_lost_original(tmp_path):
    with Archive.open(tmp_path / "a", create=True) as archive:
        kept = [handmade.archive_one(archive, f"{n}.pdf") for n in range(30)]
        archive.documents.path(kept[0]).unlink()
        ((page,),) = rows(archive, "SELECT rootpage FROM sqlite_master WHERE name = 'value'")
        ((size,),) = rows(archive, "PRAGMA page_size")
    with (tmp_path / "a" / "guidang.db").open("r+b") as database:
        database.seek((page - 1) * size)
        database.write(b"\xff" * size)
    with Archive.open(tmp_path / "a") as archive:
        found = archive.verify()
    assert {one.kind for one in found.damages} >= {"missing", "database"}
    assert found.objects("missing") == (name_of(kept[0]),)


def test_damaged_page_of_postgresql_hides_no_lost_original(server, tmp_path):
    place = Place("postgresql", server.new_database(), tmp_path / "objects")
    with place.open() as archive:
        kept = [handmade.archive_one(archive, f"{n}.pdf") for n in range(30)]
        archive.documents.path(kept[0]).unlink()
        ((file,),) = rows(archive, "SELECT pg_relation_filepath('value')")
    with psycopg.connect(server.uri, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        data = Path(connection.execute("SHOW data_directory").fetchone()[0])
    with (data / file).open("r+b") as heap:
        heap.write(b"\xff" * 8192)
    # The server has read nothing yet of a database that is a copy of the files.
    name = re.search(r"archive_\d+", place.location)[0]
    with Archive.open(server.new_database(template=name)) as archive:
        found = archive.verify()
    assert {one.kind for one in found.damages} == {"missing", "database"}
    assert found.objects("missing") == (name_of(kept[0]),)


def test_nothing_that_a_writer_does_meanwhile_looks_like_damage(place):
    with place.open() as writer:
        handmade.archive_one(writer, "first.pdf")
        done = threading.Event()

        def write() -> None:
            number = 0
            while not done.is_set():
                handmade.archive_one(writer, f"{number}.pdf")
                number += 1

        thread = threading.Thread(target=write)
        thread.start()
        try:
            with place.open(create=False) as reader:
                found = [reader.verify().problems for _ in range(8)]
        finally:
            done.set()
            thread.join()
        assert len(writer.documents.pending()) == 0
    assert found == [()] * 8
