"""`guidang ingest`: keep, read and archive reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.exits import GO_ON, Interrupted, complain_of, interrupt_says
from console.options import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    LogOption,
    MetricsOption,
    QuietOption,
    WorkersOption,
)
from core.errors import UsageError
from core.streams import talk

if TYPE_CHECKING:
    from archive.archive import Archive
    from ingest.batch.batch import BatchSummary, ProgressListener
    from ingest.reading.process_pool import ProcessPool


def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", exists=True, help="Files, folders, zips; none: what is pending."),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    workers: WorkersOption = None,
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
    quiet: QuietOption = False,
) -> None:
    """Keep, read and archive reports.

    Every original is kept by its hash before it is read. Whatever was stopped
    goes on when the same command is given again. A document that ends the process
    which reads it is tried again later, and quarantined after three times. Single pages
    whose names and print follow each other are gathered to one report. Ctrl-C finishes
    what is under way, a second one stops at once. Exit code 3: some documents failed.

    \b
    Example:
      guidang ingest scans/ more.zip --archive ./reports
      guidang ingest --watch /srv/scanner --time 18:00
    """
    from ingest.reading.dispatch import early_child
    from ingest.reading.stopping import StopRequest, ending
    from reconcile.forms.registry import check_settings

    check_settings()
    if watch and not (paths and all(path.is_dir() for path in paths)):
        raise UsageError("only folders can be watched: name those that files are dropped into")
    stop = StopRequest(None if span is None else ending(span, datetime.now().astimezone()), limit)
    early = nullcontext() if defer else early_child(workers)
    with _opened(early, archive, bool(paths), log, metrics, quiet) as (opened, listener, children):
        from ingest.batch.batch import ingest_paths
        from ingest.batch.gathering import gather_proved

        if watch and not quiet:
            talk(f"watching {', '.join(map(str, paths or ()))}; Ctrl-C ends it")
        summary = ingest_paths(
            paths or [],
            opened,
            workers=workers,
            report=listener,
            stop=stop,
            watch=watch,
            defer=defer,
            children=children,
        )
        gathered = Counter[str]()
        if summary.taken and not (summary.stopped or summary.pending):
            gathered = gather_proved(opened, listener, summary.taken, workers=workers, until=stop.until)
    if not quiet:
        _sum_up(summary, gathered, opened.location)
        if summary.pending and not summary.stopped:
            readers = "`guidang worker`" if defer and not opened.location.home else "`guidang ingest`"
            talk(f"{summary.pending} documents wait; {readers} goes on with them")
    if summary.stopped:
        raise Interrupted(GO_ON)
    complain_of(summary.failed + gathered["failed"], summary.quarantined + gathered["quarantined"])


@contextmanager
def _opened(
    early: AbstractContextManager[ProcessPool | None],
    archive: str,
    create: bool,
    log: str | None,
    metrics: Path | None,
    quiet: bool,
) -> Iterator[tuple[Archive, ProgressListener, ProcessPool | None]]:
    """Open the archive, and tell of the batch, while the `early` child makes itself ready."""
    with interrupt_says(GO_ON), early as children:
        from archive.archive import Archive
        from console.progress import reporter
        from ingest.monitoring.batch_monitor import watching

        with (
            Archive.open(archive, create=create, write=True) as opened,
            watching(opened, "ingest", log, metrics),
            reporter(quiet) as listener,
        ):
            yield opened, listener, children


def _sum_up(summary: BatchSummary, gathered: Counter[str], place: object) -> None:
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
    if gathered["gathered"]:
        talk(
            f"gathered   {gathered['gathered']} reports of {gathered['pages']} single pages, whose names and "
            "print prove it (`guidang reports list`)"
        )
    flagged = summary.flagged - gathered["settled"] + gathered["flagged"]
    talk(f"to check   {flagged} flagged values (`guidang facts --where needs_review=1`)")
    talk(f"archive    {place}")
