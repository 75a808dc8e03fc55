"""`guidang crawl`: visit government sites once, keep what is new and read it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from console.delivery import deliver, print_object
from console.exits import GO_ON, complain_of, interrupt_says
from console.options import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    Format,
    FormatOption,
    LogOption,
    MetricsOption,
    WhoOption,
)
from console.output import show
from core.errors import BatchIncomplete, UsageError
from core.streams import talk

if TYPE_CHECKING:
    from archive.crawl.crawl_memory import CrawlMemory
    from archive.crawl.records import Acknowledgement
    from ingest.crawl.nightly import NightSummary


class RoundOrCommand(TyperGroup):
    """`guidang crawl SITES.toml` is a round, with options before and after it; `guidang crawl ack` is not."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the command that is named, else of a round."""
        named = self.commands.get(args[0]) if args else None
        if named is None:
            return super().make_context(info_name, args, parent, **extra)
        return named.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)


app = typer.Typer(
    cls=RoundOrCommand,
    invoke_without_command=True,
    rich_markup_mode=None,
    # Options may stand behind SITES.toml.
    context_settings={"allow_interspersed_args": True},
    subcommand_metavar="",
)


@app.callback()
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
    Exit code 3: there are alarms, documents that could not be read, or, of --check, places that
    may hide reports. 5: another round runs.

    \b
    Example:
      guidang crawl SITES.toml --until 06:00 --archive ./reports
      guidang crawl --check https://www.example.gov.cn/
    """
    if check is not None:
        _look_at(sites, check, log, form, quiet)
        return
    if sites is None:
        raise UsageError("name SITES.toml, or a site to look at with --check")
    if form is Format.CSV:
        raise UsageError(
            "a night's summary is a table or JSON; `guidang changes --format csv` lists what came"
        )
    from console.crawl_progress import crawl_progress
    from console.progress import reporter
    from ingest.crawl.nightly import Listeners, NightOptions, run_night

    wishes = NightOptions(
        tuple(site or ()),
        until=until.time() if until else None,
        any_hour=once,
        read=read,
        workers=workers,
        log=log,
        metrics=metrics,
    )
    listeners = Listeners(crawl=partial(crawl_progress, quiet), reading=partial(reporter, quiet))
    with interrupt_says(GO_ON):
        night = run_night(sites, archive, wishes, listeners)
    _deliver_night(night, form)


def _look_at(sites: Path | None, wanted: str, log: str | None, form: Format, quiet: bool) -> None:
    """Print what a first round would take of a site."""
    from console.crawl_progress import crawl_progress
    from console.views import crawl_dry_run
    from ingest.crawl.nightly import check_site
    from ingest.crawl.reporting.dry_run import LAYOUT, MISSES

    found = check_site(sites, wanted, log, partial(crawl_progress, quiet))
    deliver(found, form, LAYOUT, lambda: crawl_dry_run.looked_at(found))
    if missed := sum(one.taken == MISSES for one in found):
        raise BatchIncomplete(f"{missed} places may hide reports; what to write into SITES.toml stands above")


def _deliver_night(night: NightSummary, form: Format) -> None:
    """Print the night's summary; say by the exit code whether somebody must look."""
    from console.views import crawl_night
    from ingest.crawl import nightly

    if form is Format.TABLE:
        show(crawl_night.summary(night))
    else:
        print_object(nightly.as_json(night))
    if night.grave:
        raise BatchIncomplete(f"{night.grave} alarms; the summary says what they are")
    complain_of(night.read["failed"], night.read["quarantined"])


@app.command()
def ack(
    site: Annotated[
        str, typer.Argument(metavar="SITE", help="The site, by its name in SITES.toml.", show_default=False)
    ] = "",
    alarm: Annotated[
        str,
        typer.Argument(metavar="ALARM", help="Only alarms of this kind (short_list …).", show_default=False),
    ] = "",
    until: Annotated[
        datetime | None,
        typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="The last day on which it holds."),
    ] = None,
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why nobody has to look.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take it back.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Show what was acknowledged.")] = False,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    who: WhoOption = None,
) -> None:
    """Say that alarms of a site are known: until a day they are shown, and no longer end a round with code 3.

    It holds for the kinds of alarms that the site has now, as severe as they are now: one of
    another kind, or a worse one, is raised as before. Kept with who ($GUIDANG_WHO, else the login name).

    \b
    Example:
      guidang crawl ack 清河县水务局 short_list --until 2026-12-31 --note 旧系统，已电话核实
      guidang crawl ack --list
      guidang crawl ack 清河县水务局 --withdraw
    """
    if listed:
        _list(archive, site)
    elif not site:
        raise UsageError("name a site, or see what was acknowledged with --list")
    elif withdraw:
        _withdraw(archive, site, alarm)
    elif until is None or until.date() < datetime.now().astimezone().date():
        raise UsageError("say with --until which day it holds to, today or later")
    else:
        _acknowledge(archive, site, alarm, until.date().isoformat(), note, who)


def _list(archive: str, site: str) -> None:
    from archive.archive import Archive
    from console.views import crawl as views

    with Archive.open(archive) as opened:
        known = opened.crawl.history.acknowledgements()
    known = [one for one in known if site in ("", one.site)]
    show(views.acknowledgements(known))
    talk(f"{len(known)} acknowledged")


def _withdraw(archive: str, site: str, alarm: str) -> None:
    from archive.archive import Archive

    with Archive.open(archive, write=True) as opened:
        gone = opened.crawl.withdraw(site, alarm)
    if not gone:
        raise UsageError(f"nothing of {site!r} was acknowledged" + (f" as {alarm!r}" if alarm else ""))
    talk(f"withdrawn: {_kinds(gone)}")


def _acknowledge(archive: str, site: str, alarm: str, until: str, note: str, named: str | None) -> None:
    from archive.archive import Archive
    from archive.reviewer import who

    person = who(named)
    with Archive.open(archive, write=True) as opened:
        given = _given(opened.crawl, site, alarm, until, note, person)
        opened.crawl.acknowledge(given)
    talk(f"acknowledged until {until}: {_kinds(given)}")


def _given(
    memory: CrawlMemory, site: str, alarm: str, until: str, note: str, who: str
) -> list[Acknowledgement]:
    from archive.crawl.acknowledgements import of_alarms
    from archive.db.text_values import timestamp

    raised = memory.history.alarms_now(site)
    if not raised and (others := memory.history.alarmed_sites()):
        raise UsageError(f"{site!r} has no alarms; sites that have some: {', '.join(others)}")
    return of_alarms(raised, site, alarm, until, note, who, timestamp(datetime.now(UTC)))


def _kinds(said: list[Acknowledgement]) -> str:
    return ", ".join(f"{one.kind} (up to {one.severity})" for one in said)
