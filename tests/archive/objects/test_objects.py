"""Where originals are kept: a folder, and stores that fsspec reaches."""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.objects.base import digest_of, name_of
from archive.objects.local import ObjectFolder
from archive.objects.remote import RemoteObjects
from archive.objects.stores import open_store
from core.errors import ArchiveDamaged, ArchiveUnavailable, UsageError

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 9000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


class Store:
    """A store of one kind, and a way to meddle with its bytes behind its back."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.place = {
            "folder": str(folder / "objects"),
            "file": f"file://{folder}/objects",
            "memory": f"memory://{folder}/objects",
        }[kind]
        self.files, self.root = fsspec.core.url_to_fs(self.place)
        self.objects = open_store(self.place)

    def key(self, digest: str) -> str:
        return f"{self.root}/{name_of(digest)}"

    def overwrite(self, digest: str, content: bytes) -> None:
        if self.kind == "folder":
            Path(self.key(digest)).chmod(0o644)
        self.files.pipe_file(self.key(digest), content)

    def put(self, content: bytes = CONTENT) -> tuple[str, int]:
        return self.objects.put(io.BytesIO(content))


@pytest.fixture(params=["folder", "file", "memory"])
def store(request, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Store(request.param, tmp_path)


def test_kind_of_store_follows_from_the_place(store):
    assert isinstance(store.objects, ObjectFolder if store.kind == "folder" else RemoteObjects)


def test_bytes_come_back_as_they_were_put(store):
    assert store.put() == (DIGEST, len(CONTENT))
    assert store.objects.path(DIGEST).read_bytes() == CONTENT
    with store.objects.open(DIGEST) as stream:
        assert stream.read() == CONTENT
    assert digest_of(store.objects, DIGEST) == DIGEST
    assert list(store.objects.names()) == [name_of(DIGEST)]


def test_empty_file_is_kept(store):
    digest, size = store.put(b"")
    assert (size, digest_of(store.objects, digest)) == (0, digest)


def test_bytes_that_are_there_are_not_written_again(store):
    store.put()
    before = store.files.info(store.key(DIGEST))
    store.put()
    assert store.files.info(store.key(DIGEST)) == before


def test_what_is_not_there_is_told_apart_from_what_has_changed(store):
    assert digest_of(store.objects, DIGEST) is None
    assert store.objects.open(DIGEST) is None
    store.put()
    store.overwrite(DIGEST, CONTENT[:-1] + b"?")
    assert digest_of(store.objects, DIGEST) not in (None, DIGEST)


def test_upload_that_was_cut_short_is_completed_by_the_next(store):
    store.files.makedirs(f"{store.root}/{DIGEST[:2]}", exist_ok=True)
    store.files.pipe_file(store.key(DIGEST), CONTENT[:1000])
    store.put()
    assert digest_of(store.objects, DIGEST) == DIGEST


def test_bytes_of_the_same_length_that_have_changed_are_replaced_in_a_folder(tmp_path):
    store = Store("folder", tmp_path)
    store.put()
    store.overwrite(DIGEST, CONTENT[:-1] + b"?")
    store.put()
    assert digest_of(store.objects, DIGEST) == DIGEST


def test_bytes_other_than_the_expected_ones_are_not_kept(store):
    with pytest.raises(ArchiveDamaged, match=OTHER):
        store.objects.put(io.BytesIO(CONTENT), expected=OTHER)
    assert list(store.objects.names()) == []
    assert store.objects.put(io.BytesIO(CONTENT), expected=DIGEST) == (DIGEST, len(CONTENT))


def test_names_are_in_order_and_everything_is_named(store):
    names = ["ab/0", "ab/报告.pdf", "ab-old/1", "ab.txt", "a/b/c", "README", "Ａ"]
    for name in names:
        store.files.makedirs(f"{store.root}/{name}".rpartition("/")[0], exist_ok=True)
        store.files.pipe_file(f"{store.root}/{name}", b"x")
    assert list(store.objects.names()) == sorted(names)


FILE_NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=9).filter(
    lambda name: name not in (".", "..", "lost+found")
)


@given(st.lists(st.lists(FILE_NAMES, min_size=1, max_size=3), max_size=8))
def test_names_of_a_folder_come_as_python_sorts_them(tmp_path_factory, paths):
    folder, made = tmp_path_factory.mktemp("names"), set()
    for path in paths:
        target = folder.joinpath(*path)
        if not any(parent.is_file() for parent in target.parents) and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
            made.add(target.relative_to(folder).as_posix())
    assert list(ObjectFolder(folder).names()) == sorted(made)


def test_disks_own_folder_is_no_stranger(tmp_path):
    (tmp_path / "lost+found").mkdir()
    (tmp_path / "lost+found" / "#123").touch()
    assert list(ObjectFolder(tmp_path).names()) == []


def test_folder_in_the_place_of_an_object_counts_as_missing(tmp_path):
    (tmp_path / name_of(DIGEST)).mkdir(parents=True)
    assert digest_of(ObjectFolder(tmp_path), DIGEST) is None


def test_cached_copy_is_read_again_only_if_it_is_whole(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    store = Store("memory", tmp_path)
    store.put()
    store.overwrite(DIGEST, b"changed")
    with pytest.raises(ArchiveDamaged, match="has changed"):
        store.objects.path(DIGEST)
    store.files.rm_file(store.key(DIGEST))
    with pytest.raises(ArchiveDamaged, match="is gone"):
        store.objects.path(DIGEST)
    assert list((tmp_path / "cache" / "guidang" / "objects").iterdir()) == []


@pytest.mark.parametrize("error", [PermissionError("no key"), RuntimeError("endpoint not found")])
def test_store_that_cannot_be_reached_is_neither_empty_nor_damaged(tmp_path, monkeypatch, error):
    store = Store("memory", tmp_path)

    def fails(*_, **__):
        raise error

    for name in ("info", "find", "_open", "put_file"):
        monkeypatch.setattr(type(store.files), name, fails)
    for ask in (store.put, lambda: list(store.objects.names()), lambda: store.objects.open(DIGEST)):
        with pytest.raises(ArchiveUnavailable, match="cannot be reached"):
            ask()


def test_upload_that_the_store_does_not_keep_whole_is_no_success(tmp_path, monkeypatch):
    store = Store("memory", tmp_path)
    monkeypatch.setattr(
        type(store.files), "put_file", lambda files, local, key, **_: files.pipe_file(key, b"half")
    )
    with pytest.raises(ArchiveUnavailable, match="did not keep all"):
        store.put()


@pytest.mark.parametrize("place", ["nosuch://bucket/x", "s3://bucket/prefix"])
def test_store_that_this_machine_cannot_open_is_refused(place, monkeypatch):
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)
    monkeypatch.setitem(sys.modules, "s3fs", None)  # as where the extra is not installed
    with pytest.raises(UsageError, match="://"):
        open_store(place)
