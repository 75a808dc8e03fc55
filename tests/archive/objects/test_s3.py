"""Originals in an S3 store: a real server on loopback, its faults, and what is kept of them here."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import os
import time
from contextlib import suppress
from pathlib import Path

import boto3
import pytest
from s3fs import S3FileSystem

from archive.archive import Archive
from archive.objects import local_copies, s3
from archive.objects.base import digest_of, name_of
from archive.objects.remote import RemoteObjects
from archive.objects.stores import existing_store, open_store
from core.errors import ArchiveDamaged, ArchiveUnavailable, UsageError
from tests.support import handmade
from tests.support.paths import SAMPLES
from tests.support.places import rows
from tests.support.s3_server import KEY, SECRET, Gate, moto

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 900
DIGEST = hashlib.sha256(CONTENT).hexdigest()
NAMES = ("oldform.pdf", "budget.pdf", "onepage.pdf")
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def s3_port():
    with moto() as port:
        yield port


@pytest.fixture
def gate(s3_port, tmp_path, monkeypatch):
    """The way to the server; nothing but loopback is ever asked, for keys neither."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GUIDANG_ENGINE", "null")
    opened = Gate(s3_port)
    monkeypatch.setenv("AWS_ENDPOINT_URL", opened.url)
    S3FileSystem.clear_instance_cache()
    yield opened
    opened.shut()
    S3FileSystem.clear_instance_cache()


@pytest.fixture
def client(s3_port, gate):
    """Another program at the same store, past the gate."""
    return boto3.client("s3", endpoint_url=f"http://127.0.0.1:{s3_port}", region_name="us-east-1")


@pytest.fixture
def bucket(client):
    name = f"reports-{next(_numbers)}"
    client.create_bucket(Bucket=name)
    return name


@pytest.fixture
def store(bucket) -> RemoteObjects:
    return existing_store(f"s3://{bucket}/originals")


@pytest.fixture
def location(guidang, server, bucket) -> str:
    """Where an empty archive is that keeps its originals at the store."""
    database = server.new_database()
    assert guidang("init", "--archive", database, "--objects", f"s3://{bucket}/originals").code == 0
    return database


def scans(folder: Path) -> list[Path]:
    links = [folder / name for name in NAMES]
    for link in links:
        link.exists() or link.symlink_to(SAMPLES / link.name)
    return links


def statuses(archive: Archive) -> list[str]:
    return [status for (status,) in rows(archive, "SELECT status FROM document ORDER BY id")]


def sha(name: str) -> str:
    return hashlib.sha256((SAMPLES / name).read_bytes()).hexdigest()


def keys(client, bucket: str) -> list[str]:
    return [one["Key"] for one in client.list_objects_v2(Bucket=bucket).get("Contents", ())]


def is_one_line_without_secret(shown) -> bool:
    return len(shown.err.splitlines()) == 1 and not any(one in shown.err for one in (KEY, SECRET))


# An archive whose originals are there


def test_three_samples_are_kept_read_shown_and_verified(guidang, location, client, bucket, tmp_path):
    taken = guidang("ingest", *scans(tmp_path), "--archive", location, "--workers", 1)
    assert taken.code == 0, taken.err
    assert sorted(keys(client, bucket)) == sorted(f"originals/{name_of(sha(name))}" for name in NAMES)
    verified = guidang("verify", "--archive", location)
    assert (verified.code, verified.err) == (0, "3 originals, the database and the search index are sound\n")
    status = guidang("status", "--archive", location)
    assert not any(secret in status.out + status.err for secret in (KEY, SECRET))
    assert guidang("show", "budget.pdf", "--archive", location).code == 0
    with Archive.open(location) as archive:
        copy = archive.documents.original(archive.documents.find("budget.pdf"))
        assert copy.read_bytes() == (SAMPLES / "budget.pdf").read_bytes()
        assert statuses(archive) == ["archived"] * 3


def test_changed_and_missing_objects_are_found_past_good_copies_here(guidang, location, client, bucket):
    with Archive.open(location, write=True) as archive:
        changed, missing, _ = (handmade.archive_one(archive, f"{n}.pdf") for n in range(3))
        assert archive.documents.path(changed).is_file()
    client.put_object(Bucket=bucket, Key=f"originals/{name_of(changed)}", Body=b"9.pdf")
    client.delete_object(Bucket=bucket, Key=f"originals/{name_of(missing)}")
    shown = guidang("verify", "--archive", location, "--format", "json")
    assert shown.code == 4
    found = {(one["kind"], one["document"]) for one in json.loads(shown.out)}
    assert found == {("changed", changed), ("missing", missing)}


def test_store_that_stops_in_the_middle_of_an_ingest_loses_nothing(guidang, location, gate, tmp_path):
    first, _, other = scans(tmp_path)
    with Archive.open(location, write=True) as archive, first.open("rb") as stream:
        archive.documents.keep(first.name, stream, "application/pdf")
    gate.shut_at = b"PUT "  # the first upload finds that nobody listens any more
    stopped = guidang("ingest", other, "--archive", location, "--workers", 1, "--quiet")
    assert stopped.code == 5, stopped.err
    assert is_one_line_without_secret(stopped)
    gate.open()
    with Archive.open(location) as archive:
        assert [one.document for one in archive.documents.pending()] == [sha(first.name)]
    assert guidang("ingest", other, "--archive", location, "--workers", 1, "--quiet").code == 0
    with Archive.open(location) as archive:
        assert statuses(archive) == ["archived"] * 2
        assert archive.verify().problems == ()


def test_store_that_is_down_is_unreachable_not_empty(guidang, location, gate):
    with Archive.open(location, write=True) as archive:
        handmade.archive_one(archive, "a.pdf")
        archive.documents.keep("more.pdf", io.BytesIO(CONTENT), "application/pdf")
    gate.shut()
    for command in (["verify"], ["ingest"], ["show", "a.pdf"]):
        shown = guidang(*command, "--archive", location)
        assert shown.code == 5, shown
        assert is_one_line_without_secret(shown)
        assert "cannot be reached" in shown.err
    gate.open()
    with Archive.open(location) as archive:
        assert (statuses(archive), archive.verify().problems) == (["archived", "pending"], ())


# One object


def test_upload_cut_off_half_way_is_not_taken_for_whole(store, gate, client, bucket):
    gate.cut_after = len(CONTENT) // 2
    with pytest.raises(ArchiveUnavailable, match="cannot be reached"):
        store.put(io.BytesIO(CONTENT))
    assert keys(client, bucket) == []
    gate.cut_after = None
    store.put(io.BytesIO(CONTENT))
    assert digest_of(store, DIGEST) == DIGEST


def test_shorter_object_under_the_name_is_replaced(store, client, bucket):
    client.put_object(Bucket=bucket, Key=f"originals/{name_of(DIGEST)}", Body=CONTENT[:1000])
    store.put(io.BytesIO(CONTENT))
    assert digest_of(store, DIGEST) == DIGEST


def test_store_that_goes_away_while_an_object_is_read(store, gate):
    store.put(io.BytesIO(CONTENT))
    with store.open(DIGEST) as stream:
        gate.shut()
        with pytest.raises(ArchiveUnavailable, match="cannot be reached"):
            stream.read()


def test_server_that_accepts_and_does_not_answer_is_given_up(bucket, gate, monkeypatch):
    monkeypatch.setattr(s3, "READ_S", 0.2)
    store = open_store(f"s3://{bucket}/o")
    gate.silent, gate.asked = True, 0
    began = time.monotonic()
    with pytest.raises(ArchiveUnavailable, match="cannot be reached"):
        store.put(io.BytesIO(CONTENT))
    assert gate.asked <= s3.ATTEMPTS * s3.ROUNDS
    assert time.monotonic() - began < 20


def test_own_timeouts_go_before_ours(monkeypatch):
    monkeypatch.setitem(s3.conf, "s3", {"config_kwargs": {"read_timeout": 99}})
    assert s3.options()["config_kwargs"]["read_timeout"] == 99
    assert s3.options()["config_kwargs"]["connect_timeout"] == s3.CONNECT_S


def test_bucket_that_is_not_there_is_not_made(guidang, server, client):
    shown = guidang("init", "--archive", server.new_database("template0"), "--objects", "s3://typing-error/o")
    assert (shown.code, "no bucket typing-error" in shown.err) == (5, True)
    assert "typing-error" not in [one["Name"] for one in client.list_buckets()["Buckets"]]


def test_bucket_that_was_removed_takes_no_object(store, client, bucket):
    client.delete_bucket(Bucket=bucket)
    with pytest.raises(ArchiveUnavailable):
        store.put(io.BytesIO(CONTENT))


def test_wrong_or_missing_keys_are_told_without_them(guidang, location, monkeypatch):
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    S3FileSystem.clear_instance_cache()
    shown = guidang("verify", "--archive", location)
    assert (shown.code, "credentials" in shown.err.lower()) == (5, True)
    assert len(shown.err.splitlines()) == 1


@pytest.mark.parametrize(
    "address",
    [
        f"s3://{KEY}:{SECRET}@b/o",
        f"s3://{KEY}:{SECRET}/x@b/o",
        f"s3://{SECRET}@b/o",
        f"sftp://u:{SECRET}@h/o",
    ],
)
def test_key_in_the_address_is_refused_and_not_shown(guidang, server, address):
    shown = guidang("init", "--archive", server.new_database("template0"), "--objects", address)
    assert shown.code == 2
    assert is_one_line_without_secret(shown)


def test_login_in_the_endpoint_is_not_shown(store, gate, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://u:{SECRET}@127.0.0.1:{gate.port}")
    gate.shut()
    S3FileSystem.clear_instance_cache()
    with pytest.raises(ArchiveUnavailable) as told:
        open_store("s3://b/o").put(io.BytesIO(CONTENT))
    assert SECRET not in str(told.value)


@pytest.mark.parametrize("full", ["spool", "cache"])
def test_full_disk_here_is_an_archive_that_cannot_be_used(store, monkeypatch, tmp_path, full):
    store.put(io.BytesIO(CONTENT))
    small = tmp_path / "full"
    monkeypatch.setattr(local_copies, "gettempdir", lambda: str(small))
    monkeypatch.setattr(local_copies, "NamedTemporaryFile", lambda **_: _full())
    with pytest.raises(ArchiveUnavailable, match="No space left"):
        store.put(io.BytesIO(CONTENT)) if full == "spool" else store.path(DIGEST)


def _full() -> None:
    raise OSError(28, "No space left on device")


# Copies here


class Copies:
    """A cache that may hold one MiB; each copy has 400,000 bytes."""

    def __init__(self, folder: Path) -> None:
        self.cache, self.folder = local_copies.LocalCopies(), folder / "guidang" / "objects"

    def add(self, name: str, hours_ago: float = 0.0) -> None:
        with self.cache.adding(name) as part:
            part.write_bytes(b"x" * 400_000)
        self.age(name, hours_ago)

    def age(self, name: str, hours: float) -> None:
        then = time.time() - hours * 3600
        os.utime(self.folder / name, (then, then))

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def copies(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("GUIDANG_CACHE_MB", "1")
    return Copies(tmp_path)


def test_copies_used_longest_ago_make_room(copies):
    for name, hours in (("a", 5), ("b", 9), ("c", 7)):
        copies.add(name, hours)
    copies.add("d")
    assert copies.names() == ["a", "d"]


def test_copy_that_was_used_stays_for_an_hour_whatever_the_limit(copies, monkeypatch):
    copies.add("a", 9)
    copies.add("b", 8)
    copies.cache.find("a")
    copies.add("c")
    assert copies.names() == ["a", "c"]
    copies.add("d")
    copies.add("e")
    assert copies.names() == ["a", "c", "d", "e"]


def test_download_that_was_cut_short_is_cleared_after_an_hour(copies):
    copies.add("a", 0.5)
    for name, hours in (("old.part", 2), ("new.part", 0.5)):
        (copies.folder / name).write_bytes(b"half")
        copies.age(name, hours)
    copies.add("b")
    assert copies.names() == ["a", "b", "new.part"]


def test_copy_that_was_not_filled_whole_is_none(copies):
    with suppress(ArchiveDamaged), copies.cache.adding("a") as part:
        part.write_bytes(b"half")
        raise ArchiveDamaged("changed")
    assert copies.names() == []
    assert copies.cache.find("a") is None


@pytest.mark.parametrize("given", ["-1", "1.5", "2G", "²", "lots"])
def test_limit_that_is_no_number_is_refused(monkeypatch, given):
    monkeypatch.setenv("GUIDANG_CACHE_MB", given)
    with pytest.raises(UsageError, match="GUIDANG_CACHE_MB"):
        local_copies.limit()


def test_limit_is_two_gibibytes_unless_set(monkeypatch):
    monkeypatch.delenv("GUIDANG_CACHE_MB", raising=False)
    assert local_copies.limit() == 2 << 30
