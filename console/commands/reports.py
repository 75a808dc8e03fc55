"""`guidang reports`: the reports in documents, and people's last word on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from console.delivery import deliver
from console.filters import known, report_of
from console.options import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    DocumentArgument,
    Format,
    FormatOption,
    NoteOption,
    OrganOption,
    QuietOption,
    WhoOption,
    YearOption,
)
from core.errors import BatchIncomplete, UsageError
from core.streams import talk

if TYPE_CHECKING:
    from archive.archive import Archive

app = typer.Typer(
    help="The reports in a document: organ, year, title, pages. What you say stands, whatever is read later.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ReportArgument = Annotated[
    str, typer.Argument(metavar="DOCUMENT[:PART]", help="A document, or a report in it, like 3fa9c1:2.")
]


@app.command("list")
def list_reports(
    document: Annotated[
        str | None, typer.Argument(metavar="[DOCUMENT]", help="All documents if not given.")
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    organ: OrganOption = None,
    year: YearOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the reports with their pages, who reported on which year, and how sure that is.

    A name in brackets is only a hint of the file's name or address: nothing answers by it.

    \b
    Example:
      guidang reports list 3fa9c1
    """
    from archive.archive import Archive
    from archive.export.columns.report_columns import REPORTS
    from console.views import reports as view

    with Archive.open(archive) as opened:
        digest = opened.documents.find(document) if document else None
        found = [
            one
            for one in opened.reports.listed(digest)
            if (organ is None or organ in one.organ) and year in (None, one.year)
        ]
    deliver(found, form, REPORTS, lambda: [view.reports(found)])
    talk(f"{len(found)} reports in {len({one.document for one in found})} documents")


@app.command("set")
def set_report(
    document: ReportArgument,
    organ: Annotated[str | None, typer.Option(help="Who reports; '' for nobody knows.")] = None,
    year: Annotated[int | None, typer.Option(min=1949, max=2100, help="On which year.")] = None,
    title: Annotated[str | None, typer.Option(help="Its title.")] = None,
    note: NoteOption = "",
    who: WhoOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Say who reported on which year; it answers at once and survives every later reading.

    \b
    Example:
      guidang reports set 3fa9c1:2 --organ 清河县水务局 --year 2023
    """
    from archive import reviewer
    from archive.archive import Archive
    from archive.reports.records import ReportNaming

    with Archive.open(archive, write=True) as opened:
        report = report_of(opened, document)
        opened.reports.name(report, ReportNaming(organ, year, title), reviewer.who(who), note)
        _tell(opened, report.document, report.part)


@app.command()
def split(
    document: DocumentArgument,
    at: Annotated[list[int], typer.Option(min=1, metavar="PAGE", help="A report begins on this page.")],
    note: NoteOption = "",
    who: WhoOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    quiet: QuietOption = False,
) -> None:
    """Say on which pages further reports begin; the document is read again at once.

    \b
    Example:
      guidang reports split 3fa9c1 --at 5 --at 9
    """
    from archive import reviewer

    def say(opened: Archive) -> str:
        digest = opened.documents.find(document)
        opened.reports.split(digest, at, reviewer.who(who), note)
        return digest

    _say_and_read_again(archive, say, quiet)


@app.command()
def join(
    document: ReportArgument,
    note: NoteOption = "",
    who: WhoOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    quiet: QuietOption = False,
) -> None:
    """Say that a document is one report, or with :PART that this part belongs to the one before it.

    The document is read again at once.

    \b
    Example:
      guidang reports join 3fa9c1:3
    """
    from archive import reviewer

    def say(opened: Archive) -> str:
        digest, part = opened.documents.find_report(document)
        opened.reports.join(digest, part, reviewer.who(who), note)
        return digest

    _say_and_read_again(archive, say, quiet)


@app.command()
def gather(
    documents: Annotated[
        list[str] | None,
        typer.Argument(metavar="DOCUMENT...", help="The files, in the order of their pages."),
    ] = None,
    proved: Annotated[
        bool, typer.Option("--proved", help="Whatever names and page numbers prove, as `ingest` does.")
    ] = False,
    volume: Annotated[
        bool, typer.Option("--volume", help="They are several reports, as they are read; else one.")
    ] = False,
    note: NoteOption = "",
    who: WhoOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    quiet: QuietOption = False,
) -> None:
    """Say that files are one document: scans of single pages, a web page and the tables attached to it.

    What they are together is read at once and answers; the files are set aside. `reports undo DOCUMENT
    members` takes it apart again.

    \b
    Example:
      guidang reports gather page-1.jpg page-2.jpg page-3.jpg
    """
    from archive import reviewer
    from archive.archive import Archive
    from archive.records import short
    from console.progress import reporter
    from ingest.batch.batch import read_pending
    from ingest.batch.gathering import gather_proved
    from reconcile.forms.registry import check_settings

    check_settings()
    if proved is bool(documents):
        raise UsageError("name the documents to gather, or give --proved")
    with Archive.open(archive, write=True) as opened:
        if not documents:
            with reporter(quiet) as listener:
                counts = gather_proved(opened, listener)
            talk(f"{counts['gathered']} documents gathered, {counts['archived']} of them read")
            return
        members = [opened.documents.find(name) for name in documents]
        whole = opened.documents.gather(members, reviewer.who(who), note, one_report=not volume).document
        with reporter(quiet) as listener:
            read = read_pending(opened, report=listener, only=[whole])
        if not read["archived"]:
            raise BatchIncomplete(
                f"{short(whole)}, gathered of {len(members)} documents, could not be read: they answer as "
                "before; `guidang failures` says why"
            )
        _tell(opened, whole, None)


@app.command()
def prefer(
    document: ReportArgument,
    note: NoteOption = "",
    who: WhoOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Say that of several readings of one report this one counts in sums and comparisons.

    \b
    Example:
      guidang reports prefer 3fa9c1:2
    """
    from archive import reviewer
    from archive.archive import Archive

    with Archive.open(archive, write=True) as opened:
        report = report_of(opened, document)
        opened.reports.prefer(report, reviewer.who(who), note)
        _tell(opened, report.document, report.part)


@app.command()
def undo(
    document: ReportArgument,
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="organ, year, title, preferred, borders or members.")
    ],
    note: NoteOption = "",
    who: WhoOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    quiet: QuietOption = False,
) -> None:
    """Take back what was last said; what was said before it stands again, else what is read.

    \b
    Example:
      guidang reports undo 3fa9c1:2 organ
    """
    from archive import reviewer
    from archive.archive import Archive
    from archive.records import ReportField, ReportName

    field = ReportField(known(what, ReportField, "field"))

    def take_back_borders(opened: Archive) -> str:
        digest, _ = opened.documents.find_report(document)
        opened.reports.take_back(ReportName(digest), field, reviewer.who(who), note)
        return digest

    if field is ReportField.MEMBERS:
        _take_apart(archive, document, reviewer.who(who), note)
        return
    if field is ReportField.BORDERS:
        _say_and_read_again(archive, take_back_borders, quiet)
        return
    with Archive.open(archive, write=True) as opened:
        report = report_of(opened, document)
        opened.reports.take_back(report, field, reviewer.who(who), note)
        _tell(opened, report.document, report.part)


@app.command()
def history(
    document: Annotated[
        str | None, typer.Argument(metavar="[DOCUMENT]", help="All documents if not given.")
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List everything that people said of reports, in order; nothing is ever taken out of it.

    \b
    Example:
      guidang reports history 3fa9c1 --format csv
    """
    from archive.archive import Archive
    from archive.export.columns.report_columns import REPORT_WORDS
    from console.views import reports as view

    with Archive.open(archive) as opened:
        found = list(opened.reports.history(opened.documents.find(document) if document else None))
    deliver(found, form, REPORT_WORDS, lambda: [view.words(found)])


def _tell(opened: Archive, document: str, part: int | None) -> None:
    """Say how the reports of a document stand."""
    from console.views import reports as view

    for report in opened.reports.listed(document):
        if part in (None, report.part):
            talk(view.line(report))


def _take_apart(archive: str, document: str, who: str, note: str) -> None:
    """Let the files that were gathered answer by themselves."""
    from archive.archive import Archive
    from archive.records import short

    with Archive.open(archive, write=True) as opened:
        digest = opened.documents.find(document)
        members = opened.documents.take_apart(digest, who, note)
        for member in members:
            _tell(opened, member, None)
        talk(f"{short(digest)} was taken apart: its {len(members)} documents answer by themselves")


def _say_and_read_again(archive: str, say: Callable[[Archive], str], quiet: bool) -> None:
    """Keep what a person says of where reports begin, and read the document by it.

    Where reading fails what was said stands, and the older reading answers until there is a newer one.
    """
    from archive.archive import Archive
    from archive.values.rerun_selection import RerunSelection
    from console.progress import reporter
    from ingest.batch.rerun import Rerun
    from reconcile.forms.registry import check_settings

    check_settings()
    with Archive.open(archive, write=True) as opened:
        digest = say(opened)
        with reporter(quiet) as listener:
            again = Rerun(opened, opened.values.to_read_again(RerunSelection((digest,))), listener)
            read = list(again)
        if not read:
            raise BatchIncomplete(
                f"{digest[:12]} could not be read again: its older reading stands until `guidang rerun` can"
            )
        _tell(opened, digest, None)
