"""A worker: reads what waits in the queue of a PostgreSQL archive, beside any number of others.

procrastinate hands out the jobs, one a document, and tells whose worker is alive.
What a job does can be done twice: a document that is settled is not read again. So
a worker may die at any point, and another one takes up what it left.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import procrastinate
from croniter import croniter
from procrastinate.exceptions import ConnectorException
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker as Runner

from archive import Archive
from archive.patience import patiently
from archive.queue import DOCUMENTS, READ, SCHEMA
from archive.terminal import talk
from ingest.concluded import DIED, Concluded, heard_by
from ingest.concluding import conclude, run_of
from ingest.disposable import Readers
from ingest.metrics import LOOPBACK, served
from ingest.observing import Tally, fill_archive, watching
from ingest.pipeline import Outcome
from ingest.reading import Found
from ocr.errors import ArchiveDamaged, ArchiveUnavailable, GuidangError, UnreadableDocument, UsageError

CHORES = "chores"
ReadOne = Callable[[Path], Outcome]
# Seconds before a job is tried again that another process has, or that the archive could not take.
_SOON = 15
# Before a database that went away is asked for again, in seconds.
_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker looks for jobs and shows that it lives, in seconds; when it looks for dead ones."""

    poll: float = 5.0
    heartbeat: float = 10.0
    silent: float = 60.0
    rescue: str = "* * * * *"


@dataclass(frozen=True, slots=True)
class Work:
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
    pace: Pace = field(default_factory=Pace)


class _TryAgain(BaseRetryStrategy):
    """A job that could not be done waits a little; none is ever given up while its document waits."""

    def get_retry_decision(self, *, exception: BaseException, job: Any) -> RetryDecision:
        if isinstance(exception, _BehindOthersError):
            return RetryDecision(retry_in={"seconds": 0}, priority=job.priority - 1)
        return RetryDecision(retry_in={"seconds": _SOON})


class _NotNowError(Exception):
    """A job has to be done later."""


class _BehindOthersError(Exception):
    """A document ended its child, and is tried again behind those that came with it."""


def work(wanted: Work, read_one: ReadOne | None = None) -> None:
    """Read documents until there are none, or until SIGTERM or SIGINT; what is under way is finished.

    A database that goes away is waited for.

    Raises:
        UsageError: the archive is in a folder, or a setting makes no sense.
        ArchiveUnavailable: it cannot be used from the beginning, or is not of this program.
    """
    _check_cron(wanted.at)
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    began = False
    while True:
        try:
            with ExitStack() as held:
                archive = held.enter_context(Archive.open(wanted.location, write=True))
                uri = _address(archive)
                reader = read_one or held.enter_context(Readers(wanted.slots))
                tally = held.enter_context(watching(archive, "worker", wanted.log, wanted.prom))
                if not wanted.quiet:
                    held.enter_context(heard_by(partial(_say, wanted.name)))
                if wanted.listen:
                    address, _, port = wanted.listen.rpartition(":")
                    fills = tally.fill, partial(fill_archive, archive)
                    held.enter_context(served(_number(port), *fills, address=address or LOOPBACK))
                if not (began or wanted.quiet):
                    talk(_introduction(wanted, archive))
                began = True
                if asyncio.run(_serve(archive, uri, wanted, reader)):
                    if not wanted.quiet:
                        talk(f"{wanted.name}: {_summed(tally)}")
                    return
        except (ArchiveUnavailable, ConnectorException) as error:
            if not began:
                raise
            talk(f"{wanted.name}: {' '.join(str(error).split())} Waiting for the database.")
        time.sleep(_PAUSE)


def _check_cron(line: str) -> None:
    if line and not croniter.is_valid(line):
        raise UsageError(f"{line!r} is no time for a crawl: write a cron line in UTC, like '0 14 * * *'")


def _number(port: str) -> int:
    if not port.isdecimal():
        raise UsageError(f"{port!r} is no port: write 9108 or 0.0.0.0:9108")
    return int(port)


def _introduction(wanted: Work, archive: Archive) -> str:
    waiting = archive.status().documents.get("pending", 0)
    end = "until nothing waits" if wanted.until_empty else "until TERM or Ctrl-C"
    return f"{wanted.name}: reading {wanted.slots} at a time at {archive.location} {end}; {waiting:,} wait"


def _say(name: str, one: Concluded) -> None:
    """A line about a document, as a log of `guidang ingest` has."""
    what = f"{one.stage}: {one.reason}" if one.reason else f"{one.pages} pages, {one.flagged} to review"
    talk(f"{name}: {one.outcome:<11} {one.document[:12]}  {one.source}  {what}")


def _summed(tally: Tally) -> str:
    counts = ", ".join(f"{tally.documents[one]} {one}" for one in tally.outcomes())
    return f"{counts}; {tally.pages} pages"


def _address(archive: Archive) -> str:
    if archive.location.home:
        raise UsageError("an archive in a folder has no workers: `guidang ingest` reads what is pending")
    archive.check_queue()
    return archive.location.database.set(drivername="postgresql").render_as_string(hide_password=False)


async def _serve(archive: Archive, uri: str, wanted: Work, read_one: ReadOne) -> bool:
    """Serve until asked to stop (then True) or until the database is lost."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(wanted.slots + 4))
    archive.rescue(run_of(0.0), wanted.pace.silent)
    connector = procrastinate.PsycopgConnector(
        conninfo=uri, kwargs={"options": f"-c search_path={SCHEMA}"}, min_size=1, max_size=2
    )
    app, rounds = procrastinate.App(connector=connector), _Rounds(wanted.crawl, wanted.location)
    _add_tasks(app, archive, wanted, read_one, rounds)
    async with app.open_async():
        documents, chores = _runner(app, wanted, DOCUMENTS), _runner(app, wanted, CHORES)
        asked = _stop_on_signals(loop, wanted.name, documents, chores, rounds)
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
            rounds.stop()
            for task in beside[1:]:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
    return asked.is_set() or wanted.until_empty


def _runner(app: procrastinate.App, wanted: Work, queue: str) -> Runner:
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
    loop: asyncio.AbstractEventLoop, name: str, documents: Runner, chores: Runner, rounds: _Rounds
) -> asyncio.Event:
    """Take nothing new after SIGTERM or SIGINT; the event tells that one came."""
    asked = asyncio.Event()

    def ask() -> None:
        talk(f"{name}: finishing what is under way, taking nothing new")
        asked.set()
        rounds.stop()
        for runner in (documents, chores):
            runner.stop()  # type: ignore[no-untyped-call]

    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, ask)
    return asked


async def _stop_when_empty(runner: Runner, archive: Archive, wanted: Work) -> None:
    """Stop a worker that has nothing to do, also not again: procrastinate would not wait for retries."""
    while runner.worker_id is None:
        await asyncio.sleep(0.05)
    while await asyncio.to_thread(archive.has_work, runner.worker_id):
        await asyncio.sleep(min(wanted.pace.poll, 1.0))
    runner.stop()  # type: ignore[no-untyped-call]


async def _introduce(runner: Runner, archive: Archive, wanted: Work) -> None:
    """Tell `guidang status` who the worker is, as soon as it has a number."""
    while runner.worker_id is None:
        await asyncio.sleep(0.05)
    host = socket.gethostname()
    await asyncio.to_thread(archive.work_as, runner.worker_id, wanted.name, host, wanted.slots)


def _add_tasks(
    app: procrastinate.App, archive: Archive, wanted: Work, read_one: ReadOne, rounds: _Rounds
) -> None:
    """What jobs there are: reading a document, looking for dead workers, the nightly crawl."""

    @app.task(name=READ, queue=DOCUMENTS, retry=_TryAgain())
    def read(document: str) -> None:
        try:
            _read(archive, document, read_one)
        except GuidangError as error:
            talk(f"{wanted.name}: {document[:12]} waits: {error}")
            raise

    @app.periodic(cron=wanted.pace.rescue)
    @app.task(name="rescue", queue=CHORES, queueing_lock="rescue")
    def rescue(timestamp: int) -> None:
        for document, status in archive.rescue(run_of(0.0), wanted.pace.silent):
            talk(f"{wanted.name}: {document[:12]} was under way when its worker died; it is {status}")

    if wanted.crawl:
        app.periodic(cron=wanted.at)(
            app.task(name="crawl", queue=CHORES, queueing_lock="crawl")(rounds.run),
        )


def _read(archive: Archive, document: str, read_one: ReadOne) -> None:
    """Read a document if it waits still.

    Raises _NotNowError if another process has it, _BehindOthersError if it is to be tried again.
    """
    waiting = archive.pending([document])
    if not waiting:
        return
    if not archive.claim(document):
        if archive.pending([document]):
            raise _NotNowError
        return
    try:
        # What cost minutes to read is stored even if the database is restarted at that moment.
        found = _found(archive, document, read_one)
        concluded = patiently(partial(conclude, archive, waiting[0], found), _may_pass)
    finally:
        archive.release(document)
    if concluded.outcome == DIED:
        raise _BehindOthersError


def _may_pass(error: Exception) -> bool:
    return isinstance(error, ArchiveUnavailable)


def _found(archive: Archive, document: str, read_one: ReadOne) -> Found:
    """What reading a document gives, or why it gives nothing."""
    try:
        return read_one(archive.readable(document))
    except ArchiveDamaged as error:
        return UnreadableDocument("damaged", str(error))
    except UnreadableDocument as error:
        return error


class _Rounds:
    """The crawl that this worker runs, in a process of its own, so that it can be stopped."""

    def __init__(self, command: tuple[str, ...], location: str) -> None:
        self._command = command
        # Not among the arguments, which everybody on the machine may read: it may hold a password.
        self._environment = {**os.environ, "GUIDANG_ARCHIVE": location}
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, timestamp: int) -> None:
        """Run a round; how it ended stands in its summary and in the archive."""
        self._process = subprocess.Popen(self._command, env=self._environment)
        self._process.wait()

    def stop(self) -> None:
        """End a round that is under way; the next one goes on with it."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
