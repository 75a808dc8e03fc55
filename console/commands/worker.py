"""`guidang worker`: read what waits in the queue of an archive in PostgreSQL."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from console.options import DEFAULT_ARCHIVE, ArchiveOption, LogOption, MetricsOption, QuietOption


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
    quiet: QuietOption = False,
) -> None:
    """Read what waits in the queue of an archive in PostgreSQL, beside any number of other workers.

    SIGTERM or Ctrl-C: what is under way is finished, nothing new is begun. Of several
    workers with --crawl one begins the round. What a worker that died was reading is
    read by another; what ends three workers or readings in a row goes into quarantine.

    \b
    Example:
      guidang worker --archive postgresql://guidang@db.example.org/reports --workers 4
    """
    from ingest.batch.worker import WorkerLoop, run_worker
    from reconcile.forms.registry import check_settings

    check_settings()
    wanted = WorkerLoop(
        archive,
        name=name or f"worker-{os.getpid()}",
        slots=workers or os.cpu_count() or 1,
        until_empty=until_empty,
        crawl=_crawl_command(crawl) if crawl else (),
        at=at,
        log=log,
        prom=metrics,
        listen=listen,
        quiet=quiet,
    )
    run_worker(wanted)


def _crawl_command(sites: Path) -> tuple[str, ...]:
    """A round that leaves the reading to workers; the archive is named by $GUIDANG_ARCHIVE."""
    start = "import sys, cli; sys.exit(cli.main())"
    crawl = ("crawl", str(sites), "--no-read", "--quiet")
    return (sys.executable, "-c", start, *crawl)
