"""Whether the search index holds what it should: the text that was read, cut anew, and nothing else.

Everything is only read, so that an archive can be checked while another process writes to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Select, column, func, select, table, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import col

from archive.db.engine import is_postgresql
from archive.db.schema import DocumentRow, PageRow, RunRow
from archive.index import page_index
from archive.index.page_index import FTS5, LEXEMES, PAGES, IndexEntry
from archive.maintenance.subset import Subset
from core.listeners import Counted

RUNS_AT_ONCE = 20
VOCABULARY = "page_vocabulary"
VOCABULARY_ROWS = table(VOCABULARY, column("term"), column("doc"))


def problems(connection: Connection, subset: Subset, told: Counted) -> Iterator[str]:
    """What is wrong with the index, a line each.

    The pages of the documents in the subset are compared word by word, the numbers
    of pages in any case.
    """
    try:
        yield from _wrong_counts(connection)
        yield from _wrong_pages(connection, subset, told)
    except DatabaseError as error:
        if is_postgresql(connection):
            raise
        yield f"damaged ({str(error.orig).splitlines()[0]})"


def _wrong_counts(connection: Connection) -> Iterator[str]:
    current = select(func.count()).join_from(PageRow, RunRow, col(PageRow.run_id) == col(RunRow.id))
    pages = connection.execute(current.where(col(RunRow.is_current))).scalar_one()
    for held in (PAGES,) if is_postgresql(connection) else (PAGES, FTS5):
        indexed = connection.execute(select(func.count()).select_from(held)).scalar_one()
        if indexed != pages:
            yield f"{indexed} pages, but {pages} were read"
            return


def _wrong_pages(connection: Connection, subset: Subset, told: Counted) -> Iterator[str]:
    wrong = checked = lexemes = 0
    runs = connection.execute(_current_runs(subset)).scalars().all()
    for start in range(0, len(runs), RUNS_AT_ONCE):
        batch = runs[start : start + RUNS_AT_ONCE]
        entries = list(page_index.entries(connection, batch))
        wrong += sum(not agrees for agrees in _agreements(connection, batch, entries))
        checked += len(entries)
        lexemes += sum(hash((lexeme, entry.page)) for entry in entries for lexeme in entry.lexemes.split())
        told(start + len(batch), len(runs))
    if wrong:
        yield f"{wrong} of {checked} pages are not indexed as they were read"
    elif not is_postgresql(connection) and _held_by_fts5(connection, subset) != lexemes:
        yield f"the look-up table does not agree with the {checked} pages"


def _current_runs(subset: Subset) -> Select[int]:
    digest = col(DocumentRow.sha256)
    return (
        select(col(RunRow.id))
        .join_from(RunRow, DocumentRow, col(RunRow.document_id) == col(DocumentRow.id))
        .where(col(RunRow.is_current), digest >= subset.lower, digest < subset.upper)
        .order_by(col(RunRow.id))
    )


def _agreements(connection: Connection, runs: Sequence[int], entries: Sequence[IndexEntry]) -> Iterator[bool]:
    """Whether each page is indexed as it should be; lexemes only on PostgreSQL, which keeps them by page."""
    pages = select(col(PageRow.id)).where(col(PageRow.run_id).in_(runs))
    if is_postgresql(connection):
        held = select(PAGES.c.page_id, PAGES.c.tokens, func.tsvector_to_array(PAGES.c.lexemes))
    else:
        held = select(PAGES.c.page_id, PAGES.c.tokens)
    indexed = {page: seen for page, *seen in connection.execute(held.where(PAGES.c.page_id.in_(pages)))}
    for entry in entries:
        words, *lexemes = indexed.get(entry.page, [""])
        yield words == entry.tokens and all(set(found) == set(entry.lexemes.split()) for found in lexemes)


def _held_by_fts5(connection: Connection, subset: Subset) -> int:
    """The sum of the hashes of all pairs of a lexeme and a page that SQLite's look-up table holds.

    FTS5 can list them by lexeme only, and all of them are read: a sum needs no order.
    """
    # A table of this connection only: making it takes no lock on the archive.
    make = f"CREATE VIRTUAL TABLE temp.{VOCABULARY} USING fts5vocab(main, {LEXEMES}, 'instance')"
    connection.execute(text(make))
    pairs = select(VOCABULARY_ROWS.c.term, VOCABULARY_ROWS.c.doc)
    if not subset.is_all:
        pages = select(col(PageRow.id)).where(col(PageRow.run_id).in_(_current_runs(subset)))
        pairs = pairs.where(VOCABULARY_ROWS.c.doc.in_(pages))
    held = sum(hash(tuple(pair)) for pair in connection.execute(pairs))
    connection.execute(text(f"DROP TABLE temp.{VOCABULARY}"))
    return held
