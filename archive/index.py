"""The full-text index: a row a page, of current runs only, outside alembic's metadata."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import col

from archive.schema import Line, Page, Run
from archive.tokens import spaced

NAME = "page_index"

# The text arrives cut; the ascii tokenizer takes every character beyond ASCII as part of a token
# and so does not disagree with tokens.py about what a letter is.
CREATE = f"CREATE VIRTUAL TABLE IF NOT EXISTS {NAME} USING fts5(tokens, tokenize = 'ascii')"


def is_search_index(table: str) -> bool:
    """Whether a table of the database belongs to the index."""
    return table.startswith(NAME)


def create(connection: Connection) -> None:
    """Make the index if it is not there."""
    connection.execute(text(CREATE))


def add(connection: Connection, pages: Iterable[tuple[int, str]]) -> None:
    """Index pages, given as page id and text as read."""
    rows = [{"page": page, "tokens": spaced(raw)} for page, raw in pages]
    if rows:
        connection.execute(text(f"INSERT INTO {NAME} (rowid, tokens) VALUES (:page, :tokens)"), rows)


def remove(connection: Connection, run: int) -> None:
    """Take the pages of a run out of the index."""
    pages = connection.execute(select(col(Page.id)).where(col(Page.run_id) == run)).scalars()
    rows = [{"page": page} for page in pages]
    if rows:
        connection.execute(text(f"DELETE FROM {NAME} WHERE rowid = :page"), rows)


def rebuild(connection: Connection) -> None:
    """Make the index anew from the lines of the current runs."""
    connection.execute(text(f"DROP TABLE IF EXISTS {NAME}"))
    create(connection)
    runs = connection.execute(select(col(Run.id)).where(col(Run.is_current))).scalars().all()
    for run in runs:
        add(connection, page_texts(connection, run))


def page_texts(connection: Connection, run: int) -> list[tuple[int, str]]:
    """Page id and text of each page of a run, its lines joined by newlines."""
    lines = (
        select(col(Page.id), col(Line.text))
        .join_from(
            Page, Line, (col(Line.run_id) == Page.run_id) & (col(Line.page) == Page.number), isouter=True
        )
        .where(col(Page.run_id) == run)
        .order_by(col(Page.number), col(Line.ordinal))
    )
    texts: dict[int, list[str]] = {}
    for page, line in connection.execute(lines):
        texts.setdefault(page, []).append(line or "")
    return [(page, "\n".join(lines)) for page, lines in texts.items()]


def is_sound(connection: Connection) -> bool:
    """Whether the index agrees with the text it was made from."""
    try:
        connection.execute(text(f"INSERT INTO {NAME} ({NAME}) VALUES ('integrity-check')"))
    except DatabaseError:
        return False
    return True
