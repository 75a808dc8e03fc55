"""The full-text index: a row a page, of current runs only, outside alembic's metadata.

`page_index` holds the tokens of each page. They are looked up by lexemes
(`lexemes.py`): in an FTS5 table without positions on SQLite, in a tsvector with
a GIN index on PostgreSQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    cast,
    column,
    delete,
    func,
    literal,
    select,
    table,
    text,
)
from sqlmodel import col

from archive.db.engine import is_postgresql
from archive.db.schema import FindingRow, GridRow, LineRow, PageRow, ReportRow, RunRow, ValueRow
from archive.index import lexemes
from archive.index.query_language import IndexQuery
from archive.index.tokenizer import words

NAME = "page_index"
LEXEMES = "page_lexemes"
RUNS_AT_ONCE = 200
# The part of a table that belongs to no report.
_NO_REPORT = 0

PAGES = table(NAME, column("page_id"), column("tokens"), column("lexemes"))
# FTS5 takes the name of the table as a column too, to match against.
FTS5 = table(LEXEMES, column("rowid"), column(LEXEMES))

# How many of the newest blocks PostgreSQL looks through before it looks through all.
NEWEST_BLOCKS = (2, 14)

# What the index knows of a whole report; the pages it stands on have it.
YEAR, ORGAN, FORM, FLAG = "year", "organ", "form", "flag"

# The lexemes arrive cut; the ascii tokenizer takes every character beyond ASCII as part of a token
# and so does not disagree with tokens.py about what a letter is.
ON_SQLITE = (
    f"CREATE TABLE IF NOT EXISTS {NAME} (page_id INTEGER PRIMARY KEY, tokens TEXT NOT NULL)",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {LEXEMES} USING fts5("
    f"lexemes, content='', detail=none, tokenize=\"ascii tokenchars '{lexemes.PAIR}{lexemes.FACET}'\")",
)
# What is long is kept out of the rows, so that counting through many pages reads little.
ON_POSTGRESQL = (
    f"CREATE TABLE IF NOT EXISTS {NAME} "
    "(page_id INTEGER PRIMARY KEY, tokens TEXT NOT NULL, lexemes TSVECTOR NOT NULL) "
    "WITH (toast_tuple_target = 128)",
)
AFTERWARDS = (
    "SET LOCAL maintenance_work_mem = '512MB'",
    f"CREATE INDEX IF NOT EXISTS ix_{LEXEMES} ON {NAME} USING gin (lexemes)",
)


INTO_SQLITE = (
    f"INSERT INTO {NAME} (page_id, tokens) VALUES (:page, :tokens)",
    f"INSERT INTO {LEXEMES} (rowid, lexemes) VALUES (:page, :lexemes)",
)
# No lexeme holds a quote, a colon or a space: as a text they are a tsvector already.
INTO_POSTGRESQL = (f"INSERT INTO {NAME} VALUES (:page, :tokens, CAST(:lexemes AS tsvector))",)


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A page as the index holds it: its tokens with a space on either side, its lexemes with one between."""

    page: int
    tokens: str
    lexemes: str


def is_search_index(name: str) -> bool:
    """Whether a table of the database belongs to the index."""
    return name.startswith((NAME, LEXEMES))


def create(connection: Connection) -> None:
    """Make the index if it is not there."""
    for statements in _definitions(connection):
        _execute(connection, statements)


def _definitions(connection: Connection) -> tuple[Sequence[str], Sequence[str]]:
    """What makes the index, and what is better made when it is filled."""
    return (ON_POSTGRESQL, AFTERWARDS) if is_postgresql(connection) else (ON_SQLITE, ())


def _lexemes(page: int, words: Sequence[str], facets: set[str]) -> list[str]:
    return lexemes.of_page(words, {*facets, lexemes.block(page)})


def _execute(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(text(statement))


def add(connection: Connection, run: int) -> None:
    """Index the pages of a run from what is stored of it."""
    _insert(connection, entries(connection, [run]))


def remove(connection: Connection, run: int) -> None:
    """Take the pages of a run out of the index."""
    held = select(col(PageRow.id)).where(col(PageRow.run_id) == run)
    if not is_postgresql(connection):
        # Without content of its own, FTS5 must be told what it holds: that is made of the tokens kept here.
        facets = _facets(connection, [run])[run]
        indexed = select(PAGES.c.page_id, PAGES.c.tokens, col(PageRow.number)).join_from(
            PAGES, PageRow, col(PageRow.id) == PAGES.c.page_id
        )
        for page, words, number in connection.execute(indexed.where(PAGES.c.page_id.in_(held))).all():
            _delete_from_fts5(connection, page, _lexemes(page, words.split(), facets.on(number)))
    connection.execute(delete(PAGES).where(PAGES.c.page_id.in_(held)))


def rebuild(connection: Connection, told: Callable[[int, int], None] = lambda *_: None) -> None:
    """Make the index anew from the lines of the current runs; `told` hears how many of how many are done."""
    for name in (NAME, LEXEMES):
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    tables, afterwards = _definitions(connection)
    _execute(connection, tables)
    current = select(col(RunRow.id)).where(col(RunRow.is_current)).order_by(col(RunRow.id))
    runs = connection.execute(current).scalars().all()
    for start in range(0, len(runs), RUNS_AT_ONCE):
        _insert(connection, entries(connection, runs[start : start + RUNS_AT_ONCE]))
        told(min(start + RUNS_AT_ONCE, len(runs)), len(runs))
    _execute(connection, afterwards)


def entries(connection: Connection, runs: Sequence[int]) -> Iterable[IndexEntry]:
    """What the index should hold of the pages of these runs."""
    facets = _facets(connection, runs)
    for page, run, number, raw in page_texts(connection, runs):
        cut = words(raw)
        held = _lexemes(page, cut, facets[run].on(number))
        yield IndexEntry(page, f" {' '.join(cut)} ", " ".join(held))


def page_texts(connection: Connection, runs: Sequence[int]) -> list[tuple[int, int, int, str]]:
    """Page id, run, number and text of each page of some runs, its lines joined by newlines."""
    lines = (
        select(col(PageRow.id), col(PageRow.run_id), col(PageRow.number), col(LineRow.text))
        .join_from(
            PageRow,
            LineRow,
            (col(LineRow.run_id) == PageRow.run_id) & (col(LineRow.page) == PageRow.number),
            isouter=True,
        )
        .where(col(PageRow.run_id).in_(runs))
        .order_by(col(PageRow.id), col(LineRow.ordinal))
    )
    texts: dict[tuple[int, int, int], list[str]] = {}
    for page, run, number, line in connection.execute(lines):
        texts.setdefault((page, run, number), []).append(line or "")
    return [(*page, "\n".join(lines)) for page, lines in texts.items()]


def stretches(connection: Connection) -> Iterator[tuple[IndexQuery, ...]]:
    """What to look up besides, one after the other until enough is found: newer pages, then all.

    SQLite's look-up gives the newest first and stops by itself. PostgreSQL's gives
    all there are before it sorts them, so it is asked for a few blocks first.
    """
    if is_postgresql(connection):
        newest = connection.execute(select(func.max(PAGES.c.page_id))).scalar() or 0
        last = newest // lexemes.BLOCK
        for blocks in NEWEST_BLOCKS:
            if blocks <= last:
                held = (lexemes.block(n * lexemes.BLOCK) for n in range(last - blocks + 1, last + 1))
                yield (IndexQuery("or", tuple(IndexQuery("lexeme", lexeme=lexeme) for lexeme in held)),)
    yield ()


def candidates(connection: Connection, look: IndexQuery) -> tuple[Select[int], ColumnElement[int]]:
    """The ids of the pages that have what is looked for, or may have it, and their column.

    To be narrowed further, and ordered by that column, newest first.
    """
    wanted = IndexQuery("or", (look, IndexQuery("lexeme", lexeme=lexemes.OVERFULL)))
    if is_postgresql(connection):
        from sqlalchemy.dialects.postgresql import TSQUERY  # an archive in a folder does without

        # Left to itself, the planner reads page after page where it thinks a word common, and may be wrong.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        held = PAGES.c.lexemes.op("@@")(cast(literal(_tsquery(wanted)), TSQUERY))
        found = select(PAGES.c.page_id).where(held).cte("found").prefix_with("MATERIALIZED").c.page_id
        return select(found), found
    # Ordered by FTS5's own rowid, the look-up stops when there are enough.
    held = FTS5.c[LEXEMES].op("MATCH")(_fts5(wanted))
    return select(FTS5.c.rowid).where(held), FTS5.c.rowid


def texts(connection: Connection, pages: Sequence[int]) -> list[tuple[int, str]]:
    """Id and tokens of some pages, in their order."""
    held = select(PAGES.c.page_id, PAGES.c.tokens).where(PAGES.c.page_id.in_(pages))
    tokens = {row.page_id: row.tokens for row in connection.execute(held)}
    return [(page, tokens[page]) for page in pages]


def _insert(connection: Connection, found: Iterable[IndexEntry]) -> None:
    rows = [asdict(entry) for entry in found]
    if rows:  # an empty list would ask for one row without values
        for statement in INTO_POSTGRESQL if is_postgresql(connection) else INTO_SQLITE:
            connection.execute(text(statement), rows)


def _delete_from_fts5(connection: Connection, page: int, held: Sequence[str]) -> None:
    row = {"page": page, "lexemes": " ".join(held)}
    connection.execute(
        text(f"INSERT INTO {LEXEMES} ({LEXEMES}, rowid, lexemes) VALUES ('delete', :page, :lexemes)"), row
    )


@dataclass(slots=True)
class _Facets:
    """What the index knows of the reports of a run, by part: year, organ, forms and flags."""

    pages: dict[int, tuple[int, int]] = field(default_factory=dict)
    of_part: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def on(self, page: int) -> set[str]:
        """Those of the reports that stand on a page; of none, what belongs to no report."""
        here = [part for part, (first, last) in self.pages.items() if first <= page <= last]
        return set().union(*(self.of_part[part] for part in here or [_NO_REPORT]))


def _facets(connection: Connection, runs: Sequence[int]) -> dict[int, _Facets]:
    """What the index knows of the reports of some runs."""
    found = {run: _Facets() for run in runs}
    reports = select(
        col(ReportRow.run_id),
        col(ReportRow.part),
        col(ReportRow.first_page),
        col(ReportRow.last_page),
        col(ReportRow.year),
        col(ReportRow.organ),
    ).where(col(ReportRow.run_id).in_(runs))
    for run, part, first, last, year, organ in connection.execute(reports):
        found[run].pages[part] = first, last
        found[run].of_part[part] |= {lexemes.facet(YEAR, year), lexemes.facet(ORGAN, organ)}
    for run, part, content in connection.execute(_distinct(ValueRow, ValueRow.form, runs)):
        found[run].of_part[part].add(lexemes.facet(FORM, content))
    for owner in (ValueRow, GridRow):
        for run, part, flags in connection.execute(_distinct(owner, owner.flags, runs)):
            found[run].of_part[part].update(lexemes.facet(FLAG, flag) for flag in flags.split(";") if flag)
    for run, part, kind in connection.execute(_distinct(FindingRow, FindingRow.kind, runs)):
        found[run].of_part[part].add(lexemes.facet(FLAG, kind))
    return found


def _distinct(owner: Any, content: Any, runs: Sequence[int]) -> Select[int, int, str]:
    return (
        select(col(owner.run_id), col(owner.part), col(content)).where(col(owner.run_id).in_(runs)).distinct()
    )


def _fts5(look: IndexQuery) -> str:
    if look.kind == "lexeme":
        return f'"{look.lexeme}"' + (" *" if look.is_prefix else "")
    parts = [_fts5(part) for part in look.parts]
    if look.kind == "not":  # FTS5 has no NOT on its own
        return f'("{lexemes.EVERY_PAGE}" NOT {parts[0]})'
    return "(" + f" {look.kind.upper()} ".join(parts) + ")"


def _tsquery(look: IndexQuery) -> str:
    if look.kind == "lexeme":
        return f"'{look.lexeme}'" + (":*" if look.is_prefix else "")
    parts = [_tsquery(part) for part in look.parts]
    if look.kind == "not":
        return f"!({parts[0]})"
    return "(" + {"and": " & ", "or": " | "}[look.kind].join(parts) + ")"
