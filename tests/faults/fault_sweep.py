"""Fail each system call of one ingest on the archive's own files in turn, and see whether anything is lost.

    .venv/bin/python -m tests.faults.fault_sweep [--every N] [--kinds write,fsync] [--children]

A handful of tiny documents (a copy, a broken one and a zip among them) is ingested with strace at the
batch, which counts its calls on the files of the archive: originals, database, WAL, lock, temporary files.
Then one ingest for every call: strace makes that one fail (`once`), and for the writes also every later one
(`from then on`, as on a full disk). A batch must end with 0, 3 or 5, a stop with one line that says what
to do; whatever the database names must be there; a second ingest must then bring every submitted path
to its place. Reading is done in the batch itself and remembered, which makes a trial half a second.

`--children` fails the reads of originals instead, in the batch and in its child, as a bad disk does.

Exit code 1 if anything is wrong, with a line for each; 2 if there is no strace.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

import cli
from archive.archive import Archive
from archive.db.retry import WAIT
from core.errors import GuidangError
from tests.faults.batches import Batch, start
from tests.faults.here import reading_here
from tests.faults.ingest_kills import Campaign
from tests.faults.tinydocs import Submitted, write_few
from tests.support.places import Place

PATIENCE = 60.0
# What each call fails with.
ERRORS = {
    "write": "ENOSPC",
    "pwrite64": "ENOSPC",
    "fsync": "EIO",
    "fdatasync": "EIO",
    "rename": "EIO",
    "mkdir": "ENOSPC",
    "openat": "EIO",
    "chmod": "EPERM",
    "unlink": "EIO",
    "ftruncate": "EIO",
    "fallocate": "ENOSPC",
    "flock": "ENOLCK",
    "fcntl": "ENOLCK",
    "read": "EIO",
    "pread64": "EIO",
    "mmap": "ENOMEM",
}
LASTING = ("write", "pwrite64", "fsync", "fdatasync", "mkdir", "openat")
REMEDIES = ("again", "wait", "verify", "mend", "is it mounted")


@dataclass(frozen=True, slots=True)
class Fault:
    """The Nth call of a kind fails, and with `lasting` every later one."""

    call: str
    number: int
    lasting: bool = False

    @property
    def kind(self) -> str:
        """What the table calls it."""
        return f"{self.call} {ERRORS[self.call]} {'from then on' if self.lasting else 'once'}"

    def options(self) -> Sequence[str]:
        """How strace is told."""
        when = f"{self.number}{'+' * self.lasting}"
        return ("-e", f"inject={self.call}:error={ERRORS[self.call]}:when={when}")


@dataclass
class Sweep:
    """Trials, each in a folder of its own under `home`, and what was wrong."""

    home: Path
    documents: Path
    submitted: Sequence[Submitted]
    paths: Sequence[str] = ()
    codes: dict[str, Counter[int]] = field(default_factory=dict)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    said: Counter[str] = field(default_factory=Counter)

    @property
    def place(self) -> Place:
        """Where the archive of a trial is; always the same, so that strace knows its files."""
        return Place("sqlite", str(self.home / "a"), self.home / "a" / "objects")

    @property
    def log(self) -> Path:
        """Where strace writes."""
        return self.home / "strace"

    def count(self) -> Counter[str]:
        """The calls of an ingest that nothing disturbs on the files of the archive, which it gets to know."""
        self._ingest("-y")
        inside = re.escape(self.place.location)
        self.paths = sorted(set(re.findall(rf'["<]({inside}[^">]*)[">]', self.log.read_text())))
        batch = self._ingest()
        if batch.code != 3:
            raise SystemExit(f"the ingest ended with {batch.code} without any fault: {batch.said()}")
        return Counter(re.findall(r"^(\w+)\(", self.log.read_text(), re.MULTILINE))

    def fail(self, fault: Fault) -> None:
        """One ingest with a fault, and one without."""
        trouble = list(self._misbehaved(fault, self._ingest(*fault.options())))
        trouble += self.second()
        self.wrong += [f"{fault.kind} {fault.number}: {one}" for one in trouble]

    def _ingest(self, *options: str) -> Batch:
        shutil.rmtree(self.place.location, ignore_errors=True)
        self.log.unlink(missing_ok=True)
        words = ("ingest", self.documents, "--archive", self.place.location, "--workers", 1)
        batch = start(words, as_command=False, first=_stand_still)
        status = Path(f"/proc/{batch.pid}/status")
        _until(lambda: "State:\tT" in status.read_text(), "the batch does not begin")
        strace = _strace(batch.pid, self.log, [*options, *self._restricted()])
        try:
            _until(
                lambda: self.log.is_file() and "TracerPid:\t0\n" not in status.read_text(),
                "strace does not come to the batch: may it trace (ptrace_scope)?",
            )
            os.kill(batch.pid, signal.SIGCONT)
            self._watched(batch)
        finally:
            batch.end()
            strace.wait(PATIENCE)
        return batch

    def _restricted(self) -> list[str]:
        return [f"-P{path}" for path in self.paths]

    def _watched(self, batch: Batch) -> None:
        batch.wait(PATIENCE)

    def _misbehaved(self, fault: Fault, batch: Batch) -> Iterator[str]:
        """What a batch must not do, whatever fails."""
        if "(INJECTED)" not in self.log.read_text():
            self.missed[fault.kind] += 1
        self.codes.setdefault(fault.kind, Counter())[-99 if batch.code is None else batch.code] += 1
        said = batch.said()
        talk = [line for line in said.splitlines() if line.startswith("guidang: ")]
        self.said.update(line.replace(str(self.home), "…") for line in talk)
        # SQLite itself may take a page that it cannot read for damage; `verify` then reads it again.
        allowed = (0, 3, 4, 5) if fault.call == "pread64" else (0, 3, 5)
        if batch.code not in allowed or "Traceback" in said:
            yield f"code {batch.code}: {said[-600:]}"
        elif batch.code == 5 and (len(talk) != 1 or not any(word in talk[0] for word in REMEDIES)):
            yield f"does not say in one line what to do: {talk}"
        try:
            with Archive.open(self.place.location) as archive:
                yield from archive.verify().problems
        except GuidangError as error:
            if not _is_unmade(error):
                yield f"cannot be opened after the fault: {error}"

    def second(self) -> Iterator[str]:
        """An ingest in peace; what it does not make good."""
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
            code = cli.main(["ingest", str(self.documents), "--archive", self.place.location])
        if code != 3:
            yield f"the second ingest ended with {code}: {said.getvalue()[-600:]}"
            return
        campaign = Campaign(self.place, random.Random(0), print)
        campaign.judge(self.submitted)
        yield from campaign.wrong
        yield from (f"{path.name} is left" for path in self.place.objects.glob("*.part"))


class _SickDisk(Sweep):
    """Reads of originals fail: in children from the first, in the batch from the Nth on."""

    children_fail: bool = False

    def count(self) -> Counter[str]:
        """The reads of originals by a batch whose children cannot read any."""
        super().count()
        self.children_fail = True
        self.paths = [path for path in self.paths if re.search(r"/objects/../", path)]
        self._ingest()
        return Counter(re.findall(r"^(read)\(", self.log.read_text(), re.MULTILINE))

    def _watched(self, batch: Batch) -> None:
        if not self.children_fail:
            return super()._watched(batch)
        known: dict[int, subprocess.Popen[bytes]] = {}
        children = Path(f"/proc/{batch.pid}/task/{batch.pid}/children")
        fails = ("-e", "inject=read,pread64,openat:error=EIO:when=1+")
        until = monotonic() + PATIENCE
        while batch.is_running and monotonic() < until:
            with suppress(OSError):
                for pid in {int(one) for one in children.read_text().split()} - set(known):
                    known[pid] = _strace(pid, Path(f"{self.log}.{pid}"), [*fails, *self._restricted()])
            batch.wait(0.02)
        for strace in known.values():
            strace.wait(PATIENCE)
        return None


def _is_unmade(error: GuidangError) -> bool:
    """Whether the fault kept the archive from being made at all."""
    return "no archive at" in str(error) or "database is empty" in str(error)


def _stand_still() -> None:
    """In the fork: the same names of temporary files every time, and a stop until strace is there."""
    names: Any = tempfile._get_candidate_names()  # type: ignore[attr-defined]
    names._rng, names._rng_pid = random.Random(1), os.getpid()
    os.kill(os.getpid(), signal.SIGSTOP)


def _strace(pid: int, log: Path, options: Sequence[str]) -> subprocess.Popen[bytes]:
    traced = ("-e", "trace=" + ",".join(ERRORS))
    words = ["strace", "-qq", "-o", str(log), *traced, *options, "-p", str(pid)]
    return subprocess.Popen(words, stderr=subprocess.DEVNULL)


def _until(happens: Callable[[], bool], otherwise: str) -> None:
    until = monotonic() + PATIENCE
    while not happens():
        if monotonic() > until:
            raise SystemExit(otherwise)
        sleep(0.002)


def faults_of(counted: Counter[str], every: int, kinds: Sequence[str]) -> list[Fault]:
    """Each call once; those that a full or broken disk keeps failing also from then on."""
    once = [Fault(call, n) for call in kinds for n in range(1, counted[call] + 1, every)]
    lasting = [Fault(one.call, one.number, True) for one in once if one.call in LASTING]
    return once + lasting


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth call")
    parser.add_argument("--kinds", default=",".join(ERRORS), help="calls, by commas")
    parser.add_argument("--children", action="store_true", help="reads of originals, in children too")
    options = parser.parse_args()
    if shutil.which("strace") is None:
        print("there is no strace: install Debian's package of that name", file=sys.stderr)
        return 2
    os.environ |= {"GUIDANG_ENGINE": "null", WAIT: "0.5"}
    with TemporaryDirectory() as name:
        documents = Path(name) / "documents"
        submitted = write_few(documents, 0)
        if options.children:
            sweep: Sweep = _SickDisk(Path(name), documents, submitted)
            return _run(sweep, [Fault("read", n, True) for n in range(1, sweep.count()["read"] + 1)])
        with reading_here():
            sweep = Sweep(Path(name), documents, submitted)
            list(sweep.second())  # every document is read once, and remembered
            return _run(sweep, faults_of(sweep.count(), options.every, options.kinds.split(",")))


def _run(sweep: Sweep, faults: Sequence[Fault]) -> int:
    began = monotonic()
    for number, fault in enumerate(faults, start=1):
        sweep.fail(fault)
        if number % 50 == 0:
            print(f"{number} of {len(faults)}, {len(sweep.wrong)} wrong", file=sys.stderr, flush=True)
    for line in sweep.wrong:
        print(line)
    print(f"{'call':32}{'tried':>6}{'struck':>8}  codes")
    for kind, codes in sweep.codes.items():
        struck = codes.total() - sweep.missed[kind]
        print(f"{kind:32}{codes.total():6}{struck:8}  {dict(sorted(codes.items()))}")
    for line, times in sweep.said.most_common():
        print(f"{times:5} × {line}")
    print(f"{len(faults)} faults, {monotonic() - began:.0f} s: {len(sweep.wrong)} wrong")
    return 1 if sweep.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
