"""The full-text index: a row a page, of current runs only, outside alembic's metadata.

`page_index` holds the tokens of each page. They are looked up by lexemes
(`lexemes.py`): in an FTS5 table without positions on SQLite, in a tsvector with
a GIN index on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    cast,
    column,
    delete,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import col

from archive import lexemes
from archive.database import is_postgresql
from archive.query import Look
from archive.schema import Finding, Grid, Line, Page, Report, Run, Value
from archive.tokens import tokens

NAME = "page_index"
LEXEMES = "page_lexemes"
RUNS_AT_ONCE = 200

PAGES = table(NAME, column("page_id"), column("tokens"), column("lexemes"))
# FTS5 takes the name of the table as a column too, to match against.
FTS5 = table(LEXEMES, column("rowid"), column(LEXEMES))

# What the index knows of a whole report.
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
    f"CREATE INDEX IF NOT EXISTS ix_{LEXEMES} ON {NAME} USING gin (lexemes)",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as the index holds it: its tokens with a space on either side, and its lexemes."""

    page: int
    tokens: str
    lexemes: tuple[str, ...]


def is_search_index(name: str) -> bool:
    """Whether a table of the database belongs to the index."""
    return name.startswith((NAME, LEXEMES))


def create(connection: Connection) -> None:
    """Make the index if it is not there."""
    for statement in ON_POSTGRESQL if is_postgresql(connection) else ON_SQLITE:
        connection.execute(text(statement))


def add(connection: Connection, run: int) -> None:
    """Index the pages of a run from what is stored of it."""
    _insert(connection, list(entries(connection, [run])))


def remove(connection: Connection, run: int) -> None:
    """Take the pages of a run out of the index."""
    held = select(col(Page.id)).where(col(Page.run_id) == run)
    if not is_postgresql(connection):
        # Without content of its own, FTS5 must be told what it holds: that is made of the tokens kept here.
        facets = _facets(connection, [run])[run]
        for page, words in connection.execute(
            select(PAGES.c.page_id, PAGES.c.tokens).where(PAGES.c.page_id.in_(held))
        ).all():
            _delete_from_fts5(connection, page, lexemes.of_page(words.split(), facets))
    connection.execute(delete(PAGES).where(PAGES.c.page_id.in_(held)))


def rebuild(connection: Connection, told: Callable[[int, int], None] = lambda *_: None) -> None:
    """Make the index anew from the lines of the current runs; `told` hears how many of how many are done."""
    for name in (NAME, LEXEMES):
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    create(connection)
    runs = (
        connection.execute(select(col(Run.id)).where(col(Run.is_current)).order_by(col(Run.id)))
        .scalars()
        .all()
    )
    for start in range(0, len(runs), RUNS_AT_ONCE):
        _insert(connection, list(entries(connection, runs[start : start + RUNS_AT_ONCE])))
        told(min(start + RUNS_AT_ONCE, len(runs)), len(runs))


def entries(connection: Connection, runs: Sequence[int]) -> Iterable[Entry]:
    """What the index should hold of the pages of these runs."""
    facets = _facets(connection, runs)
    for page, run, raw in page_texts(connection, runs):
        words = [token.text for token in tokens(raw)]
        yield Entry(page, f" {' '.join(words)} ", tuple(lexemes.of_page(words, facets[run])))


def page_texts(connection: Connection, runs: Sequence[int]) -> list[tuple[int, int, str]]:
    """Page id, run and text of each page of some runs, its lines joined by newlines."""
    lines = (
        select(col(Page.id), col(Page.run_id), col(Line.text))
        .join_from(
            Page, Line, (col(Line.run_id) == Page.run_id) & (col(Line.page) == Page.number), isouter=True
        )
        .where(col(Page.run_id).in_(runs))
        .order_by(col(Page.id), col(Line.ordinal))
    )
    texts: dict[tuple[int, int], list[str]] = {}
    for page, run, line in connection.execute(lines):
        texts.setdefault((page, run), []).append(line or "")
    return [(page, run, "\n".join(lines)) for (page, run), lines in texts.items()]


def candidates(connection: Connection, look: Look) -> tuple[Select[int, str], ColumnElement[int]]:
    """Id and tokens of the pages that have what is looked for, or may have it, newest first.

    Beside the query, the column that it is ordered by.
    """
    wanted = Look("or", (look, Look("lexeme", lexeme=lexemes.OVERFULL)))
    pages = select(PAGES.c.page_id, PAGES.c.tokens)
    if is_postgresql(connection):
        held = PAGES.c.lexemes.op("@@")(cast(literal(_tsquery(wanted)), TSQUERY))
        return pages.where(held).order_by(PAGES.c.page_id.desc()), PAGES.c.page_id
    # Ordered by FTS5's own rowid, the look-up stops when there are enough.
    row = FTS5.c.rowid
    held = FTS5.c[LEXEMES].op("MATCH")(_fts5(wanted))
    return pages.join_from(FTS5, PAGES, PAGES.c.page_id == row).where(held).order_by(row.desc()), row


def _insert(connection: Connection, found: Sequence[Entry]) -> None:
    if not found:
        return
    if is_postgresql(connection):
        statement = f"INSERT INTO {NAME} VALUES (:page, :tokens, array_to_tsvector(CAST(:lexemes AS text[])))"
        rows = [{"page": one.page, "tokens": one.tokens, "lexemes": list(one.lexemes)} for one in found]
        connection.execute(text(statement), rows)
        return
    for name, columns in ((NAME, "page_id, tokens"), (LEXEMES, "rowid, lexemes")):
        rows = [
            {"page": one.page, "text": one.tokens if name == NAME else " ".join(one.lexemes)} for one in found
        ]
        connection.execute(text(f"INSERT INTO {name} ({columns}) VALUES (:page, :text)"), rows)


def _delete_from_fts5(connection: Connection, page: int, held: Sequence[str]) -> None:
    row = {"page": page, "lexemes": " ".join(held)}
    connection.execute(
        text(f"INSERT INTO {LEXEMES} ({LEXEMES}, rowid, lexemes) VALUES ('delete', :page, :lexemes)"), row
    )


def _facets(connection: Connection, runs: Sequence[int]) -> dict[int, set[str]]:
    """What the index knows of the reports of some runs: year, organ, forms and flags."""
    found: dict[int, set[str]] = {run: set() for run in runs}
    reports = select(col(Report.run_id), col(Report.year), col(Report.organ)).where(
        col(Report.run_id).in_(runs)
    )
    for run, year, organ in connection.execute(reports):
        found[run] |= {lexemes.facet(YEAR, year), lexemes.facet(ORGAN, organ)}
    for run, content in connection.execute(_distinct(Value.run_id, Value.form, runs)):
        found[run].add(lexemes.facet(FORM, content))
    for owner in (Value, Grid):
        for run, flags in connection.execute(_distinct(owner.run_id, owner.flags, runs)):
            found[run].update(lexemes.facet(FLAG, flag) for flag in flags.split(";") if flag)
    for run, kind in connection.execute(_distinct(Finding.run_id, Finding.kind, runs)):
        found[run].add(lexemes.facet(FLAG, kind))
    return found


def _distinct(run: Any, content: Any, runs: Sequence[int]) -> Select[int, str]:
    return select(col(run), col(content)).where(col(run).in_(runs)).distinct()


def _fts5(look: Look) -> str:
    if look.kind == "lexeme":
        return f'"{look.lexeme}"' + (" *" if look.is_prefix else "")
    parts = [_fts5(part) for part in look.parts]
    if look.kind == "not":  # FTS5 has no NOT on its own
        return f'("{lexemes.EVERY_PAGE}" NOT {parts[0]})'
    return "(" + f" {look.kind.upper()} ".join(parts) + ")"


def _tsquery(look: Look) -> str:
    if look.kind == "lexeme":
        return f"'{look.lexeme}'" + (":*" if look.is_prefix else "")
    parts = [_tsquery(part) for part in look.parts]
    if look.kind == "not":
        return f"!({parts[0]})"
    return "(" + {"and": " & ", "or": " | "}[look.kind].join(parts) + ")"
