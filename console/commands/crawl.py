"""`guidang crawl`: visit government sites once, keep what is new and read it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.delivery import deliver, print_object
from console.exits import GO_ON, complain_of, interrupt_says
from console.options import DEFAULT_ARCHIVE, ArchiveOption, Format, FormatOption, LogOption, MetricsOption
from console.output import show
from core.errors import BatchIncomplete, UsageError

if TYPE_CHECKING:
    from ingest.crawl.nightly import NightSummary


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
    from ingest.crawl.reporting.dry_run import LAYOUT

    found = check_site(sites, wanted, log, partial(crawl_progress, quiet))
    deliver(found, form, LAYOUT, lambda: crawl_dry_run.looked_at(found))


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
