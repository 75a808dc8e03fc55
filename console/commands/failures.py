"""`guidang failures` and `guidang retry`: what could not be read, and reading it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.delivery import deliver
from console.options import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    FailedDocumentsArgument,
    Format,
    FormatOption,
    LogOption,
)
from core.errors import ArchiveDamaged, UsageError
from core.streams import talk

if TYPE_CHECKING:
    from archive.archive import Archive


def failures(
    documents: FailedDocumentsArgument = None,
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
    from archive.export.columns import problem_columns
    from console.views import documents as view

    if originals and report is None:
        raise UsageError("--with-originals is for --export FILE.zip")
    if report is not None and form is not Format.TABLE:
        raise UsageError("a zip for a bug report has no --format")
    with Archive.open(archive) as opened:
        chosen = {opened.documents.find(name) for name in documents or ()}
        found = [one for one in opened.documents.failures() if not documents or one.document in chosen]
        if report is not None:
            _report_failures(opened, [one.document for one in found], report, originals)
            return
    deliver(found, form, problem_columns.FAILURES, lambda: [view.failures(found)] if found else [])
    talk(f"{len(found)} documents failed")


def retry(
    documents: FailedDocumentsArgument = None,
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
        chosen = [opened.documents.find(name) for name in documents] if documents else None
        count = opened.documents.retry(chosen)
        told.info("retry", archive=str(opened.location), pending_again=count, chosen=chosen or "all")
    talk(f"{count} documents are pending again; `guidang ingest` reads them")


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
