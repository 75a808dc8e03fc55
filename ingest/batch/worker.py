"""A worker: reads what waits in the queue of a PostgreSQL archive, beside any number of others.

procrastinate hands out the jobs, one a document, and tells whose worker is alive.
What a job does (ingest/batch/jobs.py) can be done twice, so a worker may die at any point,
and another one takes up what it left.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import procrastinate
from croniter import croniter
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker as Runner

from archive.archive import Archive
from archive.db.job_queue import DOCUMENTS, SCHEMA
from core.errors import ArchiveUnavailable, UsageError
from core.streams import talk
from ingest.batch.jobs import CHORES, CrawlProcess, ReadOne, add_crawl, add_reading, add_rescue
from ingest.monitoring.batch_counts import BatchCounts
from ingest.monitoring.batch_metrics import fill_archive, fill_batch
from ingest.monitoring.batch_monitor import watching
from ingest.monitoring.metrics_exposition import LOOPBACK, served
from ingest.reading.outcomes import DocumentOutcome, heard_by
from ingest.reading.recording import run_of
from ingest.reading.thread_pool import ReaderThreads

# Before a database that went away is asked for again, in seconds.
_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class WorkerIntervals:
    """How often a worker looks for jobs and shows that it lives, in seconds; when it looks for dead ones."""

    poll: float = 5.0
    heartbeat: float = 10.0
    silent: float = 60.0
    rescue: str = "* * * * *"


@dataclass(frozen=True, slots=True)
class WorkerLoop:
    """What a worker does: `slots` documents at a time, until the queue is empty or a signal comes.

    `crawl` is begun by one of the workers that have it whenever `at`, a cron line in UTC, says so.
    Its documents are told in a `log`; metrics go into the file `prom` and to whoever asks at `listen`,
    a port of this machine or `ADDRESS:PORT`.
    """

    location: str
    name: str
    slots: int
    until_empty: bool = False
    crawl: tuple[str, ...] = ()
    at: str = ""
    log: str | None = None
    prom: Path | None = None
    listen: str | None = None
    quiet: bool = False
    pace: WorkerIntervals = field(default_factory=WorkerIntervals)


def run_worker(wanted: WorkerLoop, read_one: ReadOne | None = None) -> None:
    """Read documents until there are none, or until SIGTERM or SIGINT; what is under way is finished.

    A database that goes away is waited for.

    Raises:
        UsageError: the archive is in a folder, or a setting makes no sense.
        ArchiveUnavailable: it cannot be used from the beginning, or is not of this program.
    """
    _check_cron(wanted.at)
    for library in ("procrastinate", "psycopg.pool"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    say = _say_nothing if wanted.quiet else talk
    began = False
    while True:
        try:
            with ExitStack() as held:
                post = _take_post(wanted, read_one, held)
                if not began:
                    say(_introduction(wanted, post.archive))
                began = True
                if asyncio.run(_serve(post, wanted)):
                    say(f"{wanted.name}: {_summed(post.tally)}")
                    return
        except (ArchiveUnavailable, ConnectorException) as error:
            if not began:
                raise
            talk(f"{wanted.name}: {' '.join(str(error).split())} Waiting for the database.")
        time.sleep(_PAUSE)


def _say_nothing(text: str) -> None:
    """What a quiet worker says."""


@dataclass(frozen=True, slots=True)
class _Post:
    """What a worker works with until its database goes away."""

    archive: Archive
    queue: str
    read_one: ReadOne
    tally: BatchCounts


def _take_post(wanted: WorkerLoop, read_one: ReadOne | None, held: ExitStack) -> _Post:
    """Open the archive and what tells of the work; `held` lets go of it all."""
    archive = held.enter_context(Archive.open(wanted.location, write=True))
    queue = _address(archive)
    reader = read_one or held.enter_context(ReaderThreads(wanted.slots))
    tally = held.enter_context(watching(archive, "worker", wanted.log, wanted.prom))
    if not wanted.quiet:
        held.enter_context(heard_by(partial(_say, wanted.name)))
    if wanted.listen:
        address, _, port = wanted.listen.rpartition(":")
        fills = partial(fill_batch, tally), partial(fill_archive, archive)
        held.enter_context(served(_number(port), *fills, address=address or LOOPBACK))
    return _Post(archive, queue, reader, tally)


def _check_cron(line: str) -> None:
    if line and not croniter.is_valid(line):
        raise UsageError(f"{line!r} is no time for a crawl: write a cron line in UTC, like '0 14 * * *'")


def _number(port: str) -> int:
    if not port.isdecimal():
        raise UsageError(f"{port!r} is no port: write 9108 or 0.0.0.0:9108")
    return int(port)


def _introduction(wanted: WorkerLoop, archive: Archive) -> str:
    waiting = archive.status.counts().documents.get("pending", 0)
    end = "until nothing waits" if wanted.until_empty else "until TERM or Ctrl-C"
    return f"{wanted.name}: reading {wanted.slots} at a time at {archive.location} {end}; {waiting:,} wait"


def _say(name: str, one: DocumentOutcome) -> None:
    """A line about a document, as a log of `guidang ingest` has."""
    what = f"{one.stage}: {one.reason}" if one.reason else f"{one.pages} pages, {one.flagged} to review"
    talk(f"{name}: {one.outcome:<11} {one.document[:12]}  {one.source}  {what}")


def _summed(tally: BatchCounts) -> str:
    counts = ", ".join(f"{tally.documents[one]} {one}" for one in tally.outcomes())
    return f"{counts}; {tally.pages} pages"


def _address(archive: Archive) -> str:
    if archive.location.home:
        raise UsageError("an archive in a folder has no workers: `guidang ingest` reads what is pending")
    archive.queue.check()
    return archive.location.database.set(drivername="postgresql").render_as_string(hide_password=False)


async def _serve(post: _Post, wanted: WorkerLoop) -> bool:
    """Serve until asked to stop (then True) or until the database is lost."""
    loop, archive = asyncio.get_running_loop(), post.archive
    loop.set_default_executor(ThreadPoolExecutor(wanted.slots + 4))
    archive.queue.rescue(run_of(0.0), wanted.pace.silent)
    crawl = CrawlProcess(wanted.crawl, wanted.location)
    app = _app(post, wanted, crawl)
    async with app.open_async():
        documents, chores = _runner(app, wanted, DOCUMENTS), _runner(app, wanted, CHORES)
        asked = _stop_on_signals(loop, wanted.name, documents, chores, crawl)
        beside = [
            asyncio.create_task(chores.run()),  # type: ignore[no-untyped-call]
            asyncio.create_task(_introduce(documents, archive, wanted)),
        ]
        if wanted.until_empty:
            beside.append(asyncio.create_task(_stop_when_empty(documents, archive, wanted)))
        try:
            await documents.run()  # type: ignore[no-untyped-call]
        finally:
            chores.stop()  # type: ignore[no-untyped-call]
            crawl.stop()
            for task in beside[1:]:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
    return asked.is_set() or wanted.until_empty


def _app(post: _Post, wanted: WorkerLoop, crawl: CrawlProcess) -> procrastinate.App:
    """The jobs that a worker does, on a connection to the queue."""
    connector = procrastinate.PsycopgConnector(
        conninfo=post.queue, kwargs={"options": f"-c search_path={SCHEMA}"}, min_size=1, max_size=2
    )
    app = procrastinate.App(connector=connector)
    add_reading(app, post.archive, wanted.name, post.read_one)
    add_rescue(app, post.archive, wanted.name, wanted.pace.rescue, wanted.pace.silent)
    if wanted.crawl:
        add_crawl(app, crawl, wanted.at)
    return app


def _runner(app: procrastinate.App, wanted: WorkerLoop, queue: str) -> Runner:
    return Runner(
        app,
        [queue],
        name=wanted.name,
        concurrency=wanted.slots if queue == DOCUMENTS else 2,
        fetch_job_polling_interval=wanted.pace.poll,
        # A hundred workers that are all woken by every new job would mostly find it gone.
        listen_notify=False,
        delete_jobs="always",
        install_signal_handlers=False,
        update_heartbeat_interval=wanted.pace.heartbeat,
        stalled_worker_timeout=wanted.pace.silent,
    )


def _stop_on_signals(
    loop: asyncio.AbstractEventLoop, name: str, documents: Runner, chores: Runner, crawl: CrawlProcess
) -> asyncio.Event:
    """Take nothing new after SIGTERM or SIGINT; the event tells that one came."""
    asked = asyncio.Event()

    def ask() -> None:
        talk(f"{name}: finishing what is under way, taking nothing new")
        asked.set()
        crawl.stop()
        for runner in (documents, chores):
            runner.stop()  # type: ignore[no-untyped-call]

    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, ask)
    return asked


async def _stop_when_empty(runner: Runner, archive: Archive, wanted: WorkerLoop) -> None:
    """Stop a worker that has nothing to do, also not again: procrastinate would not wait for retries."""
    while runner.worker_id is None:
        await asyncio.sleep(0.05)
    while await asyncio.to_thread(archive.queue.has_work, runner.worker_id):
        await asyncio.sleep(min(wanted.pace.poll, 1.0))
    runner.stop()  # type: ignore[no-untyped-call]


async def _introduce(runner: Runner, archive: Archive, wanted: WorkerLoop) -> None:
    """Tell `guidang status` who the worker is, as soon as it has a number."""
    while runner.worker_id is None:
        await asyncio.sleep(0.05)
    host = socket.gethostname()
    await asyncio.to_thread(archive.queue.work_as, runner.worker_id, wanted.name, host, wanted.slots)
