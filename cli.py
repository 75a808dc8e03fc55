"""The command line: parse, call once, render; errors become exit codes in `main`.

Data goes to stdout, talk to stderr. Heavy packages are imported inside the
commands that need them, so that a search answers at once.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from core import streams
from core.errors import ArchiveDamaged, BatchIncomplete, GuidangError, UnreadableDocument, UsageError
from core.streams import talk

if TYPE_CHECKING:
    from rich.console import RenderableType

    from archive.archive import Archive
    from archive.documents.provenance import DossierFilter
    from archive.export.layouts import Layout
    from archive.records import Doubt
    from archive.values.aggregation import Grouping
    from archive.values.facts import FactFilter
    from archive.values.review_queue import Wanted
    from archive.values.year_changes import Condition
    from ingest.batch.batch import Summary
    from ingest.crawl.nightly import Night

T = TypeVar("T")

INTERRUPTED = 130  # as shells report Ctrl-C
LONGEST_TABLE = 500
DEFAULT_ARCHIVE = "guidang-archive"

app = typer.Typer(
    help="guidang (归档): an OCR archive for government annual disclosure reports.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)


forms_app = typer.Typer(
    help="The forms that tables are laid beside; $GUIDANG_FORMS names a folder of your own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(forms_app, name="forms")

review_app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(review_app, name="review")


organs_app = typer.Typer(
    help="Organs and the names under which reports print them; only people link names.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(organs_app, name="organs")


class Format(StrEnum):
    """How data is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class FileFormat(StrEnum):
    """How data is exported; the last two only into a file."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"


class FactFormat(StrEnum):
    """How facts are printed or written; the last two only into a file."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


class Across(StrEnum):
    """What is laid side by side."""

    YEAR = "year"


class Relation(StrEnum):
    """A relation between reports."""

    R5 = "R5"
    R7 = "R7"


class Export(StrEnum):
    """What is exported."""

    FACTS = "facts"
    TABLES = "tables"
    TEXT = "text"
    BAG = "bag"
    PDF = "pdf"
    CORRECTIONS = "corrections"
    SIGHTINGS = "sightings"


ArchiveOption = Annotated[
    str,
    typer.Option(
        "--archive", metavar="DIR|URL", envvar="GUIDANG_ARCHIVE", help="A folder, or postgresql://…"
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print it.")]
YearOption = Annotated[int | None, typer.Option(help="Only reports on this year.")]
OrganOption = Annotated[str | None, typer.Option(help="Only organs whose name contains this.")]
ListArgument = Annotated[Path, typer.Argument(metavar="LIST.toml", exists=True, dir_okay=False)]
TableOption = Annotated[str | None, typer.Option(help="Only this table: proactive, requests, review.")]
DocumentOption = Annotated[str | None, typer.Option(help="Only this document.")]
FlagOption = Annotated[str | None, typer.Option(help="Only values with this flag.")]
DocumentArgument = Annotated[
    str, typer.Argument(metavar="DOCUMENT", help="The start of its hash, its source or its file name.")
]
ValueArgument = Annotated[
    str, typer.Argument(metavar="TABLE/ROW/COLUMN", help="Which value, like requests/new/total.")
]
NoteOption = Annotated[str, typer.Option(help="Why, in your words.")]
LogOption = Annotated[
    str | None, typer.Option("--log", metavar="FILE", help="Log as JSON lines into this file; - for stderr.")
]
MetricsOption = Annotated[
    Path | None,
    typer.Option("--metrics", metavar="FILE.prom", dir_okay=False, help="Write Prometheus metrics."),
]
WhoOption = Annotated[
    str | None, typer.Option(envvar="GUIDANG_WHO", help="Who says so; by default the login name.")
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit code, which is that of the error class if it fails."""
    streams.prepare_streams()
    try:
        app(args=arguments, prog_name="guidang")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except GuidangError as error:
        talk(f"guidang: {error}")
        return error.exit_code
    return 0


@app.command()
def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", exists=True, help="Files, folders, zips; none: what is pending."),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")] = None,
    log: LogOption = None,
    metrics: MetricsOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Read at most so many; the rest waits.")] = None,
    span: Annotated[
        str | None,
        typer.Option("--time", metavar="2h|90m|06:00", help="Begin none after that; the rest waits."),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on taking what is dropped into the folders, until Ctrl-C.")
    ] = False,
    defer: Annotated[
        bool, typer.Option("--defer", help="Only keep; leave the reading to the workers of PostgreSQL.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Keep, read and archive reports.

    Every original is kept by its hash before it is read. Whatever was stopped
    goes on when the same command is given again. A document that ends the process
    which reads it is tried again later, and quarantined after three times. Ctrl-C finishes
    what is under way, a second one stops at once. Exit code 3: some documents failed.

    \b
    Example:
      guidang ingest scans/ more.zip --archive ./reports
      guidang ingest --watch /srv/scanner --time 18:00
    """
    from archive.archive import Archive
    from console.progress import reporter
    from ingest.batch.batch import ingest_paths
    from ingest.monitoring.batch_monitor import watching
    from ingest.reading.stopping import Stop, ending
    from reconcile.forms.registry import check_settings

    check_settings()
    if watch and not (paths and all(path.is_dir() for path in paths)):
        raise UsageError("only folders can be watched: name those that files are dropped into")
    stop = Stop(None if span is None else ending(span, datetime.now().astimezone()), limit)
    with Archive.open(archive, create=bool(paths), write=True) as opened:
        try:
            with watching(opened, "ingest", log, metrics), reporter(quiet) as listener:
                if watch and not quiet:
                    talk(f"watching {', '.join(map(str, paths or ()))}; Ctrl-C ends it")
                summary = ingest_paths(
                    paths or [], opened, workers=workers, report=listener, stop=stop, watch=watch, defer=defer
                )
        except KeyboardInterrupt:
            talk("stopped; give the same command again to go on")
            raise typer.Exit(INTERRUPTED) from None
    if not quiet:
        _sum_up(summary, opened.location)
        if summary.pending and not summary.stopped:
            readers = "`guidang worker`" if defer and not opened.location.home else "`guidang ingest`"
            talk(f"{summary.pending} documents wait; {readers} goes on with them")
    if summary.stopped:
        talk("stopped; give the same command again to go on")
        raise typer.Exit(INTERRUPTED)
    _complain_of(summary.failed, summary.quarantined)


@app.command()
def worker(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    workers: Annotated[int | None, typer.Option(min=1, help="Documents at a time; one a core.")] = None,
    until_empty: Annotated[
        bool, typer.Option("--until-empty", "--once", help="End when nothing waits in the queue.")
    ] = False,
    name: Annotated[str | None, typer.Option(help="How status calls it; by default its process id.")] = None,
    crawl: Annotated[
        Path | None,
        typer.Option(metavar="SITES.toml", exists=True, dir_okay=False, help="Crawl these sites at night."),
    ] = None,
    at: Annotated[str, typer.Option(metavar="CRON", help="When to crawl, in UTC.")] = "0 14 * * *",
    log: LogOption = None,
    metrics: MetricsOption = None,
    listen: Annotated[
        str | None, typer.Option(metavar="[ADDRESS:]PORT", help="Serve the metrics at /metrics there.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Read what waits in the queue of an archive in PostgreSQL, beside any number of other workers.

    SIGTERM or Ctrl-C: what is under way is finished, nothing new is begun. Of several
    workers with --crawl one begins the round. What a worker that died was reading is
    read by another; what ends three workers or readings in a row goes into quarantine.

    \b
    Example:
      guidang worker --archive postgresql://guidang@db.example.org/reports --workers 4
    """
    import os

    from ingest.batch.worker import Work, work
    from reconcile.forms.registry import check_settings

    check_settings()
    command = _crawl_command(crawl) if crawl else ()
    slots = workers or os.cpu_count() or 1
    name = name or f"worker-{os.getpid()}"
    work(Work(archive, name, slots, until_empty, command, at, log, metrics, listen, quiet))


def _crawl_command(sites: Path) -> tuple[str, ...]:
    """A round that leaves the reading to workers; the archive is named by $GUIDANG_ARCHIVE."""
    start = "import sys, cli; sys.exit(cli.main())"
    crawl = ("crawl", str(sites), "--no-read", "--quiet")
    return (sys.executable, "-c", start, *crawl)


@app.command()
def crawl(
    sites: Annotated[
        Path | None, typer.Argument(metavar="SITES.toml", exists=True, dir_okay=False, help="Which sites.")
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    site: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this site of the file; repeatable.")
    ] = None,
    check: Annotated[
        str | None,
        typer.Option(metavar="SITE", help="Store nothing; show what of a site (name or URL) would be taken."),
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="A round now, even outside of the night windows of the sites.")
    ] = False,
    until: Annotated[
        datetime | None,
        typer.Option(metavar="HH:MM", formats=["%H:%M"], help="Stop then; the next round goes on."),
    ] = None,
    read: Annotated[bool, typer.Option(help="Read afterwards what is pending.")] = True,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes for reading; one a core.")] = None,
    log: LogOption = None,
    metrics: MetricsOption = None,
    form: FormatOption = Format.TABLE,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the summary.")] = False,
) -> None:
    """Visit government sites once; keep what is new or changed, and read it.

    A site in SITES.toml needs no more than a name and start pages. Sites are visited
    politely and slowly; a round that was broken off is gone on with by the same command.
    Exit code 3: there are alarms, or documents that could not be read. 5: another round runs.

    \b
    Example:
      guidang crawl SITES.toml --until 06:00 --archive ./reports
      guidang crawl --check https://www.example.gov.cn/
    """
    from ingest.crawl import nightly as crawler
    from ingest.crawl.reporting import dry_run

    if check is not None:
        found = crawler.look_at(sites, check, log, quiet)
        _deliver(found, form, dry_run.LAYOUT, lambda: dry_run.shown(found))
        return
    if sites is None:
        raise UsageError("name SITES.toml, or a site to look at with --check")
    if form is Format.CSV:
        raise UsageError(
            "a night's summary is a table or JSON; `guidang changes --format csv` lists what came"
        )
    wishes = crawler.Wishes(
        tuple(site or ()), until.time() if until else None, once, read, workers, log, metrics, quiet
    )
    try:
        night = crawler.run_night(sites, archive, wishes)
    except KeyboardInterrupt:
        talk("stopped; give the same command again to go on")
        raise typer.Exit(INTERRUPTED) from None
    _deliver_night(night, form)


@app.command()
def status(archive: ArchiveOption = DEFAULT_ARCHIVE, form: FormatOption = Format.TABLE) -> None:
    """Count what is archived, flagged, pending, failed and quarantined; of PostgreSQL, show the workers.

    As JSON, one object: every number, the size of the archive and the last crawl. As CSV, a number a row.

    \b
    Example:
      guidang status --archive ./reports --format json
    """
    from archive.archive import Archive
    from archive.export import status_layout
    from console.views import crawl as crawldisplay
    from console.views import documents as display
    from console.views import status as workshopdisplay

    with Archive.open(archive) as opened:
        counts, memory, workshop = opened.status(), opened.crawled, opened.workshop()
        if form is Format.TABLE:
            crawled, workers = crawldisplay.status(memory), workshopdisplay.status(workshop)
            streams.show([*display.status(counts), *crawled, *workers])
            return
        told = status_layout.status_object(counts, opened.size(), memory, workshop)
    if form is Format.JSON:
        _print_object(told)
    else:
        _deliver(status_layout.numbers(told), form, status_layout.NUMBERS, list)


@app.command()
def failures(
    documents: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DOCUMENT]...", help="By default all failed and quarantined."),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    report: Annotated[
        Path | None,
        typer.Option(
            "--export", metavar="FILE.zip", dir_okay=False, help="Write them into a zip for a bug report."
        ),
    ] = None,
    originals: Annotated[
        bool, typer.Option("--with-originals", help="Put the documents themselves into it too.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the documents that failed or are quarantined, and why.

    With --export, nothing is listed: a zip gets every attempt at them, what `guidang
    doctor` says, and the documents only if you say so. No passwords, but paths.

    \b
    Example:
      guidang failures --format csv
      guidang failures 3fa9c1 --export report.zip --with-originals
    """
    from archive.archive import Archive
    from archive.export import layouts as export
    from console.views import documents as display

    if originals and report is None:
        raise UsageError("--with-originals is for --export FILE.zip")
    if report is not None and form is not Format.TABLE:
        raise UsageError("a zip for a bug report has no --format")
    with Archive.open(archive) as opened:
        chosen = {opened.find(name) for name in documents or ()}
        found = [one for one in opened.failures() if not documents or one.document in chosen]
        if report is not None:
            _report_failures(opened, [one.document for one in found], report, originals)
            return
    _deliver(found, form, export.FAILURES, lambda: [display.failures(found)] if found else [])
    talk(f"{len(found)} documents failed")


def _report_failures(opened: Archive, documents: Sequence[str], output: Path, originals: bool) -> None:
    """Write a zip for a bug report, and say what is in it."""
    if not documents:
        talk("no documents failed: nothing to report, nothing written")
        return
    from console.progress import meter
    from ingest.diagnostics.bug_report import write_report

    with meter() as told:
        made = write_report(opened, documents, output, originals, told)
    holds = "holds originals" if made.originals else "does not hold originals"
    size = f"{made.octets / 1e6:.1f} MB" if made.octets >= 1e6 else f"{made.octets / 1e3:.0f} kB"
    counts = f"{made.documents} documents, {made.originals} originals, {size}"
    talk(f"{counts}: send {output} with your report; it {holds}")
    talk("it names paths of this machine; see its README.txt before you pass it on")
    if made.lacking:
        raise ArchiveDamaged(
            f"{made.lacking} originals are damaged or missing, and not in {output}: "
            "`guidang verify` names them"
        )


@app.command()
def retry(
    documents: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DOCUMENT]...", help="By default all failed and quarantined."),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    log: LogOption = None,
) -> None:
    """Set failed and quarantined documents to pending again.

    `guidang ingest` then reads them.

    \b
    Example:
      guidang retry 3fa9c1
    """
    from archive.archive import Archive
    from ingest.monitoring.logs import logging_to

    with Archive.open(archive, write=True) as opened, logging_to(log, "batch") as told:
        chosen = [opened.find(name) for name in documents] if documents else None
        count = opened.retry(chosen)
        told.info("retry", archive=str(opened.location), pending_again=count, chosen=chosen or "all")
    talk(f"{count} documents are pending again; `guidang ingest` reads them")


@app.command()
def changes(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN", help="2026-11-01, yesterday, 7d, 12h; by default since the last round began."
        ),
    ] = None,
    site: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this site, by its name; repeatable.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only new, replaced, vanished or unlinked; repeatable.")
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the reports that came, were replaced or vanished on the web.

    An unlinked one is still there, but its site no longer links to it. What
    vanished or was replaced on the web stays in the archive.

    \b
    Example:
      guidang changes --since 7d --kind new --kind replaced
    """
    from datetime import datetime

    from archive.archive import Archive
    from archive.crawl import web_changes
    from archive.crawl.memory import last_round
    from archive.export.crawl_layouts import WEB_CHANGES
    from console import time_parsing
    from console.views import crawl as crawldisplay

    kinds = [_known(name, web_changes.KINDS, "kind") for name in kind or ()]
    given = None if since is None else time_parsing.moment(since, datetime.now().astimezone())
    seen: Counter[str] = Counter()
    with Archive.open(archive) as opened:
        sites = [_known(name, opened.crawled.sites(), "site") for name in site or ()]
        last = last_round(opened.crawled)
        beginning = given or last
        found = opened.crawled.changes(beginning, sites, kinds)
        told = _tallied(found, seen, "kind")
        _deliver(told, form, WEB_CHANGES, lambda: crawldisplay.changes(islice(told, LONGEST_TABLE)))
        rest = sum(1 for _ in told)
        if form is Format.TABLE and rest:
            talk(f"only the first {LONGEST_TABLE} are shown, {rest} more are not; --format csv gives all")
    talk(crawldisplay.tally(seen, last and beginning))


@app.command()
def search(
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="Words, AND, OR, NOT, brackets.")],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    year: YearOption = None,
    organ: OrganOption = None,
    region: Annotated[str | None, typer.Option(help="Only organs of this region.")] = None,
    form: Annotated[str | None, typer.Option(help="Only reports with a table of this form.")] = None,
    table: Annotated[str | None, typer.Option(help="Only reports with this table.")] = None,
    row: Annotated[str | None, typer.Option(help="Only reports with this row (and flagged in it).")] = None,
    flag: Annotated[str | None, typer.Option(help="Only reports with this flag.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Only documents whose path or URL contains this.")
    ] = None,
    page: Annotated[int | None, typer.Option(min=1, help="Only pages with this number.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many pages to show.")] = 20,
    output: FormatOption = Format.TABLE,
) -> None:
    """Find pages by what is printed on them.

    Every word must occur on the page; one character is enough. Full- and
    half-width forms find each other, traditional and simplified characters too;
    words and numbers match by their beginning. "Several words" in quotation marks
    must follow each other. AND, OR, NOT in capitals and brackets combine: 复议 NOT (诉讼 OR 信访).
    Best first; of a word that stands on very many pages the newest are weighed.

    \b
    Example:
      guidang search 行政复议 --year 2023 --flag source_anomaly
    """
    from archive.archive import Archive
    from archive.export import layouts as export
    from archive.search.search import SearchFilter
    from console.views import documents as display

    wanted = SearchFilter(year, organ, form, _known_flag(flag), row, table, region, source, page)
    with Archive.open(archive) as opened:
        found = opened.search(" ".join(query), wanted, limit)
    _deliver(found.hits, output, export.HITS, lambda: display.hits(found.hits))
    talk(f"{len(found.hits)} of {'' if found.is_all else 'more than '}{found.total:,} pages")


@app.command()
def show(
    document: Annotated[
        str, typer.Argument(metavar="DOCUMENT", help="The start of its hash, its source or its file name.")
    ],
    page: Annotated[
        int | None, typer.Option(min=1, help="Its text on this page, and where the values stand.")
    ] = None,
    image: Annotated[bool, typer.Option("--image", help="Draw the page; print the picture's path.")] = False,
    stages: Annotated[
        Path | None,
        typer.Option(metavar="DIR", file_okay=False, help="Read the page anew, a picture a step into DIR."),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Show a report, its tables and its findings.

    With --page, the text of that page and where each of its values stands.
    With --image or --stages, pictures of that page, or of the first; their paths are printed.

    \b
    Example:
      guidang show 3fa9c1 --page 2
    """
    from archive.archive import Archive
    from console.views import documents as display

    with Archive.open(archive) as opened:
        view = opened.document(document)
        if page is not None and page > len(view.pages):
            raise UsageError(
                f"{document} has {len(view.pages)} pages that were read; there is no page {page}"
            )
        if image or stages:
            from ingest.rendering.page_pictures import draw_page, save_stages

            if image:
                streams.show([str(draw_page(opened, view.document, page or 1))])
            if stages:
                streams.show(map(str, save_stages(opened, view.document, page or 1, stages)))
        elif page is not None:
            streams.show(display.page(view, page))
        else:
            from console.views import organs

            found = opened.across_years(view.document, view.organ)
            streams.show([*display.document(view), *organs.across_years(found, view.document)])


@app.command()
def facts(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    table: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Key of a table: proactive, requests, review; repeatable."),
    ] = None,
    row: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Key of a row, like new or refused.3; repeatable.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Key of a column, like total.")
    ] = None,
    year: Annotated[
        list[str] | None, typer.Option(metavar="YEAR", help="A year, or a range like 2021-2023.")
    ] = None,
    organ: Annotated[
        str | None, typer.Option(help="Only organs whose name, or the name it stands for, contains this.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="Only organs of this region, or whose name begins so.")
    ] = None,
    of_form: Annotated[
        list[str] | None, typer.Option("--form", metavar="FORM", help="Only tables of this form.")
    ] = None,
    state: Annotated[
        list[str] | None,
        typer.Option(metavar="STATE", help="read, blank, dash, unread or missing; repeatable."),
    ] = None,
    flag: Annotated[str | None, typer.Option(help="Only values with this flag.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDITION",
            help="A condition like 'value>100'; all given must hold. On lines: 'sum>100', "
            "'change>50', 'change_percent<-30'.",
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAMES",
            help="Add up, a line for each organ, region, year, form, document, like organ,year.",
        ),
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option(metavar="NAMES", help="Add up different rows or columns too: row or column."),
    ] = None,
    across: Annotated[Across | None, typer.Option(help="Lay the years side by side.")] = None,
    change: Annotated[bool, typer.Option("--change", help="Show what changed between years.")] = False,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="PNG|SVG", dir_okay=False, help="Draw the years instead of listing values."),
    ] = None,
    form: Annotated[
        FactFormat | None, typer.Option("--format", help="How to print it; else by the ending of the file.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(dir_okay=False, help="File to write instead of stdout.")
    ] = None,
) -> None:
    """List values of the forms over all reports, or add them up.

    With --by, a line for each group and value: the exact sum of what was read,
    and how many inputs were read, blank, dash, unread, missing, flagged.
    Nothing but what was read is counted, and nothing counts as 0. Different
    rows and columns stay apart unless --over says otherwise; total is one of them.

    With --across year, a column for each year and, with --change, the difference
    to the year before, where every input of both was read. A condition on a sum
    or a change keeps a line if it holds in any one year.

    An organ is one line under all its names. If it has several reports on one
    year, the one archived last counts, and the cell says "2 reports";
    --by document counts each.

    \b
    Example:
      guidang facts --row new --column total --by organ --across year --change
    """
    from archive.records import PEOPLES_FLAGS
    from archive.values.aggregation import grouping
    from archive.values.facts import FactFilter
    from archive.values.year_changes import check, split_conditions

    on_values, on_sums = split_conditions(where or ())
    wanted = FactFilter(
        None,
        table,
        row,
        column,
        year,
        organ,
        on_values,
        region,
        of_form,
        _known_states(state),
        _known_flag(flag, *PEOPLES_FLAGS),
    )
    groups = grouping(by or (), over or (), across is not None or plot is not None)
    check(on_sums, change, groups)
    if groups:
        _add_up(archive, wanted, groups, on_sums, change, plot, form, output)
    else:
        _list_facts(archive, wanted, form, output)


def _list_facts(archive: str, wanted: FactFilter, given: FactFormat | None, output: Path | None) -> None:
    from archive.archive import Archive
    from archive.export import layouts as export
    from archive.export import saving
    from console.views import documents as display

    form = saving.chosen(given, output, FactFormat.TABLE)
    with Archive.open(archive) as opened:
        found = opened.facts(wanted)
        if form != FactFormat.TABLE:
            passing = _counted(found, "values", lambda: opened.count_facts(wanted), output)
            saving.save(passing, export.FACTS, form, output)
            return
        streams.show([display.facts(islice(found, LONGEST_TABLE))])
        if any(True for _ in found):
            talk(f"only the first {LONGEST_TABLE} are shown; --format csv gives all")


def _add_up(
    archive: str,
    wanted: FactFilter,
    groups: Grouping,
    conditions: Sequence[Condition],
    with_changes: bool,
    plot: Path | None,
    given: FactFormat | None,
    output: Path | None,
) -> None:
    """Print sums as a table or in a format, or draw them."""
    from archive.archive import Archive
    from archive.export import saving, sum_layouts
    from archive.values.year_changes import OF_CHANGES, chosen

    form = saving.chosen(given, output, FactFormat.TABLE)
    if plot and (given or output):
        raise UsageError("give --plot, or --format and --output: a picture is drawn instead of a list")
    with_changes = with_changes or any(condition.field in OF_CHANGES for condition in conditions)
    with Archive.open(archive) as opened:
        total = partial(opened.count_facts, wanted)
        found = opened.sums(wanted, groups, lambda passing: _counted(passing, "values", total, output))
    found = chosen(found, conditions)
    if plot:
        from archive.export.plot import draw

        for remark in draw(found, plot):
            talk(remark)
        streams.show([str(plot)])
    elif form == FactFormat.TABLE:
        streams.show(sum_layouts.table_of(found, with_changes, LONGEST_TABLE))
        if len(found.lines) > LONGEST_TABLE:
            talk(f"only the first {LONGEST_TABLE} of {len(found.lines):,} are shown; --format csv gives all")
    else:
        saving.save(found.lines, sum_layouts.layout_of(found, with_changes), form, output)
    if several := sum_layouts.several_reports(found):
        talk(f"{several:,} sums leave out older reports of an organ and year; --by document shows each")


@app.command()
def export(
    kind: Annotated[
        Export,
        typer.Argument(metavar="facts|tables|text|corrections|sightings|bag|pdf", help="What to export."),
    ],
    documents: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DOCUMENT]...", help="Which, for a bag or PDFs: hash, source or file name."),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    form: Annotated[
        FileFormat | None,
        typer.Option("--format", help="Else by the ending of the file; csv for values, else json."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="File to write instead of stdout; a folder for a bag or several PDFs.")
    ] = None,
    year: YearOption = None,
    organ: OrganOption = None,
    organization: Annotated[
        str, typer.Option("--organization", help="Who hands a bag over, for its bag-info.txt.")
    ] = "",
) -> None:
    """Write all values, tables, texts, verdicts or visits to sites; or hand documents over.

    \b
    corrections: everything that people said of values, in order.
    sightings: every visit of the crawler to an address, and what it met.
    bag: originals, readings and provenance as a BagIt bag in the folder --output.
    pdf: searchable PDF/A of scans with the archive's own lines; one document into
    the file --output, several into the folder --output.

    CSV, XLSX and Parquet have a row a value, a cell or a line, JSON an object
    a value, a table or a page. XLSX and Parquet need --output.

    \b
    Example:
      guidang export facts --format csv --output facts.csv
    """
    if kind in (Export.BAG, Export.PDF):
        if form:
            raise UsageError("a bag and PDFs have no --format")
        _hand_over(kind, archive, documents, year, organ, output, organization)
        return
    if documents or year is not None or organ is not None:
        raise UsageError("documents and years are chosen for a bag or PDFs; see also `guidang facts --help`")
    from archive.archive import Archive
    from archive.export import saving
    from archive.export.crawl_layouts import SIGHTINGS
    from archive.export.layouts import FACTS, TABLES, TEXT
    from archive.export.review_layouts import VERDICTS

    a_row_each = kind in (Export.FACTS, Export.CORRECTIONS, Export.SIGHTINGS)
    chosen = saving.chosen(form, output, FileFormat.CSV if a_row_each else FileFormat.JSON)
    with Archive.open(archive) as opened:
        seen = opened.crawled
        wanted: dict[Export, tuple[Callable[[], Iterable[Any]], Callable[[], int], str, Layout]] = {
            Export.FACTS: (opened.facts, opened.count_facts, "values", FACTS),
            Export.TABLES: (opened.tables, opened.count_tables, "tables", TABLES),
            Export.TEXT: (opened.pages, opened.count_pages, "pages", TEXT),
            Export.CORRECTIONS: (opened.verdicts, opened.count_verdicts, "verdicts", VERDICTS),
            Export.SIGHTINGS: (seen.sightings, seen.count_sightings, "sightings", SIGHTINGS),
        }
        records, total, what, layout = wanted[kind]
        saving.save(_counted(records(), what, total, output), layout, chosen, output)


@app.command()
def across(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    organ: OrganOption = None,
    year: Annotated[int | None, typer.Option(help="Only reports on this year, with the one before.")] = None,
    relation: Annotated[Relation | None, typer.Option(help="R5: across years; R7: across organs.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what holds and cannot be compared.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """List where reports contradict each other, across years (R5) and organs (R7).

    R5: what was carried over against last year's report, and counts in force.
    R7: the report of an organ against the sum of the units that it supervises.

    \b
    Example:
      guidang across --organ 水务局 --relation R5
    """
    from archive.archive import Archive
    from archive.comparison.records import AcrossFilter
    from archive.export import organ_layouts
    from console.views import organs

    seen: Counter[str] = Counter()
    with Archive.open(archive) as opened:
        found = opened.across(AcrossFilter(organ, year, relation and relation.value))
        told = (one for one in _tallied(found, seen) if everything or one.outcome in organs.TOLD)
        _deliver(told, form, organ_layouts.ACROSS, lambda: organs.across(islice(told, LONGEST_TABLE)))
        rest = sum(1 for _ in told)
        if form is Format.TABLE and rest:
            talk(f"only the first {LONGEST_TABLE} are shown, {rest} more are not; --format csv gives all")
    talk(organs.tally(seen))


@app.command()
def coverage(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[LIST.toml]", exists=True, dir_okay=False, help="The organs and years expected."
        ),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    organ: OrganOption = None,
    year: YearOption = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only what is not there.")] = False,
    fail: Annotated[bool, typer.Option("--fail-on-missing", help="Exit code 3 if something is not.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say of which organs and years there is a report, and of which not.

    Without a list, over the organs and years that the archive knows. How a list is
    written: docs/coverage.md.

    \b
    Example:
      guidang coverage county.toml --missing --format csv
    """
    from archive.archive import Archive
    from archive.comparison.coverage import CoverageFilter
    from archive.export import organ_layouts
    from archive.organs import organ_list_file
    from console.views import organs

    with _told_by_line(), Archive.open(archive) as opened:
        listed = organ_list_file.read(file) if file else None
        found = opened.coverage(listed, CoverageFilter(organ, year))
    wanted = found.lacking if missing else (*found.cells, *found.others)
    table = organs.lacking if missing else organs.coverage
    _deliver(wanted, form, organ_layouts.COVERAGE, lambda: table(found))
    there = len(found.cells) - len(found.lacking)
    talk(f"{there} of {len(found.cells)} there; {len(found.others)} more not expected or not placed")
    if fail and found.lacking:
        raise BatchIncomplete(f"{len(found.lacking)} reports are not there; --missing lists them")


def _hand_over(
    kind: Export,
    archive: str,
    documents: list[str] | None,
    year: int | None,
    organ: str | None,
    output: Path | None,
    organization: str,
) -> None:
    from archive.archive import Archive
    from archive.documents.provenance import DossierFilter

    wanted = DossierFilter(documents or None, year, organ)
    with Archive.open(archive) as opened:
        if kind is Export.BAG:
            _export_bag(opened, wanted, _named(output, "the bag"), organization)
        else:
            _export_pdf(opened, wanted, _named(output, "the PDF"))


def _export_bag(opened: Archive, wanted: DossierFilter, folder: Path, organization: str) -> None:
    from console.progress import reporter

    with reporter(quiet=False) as listener:
        bagged = opened.write_bag(folder, wanted, listener, organization)
    talk(f"{bagged.documents} documents, {bagged.files} files, {bagged.octets:,} bytes in the bag {folder}")


def _export_pdf(opened: Archive, wanted: DossierFilter, output: Path) -> None:
    from console.progress import reporter
    from ingest.rendering.searchable_pdfs import save_searchable

    with reporter(quiet=False) as listener:
        written, failed = save_searchable(opened, wanted, output, listener)
    streams.show(map(str, written))
    if failed:
        raise BatchIncomplete(f"{failed} documents are no searchable PDF/A, as said above")


def _named(output: Path | None, what: str) -> Path:
    if output is None:
        raise UsageError(f"say with --output where {what} shall be written")
    return output


@app.command()
def rerun(
    documents: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DOCUMENT]...", help="Hash prefixes, sources or file names."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All documents that were read.")] = False,
    flagged: Annotated[bool, typer.Option("--flagged", help="Those with values to look at.")] = False,
    older_than: Annotated[
        str | None, typer.Option(metavar="VERSION", help="Those read by an older version than this.")
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")] = None,
    log: LogOption = None,
    metrics: MetricsOption = None,
    form: FormatOption = Format.TABLE,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")] = False,
) -> None:
    """Read documents again with the present engine and settings, and print what changed.

    Older readings are kept, and stay current where a new one fails or is
    stopped; what people said stands. A value marked with two exclamation marks
    is read otherwise than a person said. Exit code 3: some documents failed.

    \b
    Example:
      guidang rerun --older-than 0.2.0 --format json
    """
    from archive.archive import Archive
    from archive.export.review_layouts import CHANGES
    from archive.values.rerun_selection import Again
    from console.progress import reporter
    from console.views import review as cards
    from ingest.batch.rerun import Rerun
    from ingest.monitoring.batch_monitor import watching
    from reconcile.forms.registry import check_settings

    if bool(documents) == (everything or flagged or older_than is not None):
        raise UsageError(
            "say what to read again: either documents, or --all, --flagged, --older-than VERSION"
        )
    check_settings()
    with Archive.open(archive, write=True) as opened:
        chosen = opened.to_read_again(Again(tuple(documents or ()), flagged, older_than))
        try:
            with watching(opened, "rerun", log, metrics), reporter(quiet) as listener:
                run = Rerun(opened, chosen, listener, workers)
                _deliver(run, form, CHANGES, lambda: (line for one in run for line in cards.changes(one)))
        except KeyboardInterrupt:
            talk("stopped; what was not read again keeps its older reading")
            raise typer.Exit(INTERRUPTED) from None
    counts = run.counts
    failed = counts["failed"] + counts["quarantined"]
    talk(f"read again {counts['archived']} documents, {failed} failed")
    talk(f"changed    {counts['changed']} values, {counts['flagged otherwise']} more in their flags only")
    talk(f"against what people said: {counts['contradicted']} values (`guidang review` shows them first)")
    if failed:
        raise BatchIncomplete(f"{failed} documents failed; their older readings stand")


@review_app.callback()
def review(
    context: typer.Context,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    document: DocumentOption = None,
    organ: OrganOption = None,
    year: YearOption = None,
    table: TableOption = None,
    flag: FlagOption = None,
    limit: Annotated[int, typer.Option(min=1, help="How many values to walk through.")] = 500,
    who: WhoOption = None,
) -> None:
    """Walk through the doubtful values, most doubtful first, and say what is printed.

    First what a newer reading has against a person, then what was not read or not
    found, then the rest, the least sure first. Readings are never overwritten:
    what you say is kept beside them, with who and when, and stands for every
    later reading. The subcommands do the same for programs.

    \b
    Example:
      guidang review --organ 水务 --year 2023
    """
    if context.invoked_subcommand:
        if given := [name for name in context.params if _is_on_the_command_line(context, name)]:
            raise UsageError(f"--{given[0]} belongs behind `guidang review {context.invoked_subcommand}`")
        return
    from archive.archive import Archive
    from archive.values import reviewer
    from console import review_session

    if not sys.stdin.isatty():
        raise UsageError(
            "a walk needs a terminal: use `guidang review list`, and accept, correct, anomaly, note or undo"
        )
    with Archive.open(archive) as opened:
        wanted = _doubts_wanted(opened, document, organ, year, table, flag, limit)
        names = [(doubt.fact.document, doubt.key) for doubt in opened.doubts(wanted)]
        talk(f"{opened.count_doubts(wanted)} values to look at; you are {(name := reviewer.who(who))}")
        tour = review_session.Walk(
            opened, names, name, input, streams.show, lambda doubt: _pictured(opened, doubt)
        )
        tour.run()
        talk(f"{tour.given} verdicts kept; {opened.count_doubts(wanted)} values are left")


@review_app.command("list")
def list_doubts(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    document: DocumentOption = None,
    organ: OrganOption = None,
    year: YearOption = None,
    table: TableOption = None,
    flag: FlagOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="How many; all if not given.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what needs no look.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the doubtful values, most doubtful first, with all readings of each.

    \b
    Example:
      guidang review list --flag disagreement --format json
    """
    from archive.archive import Archive
    from archive.export.review_layouts import DOUBTS
    from console.views import review as cards

    with Archive.open(archive) as opened:
        longest = LONGEST_TABLE if form is Format.TABLE else None
        wanted = _doubts_wanted(opened, document, organ, year, table, flag, limit or longest, everything)
        _deliver(opened.doubts(wanted), form, DOUBTS, lambda: [cards.queue(opened.doubts(wanted))])
        talk(f"{opened.count_doubts(wanted)} values{'' if everything else ' to look at'}")


@review_app.command()
def crop(document: DocumentArgument, value: ValueArgument, archive: ArchiveOption = DEFAULT_ARCHIVE) -> None:
    """Cut the row of a value out of its page, the value framed; print the picture's path.

    \b
    Example:
      guidang review crop 3fa9c1 requests/new/total
    """
    from archive.archive import Archive
    from console import review_session

    with Archive.open(archive) as opened:
        doubt = review_session.look(opened, opened.find(document), value)
        picture = _pictured(opened, doubt) if doubt else None
    if picture is None:
        raise UsageError(f"{document} has no place where {value} is printed")
    streams.show([str(picture)])


@review_app.command()
def accept(
    document: DocumentArgument,
    value: ValueArgument,
    note: NoteOption = "",
    who: WhoOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Say that the present reading of a value is what is printed.

    \b
    Example:
      guidang review accept 3fa9c1 requests/new/total
    """
    _judge(archive, document, value, "accept", note, who)


@review_app.command()
def correct(
    document: DocumentArgument,
    value: ValueArgument,
    raw: Annotated[str | None, typer.Option(help="What is printed: a number, or a dash.")] = None,
    blank: Annotated[bool, typer.Option("--blank", help="Nothing is printed in the cell.")] = False,
    unread: Annotated[bool, typer.Option("--unread", help="What is printed cannot be read.")] = False,
    missing: Annotated[bool, typer.Option("--missing", help="The cell is not there.")] = False,
    note: NoteOption = "",
    who: WhoOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Say what is printed where a value was read wrongly.

    Blank, a dash and 0 are three different facts.

    \b
    Example:
      guidang review correct 3fa9c1 requests/new/total --raw 1,203 --note 看原件
    """
    states = [name for name, said in (("blank", blank), ("unread", unread), ("missing", missing)) if said]
    if len(states) + (raw is not None) != 1:
        raise UsageError("say what is printed by one of --raw, --blank, --unread, --missing")
    if raw is not None and not raw.strip():
        raise UsageError("--raw is empty: say --blank if nothing is printed in the cell")
    _judge(archive, document, value, "correct", note, who, raw, *states)


@review_app.command()
def anomaly(
    document: DocumentArgument,
    value: ValueArgument,
    note: NoteOption = "",
    who: WhoOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Say that a value was read well and the report itself is mistaken.

    \b
    Example:
      guidang review anomaly 3fa9c1 review/cases/review.total --note 总计印错
    """
    _judge(archive, document, value, "anomaly", note, who)


@review_app.command("note")
def note_down(
    document: DocumentArgument,
    value: ValueArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What there is to say.")],
    who: WhoOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Note something on a value; it still waits for a verdict.

    \b
    Example:
      guidang review note 3fa9c1 requests/new/total 与上年不符
    """
    _judge(archive, document, value, "note", text, who)


@review_app.command()
def undo(
    document: DocumentArgument,
    value: ValueArgument,
    note: NoteOption = "",
    who: WhoOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Take back the verdict that stands on a value; the one before it stands again.

    \b
    Example:
      guidang review undo 3fa9c1 requests/new/total
    """
    _judge(archive, document, value, "undo", note, who)


@review_app.command()
def history(
    document: Annotated[
        str | None, typer.Argument(metavar="[DOCUMENT]", help="All documents if not given.")
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List every verdict in the order given; nothing is ever taken out of it.

    \b
    Example:
      guidang review history 3fa9c1 --format csv
    """
    from archive.archive import Archive
    from archive.export.review_layouts import VERDICTS
    from console.views import documents as display

    with Archive.open(archive) as opened:
        found = opened.verdicts(opened.find(document) if document else None)
        _deliver(found, form, VERDICTS, lambda: [display.verdicts(found)])


@app.command()
def verify(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    subset: Annotated[
        str | None, typer.Option(metavar="N/M", help="Hash only the Nth of M parts of the originals.")
    ] = None,
    form: FormatOption = Format.TABLE,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing if all is sound.")] = False,
) -> None:
    """Check every original, the database and the index.

    Every original is hashed again; every one that is changed, missing or not the
    archive's is named, a line each, with a remedy. Exit code 4 if anything is
    damaged. With --subset 1/30 to 30/30, thirty nights hash everything once.

    \b
    Example:
      guidang verify --archive ./reports --subset 7/30
    """
    from archive.archive import Archive
    from archive.export import layouts as export
    from archive.maintenance.subset import EVERYTHING, Subset
    from console.progress import meter
    from console.views import documents as display

    wanted = Subset.parse(subset) if subset else EVERYTHING
    with Archive.open(archive) as opened, meter(quiet) as told:
        found = opened.verify(wanted, told)
        place = opened.location
    _deliver((*found.damages, *found.oddities), form, export.TROUBLES, lambda: display.troubles(found))
    if found.damages:
        raise ArchiveDamaged(f"{display.kinds(found.damages)} in {place}")
    if not quiet:
        part = "" if wanted.is_all else f" of part {wanted}"
        talk(f"{found.originals:,} originals{part}, the database and the search index are sound")


@app.command()
def init(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    objects: Annotated[
        str | None,
        typer.Option(metavar="DIR|URL", help="Where an archive in PostgreSQL keeps its originals."),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--from", metavar="DIR|URL", help="An archive to copy, all of it.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Make an empty archive, or a copy of another; one that is there already stays as it is.

    --archive may name a folder or postgresql://USER@HOST/DATABASE, an empty
    database; its originals then go to --objects, a folder or an address like
    s3://bucket/originals, which it remembers.

    --from copies an archive, from SQLite to PostgreSQL or any other way, as it
    stands at that moment, even while an ingest writes to it: a backup. What
    arrived is compared with what was sent, by count and by hash.

    \b
    Example:
      guidang init --archive /backup/2026-11-24 --from ./reports
    """
    from archive.archive import Archive

    if source is not None:
        _copy(source, archive, objects, quiet)
        return
    with Archive.open(archive, create=True, objects=objects) as opened:
        if not quiet:
            talk(f"archive ready: {opened.location}")


@app.command()
def upgrade(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Bring an archive of an older version up to date.

    The search index is made anew from the text that was read. An upgrade that is
    stopped half-way leaves the archive as it was.

    \b
    Example:
      guidang upgrade --archive ./reports
    """
    from archive.archive import Archive
    from console.progress import meter

    with meter(quiet) as told:
        before, after = Archive.upgrade(archive, told)
    if not quiet:
        talk(f"schema {before} → {after}; search index made anew")


@app.command()
def doctor(archive: ArchiveOption = DEFAULT_ARCHIVE, form: FormatOption = Format.TABLE) -> None:
    """Say what is missing or doubtful here, and what to do about it.

    Looks at the installation, the machine and where the archive is or will be.
    Exit code 1: something is `bad`; what says `warn` works, but not as it should.

    \b
    Example:
      guidang doctor --archive ./reports
    """
    from archive.export import layouts as export
    from console.views import documents as display

    try:
        from ingest.diagnostics.doctor import diagnose
    except ImportError as error:  # the very thing a doctor is called for
        raise GuidangError(f"a part is missing ({error}): run `make install` again") from error
    found = [(part.name, part.verdict, part.found, part.remedy) for part in diagnose(archive)]
    records = [dict(zip(export.CHECK_COLUMNS, one, strict=True)) for one in found]
    _deliver(records, form, export.CHECKS, lambda: [display.checks(found)])
    if missing := [name for name, verdict, *_ in found if verdict == "bad"]:
        raise GuidangError(f"not ready: {', '.join(missing)}")


@organs_app.command("list")
def list_organs(
    archive: ArchiveOption = DEFAULT_ARCHIVE, organ: OrganOption = None, form: FormatOption = Format.TABLE
) -> None:
    """List the organs with the names that reports print, and the years of their reports.

    \b
    Example:
      guidang organs list --organ 水务局
    """
    from archive.archive import Archive
    from archive.export import organ_layouts
    from console.views import organs

    with Archive.open(archive) as opened:
        names = [one for one in opened.organs() if not organ or organ in one.organ or organ in one.written]
    _deliver(names, form, organ_layouts.ORGANS, lambda: [organs.organs(names)])
    named = [one for one in names if one.written]
    talk(f"{len({one.organ for one in named})} organs under {len(named)} names")


@organs_app.command("suggest")
def suggest_organs(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    score: Annotated[int, typer.Option(min=1, max=100, help="Only from this score up.")] = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """Suggest names that may mean one organ, with the grounds; nothing is linked.

    \b
    Example:
      guidang organs suggest --score 80
    """
    from archive.archive import Archive
    from archive.export import organ_layouts
    from console.views import organs

    with Archive.open(archive) as opened:
        found = [one for one in opened.suggest_organs() if one.score >= score]
    _deliver(found, form, organ_layouts.SUGGESTIONS, lambda: [organs.suggestions(found)] if found else [])
    talk(f"{len(found)} suggestions; `guidang organs link WRITTEN ORGAN` links those that are right")


@organs_app.command("link")
def link_organs(
    names: Annotated[list[str], typer.Argument(metavar="WRITTEN... ORGAN", help="The last is the organ.")],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Say that names in reports mean one organ.

    Kept with who ($GUIDANG_WHO, else the login name) and when.

    \b
    Example:
      guidang organs link 清河县水利局 清河县水务局
    """
    from archive.archive import Archive

    *written, organ = names
    if not written:
        raise UsageError("give the names as reports print them, then the organ that they mean")
    with Archive.open(archive, write=True) as opened:
        new = opened.link(written, organ)
        printed = {one.written for one in opened.organs() if one.reports}
    for name in (*new, organ):
        if name not in printed:
            talk(f"note: no report prints {name}")
    talk(f"{len(new)} names linked to {organ}, {len(set(written)) - len(new)} were already")


@organs_app.command("unlink")
def unlink_organs(
    names: Annotated[list[str], typer.Argument(metavar="WRITTEN...", help="Names that mean another organ.")],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Let names mean nothing but themselves again.

    \b
    Example:
      guidang organs unlink 清河县水利局
    """
    from archive.archive import Archive

    with Archive.open(archive, write=True) as opened:
        opened.unlink(names)
    talk(f"{len(set(names))} names unlinked")


@organs_app.command("load")
def load_organs(
    file: ListArgument,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    whole: Annotated[
        bool, typer.Option("--whole", help="The list is all there is: drop organs that are not on it.")
    ] = False,
) -> None:
    """Take organs, regions, supervisors and other names from a list.

    For an organ on the list, the list is right: names that it no longer gives are
    unlinked. How a list is written: docs/coverage.md.

    \b
    Example:
      guidang organs load county.toml --whole
    """
    from archive.archive import Archive
    from archive.organs import organ_list_file

    with _told_by_line(), Archive.open(archive, write=True) as opened:
        done = opened.load_organs(organ_list_file.read(file), whole)
    for word, changed in (("linked", done.linked), ("unlinked", done.unlinked), ("dropped", done.dropped)):
        if changed:
            talk(f"{word}: {'、'.join(changed)}")
    talk(f"{done.organs} organs loaded")


@organs_app.command("export")
def export_organs(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    printed: Annotated[
        bool, typer.Option("--printed", help="Also the names that reports print and nobody listed.")
    ] = False,
    output: Annotated[Path | None, typer.Option(help="File to write instead of stdout.")] = None,
) -> None:
    """Write the organs and their names as a list, to be edited and loaded again.

    \b
    Example:
      guidang organs export --printed --output organs.toml
    """
    from archive.archive import Archive

    with Archive.open(archive) as opened, streams.data_stream(output) as stream:
        stream.write(opened.organ_list(printed))


@forms_app.command("list")
def list_forms() -> None:
    """List the forms that are known: the shipped ones and those of $GUIDANG_FORMS.

    \b
    Example:
      GUIDANG_FORMS=./forms guidang forms list
    """
    from console.views import documents as display
    from reconcile.forms.registry import forms

    streams.show([display.forms(forms().values())])


@forms_app.command("check")
def check_form(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A form file (YAML).")],
) -> None:
    """Check a form file; every problem is one line, FILE:LINE: what is wrong.

    Exit code 2 if there is any. docs/forms.md says how a form is written.

    \b
    Example:
      guidang forms check forms/village.yaml
    """
    from reconcile.forms import registry
    from reconcile.forms.parser import FormError

    try:
        form = registry.check_form(file)
    except FormError as error:
        for one in error.problems:
            streams.show([f"{file}:{one.line}: {one.message}"])
        raise UsageError(f"{len(error.problems)} problems in {file}") from None
    talk(
        f"form {form.name} is sound: {len(form.tables)} tables, {form.n_values} values, "
        f"{len(form.relations)} relations"
    )


def _copy(source: str, archive: str, objects: str | None, quiet: bool) -> None:
    """Copy an archive, and say what arrived."""
    from archive.archive import Archive
    from console.progress import meter

    with (
        Archive.open(source) as theirs,
        Archive.open(archive, create=True, objects=objects, alone=True) as ours,
        meter(quiet) as told,
    ):
        copied = ours.take_over(theirs, told)
        place, origin = ours.location, theirs.location
    if not quiet:
        for table, count in copied.rows.items():
            talk(f"{count:>12,}  {table:<14} same")
        talk(f"{copied.originals:>12,}  originals      same")
        talk(f"archive ready: {place}, a copy of {origin}")
    if copied.damaged:
        raise ArchiveDamaged(
            f"{len(copied.damaged)} originals are damaged in {origin} and are not in the copy: "
            "`guidang verify` names them"
        )


def _deliver(
    records: Iterable[Any], form: Format, layout: Layout, as_table: Callable[[], Iterable[RenderableType]]
) -> None:
    """Print records in the wanted format."""
    from archive.export.csv_json import WRITERS

    if form is Format.TABLE:
        streams.show(as_table())
        return
    with streams.data_stream(None) as stream:
        WRITERS[form](records, layout, stream)


def _print_object(told: Mapping[str, Any]) -> None:
    """Print one JSON object on a line."""
    with streams.data_stream(None) as stream:
        stream.write(json.dumps(told, ensure_ascii=False) + "\n")


def _counted(records: Iterable[T], what: str, total: Callable[[], int], output: Path | None) -> Iterator[T]:
    """The records, counted on stderr unless they are seen going by on the terminal."""
    from console.progress import counted

    return counted(records, what, total, shown=output is not None or not sys.stdout.isatty())


def _known_flag(name: str | None, *others: str) -> str | None:
    """The flag as given. Raises UsageError for one that no value can have."""
    if name is None:
        return None
    from reconcile.model import Flag

    return _known(name, (*Flag, *others), "flag")


def _known_states(names: list[str] | None) -> list[str] | None:
    """The states as given. Raises UsageError for one that no value can have."""
    if names is None:
        return None
    from reconcile.model import State

    return [_known(name, State, "state") for name in names]


def _known(name: str, names: Iterable[str], what: str) -> str:
    known = tuple(names)
    if name not in known:
        raise UsageError(f"no {what} {name!r}; {what}s are {', '.join(known)}")
    return name


def _doubts_wanted(
    opened: Archive,
    document: str | None,
    organ: str | None,
    year: int | None,
    table: str | None,
    flag: str | None,
    limit: int | None,
    everything: bool = False,
) -> Wanted:
    from archive.records import PEOPLES_FLAGS
    from archive.values.facts import FactFilter
    from archive.values.review_queue import Wanted

    named = opened.find(document) if document else None
    known = _known_flag(flag, *PEOPLES_FLAGS)
    chosen = FactFilter(document=named, table=table, year=year, organ=organ, flag=known)
    return Wanted(chosen, limit, everything)


def _judge(
    archive: str,
    document: str,
    value: str,
    kind: str,
    note: str,
    who: str | None,
    raw: str | None = None,
    state: str | None = None,
) -> None:
    """Keep one verdict, and say in a line what was kept."""
    from archive.archive import Archive
    from archive.records import Printed, Said, VerdictKind
    from archive.values import reviewer, verdicts
    from console.views import review as cards

    said = Printed(state, "", "") if state else None if raw is None else verdicts.printed(raw)
    with Archive.open(archive, write=True) as opened:
        given = Said(VerdictKind(kind), reviewer.who(who), note, said)
        kept = opened.judge(opened.find(document), value, given)
    talk(f"{kept.key}: {cards.said(kept)}")


def _pictured(opened: Archive, doubt: Doubt) -> Path | None:
    """The picture of a value, shown at once where the terminal can."""
    from console.inline_images import inline
    from ingest.rendering.page_pictures import draw_value

    try:
        picture = draw_value(opened, doubt)
    except (UnreadableDocument, OSError) as error:  # the value can be judged without
        talk(f"no picture: {error}")
        return None
    if picture and sys.stdout.isatty() and (shown := inline(picture)):
        sys.stdout.write(shown)
    return picture


def _is_on_the_command_line(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _sum_up(summary: Summary, place: object) -> None:
    """What a batch did, in numbers that add up, and where to look next."""
    rate = summary.pages / summary.seconds if summary.seconds else 0.0
    for name, trouble in summary.unkept:
        talk(f"not kept   {name}: {trouble}")
    talk(
        f"found      {summary.found} documents: {summary.new} new, {summary.duplicate} kept before, "
        f"{len(summary.unkept)} not to be had; {summary.passed_over} other files passed over"
    )
    talk(
        f"read       {summary.archived} archived, {summary.failed} failed, "
        f"{summary.quarantined} quarantined, {summary.pending} still pending"
    )
    talk(f"pages      {summary.pages} in {summary.seconds:.1f} s ({rate:.2f} pages/s)")
    talk(f"to check   {summary.flagged} flagged values (`guidang facts --where needs_review=1`)")
    talk(f"archive    {place}")


def _tallied(found: Iterable[T], counts: Counter[str], field: str = "outcome") -> Iterator[T]:
    """The records as they come, what their field says counted."""
    for one in found:
        counts[getattr(one, field)] += 1
        yield one


def _deliver_night(night: Night, form: Format) -> None:
    """Print the night's summary; say by the exit code whether somebody must look."""
    from ingest.crawl import nightly as crawler

    if form is Format.TABLE:
        streams.show(crawler.summary(night))
    else:
        with streams.data_stream(None) as stream:
            stream.write(crawler.summary_as_json(night))
    if night.grave:
        raise BatchIncomplete(f"{night.grave} alarms; the summary says what they are")
    _complain_of(night.read["failed"], night.read["quarantined"])


def _complain_of(failed: int, quarantined: int) -> None:
    """End with exit code 3 if documents could not be read."""
    if failed or quarantined:
        also = f", {quarantined} are quarantined" if quarantined else ""
        raise BatchIncomplete(f"{failed} documents failed{also}; `guidang failures` says why")


@contextmanager
def _told_by_line() -> Iterator[None]:
    """Tell every problem of a list on a line of its own before the command ends."""
    from archive.organs.organ_list_file import ListError

    try:
        yield
    except ListError as error:
        for problem in error.problems:
            talk(problem)
        raise
