"""20 poison documents among 500 good ones, what the runner costs a document, and what its parent keeps.

Run: python -m tests.faults.poison_batch [GOOD] [POISON] [SECONDS_A_DOCUMENT] [WORKERS]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support import poison

if TYPE_CHECKING:
    from ingest.batch.batch import BatchSummary

WAYS = ("kill", "abort", "exit", "eat")


def spend(good: int, bad: int, seconds: float, workers: int) -> tuple[BatchSummary, float]:
    """Read so many good and bad documents in a new archive; the parent's growth in MB beside."""
    from archive.archive import Archive  # here, as every child imports this file again
    from console.progress import reporter
    from ingest.batch.batch import ingest_paths

    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "in")
        folder.mkdir()
        for number in range(good):
            (folder / f"{number}.pdf").write_text(f"{seconds} {number}")
        for number in range(bad):
            (folder / f"bad{number}.pdf").write_text(f"{WAYS[number % len(WAYS)]} {number}")
        before = memory()
        with Archive.open(Path(home, "a"), create=True) as opened, reporter(True) as heard:
            summary = ingest_paths([folder], opened, workers=workers, report=heard, read=poison.read)
        return summary, memory() - before


def memory() -> float:
    """What this process holds, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    given = dict(enumerate(sys.argv))
    good, bad, workers = (int(given.get(n, default)) for n, default in ((1, 500), (2, 20), (4, 2)))
    seconds = float(given.get(3, 0.1))
    walls = []
    for poisoned in (0, bad):
        begun = time.perf_counter()
        done, grown = spend(good, poisoned, seconds, workers)
        walls.append(time.perf_counter() - begun)
        print(
            f"{good} good, {poisoned} poison, {workers} workers: {done.archived} archived, "
            f"{done.quarantined} quarantined, {walls[-1]:.1f} s, parent +{grown:.0f} MB"
        )
    print(f"wall ratio {walls[1] / walls[0]:.2f}")
