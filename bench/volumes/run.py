"""Volumes of reports, of many kinds: are all reports told apart, named, and read as if alone?

    .venv/bin/python -m bench.volumes.run [KIND…] [--cache DIR] [--notes] [--format table|json]

Draws the volumes, reads their pages, parts them and lays each report beside the forms. With `--cache` pages
that were read before are not read again. Exits with 1 if a value stands under a wrong organ without a flag.
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from bench.volumes.kinds import KINDS
from bench.volumes.score import VolumeScore, score
from ocr.engine.paddle import PaddleEngine
from ocr.model import Page
from ocr.reader import read_document
from reconcile.reconciliation import volume_of

# Every saving of a file gives it others.
_ID = re.compile(rb"/ID\s*\[.*?\]|/CreationDate\s*\(.*?\)", re.DOTALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, read, part, compare, print."""
    options = _parser().parse_args(arguments)
    lines: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="guidang-volumes-") as folder:
        for kind in options.kinds or KINDS:
            total, pages, seconds = VolumeScore(), 0, 0.0
            for volume in KINDS[kind](Path(folder)):
                read = _read(volume.path, options.cache)
                started = time.perf_counter()
                told = volume_of(read)
                seconds += time.perf_counter() - started
                own, notes = score(volume, told)
                total, pages = total + own, pages + len(read)
                for note in notes if options.notes else ():
                    print(f"{volume.path.name}: {note}", file=sys.stderr)
            lines[kind] = {
                "pages": pages,
                **asdict(total),
                "ms a page": round(1000 * seconds / max(pages, 1)),
            }
    _print(lines, options.format)
    return 1 if any(line["wrong"] for line in lines.values()) else 0


def _read(path: Path, place: Path | None) -> tuple[Page, ...]:
    """The pages of a file, read or taken from where they were left."""
    if place is None:
        return tuple(read_document(path, _engine()))
    place.mkdir(parents=True, exist_ok=True)
    kept = place / f"{sha256(_ID.sub(b'', path.read_bytes())).hexdigest()[:16]}.pickle"
    if not kept.exists():
        kept.write_bytes(pickle.dumps(tuple(read_document(path, _engine()))))
    pages: tuple[Page, ...] = pickle.loads(kept.read_bytes())
    return pages


@cache
def _engine() -> PaddleEngine:
    return PaddleEngine()


def _print(lines: dict[str, dict[str, float]], form: str) -> None:
    if form == "json":
        json.dump(lines, sys.stdout, ensure_ascii=False)
        return
    columns = list(next(iter(lines.values()), {}))
    table = Table("kind", *columns, box=box.SIMPLE)
    for kind, line in lines.items():
        table.add_row(kind, *(f"{line[column]:g}" for column in columns))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Volumes of reports of many kinds, scored report by report.")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="kinds to draw; default: all")
    parser.add_argument("--cache", type=Path, help="where pages that were read are kept")
    parser.add_argument("--notes", action="store_true", help="say on stderr what is not right")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    return parser


if __name__ == "__main__":
    sys.exit(main())
