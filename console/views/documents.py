"""Documents: a report with its tables and findings, one page of it, values and failures as lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from archive.documents.records import DocumentFailure
from archive.documents.stored_reports import StoredReport
from archive.records import PEOPLES_FLAGS, SHORT_HASH, ReportName, short
from archive.status.records import DocumentView
from archive.values.records import PROPOSAL, Fact
from console.views.base import LONGEST_LIST, STAND_INS, grid, heading, labels, page_range, printable
from console.views.review import verdicts
from console.views.tables.table_as_read import CELL_LEGEND, table_as_read
from core.media_types import WEB_PAGES
from ocr.model import Page
from reconcile.model import DOCUMENT_FLAGS, Finding, Flag, JoinedTable, Named

LEGEND = "空 blank   缺 missing   未识 unread   ? look at it   * printed so in the report   ✓ judged"


def facts(found: Iterable[Fact]) -> Table:
    """Facts with the columns that people compare."""
    columns = ("organ", "year", "form", "table", "row", "column", "state", "raw", "value", "flags", "page")
    rows = ([short(str(fact.report)), *(getattr(fact, name) for name in columns)] for fact in found)
    return grid(("document", *columns), rows)


def failures(failed: Iterable[DocumentFailure]) -> Table:
    """Documents that failed or are quarantined, with the reason."""
    columns = ("source", "status", "stage", "code", "reason", "attempts", "failed")
    rows = ([f.document[:SHORT_HASH], *(getattr(f, name) for name in columns)] for f in failed)
    return grid(("document", *columns[:-1], "when"), rows)


def document(view: DocumentView) -> Iterator[RenderableType]:
    """A report: what is known, its tables, findings and doubtful values; of a volume the reports."""
    yield from _about(view)
    if view.chosen is None and view.reports:
        yield from _volume(view)
        return
    keyed: dict[tuple[str, str], list[Fact]] = {}
    for fact in view.facts:
        keyed.setdefault((fact.table, fact.form), []).append(fact)
    for values in keyed.values():
        yield from _form_table(values)
    if keyed:
        yield Text(LEGEND, style="dim")
    yield from _doubtful_structures(view.tables)
    unknown = [(n, one) for n, one in zip(view.table_numbers, view.tables, strict=True) if not one.key]
    for number, table in unknown:
        yield from table_as_read(table, number, view.document[:SHORT_HASH])
    if unknown:
        yield Text(CELL_LEGEND, style="dim")
    if view.findings:
        yield from _findings(view.findings)
    if view.settled:
        yield heading("settled: these sums hold with what people say")
        yield grid(("relation", "page", ""), ([one.relation, one.page, one.message] for one in view.settled))
    if view.verdicts:
        yield heading("verdicts: what people said of values, ✓ where it stands")
        yield verdicts(view.verdicts, named=False)
    if doubtful := _doubtful(view):
        yield from _places(doubtful[:LONGEST_LIST], f"{len(doubtful)} values to look at")
        if len(doubtful) > LONGEST_LIST:
            yield Text(f"… and {len(doubtful) - LONGEST_LIST} more")


def _volume(view: DocumentView) -> Iterator[RenderableType]:
    """The reports in a document, a line each."""
    values, doubts = (Counter(fact.part for fact in found) for found in (view.facts, _doubtful(view)))
    rows = (
        [
            short(str(ReportName(view.document, one.part))),
            one.organ,
            one.year,
            one.form,
            page_range((one.first_page, one.last_page)),
            f"{one.confidence:.2f}",
            values[one.part],
            doubts[one.part],
        ]
        for one in view.reports
    )
    yield heading(f"{len(view.reports)} reports; `guidang show {view.document[:SHORT_HASH]}:2` shows one")
    yield grid(("report", "organ", "year", "form", "pages", "border", "values", "to review"), rows)
    if outside := _outside(view):
        yield Text(f"of no report: {_ranges(outside)}")
    if told := [found for found in view.findings if found.kind in DOCUMENT_FLAGS]:
        yield from _findings(told)


def _doubtful(view: DocumentView) -> list[Fact]:
    return [fact for fact in view.facts if fact.needs_review]


def _outside(view: DocumentView) -> list[int]:
    """The pages on which no report stands."""
    held = {page for one in view.reports for page in range(one.first_page, one.last_page + 1)}
    return [page.number for page in view.pages if page.number not in held]


def _ranges(pages: Sequence[int]) -> str:
    """Pages as runs: 1–3, 7."""
    runs = [[number for _, number in group] for _, group in groupby(enumerate(pages), lambda n: n[1] - n[0])]
    return "page " + ", ".join(map(page_range, runs))


def page(view: DocumentView, number: int) -> Iterator[RenderableType]:
    """A page, counted from 1: its text in reading order, and where each value on it stands."""
    read = view.pages[number - 1]
    yield Text(f"page {read.number} of {len(view.pages)}, {read.route}", style="bold")
    yield from (Text(printable(line.text)) for line in read.lines)
    if here := [fact for fact in view.facts if fact.page == read.number]:
        yield from _places(here, f"{len(here)} values on this page; boxes in points from its top left corner")


def _about(view: DocumentView) -> Iterator[RenderableType]:
    report = view.chosen
    yield Text(printable((report and report.title) or view.sources[0]), style="bold")
    facts_known: Mapping[str, object] = {
        "organ": report and _told(report, Named.ORGAN),
        "year": report and _told(report, Named.YEAR),
        "report": report and len(view.reports) > 1 and _place(report, len(view.reports)),
        "document": view.document,
        "status": view.status,
        "part of": view.gathered_in and short(view.gathered_in),
        "gathered of": " ".join(map(short, view.members)),
        "flags": ", ".join(found.kind for found in view.findings if found.kind in DOCUMENT_FLAGS),
        "failure": view.failure and f"{view.failure.stage}: {view.failure.reason}",
        "sources": "; ".join(view.sources),
        "original": f"{view.path} ({view.media_type}, {view.size:,} bytes)",
        "pages": _routes(view.pages) + _laid_out(view),
        "read by": view.run and ", ".join(f"{name} {version}" for name, version in view.run.engines.items()),
        "settings": view.run and ", ".join(f"{name} {value}" for name, value in view.run.options.items()),
        "read at": view.run
        and f"{view.run.finished:%Y-%m-%d %H:%M} UTC in {view.run.seconds:.1f} s, run {view.runs}",
    }
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(overflow="fold")
    for name, known in facts_known.items():
        if known:
            table.add_row(Text(name, style="dim"), Text(printable(known)))
    yield table


def _told(report: StoredReport, named: Named) -> str:
    """Organ or year of a report: as a person said, or as read and from where."""
    content, read = getattr(report, named), getattr(report, f"{named}_read")
    if named in report.said:
        seen = f", read {read}" if read not in ("", None, content) else ""
        return f"{content or 'unknown'} (a person said so{seen})"
    found = [one for one in report.mentions if one.named is named]
    if content in ("", None) or not found:
        return printable(content)
    best = max(found, key=lambda one: one.confidence)
    return f"{content} ({best.kind.replace('_', ' ')}, page {best.page}, {best.confidence:.2f})"


def _place(report: StoredReport, count: int) -> str:
    pages = page_range((report.first_page, report.last_page))
    return f"{report.part} of {count}, page {pages}, border {report.confidence:.2f}"


def _routes(pages: Sequence[Page]) -> str:
    runs = [
        (route, [page.number for page in group])
        for route, group in groupby(pages, key=lambda page: page.route)
    ]
    return ", ".join(f"{page_range(numbers)} {route}" for route, numbers in runs)


def _laid_out(view: DocumentView) -> str:
    """A web page has no pages: it is said that these are ours."""
    ours = view.media_type in WEB_PAGES and any(page.route == "digital" for page in view.pages)
    return " (digital pages of a web page are laid out by guidang)" if ours else ""


def _form_table(values: Sequence[Fact]) -> Iterator[RenderableType]:
    """A table of a form with its printed labels; a single row is set on its side."""
    rows = list(dict.fromkeys(fact.row for fact in values))
    columns = list(dict.fromkeys(fact.column for fact in values))
    at = {(fact.row, fact.column): fact for fact in values}
    labels = {fact.row: _label(fact)[0] for fact in values}, {fact.column: _label(fact)[1] for fact in values}
    pages = sorted({fact.page for fact in values if fact.page is not None})
    yield heading(
        f"{values[0].table} ({values[0].form} form)" + (f", page {page_range(pages)}" if pages else "")
    )
    if len(rows) == 1:
        yield grid(("", ""), ([labels[1][c], _shown(at[rows[0], c])] for c in columns), header=False)
        return
    cells = ([labels[0][row], *(_shown(at.get((row, column))) for column in columns)] for row in rows)
    yield grid(("", *(labels[1][column] for column in columns)), cells)


def _label(fact: Fact) -> tuple[str, str]:
    return labels(fact.form, fact.table, fact.row, fact.column)


def _shown(fact: Fact | None) -> Text:
    if fact is None:
        return Text()
    raw, style = STAND_INS.get(fact.state, (printable(fact.raw), ""))
    flags = fact.flags.split(";")
    judged = "✓" if set(PEOPLES_FLAGS).intersection(flags) else ""
    if fact.needs_review:
        return Text(f"{raw}{judged}?", style="red")
    if "source_anomaly" in flags:
        return Text(f"{raw}*{judged}", style="yellow")
    return Text(f"{raw}{judged}", style="green" if judged else style)


def _doubtful_structures(tables: Iterable[JoinedTable]) -> Iterator[RenderableType]:
    """A line for each table of a form of which cells may stand elsewhere."""
    for table in tables:
        if table.key and Flag.DOUBTFUL_STRUCTURE in table.flags and table.confidence is not None:
            place = f"{table.key}, page {page_range(table.pages)}, structure {table.confidence:.2f}"
            yield Text(f"{place}  {Flag.DOUBTFUL_STRUCTURE}", style="red")


def _findings(findings: Iterable[Finding]) -> Iterator[RenderableType]:
    """Findings, and apart from them what the sums propose for doubtful values."""
    told = list(findings)
    proposals = [found for found in told if found.kind == PROPOSAL]
    if rest := [found for found in told if found.kind != PROPOSAL]:
        yield heading("findings")
        rows = ([found.kind, found.relation, found.page, found.message] for found in rest)
        yield grid(("kind", "relation", "page", ""), rows)
    if proposals:
        yield heading("proposals: what the sums demand of doubtful values; the readings stand")
        rows = ([found.relation, found.page, found.message] for found in proposals)
        yield grid(("by", "page", ""), rows)


def _places(values: Iterable[Fact], title: str) -> Iterator[RenderableType]:
    """Where values stand: name, what is printed, page and box."""
    rows = (
        [
            f"{fact.table}/{fact.row}/{fact.column}",
            " · ".join(_label(fact)),
            _shown(fact),
            fact.flags,
            fact.page,
            "" if fact.left is None else f"{fact.left:g} {fact.top:g} {fact.right:g} {fact.bottom:g}",
        ]
        for fact in values
    )
    yield heading(title)
    yield grid(("value", "", "printed", "flags", "page", "left top right bottom"), rows)
