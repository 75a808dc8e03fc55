"""Databases that cannot be used end a command with one line, without a password in it, and code 5."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from archive.archive import Archive
from archive.db.location import locate
from core.errors import ArchiveUnavailable, UsageError
from tests.support import handmade
from tests.support.places import Place, Server

SECRET = "p4ssw0rd"


@pytest.fixture
def on_postgresql(server, tmp_path):
    return Place("postgresql", server.new_database(), tmp_path / "objects")


def is_one_line_without_secret(shown: SimpleNamespace) -> bool:
    return len(shown.err.splitlines()) == 1 and SECRET not in shown.err and shown.out == ""


@pytest.mark.parametrize("command", [["status"], ["verify"], ["init", "--objects", "o"], ["upgrade"]])
def test_server_that_does_not_answer(guidang, command):
    shown = guidang(*command, "--archive", f"postgresql://u:{SECRET}@127.0.0.1:1/x")
    assert shown.code == 5
    assert "refused" in shown.err
    assert is_one_line_without_secret(shown)


def test_host_that_does_not_exist(guidang):
    shown = guidang("status", "--archive", f"postgresql://u:{SECRET}@no-such-host.invalid/x")
    assert shown.code == 5
    assert "no-such-host.invalid" in shown.err
    assert is_one_line_without_secret(shown)


def test_database_that_does_not_exist(guidang, on_postgresql):
    shown = guidang("status", "--archive", on_postgresql.location.replace("archive_", "none_"))
    assert shown.code == 5
    assert "does not exist" in shown.err
    assert is_one_line_without_secret(shown)


def test_wrong_password(guidang, server, on_postgresql):
    with psycopg.connect(server.uri, autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN PASSWORD 'right'")
        rules = Path(connection.execute("SHOW hba_file").fetchone()[0])
        before = rules.read_text()
        rules.write_text(f"local all reader scram-sha-256\n{before}")
        connection.execute("SELECT pg_reload_conf()")
        wrong = on_postgresql.location.replace("postgres:@", f"reader:{SECRET}@")
        shown = guidang("status", "--archive", wrong)
        rules.write_text(before)
        connection.execute("SELECT pg_reload_conf()")
    assert shown.code == 5
    assert "password authentication failed" in shown.err
    assert is_one_line_without_secret(shown)


@pytest.mark.parametrize(
    "location",
    [
        f"postgresql://u:p@{SECRET}@127.0.0.1/x",
        f"postgresql://u:x@127.0.0.1:{SECRET}/x",
        f"postgresql://u:a/{SECRET}@h/x",
    ],
)
def test_password_with_signs_that_an_address_cannot_hold_is_not_shown(guidang, location):
    shown = guidang("status", "--archive", location)
    assert shown.code in (2, 5)
    assert is_one_line_without_secret(shown)


def test_location_is_shown_without_its_passwords():
    place = locate(f"postgresql://u:{SECRET}@h/x?host=a&password={SECRET}&sslpassword={SECRET}")
    assert SECRET not in str(place)
    assert str(place) == "postgresql://u:***@h/x?host=a"


def test_server_that_goes_away_while_it_is_read(on_postgresql, server):
    with on_postgresql.open() as archive:
        for n in range(500):
            handmade.archive_one(archive, f"{n}.pdf")
    with Archive.open(on_postgresql.location) as archive:
        facts = archive.values.facts()
        next(facts)
        _end_all_connections(server)
        with pytest.raises(ArchiveUnavailable) as gone:
            for _ in facts:
                pass
    assert gone.value.exit_code == 5
    assert "\n" not in str(gone.value)


def test_writer_whose_server_went_away_ends_in_order_and_others_may_write(on_postgresql, server):
    with pytest.raises(ArchiveUnavailable):
        _write_to_a_server_that_goes_away(on_postgresql, server)
    with on_postgresql.open(write=True) as archive:
        handmade.archive_one(archive)


def _write_to_a_server_that_goes_away(place: Place, server: Server) -> None:
    with place.open(write=True) as archive, archive.sessions.writing() as connection:
        _end_all_connections(server)
        connection.exec_driver_sql("DELETE FROM document")


def _end_all_connections(server: Server) -> None:
    with psycopg.connect(server.uri, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'archive%'")


def test_empty_database_is_no_archive_and_says_how_to_make_one(guidang, server, tmp_path):
    empty = server.new_database("template0")
    for command in ("status", "upgrade"):
        shown = guidang(command, "--archive", empty)
        assert shown.code == 5
        assert "guidang init" in shown.err
    assert guidang("init", "--archive", empty).code == 2  # it does not say where the originals shall be
    assert guidang("init", "--archive", empty, "--objects", tmp_path / "objects").code == 0
    assert guidang("status", "--archive", empty).code == 0


@pytest.mark.parametrize("table", ["customers", "alembic_version"])
def test_database_of_something_else_is_left_alone(guidang, server, tmp_path, table):
    taken = server.new_database("template0")
    with psycopg.connect(taken, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE {table} (version_num text)")
    for command in (["status"], ["upgrade"], ["init", "--objects", tmp_path], ["verify"]):
        shown = guidang(*command, "--archive", taken)
        assert shown.code == 2
        assert f"it has a table {table}" in shown.err
        assert is_one_line_without_secret(shown)
    with psycopg.connect(taken) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [(table,)]


def test_sqlite_file_of_something_else_is_left_alone(guidang, tmp_path):
    (tmp_path / "a").mkdir()
    with sqlite3.connect(tmp_path / "a" / "guidang.db") as database:
        database.execute("CREATE TABLE customers (name)")
    for command in ("status", "upgrade", "init"):
        shown = guidang(command, "--archive", tmp_path / "a")
        assert (shown.code, "customers" in shown.err) == (2, True)


def test_originals_that_are_not_mounted_are_told_apart_from_lost_ones(guidang, on_postgresql):
    with on_postgresql.open() as archive:
        handmade.archive_one(archive)
    on_postgresql.objects.rename(on_postgresql.objects.with_name("elsewhere"))
    for command in (["verify"], ["retry"]):
        shown = guidang(*command, "--archive", on_postgresql.location)
        assert shown.code == 5
        assert "mounted" in shown.err
    assert not on_postgresql.objects.exists()


def test_originals_stay_where_they_were_first_put(guidang, on_postgresql, tmp_path):
    with on_postgresql.open():
        pass
    moved = ("init", "--archive", on_postgresql.location, "--objects", tmp_path / "other")
    shown = guidang(*moved)
    assert (shown.code, str(on_postgresql.objects) in shown.err) == (2, True)


@pytest.mark.parametrize("place", ["/proc/nothing", "nosuch://bucket"])
def test_place_for_originals_that_cannot_be_is_refused(guidang, server, place):
    shown = guidang("init", "--archive", server.new_database("template0"), "--objects", place)
    assert shown.code == 2
    assert is_one_line_without_secret(shown)


def test_archive_in_a_folder_keeps_its_originals_there(guidang, tmp_path):
    shown = guidang("init", "--archive", tmp_path / "a", "--objects", tmp_path / "o")
    assert (shown.code, list(tmp_path.iterdir())) == (2, [])
    assert is_one_line_without_secret(shown)


def test_unknown_kind_of_database_is_refused():
    with pytest.raises(UsageError, match="postgresql://"):
        locate("mysql://host/x")
