"""What ten times the documents cost: batches of documents whose reading takes no time.

    .venv/bin/python -m bench.speed.growth [--documents 1000] [--steps 3] [--keep DIR]

Of each batch, in an archive and a process of its own: seconds a document, how many times the seconds of
the last one it took (10 would be as the documents, 10.5 is allowed), and what the process held at most.
Then, on each archive, seconds and memory of `status`, `search` and `facts`, each in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bench.speed.facts import Figure, measured
from bench.speed.runner import Quiet, most, stubs
from tests.support import poison

COMMANDS = {
    "status": ("status",),
    "search": ("search", "公开"),
    "facts": ("facts", "--where", "value>100"),
}
_INGEST = "from bench.speed.growth import ingest; import sys; ingest(sys.argv[1], sys.argv[2])"


def main() -> None:
    """Make the archives, and print a line each."""
    parser = argparse.ArgumentParser(description="What ten times the documents cost.")
    parser.add_argument("--documents", type=int, default=1_000, help="documents of the first batch")
    parser.add_argument("--steps", type=int, default=3, help="batches, each ten times the last")
    parser.add_argument("--keep", type=Path, help="folder for the archives; a temporary one otherwise")
    options = parser.parse_args()
    table = Table("documents", "ms a document", "of the last", "ingest MB", *COMMANDS)
    last = 0.0
    with TemporaryDirectory(prefix="guidang-growth-") as temporary:
        home = options.keep or Path(temporary)
        for count in (options.documents * 10**step for step in range(options.steps)):
            files, archive = stubs(home / f"in-{count}", count), home / f"archive-{count}"
            cost = _taken_in(files, archive)
            asked = [measured(words, str(archive)) for words in COMMANDS.values()]
            times = f"{cost.seconds / last:.2f} ×" if last else "–"
            each = [f"{one.seconds:.2f} s, {one.peak:.0f} MB" for one in asked]
            table.add_row(
                f"{count:,}", f"{1000 * cost.seconds / count:.2f}", times, f"{cost.peak:.0f}", *each
            )
            last = cost.seconds
    Console().print(table)


def ingest(files: str, archive: str) -> None:
    """Take a folder in with the reader that needs no time, and tell what this process needed."""
    from archive.archive import Archive
    from ingest.batch.batch import ingest_paths

    with Archive.open(Path(archive), create=True) as opened:
        ingest_paths([Path(files)], opened, workers=2, report=Quiet(), read=poison.read)
    print(most(os.getpid()))


def _taken_in(files: Path, archive: Path) -> Figure:
    began = time.perf_counter()
    program = [sys.executable, "-c", _INGEST, str(files), str(archive)]
    told = subprocess.run(program, stdout=subprocess.PIPE, text=True, check=True).stdout
    return Figure(time.perf_counter() - began, float(told.splitlines()[-1]))


if __name__ == "__main__":
    main()
