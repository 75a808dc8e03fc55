"""Whether the search index holds what it should: the text that was read, cut anew, and nothing else.

Everything is only read, so that an archive can be checked while another process writes to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Select, bindparam, func, select, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import col

from archive import index
from archive.database import is_postgresql
from archive.index import FTS5, LEXEMES, PAGES, Entry
from archive.listener import Counted
from archive.schema import Document, Page, Run
from archive.subset import Subset

RUNS_AT_ONCE = 20
LEXEMES_AT_ONCE = 200
VOCABULARY = "page_vocabulary"


def problems(connection: Connection, subset: Subset, told: Counted) -> Iterator[str]:
    """What is wrong with the index, a line each.

    The pages of the documents in the subset are compared word by word; the
    numbers of pages and, with the whole archive as subset, of lexemes in any case.
    """
    try:
        yield from _wrong_counts(connection)
        yield from _wrong_pages(connection, subset, told)
    except DatabaseError as error:
        if is_postgresql(connection):
            raise
        yield f"damaged ({str(error.orig).splitlines()[0]})"


def _wrong_counts(connection: Connection) -> Iterator[str]:
    current = select(func.count()).join_from(Page, Run, col(Page.run_id) == col(Run.id))
    pages = connection.execute(current.where(col(Run.is_current))).scalar_one()
    for held in (PAGES,) if is_postgresql(connection) else (PAGES, FTS5):
        indexed = connection.execute(select(func.count()).select_from(held)).scalar_one()
        if indexed != pages:
            yield f"{indexed} pages, but {pages} were read"
            return


def _wrong_pages(connection: Connection, subset: Subset, told: Counted) -> Iterator[str]:
    wrong = checked = lexemes = done = 0
    runs = connection.execute(_current_runs(subset)).scalars().all()
    while batch := runs[done : done + RUNS_AT_ONCE]:
        entries = list(index.entries(connection, batch))
        wrong += sum(not agrees for agrees in _agreements(connection, batch, entries))
        checked += len(entries)
        lexemes += sum(len(entry.lexemes) for entry in entries)
        done += len(batch)
        told(done, len(runs))
    if wrong:
        yield f"{wrong} of {checked} pages are not indexed as they were read"
    elif subset.is_all and not is_postgresql(connection):
        held = _count_of_lexemes(connection)
        if held != lexemes:
            yield f"{held} entries, but the pages have {lexemes}"


def _current_runs(subset: Subset) -> Select[int]:
    digest = col(Document.sha256)
    return (
        select(col(Run.id))
        .join_from(Run, Document, col(Run.document_id) == col(Document.id))
        .where(col(Run.is_current), digest >= subset.lower, digest < subset.upper)
        .order_by(col(Run.id))
    )


def _agreements(connection: Connection, runs: Sequence[int], entries: Sequence[Entry]) -> Iterator[bool]:
    """Whether each page is indexed as it should be."""
    pages = select(col(Page.id)).where(col(Page.run_id).in_(runs))
    if is_postgresql(connection):
        lexemes = func.tsvector_to_array(PAGES.c.lexemes)
        rows = connection.execute(select(PAGES, lexemes).where(PAGES.c.page_id.in_(pages)))
        held = {row[0]: (row[1], set(row[-1])) for row in rows}
        yield from (held.get(one.page) == (one.tokens, set(one.lexemes)) for one in entries)
        return
    texts = select(PAGES.c.page_id, PAGES.c.tokens).where(PAGES.c.page_id.in_(pages))
    tokens = {row.page_id: row.tokens for row in connection.execute(texts)}
    yield from (tokens.get(one.page) == one.tokens and _finds(connection, one) for one in entries)


def _finds(connection: Connection, entry: Entry) -> bool:
    """Whether each of its lexemes finds a page on SQLite, which cannot list them by page."""
    query = FTS5.c[LEXEMES].op("MATCH")(bindparam("wanted"))
    found = select(func.count()).where(query, FTS5.c.rowid == entry.page)
    for start in range(0, len(entry.lexemes), LEXEMES_AT_ONCE):
        part = entry.lexemes[start : start + LEXEMES_AT_ONCE]
        wanted = " AND ".join(f'"{lexeme}"' for lexeme in part)
        if not connection.execute(found, {"wanted": wanted}).scalar_one():
            return False
    return True


def _count_of_lexemes(connection: Connection) -> int:
    """How many pairs of a lexeme and a page SQLite's look-up table holds; every one of its pages is read."""
    # A table of this connection only: to make it takes no lock on the archive.
    make = f"CREATE VIRTUAL TABLE temp.{VOCABULARY} USING fts5vocab(main, {LEXEMES}, 'row')"
    connection.execute(text(make))
    count = connection.execute(text(f"SELECT coalesce(sum(doc), 0) FROM temp.{VOCABULARY}")).scalar_one()
    connection.execute(text(f"DROP TABLE temp.{VOCABULARY}"))
    return int(count)
