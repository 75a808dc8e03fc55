"""Search: a query becomes phrases, phrases find pages, and the hits are marked in the text as read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, column, exists, func, literal_column, select, table
from sqlmodel import col

from archive import index
from archive.documents import FIRST_SOURCE
from archive.records import Hit, SearchResult
from archive.schema import Document, Finding, Grid, Line, Page, Report, Run, Source, Value
from archive.snippet import snippet_of
from archive.tokens import Token, tokens
from ocr.errors import UsageError

Phrase = tuple[Token, ...]

# A quoted run of words is one phrase, anything else ends at white space.
TERM = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')
LONGEST_QUERY = 500

# FTS5 takes the name of the table as a column too, to match against.
INDEX = table(index.NAME, column("rowid"), column(index.NAME))


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which reports; None means any. Form, flag and row must hold for one and the same value.

    A flag asked for alone may also stand on a table or a finding.
    """

    year: int | None = None
    organ: str | None = None
    form: str | None = None
    flag: str | None = None
    row: str | None = None


def search(connection: Connection, query: str, wanted: SearchFilter, limit: int) -> SearchResult:
    """The pages that hold every term of a query, best first.

    Raises UsageError if the query holds nothing to search for.
    """
    phrases = phrases_of(query)
    found = _matching(match_expression(phrases), wanted)
    total = connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    best = found.order_by(func.bm25(literal_column(index.NAME)), col(Document.id), col(Page.number)).limit(
        limit
    )
    hits = [_hit(connection, phrases, *row) for row in connection.execute(best).all()]
    return SearchResult(tuple(hits), total)


def phrases_of(query: str) -> list[Phrase]:
    """The terms of a query as phrases of tokens; punctuation alone is no term."""
    if len(query) > LONGEST_QUERY:
        raise UsageError(f"the query has {len(query)} characters; at most {LONGEST_QUERY} are searched for")
    folded = unicodedata.normalize("NFKC", query)
    phrases = [tuple(tokens("".join(match.groups("")))) for match in TERM.finditer(folded)]
    if not any(phrases):
        raise UsageError(f"nothing to search for in {query!r}: give a word, a character or a number")
    return [phrase for phrase in phrases if phrase]


def match_expression(phrases: Sequence[Phrase]) -> str:
    """The FTS5 expression: each phrase quoted, all required, a last word or number as a prefix."""
    return " AND ".join(
        '"' + " ".join(token.text for token in phrase) + '"' + (" *" if phrase[-1].is_word else "")
        for phrase in phrases
    )


def marks_of(phrases: Sequence[Phrase], raw: str) -> list[tuple[int, int]]:
    """Where the phrases stand in a text, as merged half-open character ranges."""
    cut = list(tokens(raw))
    found = sorted(span for phrase in phrases for span in _spans(phrase, cut))
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start < merged[-1][1]:
            start, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((start, end))
    return merged


def _spans(phrase: Phrase, cut: Sequence[Token]) -> Iterator[tuple[int, int]]:
    words, last = [token.text for token in phrase[:-1]], phrase[-1]
    for first in range(len(cut) - len(words)):
        end = cut[first + len(words)]
        fits = end.text.startswith(last.text) if last.is_word else end.text == last.text
        if fits and all(cut[first + n].text == word for n, word in enumerate(words)):
            yield cut[first].start, end.end


def _hit(
    connection: Connection,
    phrases: Sequence[Phrase],
    document: str,
    source: str,
    organ: str,
    year: int | None,
    title: str,
    page: int,
    route: str,
    run: int,
) -> Hit:
    lines = (
        select(col(Line.text))
        .where(col(Line.run_id) == run, col(Line.page) == page)
        .order_by(col(Line.ordinal))
    )
    raw = "\n".join(connection.execute(lines).scalars())
    shown, marks = snippet_of(raw, marks_of(phrases, raw))
    return Hit(document, source, organ, year, title, page, route, shown, marks)


def _matching(expression: str, wanted: SearchFilter) -> Select[*tuple[Any, ...]]:
    """Pages whose tokens match an FTS5 expression, with the fields of a hit."""
    return (
        select(
            col(Document.sha256),
            col(Source.name),
            col(Report.organ),
            col(Report.year),
            col(Report.title),
            col(Page.number),
            col(Page.route),
            col(Page.run_id),
        )
        .select_from(INDEX)
        .join(Page, col(Page.id) == INDEX.c.rowid)
        .join(Run, col(Run.id) == col(Page.run_id))
        .join(Document, col(Document.id) == col(Run.document_id))
        .join(Source, FIRST_SOURCE)
        .join(Report, col(Report.run_id) == col(Run.id))
        .where(INDEX.c[index.NAME].op("MATCH")(expression), *_conditions(wanted))
    )


def _conditions(wanted: SearchFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.year is not None:
        yield col(Report.year) == wanted.year
    if wanted.organ is not None:
        yield col(Report.organ).contains(wanted.organ, autoescape=True)
    if wanted.form is not None or wanted.row is not None or wanted.flag is not None:
        yield _has_value(wanted) | _has_flag(wanted)


def _has_value(wanted: SearchFilter) -> ColumnElement[bool]:
    held = exists().where(col(Value.run_id) == col(Run.id))
    if wanted.form is not None:
        held = held.where(col(Value.form) == wanted.form)
    if wanted.row is not None:
        held = held.where(col(Value.row_key) == wanted.row)
    if wanted.flag is not None:
        held = held.where(_among(wanted.flag, col(Value.flags)))
    return held


def _has_flag(wanted: SearchFilter) -> ColumnElement[bool]:
    if wanted.flag is None or wanted.form is not None or wanted.row is not None:
        return literal_column("0") == 1
    on_table = exists().where(col(Grid.run_id) == col(Run.id), _among(wanted.flag, col(Grid.flags)))
    found = exists().where(col(Finding.run_id) == col(Run.id), col(Finding.kind) == wanted.flag)
    return on_table | found


def _among(flag: str, flags: Any) -> ColumnElement[bool]:
    joined: ColumnElement[str] = ";" + flags + ";"
    return joined.contains(f";{flag};", autoescape=True)
