"""All hostile files in one batch, as a user would give them: what became of each, and what they started.

    .venv/bin/python -m tests.faults.hostile_batch [--seconds 20]

`guidang ingest` reads tests/support/hostile_files.py under strace with `GUIDANG_ENGINE=null` and so many
seconds a document. Exit code 1 if the batch does not come to its end, a document has no status or no reason,
an original is not what it was, a document started a program or asked for a connection; 2 without strace.
LibreOffice, which the program itself starts for office documents, is kept out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.archive import Archive
from tests.faults.calls import STRACE, strange, traced
from tests.support.hostile_files import FILES, written

COMMAND = (sys.executable, "-c", "import sys, cli; sys.exit(cli.main())")
ENDED = ("archived", "failed", "quarantined")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20, help="a document may take")
    options = parser.parse_args()
    if STRACE is None:
        print("strace is not installed", file=sys.stderr)
        return 2
    with TemporaryDirectory(prefix="hostile") as name:
        home = Path(name)
        (home / "in").mkdir()
        paths = written(home / "in")
        began = time.monotonic()
        ran = _ingest(home, options.seconds)
        wrong = [*_unsound(home, len(paths)), *strange(home / "calls")]
        if ran.returncode not in (0, 3):
            wrong.append(f"the batch ended with code {ran.returncode}: {ran.stderr[-500:]}")
        _tell(home / "log")
    print(*wrong, sep="\n")
    print(f"{len(FILES)} files, {time.monotonic() - began:.0f} s: {len(wrong)} wrong")
    return 1 if wrong else 0


def _ingest(home: Path, seconds: int) -> subprocess.CompletedProcess[str]:
    limits = {"GUIDANG_PAGE_SECONDS": str(seconds), "GUIDANG_DOCUMENT_SECONDS": str(seconds)}
    words = ("ingest", home / "in", "--archive", home / "a", "--log", home / "log", "--workers", "2")
    return traced(
        (*COMMAND, *words), home / "calls", {**limits, "GUIDANG_ENGINE": "null"}, capture_output=True
    )


def _unsound(home: Path, files: int) -> Iterator[str]:
    with Archive.open(home / "a") as archive:
        counts, said = archive.status.counts(), archive.verify()
        yield from (f"{one.source} has no reason" for one in archive.documents.failures() if not one.reason)
    if odd := {name: n for name, n in counts.documents.items() if n and name not in ENDED}:
        yield f"not ended: {odd}"
    print(f"{files} files, {sum(counts.documents.values())} documents: {dict(counts.documents)}")
    yield from (str(problem) for problem in said.problems)


def _tell(log: Path) -> None:
    """How documents ended, by code."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    codes = Counter((one["outcome"], one["code"]) for one in lines if one["event"] == "document")
    for (outcome, code), count in sorted(codes.items()):
        print(f"{count:5} {outcome} {code}")
    for one in lines:
        if one["event"] == "document" and one["outcome"] == "quarantined":
            print(f"{Path(one['source']).name}: {one['stage']}: {one['reason']}")


if __name__ == "__main__":
    sys.exit(main())
