"""RAR and 7z: what is in them, as bsdtar tells it, a file after another, within the limits of zips.

bsdtar (libarchive) writes all that it finds as one stream of `tar`; nothing is laid anywhere under a name of
its choosing. Links, folders and devices are no files.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, BinaryIO

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.limits import exceeded, within
from core.media_types import PACKED
from core.programs.guarded_programs import end_group, ended_in_time, with_memory, without_network
from core.programs.rar_blocks import LOCKED, SPLIT, hindrances
from core.zip_limits import AGAIN, Allowance

PROGRAM = "bsdtar"
PACKAGE = "libarchive-tools"
# An archive that takes longer, in seconds, or more memory, in bytes, is not opened.
TIME_LIMIT, _MEMORY = 300.0, 2 << 30
_LOCKED = ("ncrypt", "assphrase", "rypto")
_CHUNK = 1 << 20
# Where the end of a zip is looked for, in bytes from the end of a file; libarchive looks at the last 16 KiB.
_TAIL, _END_OF_ZIP = 1 << 17, b"PK\5\6"


@dataclass(frozen=True, slots=True)
class PackedMember:
    """A file out of an archive: its name there, and where it was laid."""

    name: str
    path: Path


def unpacked(archive: Path, kind: str, folder: Path, allowance: Allowance) -> tuple[PackedMember, ...]:
    """Lay the files of an archive in a folder, numbered, and count them; all of them or none.

    Raises:
        UnreadableDocument: bsdtar is not there or cannot open it, it is encrypted, empty or beyond a limit.
    """
    before = allowance.members, allowance.size
    try:
        return tuple(_laid(archive, PACKED[kind], folder, allowance))
    except UnreadableDocument:
        allowance.members, allowance.size = before
        raise


def refused_package(path: Path, kind: str) -> UnreadableDocument:
    """Return why an archive was kept as it is, and not opened."""
    try:
        with TemporaryDirectory(prefix="guidang-packed-") as folder:
            unpacked(path, kind, Path(folder), Allowance())
    except UnreadableDocument as error:
        return error
    reason = f"{PACKED[kind]} archive, kept and not opened, or too deep inside of others: {AGAIN}"
    return UnreadableDocument(Failure.NOT_A_DOCUMENT, reason)


def _laid(archive: Path, kind: str, folder: Path, allowance: Allowance) -> Iterator[PackedMember]:
    _demand_whole_and_open(archive, kind)
    archive = _without_zip_at_its_end(archive, folder)
    n_files = 0
    with _told(archive, kind) as stream, tarfile.open(fileobj=stream, mode="r|") as members:
        for member in members:
            content = members.extractfile(member) if member.isreg() else None
            if content is not None:
                within(member.size, "file_bytes", f"{kind} archive in which a file has more than {{}}")
                if not allowance.takes([member.size]):
                    said = f"{kind} archive with too many files, or of more than {{}}"
                    raise UnreadableDocument(Failure.TOO_LARGE, exceeded("zip_bytes", said, AGAIN))
                n_files += 1
                with (folder / str(n_files)).open("wb") as target:
                    shutil.copyfileobj(content, target, _CHUNK)
                yield PackedMember(_name(member.name), folder / str(n_files))
    if not n_files:
        raise UnreadableDocument(Failure.NOT_A_DOCUMENT, f"{kind} archive without any file in it")


def _without_zip_at_its_end(archive: Path, folder: Path) -> Path:
    """Return the archive, or a longer copy: a zip stored last in it would be taken for the whole of it.

    libarchive looks for the end of a zip before it looks for a RAR, as in programs that unpack themselves.
    """
    with archive.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        if _END_OF_ZIP not in file.read():
            return archive
    longer = folder / "longer"
    shutil.copyfile(archive, longer)
    with longer.open("ab") as file:
        file.write(bytes(_TAIL))
    return longer


def _demand_whole_and_open(archive: Path, kind: str) -> None:
    """Refuse a RAR that needs a password or goes on in another volume."""
    found = hindrances(archive)
    if LOCKED in found:
        raise _locked(kind)
    if SPLIT in found:
        reason = f"{kind} archive in several volumes: unpack them together and ingest what is in them"
        raise UnreadableDocument(Failure.NOT_A_DOCUMENT, reason)


def _locked(kind: str) -> UnreadableDocument:
    return UnreadableDocument(Failure.ENCRYPTED, f"{kind} archive that opens only with a password")


def _name(told: str) -> str:
    """Return a name as people read it; old RARs have it in the character set of the maker's machine."""
    data = told.encode("utf-8", "surrogateescape")
    try:
        return data.decode("utf-8").removeprefix("./")
    except UnicodeError:
        return data.decode("gbk", "replace").removeprefix("./")


@contextmanager
def _told(archive: Path, kind: str) -> Iterator[IO[bytes]]:
    """Run bsdtar; give what it writes. What breaks off is told by what it says."""
    program = shutil.which(PROGRAM)
    if program is None:
        reason = f"{kind} archive: install {PROGRAM} (Debian's {PACKAGE}) to have it opened, then {AGAIN}"
        raise UnreadableDocument(Failure.NOT_A_DOCUMENT, reason)
    around = (*ended_in_time(TIME_LIMIT), *without_network(), *with_memory(_MEMORY))
    command = [*around, program, "-cf", "-", "--format=pax", f"@{archive.absolute()}"]
    with TemporaryFile() as said, _started(command, said) as running:
        assert running.stdout is not None
        try:
            yield running.stdout
            code: int | None = running.wait(TIME_LIMIT)
        except (tarfile.TarError, subprocess.TimeoutExpired, EOFError):
            code = None
        finally:
            end_group(running.pid)
        if code != 0:
            raise _failure(said, kind)


def _started(command: list[str], said: BinaryIO) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    nothing = subprocess.DEVNULL
    return subprocess.Popen(
        command, stdin=nothing, stdout=subprocess.PIPE, stderr=said, env=environment, start_new_session=True
    )


def _failure(said: BinaryIO, kind: str) -> UnreadableDocument:
    said.seek(0)
    told = " ".join(said.readline(300).decode("utf-8", "replace").removeprefix("bsdtar:").split())
    if any(word in told for word in _LOCKED):
        return _locked(kind)
    reason = f"{kind} archive that cannot be opened: damaged, packed in an unknown way, or too slow ({told})"
    return UnreadableDocument(Failure.DAMAGED, f"{reason}; unpack it and ingest what is in it")
