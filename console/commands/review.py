"""`guidang review`: walk through the doubtful values, and say what is printed."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from console import delivery, filters
from console.delivery import deliver
from console.filters import report_of
from console.options import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    DocumentArgument,
    FlagOption,
    Format,
    FormatOption,
    LateArchiveOption,
    NoteOption,
    OrganOption,
    WhoOption,
    YearOption,
    archive_of,
    is_on_the_command_line,
)
from console.output import show
from core.errors import UsageError
from core.streams import talk

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.values.records import PrintedValue

app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
)

DocumentOption = Annotated[str | None, typer.Option(help="Only this document.")]
TableOption = Annotated[str | None, typer.Option(help="Only this table: proactive, requests, review.")]
ValueArgument = Annotated[
    str, typer.Argument(metavar="TABLE/ROW/COLUMN", help="Which value, like requests/new/total.")
]


@app.callback()
def review(
    context: typer.Context,
    archive: LateArchiveOption = DEFAULT_ARCHIVE,
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
        if given := [name for name in context.params if is_on_the_command_line(context, name)]:
            raise UsageError(f"--{given[0]} belongs behind `guidang review {context.invoked_subcommand}`")
        return
    from archive import reviewer
    from archive.archive import Archive
    from console import review_session

    if not sys.stdin.isatty():
        raise UsageError(
            "a walk needs a terminal: use `guidang review list`, and accept, correct, anomaly, note or undo"
        )
    with Archive.open(archive_of(context, archive)) as opened:
        wanted = filters.doubts(
            opened, document=document, organ=organ, year=year, table=table, flag=flag, limit=limit
        )
        names = [(doubt.fact.report, doubt.key) for doubt in opened.review.doubts(wanted)]
        name = reviewer.who(who)
        talk(f"{opened.review.count_doubts(wanted)} values to look at; you are {name}")
        tour = review_session.ReviewSession(
            opened, names, name, input, show, partial(review_session.picture_of, opened)
        )
        tour.run()
        talk(f"{tour.given} verdicts kept; {opened.review.count_doubts(wanted)} values are left")
        _tell_of_documents(opened)


def _tell_of_documents(opened: Archive) -> None:
    """Name the documents to look at as a whole, whatever values are wanted: they may have none."""
    from archive.records import short

    for report, found in opened.review.flagged_documents():
        talk(f"look at {short(str(report))} as a whole: {found.kind}, {found.message}")


@app.command("list")
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
    from archive.export.columns.review_columns import DOUBTS
    from console.views import review as view

    with Archive.open(archive) as opened:
        longest = delivery.LONGEST_TABLE if form is Format.TABLE else None
        wanted = filters.doubts(
            opened,
            document=document,
            organ=organ,
            year=year,
            table=table,
            flag=flag,
            limit=limit or longest,
            everything=everything,
        )
        deliver(
            opened.review.doubts(wanted), form, DOUBTS, lambda: [view.queue(opened.review.doubts(wanted))]
        )
        talk(f"{opened.review.count_doubts(wanted)} values{'' if everything else ' to look at'}")
        _tell_of_documents(opened)


@app.command()
def crop(document: DocumentArgument, value: ValueArgument, archive: ArchiveOption = DEFAULT_ARCHIVE) -> None:
    """Cut the row of a value out of its page, the value framed; print the picture's path.

    \b
    Example:
      guidang review crop 3fa9c1 requests/new/total
    """
    from archive.archive import Archive
    from console import review_session

    with Archive.open(archive) as opened:
        doubt = review_session.look(opened, report_of(opened, document), value)
        picture = review_session.picture_of(opened, doubt) if doubt else None
    if picture is None:
        raise UsageError(f"{document} has no place where {value} is printed")
    show([str(picture)])


@app.command()
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
    _judge(archive, document, value, "accept", note=note, who=who)


@app.command()
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
    from archive.values import verdicts
    from archive.values.records import PrintedValue

    printed = verdicts.printed(raw) if raw is not None else PrintedValue(states[0], "", "")
    _judge(archive, document, value, "correct", note=note, who=who, printed=printed)


@app.command()
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
    _judge(archive, document, value, "anomaly", note=note, who=who)


@app.command("note")
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
    _judge(archive, document, value, "note", note=text, who=who)


@app.command()
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
    _judge(archive, document, value, "undo", note=note, who=who)


@app.command()
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
    from archive.export.columns.review_columns import VERDICTS
    from console.views import review as view

    with Archive.open(archive) as opened:
        found = opened.review.verdicts(opened.documents.find(document) if document else None)
        deliver(found, form, VERDICTS, lambda: [view.verdicts(found)])


def _judge(
    archive: str,
    document: str,
    value: str,
    kind: str,
    *,
    note: str,
    who: str | None,
    printed: PrintedValue | None = None,
) -> None:
    """Keep one verdict, and say in a line what was kept."""
    from archive import reviewer
    from archive.archive import Archive
    from archive.records import VerdictKind
    from archive.values.records import VerdictInput
    from console.views import review as view

    with Archive.open(archive, write=True) as opened:
        given = VerdictInput(VerdictKind(kind), reviewer.who(who), note, printed)
        kept = opened.review.judge(report_of(opened, document), value, given)
    talk(f"{kept.key}: {view.said(kept)}")
