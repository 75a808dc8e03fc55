"""The command line: parse, call once, render; errors become exit codes in `main`.

Data goes to stdout, talk to stderr. Heavy packages are imported inside the
commands that need them, so that a search answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive import terminal
from archive.terminal import talk
from ocr.errors import ArchiveDamaged, BatchIncomplete, GuidangError, UnreadableDocument, UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from archive import Archive, Doubt, Wanted
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

review_app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(review_app, name="review")


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
    CORRECTIONS = "corrections"


ArchiveOption = Annotated[
    str, typer.Option("--archive", metavar="DIR", envvar="GUIDANG_ARCHIVE", help="Folder of the archive.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print it.")]
YearOption = Annotated[int | None, typer.Option(help="Only reports on this year.")]
OrganOption = Annotated[str | None, typer.Option(help="Only organs whose name contains this.")]
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
WhoOption = Annotated[
    str | None, typer.Option(envvar="GUIDANG_WHO", help="Who says so; by default the login name.")
]


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
    kind: Annotated[Export, typer.Argument(metavar="facts|tables|text|corrections", help="What to export.")],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    form: Annotated[
        FileFormat | None, typer.Option("--format", help="csv for facts and corrections, else json.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="File to write instead of stdout.")] = None,
) -> None:
    """Write all values, all tables, the text of all pages, or everything people said of values.

    \b
    Example:
      guidang export facts --format csv --output facts.csv
    """
    from archive import Archive
    from archive.export import FACTS, TABLES, TEXT, WRITERS
    from archive.review_layouts import VERDICTS

    a_row_each = kind in (Export.FACTS, Export.CORRECTIONS)
    chosen = form or (FileFormat.CSV if a_row_each else FileFormat.JSON)
    with Archive.open(archive) as opened, terminal.data_stream(output) as stream:
        wanted: dict[Export, tuple[Iterable[object], Layout]] = {
            Export.FACTS: (opened.facts(), FACTS),
            Export.TABLES: (opened.tables(), TABLES),
            Export.TEXT: (opened.pages(), TEXT),
            Export.CORRECTIONS: (opened.verdicts(), VERDICTS),
        }
        records, layout = wanted[kind]
        WRITERS[chosen](records, layout, stream)


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
    from archive import Again, Archive, cards
    from archive.progress import reporter
    from archive.review_layouts import CHANGES
    from ingest import Rerun
    from reconcile.statutory import forms
    from reconcile.threshold import review_below

    if bool(documents) == (everything or flagged or older_than is not None):
        raise UsageError(
            "say what to read again: either documents, or --all, --flagged, --older-than VERSION"
        )
    # A setting that is wrong should stop the batch here, not every document in it.
    forms()
    review_below()
    with Archive.open(archive, write=True) as opened, reporter(quiet) as listener:
        chosen = opened.to_read_again(Again(tuple(documents or ()), flagged, older_than))
        run = Rerun(opened, chosen, listener, workers)
        try:
            _deliver(run, form, CHANGES, lambda: (line for one in run for line in cards.changes(one)))
        except KeyboardInterrupt:
            talk("stopped; what was not read again keeps its older reading")
            raise typer.Exit(INTERRUPTED) from None
    counts = run.counts
    talk(f"read again {counts['archived']} documents, {counts['failed']} failed")
    talk(f"changed    {counts['changed']} values, {counts['flagged otherwise']} more in their flags only")
    talk(f"against what people said: {counts['contradicted']} values (`guidang review` shows them first)")
    if counts["failed"]:
        raise BatchIncomplete(f"{counts['failed']} documents failed; their older readings stand")


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
    from archive import Archive, verdicts, walk

    if not sys.stdin.isatty():
        raise UsageError(
            "a walk needs a terminal: use `guidang review list`, and accept, correct, anomaly, note or undo"
        )
    with Archive.open(archive) as opened:
        wanted = _doubts_wanted(opened, document, organ, year, table, flag, limit)
        names = [(doubt.fact.document, doubt.key) for doubt in opened.doubts(wanted)]
        talk(f"{opened.count_doubts(wanted)} values to look at; you are {(name := verdicts.who(who))}")
        tour = walk.Walk(opened, names, name, input, terminal.show, lambda doubt: _pictured(opened, doubt))
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
    from archive import Archive, cards
    from archive.review_layouts import DOUBTS

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
    from archive import Archive, walk

    with Archive.open(archive) as opened:
        doubt = walk.look(opened, opened.find(document), value)
        picture = _pictured(opened, doubt) if doubt else None
    if picture is None:
        raise UsageError(f"{document} has no place where {value} is printed")
    terminal.show([str(picture)])


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
    from archive import Archive, display
    from archive.review_layouts import VERDICTS

    with Archive.open(archive) as opened:
        found = opened.verdicts(opened.find(document) if document else None)
        _deliver(found, form, VERDICTS, lambda: [display.verdicts(found)])


@app.command()
def verify(archive: ArchiveOption = DEFAULT_ARCHIVE) -> None:
    """Check every original, the database and the index.

    Exit code 4 if anything is damaged; each problem is printed with a remedy.

    \b
    Example:
      guidang verify --archive ./reports
    """
    from archive import Archive

    with Archive.open(archive) as opened:
        found = opened.verify()
    terminal.show([*found.problems, *found.notes])
    if found.problems:
        raise ArchiveDamaged(f"{len(found.problems)} problems in {archive}")
    talk(f"{found.originals} originals, the database and the search index are sound")


@app.command()
def init(archive: ArchiveOption = DEFAULT_ARCHIVE) -> None:
    """Make an empty archive; one that is there already stays as it is.

    \b
    Example:
      guidang init --archive ./reports
    """
    from archive import Archive

    with Archive.open(archive, create=True) as opened:
        talk(f"archive ready: {opened.location}")


@app.command()
def upgrade(archive: ArchiveOption = DEFAULT_ARCHIVE) -> None:
    """Bring an archive of an older version up to date.

    The search index is made anew from the text that was read.

    \b
    Example:
      guidang upgrade --archive ./reports
    """
    from archive import Archive

    before, after = Archive.upgrade(archive)
    talk(f"schema {before or 'none'} → {after}; search index made anew")


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


def _known_flag(name: str | None, *others: str) -> str | None:
    """The flag as given. Raises UsageError for one that no value can have."""
    if name is None:
        return None
    from reconcile.model import Flag

    known = (*Flag, *others)
    if name not in known:
        raise UsageError(f"no flag {name!r}; flags are {', '.join(known)}")
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
    from archive import FactFilter, Wanted
    from archive.records import PEOPLES_FLAGS

    named = opened.find(document) if document else None
    chosen = FactFilter(document=named, table=table, year=year, organ=organ)
    return Wanted(chosen, _known_flag(flag, *PEOPLES_FLAGS), limit, everything)


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
    from archive import Archive, Printed, Said, VerdictKind, cards, verdicts

    said = Printed(state, "", "") if state else None if raw is None else verdicts.printed(raw)
    with Archive.open(archive, write=True) as opened:
        given = Said(VerdictKind(kind), verdicts.who(who), note, said)
        kept = opened.judge(opened.find(document), value, given)
    talk(f"{kept.key}: {cards.said(kept)}")


def _pictured(opened: Archive, doubt: Doubt) -> Path | None:
    """The picture of a value, shown at once where the terminal can."""
    from archive.inline import inline
    from ingest import draw_value

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
    talk(f"read       {summary.archived} archived, {summary.failed} failed, {summary.pending} still pending")
    talk(f"pages      {summary.pages} in {summary.seconds:.1f} s ({rate:.2f} pages/s)")
    talk(f"to check   {summary.flagged} flagged values (`guidang facts --where needs_review=1`)")
    talk(f"archive    {place}")
