"""Search: the index finds pages, their text decides, and the hits are marked in the text as read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, false, literal, select
from sqlmodel import col

from archive.db.flag_column import among
from archive.db.schema import (
    FIRST_SOURCE,
    DocumentRow,
    FindingRow,
    GridRow,
    LineRow,
    PageRow,
    ReportRow,
    RunRow,
    SourceRow,
    ValueRow,
    holds_page,
    of_report,
)
from archive.db.text_values import storable
from archive.index import lexemes, page_index
from archive.index.query_language import IndexQuery, Node, Phrase, parse
from archive.index.tokenizer import Token, tokens
from archive.organs import names as organs
from archive.search.ranking import ranked
from archive.search.records import Hit, SearchResult
from archive.search.snippet import snippet_of
from core.review_threshold import is_unsure
from ocr.model import Box

# So many pages are weighed against each other; of a word that stands on more, the newest.
MOST_WEIGHED = 1000
# An organ filter that names more organs than this is no help to the index.
MOST_ORGANS = 300
BETWEEN_REPORTS = "；"


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which pages; None means any. Form, table, flag and row must hold for one and the same value.

    `organ` and `region` are beginnings or parts of names (see `organs.py`), `source`
    a part of a path or address. A flag asked for alone may also stand on a table or a finding.
    """

    year: int | None = None
    organ: str | None = None
    form: str | None = None
    flag: str | None = None
    row: str | None = None
    table: str | None = None
    region: str | None = None
    source: str | None = None
    page: int | None = None


def search(connection: Connection, query: str, wanted: SearchFilter, limit: int) -> SearchResult:
    """The pages that match a query, best first.

    Raises UsageError if the query holds nothing to search for.
    """
    tree = parse(query)
    phrases = list(tree.phrases())
    found, is_all = _weighable(connection, tree, _storable(wanted))
    best = ranked(found, phrases)[:limit]
    return SearchResult(tuple(_hits(connection, best, phrases)), len(found), is_all)


def _weighable(
    connection: Connection, tree: Node, wanted: SearchFilter
) -> tuple[list[tuple[int, str]], bool]:
    """Id and tokens of the newest pages that match, and whether these are all."""
    organ_names = list(organs.written_names(connection, wanted.organ, wanted.region))
    looks = [tree.look(), *_looks(wanted, organ_names)]
    found: list[tuple[int, str]] = []
    for stretch in page_index.stretches(connection):
        query, place = page_index.candidates(connection, IndexQuery("and", (*looks, *stretch)))
        newest_first = query.where(*_conditions(wanted, organ_names, place)).order_by(place.desc())
        matching = _matching(connection, tree, newest_first, place)
        found = list(islice(matching, MOST_WEIGHED + 1))
        if len(found) > MOST_WEIGHED:
            return found[:MOST_WEIGHED], False
    return found, True


def _matching(
    connection: Connection, tree: Node, query: Select[int], place: ColumnElement[int]
) -> Iterator[tuple[int, str]]:
    """Id and tokens of the candidates whose text matches, a batch at a time."""
    batch = query.limit(MOST_WEIGHED + 1)
    pages = connection.execute(batch).scalars().all()
    while pages:
        yield from ((page, held) for page, held in page_index.texts(connection, pages) if tree.holds(held))
        if len(pages) <= MOST_WEIGHED:
            return
        pages = connection.execute(batch.where(place < pages[-1])).scalars().all()


def marks_of(phrases: Sequence[Phrase], raw: str) -> list[tuple[int, int]]:
    """Where the phrases stand in a text, as merged half-open character ranges."""
    cut = list(tokens(raw))
    found = sorted(span for phrase in phrases for span in _spans(phrase.tokens, cut))
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start < merged[-1][1]:
            start, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((start, end))
    return merged


def _spans(phrase: Sequence[Token], cut: Sequence[Token]) -> Iterator[tuple[int, int]]:
    words, last = [token.text for token in phrase[:-1]], phrase[-1]
    for first in range(len(cut) - len(words)):
        end = cut[first + len(words)]
        fits = end.text.startswith(last.text) if last.is_word else end.text == last.text
        if fits and all(cut[first + n].text == word for n, word in enumerate(words)):
            yield cut[first].start, end.end


def _hits(connection: Connection, pages: Sequence[int], phrases: Sequence[Phrase]) -> Iterator[Hit]:
    """The hits on some pages, in their order."""
    named: dict[int, list[Any]] = {page: [] for page in pages}
    for row in connection.execute(_names(pages)):
        named[row.page_id].append(row)
    lines: dict[int, list[Any]] = {page: [] for page in pages}
    for page, *line in connection.execute(_lines(pages)):
        lines[page].append(line)
    for page in pages:
        raw = "\n".join(str(text) for text, *_ in lines[page])
        marks = marks_of(phrases, raw)
        shown, moved = snippet_of(raw, marks)
        touched = list(_touched(lines[page], marks))
        row, *_ = rows = named[page]
        yield Hit(
            document=row.sha256,
            source=row.name,
            organ=_told(row.organ for row in rows),
            year=rows[0].year if len({row.year for row in rows}) == 1 else None,
            title=_told(row.title for row in rows),
            page=row.number,
            route=row.route,
            snippet=shown,
            marks=moved,
            boxes=tuple(Box(*(round(side, 2) for side in sides)) for _, *sides in touched),
            doubtful=any(is_unsure(confidence) for confidence, *_ in touched),
        )


def _told(names: Iterable[str | None]) -> str:
    """What a page is named by: its report, or the one that ends on it and the one that begins."""
    return BETWEEN_REPORTS.join(dict.fromkeys(name for name in names if name))


def _names(pages: Sequence[int]) -> Any:
    """The fields of hits that name the page, a row for each report that stands on it."""
    return (
        select(
            col(PageRow.id).label("page_id"),
            col(DocumentRow.sha256),
            col(SourceRow.name),
            col(ReportRow.organ),
            col(ReportRow.year),
            col(ReportRow.title),
            col(PageRow.number),
            col(PageRow.route),
        )
        .select_from(PageRow)
        .join(RunRow, col(RunRow.id) == col(PageRow.run_id))
        .join(DocumentRow, col(DocumentRow.id) == col(RunRow.document_id))
        .join(SourceRow, FIRST_SOURCE)
        .outerjoin(ReportRow, (col(ReportRow.run_id) == col(RunRow.id)) & holds_page(col(PageRow.number)))
        .where(col(PageRow.id).in_(pages))
        .order_by(col(ReportRow.part))
    )


def _lines(pages: Sequence[int]) -> Any:
    return (
        select(
            col(PageRow.id),
            col(LineRow.text),
            col(LineRow.confidence),
            col(LineRow.left),
            col(LineRow.top),
            col(LineRow.right),
            col(LineRow.bottom),
        )
        .join_from(
            PageRow,
            LineRow,
            (col(LineRow.run_id) == col(PageRow.run_id)) & (col(LineRow.page) == col(PageRow.number)),
        )
        .where(col(PageRow.id).in_(pages))
        .order_by(col(PageRow.id), col(LineRow.ordinal))
    )


def _touched(lines: Sequence[Any], marks: Sequence[tuple[int, int]]) -> Iterator[Sequence[float]]:
    """Confidence and sides of the lines that marks touch; these count through all lines, with newlines."""
    start = 0
    for text, *told in lines:
        end = start + len(text)
        if any(first < end and start < last for first, last in marks):
            yield told
        start = end + 1


def _looks(wanted: SearchFilter, organ_names: Sequence[Sequence[str]]) -> Iterator[IndexQuery]:
    """What a filter asks of the index."""
    asked = {page_index.YEAR: wanted.year, page_index.FORM: wanted.form, page_index.FLAG: wanted.flag}
    yield from (_facet(kind, content) for kind, content in asked.items() if content is not None)
    for names in organ_names:
        if len(names) <= MOST_ORGANS:
            yield IndexQuery("or", tuple(_facet(page_index.ORGAN, name) for name in names) or (NOTHING,))


def _storable(wanted: SearchFilter) -> SearchFilter:
    """The filter with texts that a database takes: an odd byte of a shell is no text."""
    fields: dict[str, Any] = asdict(wanted)
    fields.update({name: storable(one) for name, one in fields.items() if isinstance(one, str)})
    return SearchFilter(**fields)


def _facet(kind: str, content: object) -> IndexQuery:
    return IndexQuery("lexeme", lexeme=lexemes.facet(kind, content))


NOTHING = IndexQuery("lexeme", lexeme=f"nothing{lexemes.FACET}")


def _conditions(
    wanted: SearchFilter, organ_names: Sequence[Sequence[str]], place: ColumnElement[int]
) -> Iterator[ColumnElement[bool]]:
    """What the index cannot tell of a page, or not exactly; `place` is the column of its id."""
    for names in organ_names:
        yield _page_has(place, col(ReportRow.organ).in_(names), ReportRow)
    if wanted.page is not None:
        yield _page_has(place, col(PageRow.number) == wanted.page)
    if wanted.source is not None:
        named = col(SourceRow.name).contains(wanted.source, autoescape=True)
        yield _page_has(place, named, RunRow, SourceRow)
    if any((wanted.form, wanted.row, wanted.table, wanted.flag)):
        yield _has_value(wanted, place) | _has_flag(wanted, place)


def _page_has(place: ColumnElement[int], condition: ColumnElement[bool], *owners: Any) -> ColumnElement[bool]:
    """A condition on a page that the index names, and on what else it hangs off."""
    joined: dict[Any, ColumnElement[bool]] = {
        RunRow: col(RunRow.id) == col(PageRow.run_id),
        SourceRow: col(SourceRow.document_id) == col(RunRow.document_id),
        ReportRow: (col(ReportRow.run_id) == col(PageRow.run_id)) & holds_page(col(PageRow.number)),
        **{owner: of_report(owner) for owner in (ValueRow, GridRow, FindingRow)},
    }
    held = select(literal(1)).select_from(PageRow, *owners)
    held = held.where(col(PageRow.id) == place, *(joined[owner] for owner in owners), condition)
    return exists(held.correlate_except(PageRow, *owners))


def _has_value(wanted: SearchFilter, place: ColumnElement[int]) -> ColumnElement[bool]:
    asked = {ValueRow.form: wanted.form, ValueRow.table_key: wanted.table, ValueRow.row_key: wanted.row}
    held = [col(field) == content for field, content in asked.items() if content is not None]
    if wanted.flag is not None:
        held.append(among(wanted.flag, col(ValueRow.flags)))
    return _page_has(place, and_(*held), ReportRow, ValueRow)


def _has_flag(wanted: SearchFilter, place: ColumnElement[int]) -> ColumnElement[bool]:
    if wanted.flag is None or wanted.form or wanted.row or wanted.table:
        return false()
    on_table = _page_has(place, among(wanted.flag, col(GridRow.flags)), ReportRow, GridRow)
    on_page = _page_has(place, _is_on_table_outside(wanted.flag))
    return on_table | on_page | _page_has(place, col(FindingRow.kind) == wanted.flag, ReportRow, FindingRow)


def _is_on_table_outside(flag: str) -> ColumnElement[bool]:
    """Whether a page is of no report, and a table of such pages has the flag."""
    report = select(literal(1)).where(
        col(ReportRow.run_id) == col(PageRow.run_id), holds_page(col(PageRow.number))
    )
    table = select(literal(1)).where(
        col(GridRow.run_id) == col(PageRow.run_id), col(GridRow.part) == 0, among(flag, col(GridRow.flags))
    )
    return exists(table.correlate(PageRow)) & ~exists(report.correlate(PageRow))
