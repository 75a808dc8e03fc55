"""`guidang rerun`: read documents again, and print what changed."""

from __future__ import annotations

from typing import Annotated

import typer

from console.delivery import deliver
from console.exits import interrupt_says
from console.options import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    Format,
    FormatOption,
    LogOption,
    MetricsOption,
    WorkersOption,
)
from core.errors import BatchIncomplete, UsageError
from core.streams import talk


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
    workers: WorkersOption = None,
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
    from archive.export.columns.review_columns import CHANGES
    from archive.values.rerun_selection import RerunSelection
    from console.progress import reporter
    from console.views import review as review_view
    from ingest.batch.rerun import Rerun
    from ingest.monitoring.batch_monitor import watching
    from reconcile.forms.registry import check_settings

    if bool(documents) == (everything or flagged or older_than is not None):
        raise UsageError(
            "say what to read again: either documents, or --all, --flagged, --older-than VERSION"
        )
    check_settings()
    with Archive.open(archive, write=True) as opened:
        chosen = opened.values.to_read_again(RerunSelection(tuple(documents or ()), flagged, older_than))
        with (
            interrupt_says("stopped; what was not read again keeps its older reading"),
            watching(opened, "rerun", log, metrics),
            reporter(quiet) as listener,
        ):
            run = Rerun(opened, chosen, listener, workers)
            deliver(run, form, CHANGES, lambda: (line for one in run for line in review_view.changes(one)))
    counts = run.counts
    failed = counts["failed"] + counts["quarantined"]
    talk(f"read again {counts['archived']} documents, {failed} failed")
    talk(f"changed    {counts['changed']} values, {counts['flagged otherwise']} more in their flags only")
    talk(f"against what people said: {counts['contradicted']} values (`guidang review` shows them first)")
    if failed:
        raise BatchIncomplete(f"{failed} documents failed; their older readings stand")
