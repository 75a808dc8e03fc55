"""Cut the power of a disk at every moment of one ingest that matters, in a model, and see what is lost.

    .venv/bin/python -m tests.faults.power_cuts [--random N] [--seed N]

strace records all that one ingest of a few tiny documents writes to the files of its archive. The model then
builds what a cut may leave: a file has what it had at its last fsync, and of what was written since nothing,
everything, or any of the writes, each whole or in part; a folder has the names it had at its last fsync,
and of the names made, changed and removed since none, all or any. (Real file systems keep more: ext4 keeps
names in order, and data before the names of new files. `-shm` is no file to keep and is always lost.)

The power is cut before each fsync, after each word of the archive that something is kept or recorded, and at
random moments. Each disk must hold all that was said to be kept, whole; `verify` must find nothing; and
a second ingest must bring every submitted path to its place.

Not in the model: bytes that rot, a disk that lies about fsync, writes that reach other files.
Exit code 1 if anything is wrong, with a line for each; 2 if there is no strace.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any
from unittest.mock import patch

from archive.archive import Archive
from archive.documents.keeping import Documents
from core.errors import GuidangError
from tests.faults.fault_sweep import Sweep
from tests.faults.here import reading_here
from tests.faults.tinydocs import write_few
from tests.support.places import rows

TRACED = "openat,write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink,mkdir"
SYNCS = ("fsync", "fdatasync")
SECTOR = 512
SAYS = "said"


@dataclass(frozen=True, slots=True)
class Event:
    """A system call on a path; `data` is what was written at `offset` (None: at the end), or a new name."""

    call: str
    path: str
    data: bytes = b""
    offset: int | None = None


@dataclass
class File:
    """The bytes of a file that a cut cannot touch, and what was done to it since."""

    safe: bytes = b""
    since: list[Event] = field(default_factory=list)
    size: int = 0


@dataclass
class Folder:
    """The names in a folder that a cut cannot touch, and the changes since: a name, and what it means."""

    safe: dict[str, Any] = field(default_factory=dict)
    since: list[tuple[str, Any]] = field(default_factory=list)

    def now(self) -> dict[str, Any]:
        """The names as a running system sees them."""
        return _named(self.safe, self.since)


class Disk:
    """What programs see, and what of it is safe."""

    def __init__(self, top: str) -> None:
        self.top, self.root = top, Folder()
        self.said: list[str] = []

    def happen(self, event: Event) -> None:
        """One call of the recording."""
        if event.path == f"{self.top}/{SAYS}":
            if event.call == "write":
                self.said += event.data.decode().splitlines()
        elif event.call == "mkdir":
            self._name(event.path, Folder())
        elif event.call == "unlink":
            self._name(event.path, None)
        elif event.call == "rename":
            moved = self._find(event.path)
            self._name(event.data.decode(), moved)
            self._name(event.path, None)
        elif event.call == "creat":
            if self._find(event.path) is None:
                self._name(event.path, File())
        elif event.call in SYNCS:
            self._sync(self._find(event.path))
        elif isinstance(file := self._find(event.path), File):
            _write(file, event)

    def cut(self, choose: Choice) -> Folder:
        """A disk that a cut may leave, where `choose` says which of the unsafe changes are on it."""
        return _after_cut(self.root, choose)

    def _find(self, path: str) -> Any:
        found: Any = self.root
        for name in path.removeprefix(self.top).strip("/").split("/"):
            if name:
                found = found.now().get(name) if isinstance(found, Folder) else None
        return found

    def _name(self, path: str, meaning: Any) -> None:
        parent, _, name = path.rpartition("/")
        folder = self._find(parent)
        if folder.now().get(name) is not meaning:
            folder.since.append((name, meaning))

    def _sync(self, what: Any) -> None:
        if isinstance(what, Folder):
            what.safe, what.since = what.now(), []
        elif isinstance(what, File):
            what.safe, what.since = _content(what.safe, what.since), []


@dataclass(frozen=True, slots=True)
class Choice:
    """Which unsafe changes a cut leaves: `none`, `all`, or `any` of them by chance."""

    kind: str
    rng: random.Random

    def of(self, changes: Sequence[Any]) -> list[Any]:
        """Those that are on the disk."""
        if self.kind == "any":
            return [one for one in changes if self.rng.random() < 0.5]
        return list(changes) if self.kind == "all" else []

    def torn(self, event: Event) -> Event:
        """A write as it is on the disk: some of its sectors at times."""
        if self.kind != "any" or len(event.data) <= SECTOR or self.rng.random() < 0.8:
            return event
        return Event(event.call, event.path, event.data[: SECTOR * self.rng.randrange(1, 8)], event.offset)


def _named(safe: dict[str, Any], changes: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(safe) | dict(changes)
    return {name: meaning for name, meaning in found.items() if meaning is not None}


def _write(file: File, event: Event) -> None:
    """Note a change of the bytes of a file."""
    offset = file.size if event.offset is None else event.offset
    file.since.append(Event(event.call, event.path, event.data, offset))
    file.size = offset if event.call == "ftruncate" else max(file.size, offset + len(event.data))


def _content(safe: bytes, changes: Sequence[Event]) -> bytes:
    found = bytearray(safe)
    for one in changes:
        offset = one.offset or 0
        if one.call == "ftruncate":
            del found[offset:]
        found.extend(bytes(max(0, offset + len(one.data) - len(found))))
        found[offset : offset + len(one.data)] = one.data
    return bytes(found)


def _after_cut(folder: Folder, choose: Choice) -> Folder:
    left = {}
    for name, meaning in _named(folder.safe, choose.of(folder.since)).items():
        if isinstance(meaning, Folder):
            left[name] = _after_cut(meaning, choose)
        elif not name.endswith("-shm"):
            changes = [choose.torn(one) for one in choose.of(meaning.since)]
            left[name] = File(_content(meaning.safe, changes))
    return Folder(left)


def lay_out(folder: Folder, path: Path) -> None:
    """Write a model of a disk to a real one."""
    path.mkdir(exist_ok=True)
    for name, meaning in folder.safe.items():
        if isinstance(meaning, Folder):
            lay_out(meaning, path / name)
        else:
            (path / name).write_bytes(meaning.safe)


class Recording(Sweep):
    """One ingest, with all that it wrote."""

    def record(self) -> list[Event]:
        """The calls of an ingest on the folder around its archive, in order."""
        with _saying(self.home / SAYS):
            batch = self._ingest("-y", "-xx", "-s", "10000000", "-e", f"trace={TRACED}")
        if batch.code != 3:
            raise SystemExit(f"the ingest ended with {batch.code}: {batch.said()}")
        events = map(_event, self.log.read_text().splitlines())
        return [one for one in events if one and one.path.startswith(str(self.home))]

    def judge(self, disk: Folder, said: Sequence[str]) -> Iterator[str]:
        """What is wrong with a disk after a cut."""
        shutil.rmtree(self.place.location, ignore_errors=True)
        lay_out(disk, self.home)
        try:
            yield from self._lost(said)
        except GuidangError as error:
            yield f"cannot be opened: {error}"
        yield from self.second()

    def _lost(self, said: Sequence[str]) -> Iterator[str]:
        if not said:
            return
        with Archive.open(self.place.location) as archive:
            sql = "SELECT s.name, d.sha256, d.status FROM source s JOIN document d ON d.id = s.document_id"
            found = rows(archive, sql)
            there = {f"keep {name}" for name, _, _ in found} | {f"{now} {digest}" for _, digest, now in found}
            yield from (f"lost: {one}" for one in said if one not in there)
            for digest in {digest for _, digest, _ in found}:
                path = archive.documents.path(digest)
                if not path.is_file() or sha256(path.read_bytes()).hexdigest() != digest:
                    yield f"the original of {digest} is gone or torn"
            yield from archive.verify().problems


@contextmanager
def _saying(path: Path) -> Iterator[None]:
    """Have the archive write down what it has promised, as soon as it has."""
    path.touch()
    keep, record, fail = Documents.keep, Documents.record, Documents.fail

    def say(line: str) -> None:
        with path.open("a") as file:
            file.write(f"{line}\n")

    def kept(self: Documents, source: str, *others: Any) -> Any:
        result = keep(self, source, *others)
        say(f"keep {source}")
        return result

    def recorded(self: Documents, document: str, *others: Any) -> Any:
        result = record(self, document, *others)
        say(f"archived {document}")
        return result

    def failed(self: Documents, document: str, *others: Any) -> Any:
        result = fail(self, document, *others)
        say(f"failed {document}")
        return result

    with patch.multiple(Documents, keep=kept, record=recorded, fail=failed):
        yield


def _event(line: str) -> Event | None:
    """A line of strace with every string in hexadecimal."""
    call, _, rest = line.partition("(")
    if call not in TRACED or rest.rpartition(" = ")[2].startswith("-1"):
        return None
    strings = [bytes.fromhex(one.replace("\\x", "")) for one in re.findall(r'"((?:\\x..)*)"', rest)]
    at = re.match(r"\d+<([^>]*)>", rest)
    path = _text(at[1]) if at else ""
    numbers = [int(one) for one in re.findall(r"(?<=, )\d+(?=[,)])", rest)]
    if call == "openat":
        return Event("creat", strings[0].decode()) if "O_CREAT" in rest else None
    if call == "rename":
        return Event(call, strings[0].decode(), strings[1])
    if call in ("unlink", "mkdir"):
        return Event(call, strings[0].decode())
    if call == "pwrite64":
        return Event(call, path, strings[0], numbers[-1])
    if call == "ftruncate":
        return Event(call, path, b"", numbers[0])
    return Event(call, path, *strings)


def _text(path: str) -> str:
    return bytes.fromhex(path.replace("\\x", "")).decode() if "\\x" in path else path


def moments(events: Sequence[Event], more: int, rng: random.Random) -> list[int]:
    """How many events there were before each cut."""
    top = [n for n, one in enumerate(events) if one.call in SYNCS]
    said = [n + 1 for n, one in enumerate(events) if one.path.endswith(f"/{SAYS}") and one.call == "write"]
    return sorted({*top, *said, *rng.choices(range(len(events)), k=more), len(events)})


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--random", type=int, default=20, metavar="N", help="cuts at random moments")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if shutil.which("strace") is None:
        print("there is no strace: install Debian's package of that name", file=sys.stderr)
        return 2
    os.environ["GUIDANG_ENGINE"] = "null"
    rng, began = random.Random(options.seed), monotonic()
    with TemporaryDirectory() as name, reading_here():
        documents = Path(name) / "documents"
        recording = Recording(Path(name) / "disk", documents, write_few(documents, 0))
        recording.home.mkdir()
        list(recording.second())  # every document is read once, and remembered
        events = recording.record()
        cuts = moments(events, options.random, rng)
        wrong, tried = list(_cut(recording, events, cuts, rng)), len(cuts)
    for line in wrong:
        print(line)
    calls = Counter(one.call for one in events)
    print(", ".join(f"{n} {call}" for call, n in calls.most_common()))
    print(f"{tried} cuts, 4 disks each, {monotonic() - began:.0f} s: {len(wrong)} wrong")
    return 1 if wrong else 0


def _cut(
    recording: Recording, events: Sequence[Event], cuts: Sequence[int], rng: random.Random
) -> Iterator[str]:
    disk, done = Disk(str(recording.home)), 0
    for cut in cuts:
        for event in events[done:cut]:
            disk.happen(event)
        done = cut
        for kind in ("none", "all", "any", "any"):
            left = disk.cut(Choice(kind, rng))
            trouble = list(recording.judge(left, disk.said))
            yield from (f"cut after {cut} of {len(events)} calls, {kind}: {one}" for one in trouble)


if __name__ == "__main__":
    sys.exit(main())
