"""What the runners cost a document, what their memory does, and what a second worker brings.

    .venv/bin/python -m bench.speed.runner stub [--documents 2000]
    .venv/bin/python -m bench.speed.runner memory [--documents 10000]
    .venv/bin/python -m bench.speed.runner pages [--pages 400]
    .venv/bin/python -m bench.speed.runner real

`stub`: seconds a document where reading takes none, of `guidang ingest` on SQLite and PostgreSQL and of
`guidang worker`, with one and two children. `memory`: what `guidang ingest` itself holds over many
documents, a tenth of them whole reports, the rest of one line. `pages`: what a child holds while it reads
page after page with the real engine. `real`: pages a second of samples/ with one and two children, local
and by a worker.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.reading.child_process import Read
from tests.faults import tinydocs
from tests.support import poison
from tests.support.places import Place, new_place, new_server

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
SCANS = ("form2021-scan.pdf", "form2019-scan.pdf", "mixed-scan.pdf")
ONE_PAGE = "onepage-image.jpg"
WHOLE = "webpage.html"
WARM_UP = 200


class Quiet:
    """Hears how a batch gets on, and notes on demand what the children hold after each document."""

    def __init__(self, children_too: bool = False) -> None:
        self.children_too = children_too
        self.held: list[tuple[int, float]] = []

    def started(self, documents: int) -> None: ...

    def more(self, documents: int) -> None: ...

    def page(self, pages_done: int, flagged: int) -> None: ...

    def stopping(self, under_way: int) -> None: ...

    def finished(self, document: str, source: str, outcome: str, detail: str) -> None:
        if self.children_too:
            self.held += [(child, resident(child)) for child in children()]


def resident(process: int) -> float:
    """What a process holds, in MB; 0 if it has ended."""
    try:
        words = Path(f"/proc/{process}/statm").read_text().split()
    except OSError:
        return 0.0
    return int(words[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def most(process: int) -> float:
    """What a process has held at most, in MB; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def children() -> list[int]:
    """The processes that this one has started and that go on."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return [int(word) for word in listed.split() if resident(int(word)) > 100]


def stubs(folder: Path, documents: int) -> Path:
    """Files that `poison.read` reads at once."""
    folder.mkdir()
    for number in range(documents):
        (folder / f"{number}.pdf").write_text(f"0 {number}")
    return folder


def tiny_and_whole(folder: Path, documents: int) -> Path:
    """PDFs of one line, and every tenth document a whole report with some hundred values."""
    folder.mkdir()
    whole = (SAMPLES / WHOLE).read_bytes()
    for number in range(documents):
        if number % 10:
            (folder / f"{number}.pdf").write_bytes(tinydocs.pdf(number))
        else:
            (folder / f"{number}.html").write_bytes(whole + b"<!-- %d -->\n" % number)
    return folder


def copies(folder: Path, names: tuple[str, ...], times: int) -> Path:
    """Samples that differ from each other in what follows their end."""
    folder.mkdir()
    for number in range(times):
        for name in names:
            data = (SAMPLES / name).read_bytes()
            (folder / f"{number}-{name}").write_bytes(data + b"\n%% %d\n" % number)
    return folder


def measure_stub(documents: int) -> None:
    with TemporaryDirectory() as home, new_server() as running:
        files = stubs(Path(home, "in"), documents)
        for kind in ("sqlite", "postgresql"):
            for workers in (1, 2):
                base = Path(home, f"{kind}{workers}")
                base.mkdir()
                _local(f"ingest, {kind}", new_place(kind, base, running), files, workers, poison.read)
        for workers in (1, 2):
            base = Path(home, f"worker{workers}")
            base.mkdir()
            _by_worker(new_place("postgresql", base, running), files, workers, poison.read)


def measure_real() -> None:
    from ingest.reading.pipeline import process

    with TemporaryDirectory() as home, new_server() as running:
        files = copies(Path(home, "in"), SCANS, 4)
        for workers in (1, 2):
            for name, kind in (("ingest, sqlite", "sqlite"), ("worker", "postgresql")):
                base = Path(home, f"{kind}{workers}")
                base.mkdir()
                place = new_place(kind, base, running)
                if name == "worker":
                    _by_worker(place, files, workers, process)
                else:
                    _local(name, place, files, workers, process)


def _local(name: str, place: Place, files: Path, workers: int, read: Read) -> None:
    from ingest.batch.batch import ingest_paths

    with place.open(write=True) as archive:
        began = time.perf_counter()
        ingest_paths([files], archive, workers=workers, report=Quiet(), defer=True)
        kept = time.perf_counter()
        summary = ingest_paths([], archive, workers=workers, report=Quiet(), read=read)
    _say(name, workers, summary.archived, summary.pages, kept - began, time.perf_counter() - kept)


def _by_worker(place: Place, files: Path, workers: int, read: Read) -> None:
    from ingest.batch.batch import ingest_paths
    from ingest.batch.worker import WorkerLoop, run_worker
    from ingest.reading.thread_pool import ReaderThreads

    began = time.perf_counter()
    with place.open(write=True) as archive:
        ingest_paths([files], archive, workers=workers, report=Quiet(), defer=True)
    kept = time.perf_counter()
    with ReaderThreads(workers, read) as readers:
        run_worker(WorkerLoop(place.location, "w", workers, until_empty=True), readers)
    seconds = time.perf_counter() - kept
    with place.open(create=False) as archive:
        counts = archive.status.counts()
    _say("worker", workers, counts.documents["archived"], sum(counts.pages.values()), kept - began, seconds)


def _say(name: str, workers: int, documents: int, pages: int, keeping: float, reading: float) -> None:
    print(
        f"{name:20} {workers} at a time: {documents:,} documents, {pages:,} pages; kept in "
        f"{1000 * keeping / documents:.1f} ms, read in {1000 * reading / documents:.1f} ms a document"
        + (f", {pages / reading:.2f} pages a second" if pages else ""),
        flush=True,
    )


def measure_memory(documents: int) -> None:
    """What `guidang ingest` itself holds, its children apart, read from outside: with time, and at most."""
    with TemporaryDirectory() as home, Path(home, "told").open("w+") as told:
        files, archive = tiny_and_whole(Path(home, "in"), documents), Path(home, "a")
        words = ("ingest", str(files), "--archive", str(archive), "--workers", "2")
        batch = subprocess.Popen(
            [sys.executable, "-c", "import cli; cli.main()", *words],
            env=os.environ | {"GUIDANG_ENGINE": "null"},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=told,
        )
        held = []
        while batch.poll() is None:
            held.append((resident(batch.pid), most(batch.pid)))
            time.sleep(0.5)
        told.seek(0)
        print(*told.readlines()[-6:], sep="")
    tenth = max(len(held) // 10, 1)
    print("after each tenth of the time:", *(f"{size:.0f}" for size, _ in held[tenth - 1 :: tenth]), "MB")
    print(f"{documents:,} documents, code {batch.returncode}: {max(peak for _, peak in held):.0f} MB at most")


def measure_pages(pages: int) -> None:
    """One child that is not replaced, page after page."""
    from archive.archive import Archive
    from ingest.batch.batch import ingest_paths
    from ingest.reading import process_pool as module

    module.DOCUMENTS_A_CHILD = sys.maxsize
    heard = Quiet(children_too=True)
    with TemporaryDirectory() as home:
        files = copies(Path(home, "in"), (ONE_PAGE,), pages)
        with Archive.open(Path(home, "a"), create=True) as archive:
            ingest_paths([files], archive, workers=1, report=heard)
    held = [size for _, size in heard.held]
    warm = min(WARM_UP, len(held) // 2)
    for number in range(0, len(held), max(len(held) // 10, 1)):
        print(f"after page {number + 1}: {held[number]:.0f} MB")
    grown = held[-1] - held[warm]
    print(
        f"from page {warm + 1} to {len(held)}: {grown:+.0f} MB, "
        f"{1000 * grown / (len(held) - warm):+.0f} a 1,000 pages"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("stub", "memory", "pages", "real"))
    parser.add_argument("--documents", type=int, default=0)
    parser.add_argument("--pages", type=int, default=400)
    options = parser.parse_args()
    if options.what == "stub":
        measure_stub(options.documents or 2_000)
    elif options.what == "memory":
        measure_memory(options.documents or 10_000)
    elif options.what == "pages":
        measure_pages(options.pages)
    else:
        measure_real()
