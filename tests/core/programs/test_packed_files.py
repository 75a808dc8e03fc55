"""RAR and 7z: opened by bsdtar where it is, and taken in as zips are; else kept, with what helps."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.archive import Archive
from core.errors import UnreadableDocument
from core.limits import document_limits
from core.programs.packed_files import PROGRAM
from core.settings import settings
from ingest.sources.intake import IntakeResult, take
from ocr.document_opener import open_document
from tests.support.paths import SAMPLES

SAMPLE = (SAMPLES / "onepage-image.jpg").read_bytes()
needs_bsdtar = pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="needs bsdtar (libarchive-tools)")


def seven_zip(folder: Path, files: dict[str, bytes], name: str = "a.7z") -> Path:
    source = folder / "source"
    for member, data in files.items():
        (source / member).parent.mkdir(parents=True, exist_ok=True)
        (source / member).write_bytes(data)
    command = [PROGRAM, "-cf", str(folder / name), "--format=7zip", "-C", str(source), "."]
    subprocess.run(command, check=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"} | _path())
    return folder / name


def _path() -> dict[str, str]:
    return {"PATH": f"{Path(shutil.which(PROGRAM) or '/').parent}:/usr/bin:/bin"}


def rar(name: bytes, data: bytes, flags: int = 0, size: int | None = None, main: int = 0) -> bytes:
    """A RAR of the fourth kind with one stored file; `name` in whatever character set."""

    def block(kind: int, flags: int, inside: bytes, behind: bytes = b"") -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(inside)) + inside
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + behind

    told = struct.pack(
        "<IIBIIBBHI", len(data), size or len(data), 2, zlib.crc32(data), 0, 20, 0x30, len(name), 0x20
    )
    file = block(0x74, 0x8000 | flags, told + name, data)
    return b"Rar!\x1a\x07\x00" + block(0x73, main, bytes(6)) + file + block(0x7B, 0x4000, b"")


def rar5(data: bytes, flags: int = 0, extra: bytes = b"") -> bytes:
    """A RAR of the fifth kind with one stored file; `extra` is a record on it."""

    def number(value: int) -> bytes:
        return bytes([value]) if value < 0x80 else bytes([value & 0x7F | 0x80]) + number(value >> 7)

    def block(inside: bytes, behind: bytes = b"") -> bytes:
        head = number(len(inside)) + inside
        return struct.pack("<I", zlib.crc32(head)) + head + behind

    sizes = (number(len(extra)) if extra else b"") + number(len(data))
    told = (
        number(0x04)
        + number(len(data))
        + number(0x20)
        + struct.pack("<I", zlib.crc32(data))
        + b"\0\0"
        + b"\x05a.jpg"
    )
    file = block(b"\x02" + number(flags | 0x02 | bool(extra)) + sizes + told + extra, data)
    return b"Rar!\x1a\x07\x01\x00" + block(b"\x01\0\0") + file + block(b"\x05\0\0")


def taken(folder: Path, path: Path) -> list[IntakeResult]:
    with Archive.open(folder / "archive", create=True) as archive:
        return list(take([path], archive))


def reason_of(path: Path) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as refused, open_document(path):
        pass
    assert "\n" not in refused.value.reason
    return refused.value


@needs_bsdtar
def test_files_of_a_7z_are_taken_in_by_their_names(tmp_path: Path) -> None:
    path = seven_zip(tmp_path, {"甲县/2023年报.jpg": SAMPLE, "甲县/notes.txt": b"no document"})
    results = taken(tmp_path, path)
    assert {one.name.rpartition("!")[2] for one in results if one.kept} == {
        "./甲县/2023年报.jpg".removeprefix("./")
    }
    assert all(one.name.startswith(f"{path}!") and not one.trouble for one in results)


@needs_bsdtar
@pytest.mark.parametrize("name", ["年报.jpg".encode("gbk"), b"report.jpg"])
def test_files_of_a_rar_are_taken_in_with_names_in_gbk(name: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(rar(name, SAMPLE))
    (result,) = taken(tmp_path, tmp_path / "a.pdf")
    assert result.name.endswith("!" + name.decode("gbk"))
    assert result.kept is not None


@needs_bsdtar
def test_a_rar_of_the_fifth_kind_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a.rar").write_bytes(rar5(SAMPLE))
    (result,) = taken(tmp_path, tmp_path / "a.rar")
    assert (result.name.rpartition("!")[2], result.kept is not None) == ("a.jpg", True)


@needs_bsdtar
def test_archives_in_zips_and_zips_in_archives_share_one_allowance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = seven_zip(tmp_path, {f"{n}.jpg": SAMPLE + bytes([n]) for n in range(3)})
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as outer:
        outer.write(inner, "inner.7z")
    assert len(taken(tmp_path, tmp_path / "outer.zip")) == 3
    monkeypatch.setenv("GUIDANG_MAX_ZIP_MEMBERS", "3")
    assert document_limits() == settings().max
    (kept,) = taken(tmp_path, tmp_path / "outer.zip")
    assert kept.name.endswith("!inner.7z")
    assert kept.kept is not None


@needs_bsdtar
@pytest.mark.parametrize("pack", [lambda data: rar(b"a.xlsx", data), rar5])
def test_a_zip_stored_in_a_rar_is_one_file_of_it(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    """bsdtar took the RAR for the workbook in it, and its parts for files."""
    (tmp_path / "a.rar").write_bytes(pack((SAMPLES / "workbook.xlsx").read_bytes()))
    (result,) = taken(tmp_path, tmp_path / "a.rar")
    assert result.kept is not None


@needs_bsdtar
def test_a_name_that_leads_out_is_but_a_name(tmp_path: Path) -> None:
    (tmp_path / "a.rar").write_bytes(rar(b"..\\..\\out.jpg", SAMPLE))
    results = taken(tmp_path / "in", tmp_path / "a.rar")
    assert [one.kept is not None for one in results] == [True]
    assert not (tmp_path.parent / "out.jpg").exists()


@needs_bsdtar
def test_links_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "passwd.pdf").symlink_to("/etc/passwd")
    path = seven_zip(tmp_path, {})
    assert "without any file" in reason_of(path).reason


@needs_bsdtar
def test_a_bomb_is_kept_and_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = seven_zip(tmp_path, {"zeros.pdf": bytes(64 << 20)})
    monkeypatch.setenv("GUIDANG_MAX_ZIP_BYTES", "32M")
    assert path.stat().st_size < 1 << 20
    (kept,) = taken(tmp_path, path)
    assert (kept.name, kept.kept is not None) == (str(path), True)
    refused = reason_of(path)
    assert (refused.code, "GUIDANG_MAX_ZIP_BYTES" in refused.reason) == ("too_large", True)


@needs_bsdtar
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (rar(b"a.jpg", SAMPLE, flags=0x04), "encrypted"),
        (rar(b"a.jpg", SAMPLE, main=0x80), "encrypted"),
        (rar(b"a.jpg", SAMPLE)[:5_000], "damaged"),
        (rar(b"a.jpg", SAMPLE, flags=0x02, main=0x01), "not_a_document"),
        (rar5(SAMPLE, 0x10), "not_a_document"),
        (rar5(SAMPLE, 0, b"\x02\x01\x00"), "encrypted"),
        (b"Rar!\x1a\x07\x01\x00" + b"\xff" * 500, "damaged"),
        (b"7z\xbc\xaf\x27\x1c" + b"\xff" * 500, "damaged"),
    ],
)
def test_what_cannot_be_opened_is_kept_and_ends_with_a_reason(data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "a.rar"
    path.write_bytes(data)
    (kept,) = taken(tmp_path, path)
    assert (kept.name, kept.kept is not None) == (str(path), True)
    assert reason_of(path).code == code


def test_without_bsdtar_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a.rar"
    path.write_bytes(rar(b"a.jpg", SAMPLE))
    assert [one.name for one in taken(tmp_path, path)] == [str(path)]
    assert (reason_of(path).code, "libarchive-tools" in reason_of(path).reason) == ("not_a_document", True)
