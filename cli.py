"""The command line: parse, call once, render; errors become exit codes in `main`.

Data goes to stdout, talk to stderr. Heavy packages are imported inside the
commands that need them, so that a search answers at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive import terminal
from archive.terminal import talk
from ocr.errors import ArchiveDamaged, BatchIncomplete, GuidangError, UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from archive.export import Layout
    from ingest import Summary

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


class Format(StrEnum):
    """How data is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class FileFormat(StrEnum):
    """How data is exported."""

    CSV = "csv"
    JSON = "json"


class Export(StrEnum):
    """What is exported."""

    FACTS = "facts"
    TABLES = "tables"
    TEXT = "text"


ArchiveOption = Annotated[
    str, typer.Option("--archive", metavar="DIR", envvar="GUIDANG_ARCHIVE", help="Folder of the archive.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print it.")]
YearOption = Annotated[int | None, typer.Option(help="Only reports on this year.")]
OrganOption = Annotated[str | None, typer.Option(help="Only organs whose name contains this.")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit code, which is that of the error class if it fails."""
    terminal.prepare_streams()
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
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Keep, read and archive reports.

    Every original is kept by its hash before it is read. Whatever was stopped
    goes on when the same command is given again. Exit code 3: some documents failed.

    \b
    Example:
      guidang ingest scans/ more.zip --archive ./reports
    """
    from archive import Archive
    from archive.progress import reporter
    from ingest import ingest_paths
    from reconcile.statutory import forms
    from reconcile.threshold import review_below

    # A setting that is wrong should stop the batch here, not every document in it.
    forms()
    review_below()
    with Archive.open(archive, create=bool(paths), write=True) as opened, reporter(quiet) as listener:
        try:
            summary = ingest_paths(paths or [], opened, workers=workers, report=listener)
        except KeyboardInterrupt:
            talk("stopped; give the same command again to go on")
            raise typer.Exit(INTERRUPTED) from None
    if not quiet:
        _sum_up(summary, opened.location)
    if summary.failed:
        raise BatchIncomplete(f"{summary.failed} documents failed; `guidang failures` says why")


@app.command()
def status(archive: ArchiveOption = DEFAULT_ARCHIVE) -> None:
    """Count what is archived, flagged, pending and failed.

    \b
    Example:
      guidang status --archive ./reports
    """
    from archive import Archive, display

    with Archive.open(archive) as opened:
        terminal.show(display.status(opened.status()))


@app.command()
def failures(archive: ArchiveOption = DEFAULT_ARCHIVE, form: FormatOption = Format.TABLE) -> None:
    """List the documents that could not be read, and why.

    \b
    Example:
      guidang failures --format csv
    """
    from archive import Archive, display, export

    with Archive.open(archive) as opened:
        found = opened.failures()
    _deliver(found, form, export.FAILURES, lambda: [display.failures(found)] if found else [])
    talk(f"{len(found)} documents failed")


@app.command()
def retry(
    documents: Annotated[
        list[str] | None, typer.Argument(metavar="[DOCUMENT]...", help="All failed ones if not given.")
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Set failed documents to pending again.

    `guidang ingest` then reads them.

    \b
    Example:
      guidang retry 3fa9c1
    """
    from archive import Archive

    with Archive.open(archive, write=True) as opened:
        count = opened.retry([opened.find(name) for name in documents] if documents else None)
    talk(f"{count} documents are pending again; `guidang ingest` reads them")


@app.command()
def search(
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="Words; all must occur on a page.")],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    year: YearOption = None,
    organ: OrganOption = None,
    form: Annotated[str | None, typer.Option(help="Only reports with a table of this form.")] = None,
    flag: Annotated[str | None, typer.Option(help="Only reports with this flag.")] = None,
    row: Annotated[str | None, typer.Option(help="Only reports with this row (and flagged in it).")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many pages to show.")] = 20,
    output: FormatOption = Format.TABLE,
) -> None:
    """Find pages by what is printed on them.

    Every word must occur on the page; one character is enough. Full- and
    half-width forms find each other; words and numbers match by their beginning.
    Put several words in quotation marks to find them one after the other.

    \b
    Example:
      guidang search 行政复议 --year 2023 --flag source_anomaly
    """
    from archive import Archive, SearchFilter, display, export

    wanted = SearchFilter(year, organ, form, _known_flag(flag), row)
    with Archive.open(archive) as opened:
        found = opened.search(" ".join(query), wanted, limit)
    _deliver(found.hits, output, export.HITS, lambda: display.hits(found.hits))
    talk(f"{len(found.hits)} of {found.total} pages")


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
    from archive import Archive, display

    with Archive.open(archive) as opened:
        view = opened.document(document)
        if page is not None and page > len(view.pages):
            raise UsageError(
                f"{document} has {len(view.pages)} pages that were read; there is no page {page}"
            )
        if image or stages:
            from ingest import draw_page, save_stages

            if image:
                terminal.show([str(draw_page(opened, view.document, page or 1))])
            if stages:
                terminal.show(map(str, save_stages(opened, view.document, page or 1, stages)))
        else:
            terminal.show(display.document(view) if page is None else display.page(view, page))


@app.command()
def facts(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    table: Annotated[str | None, typer.Option(help="Key of a table: proactive, requests, review.")] = None,
    row: Annotated[str | None, typer.Option(help="Key of a row, like new or refused.3.")] = None,
    column: Annotated[str | None, typer.Option(help="Key of a column, like total.")] = None,
    year: YearOption = None,
    organ: OrganOption = None,
    where: Annotated[
        list[str] | None, typer.Option(help="A condition like 'value>100'; all given must hold.")
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List values of the forms over all reports.

    \b
    Example:
      guidang facts --table requests --row new --column total --where 'value>100'
    """
    from archive import Archive, FactFilter, display, export

    wanted = FactFilter(None, table, row, column, year, organ, tuple(where or ()))
    with Archive.open(archive) as opened:
        found = opened.facts(wanted)
        _deliver(found, form, export.FACTS, lambda: [display.facts(islice(found, LONGEST_TABLE))])
        if form is Format.TABLE and any(True for _ in found):
            talk(f"only the first {LONGEST_TABLE} are shown; --format csv gives all")


@app.command()
def export(
    kind: Annotated[Export, typer.Argument(metavar="facts|tables|text", help="What to export.")],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    form: Annotated[FileFormat | None, typer.Option("--format", help="csv for facts, else json.")] = None,
    output: Annotated[Path | None, typer.Option(help="File to write instead of stdout.")] = None,
) -> None:
    """Write all values, all tables or the text of all pages.

    \b
    Example:
      guidang export facts --format csv --output facts.csv
    """
    from archive import Archive
    from archive.export import FACTS, TABLES, TEXT, WRITERS

    chosen = form or (FileFormat.CSV if kind is Export.FACTS else FileFormat.JSON)
    with Archive.open(archive) as opened, terminal.data_stream(output) as stream:
        wanted: dict[Export, tuple[Iterable[object], Layout]] = {
            Export.FACTS: (opened.facts(), FACTS),
            Export.TABLES: (opened.tables(), TABLES),
            Export.TEXT: (opened.pages(), TEXT),
        }
        records, layout = wanted[kind]
        WRITERS[chosen](records, layout, stream)


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
    from archive import Archive, display, export
    from archive.progress import meter
    from archive.subset import EVERYTHING, Subset

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
    database; its originals then go to --objects, which it remembers.

    --from copies an archive, from SQLite to PostgreSQL or any other way, as it
    stands at that moment, even while an ingest writes to it: a backup. What
    arrived is compared with what was sent, by count and by hash.

    \b
    Example:
      guidang init --archive /backup/2026-11-24 --from ./reports
    """
    from archive import Archive

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
    from archive import Archive
    from archive.progress import meter

    with meter(quiet) as told:
        before, after = Archive.upgrade(archive, told)
    if not quiet:
        talk(f"schema {before} → {after}; search index made anew")


@app.command()
def doctor(archive: ArchiveOption = DEFAULT_ARCHIVE) -> None:
    """Say what is missing, and how to get it.

    \b
    Example:
      guidang doctor
    """
    from archive import display

    try:
        from ingest import diagnose
    except ImportError as error:  # the very thing a doctor is called for
        raise GuidangError(f"a part is missing ({error}): run `make install` again") from error
    found = [(part.name, part.ok, part.detail, part.remedy) for part in diagnose(Path(archive))]
    terminal.show([display.checks(found)])
    if missing := [name for name, ok, *_ in found if not ok]:
        raise GuidangError(f"not ready: {', '.join(missing)}")


@forms_app.command("list")
def list_forms() -> None:
    """List the forms that are known: the shipped ones and those of $GUIDANG_FORMS.

    \b
    Example:
      GUIDANG_FORMS=./forms guidang forms list
    """
    from archive import display
    from reconcile.statutory import forms

    terminal.show([display.forms(forms().values())])


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
    from reconcile import statutory
    from reconcile.formfile import FormError

    try:
        form = statutory.check_form(file)
    except FormError as error:
        for one in error.problems:
            terminal.show([f"{file}:{one.line}: {one.message}"])
        raise UsageError(f"{len(error.problems)} problems in {file}") from None
    talk(
        f"form {form.name} is sound: {len(form.tables)} tables, {form.n_values} values, "
        f"{len(form.relations)} relations"
    )


def _copy(source: str, archive: str, objects: str | None, quiet: bool) -> None:
    """Copy an archive, and say what arrived."""
    from archive import Archive
    from archive.progress import meter

    with (
        Archive.open(source) as theirs,
        Archive.open(archive, create=True, objects=objects) as ours,
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
    from archive.export import WRITERS

    if form is Format.TABLE:
        terminal.show(as_table())
        return
    with terminal.data_stream(None) as stream:
        WRITERS[form](records, layout, stream)


def _known_flag(name: str | None) -> str | None:
    """The flag as given. Raises UsageError for one that no value can have."""
    if name is None:
        return None
    from reconcile.model import Flag

    if name not in set(Flag):
        raise UsageError(f"no flag {name!r}; flags are {', '.join(Flag)}")
    return name


def _sum_up(summary: Summary, place: object) -> None:
    """What a batch did, in numbers that add up, and where to look next."""
    rate = summary.pages / summary.seconds if summary.seconds else 0.0
    for name, trouble in summary.unkept:
        talk(f"not kept   {name}: {trouble}")
    talk(
        f"found      {summary.found} documents: {summary.new} new, {summary.duplicate} kept before, "
        f"{len(summary.unkept)} not to be had; {summary.passed_over} other files passed over"
    )
    talk(f"read       {summary.archived} archived, {summary.failed} failed, {summary.pending} still pending")
    talk(f"pages      {summary.pages} in {summary.seconds:.1f} s ({rate:.2f} pages/s)")
    talk(f"to check   {summary.flagged} flagged values (`guidang facts --where needs_review=1`)")
    talk(f"archive    {place}")
