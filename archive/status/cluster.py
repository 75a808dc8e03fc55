"""What goes on at a PostgreSQL archive: its workers, what waits in the queue, and what was done of late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select, text
from sqlmodel import col

from archive.db.job_queue import DOCUMENTS, SCHEMA, Priority
from archive.db.schema import PageRow, RunRow
from archive.db.text_values import timestamp

LATELY = timedelta(hours=1)

WORKERS = f"""
SELECT worker.name, worker.host, worker.slots,
    extract(epoch FROM now() - alive.last_heartbeat)::float AS silent,
    coalesce(array_agg(job.args ->> 'document' ORDER BY job.id) FILTER (WHERE job.id IS NOT NULL), '{{}}')
FROM {SCHEMA}.worker worker
JOIN {SCHEMA}.procrastinate_workers alive ON alive.id = worker.id
LEFT JOIN {SCHEMA}.procrastinate_jobs job
    ON job.worker_id = worker.id AND job.status = 'doing' AND job.queue_name = '{DOCUMENTS}'
GROUP BY worker.id, worker.name, worker.host, worker.slots, alive.last_heartbeat ORDER BY worker.id
"""
QUEUE = f"""
SELECT status::text, priority, count(*) FROM {SCHEMA}.procrastinate_jobs
WHERE queue_name = '{DOCUMENTS}' GROUP BY status, priority ORDER BY priority DESC, status
"""


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker; `silent` are the seconds since its last sign of life, `reads` the sha256 it is at."""

    name: str
    host: str
    slots: int
    silent: float
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many jobs are in a state (`todo`, `doing`) with a priority: `crawl`, `ingest` or `retry`."""

    state: str
    priority: str
    jobs: int


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """Workers, jobs, and the attempts that ended within the last hour, by outcome, with their pages."""

    workers: tuple[Worker, ...]
    queue: tuple[Waiting, ...]
    lately: dict[str, int]
    pages: int


def cluster_status(connection: Connection) -> ClusterStatus:
    """What goes on at this moment."""
    lately = col(RunRow.finished) >= timestamp(datetime.now(UTC) - LATELY)
    ended = select(col(RunRow.outcome), func.count()).where(lately).group_by(col(RunRow.outcome))
    pages = (
        select(func.count()).join_from(PageRow, RunRow, col(PageRow.run_id) == col(RunRow.id)).where(lately)
    )
    return ClusterStatus(
        tuple(_worker(*row) for row in connection.execute(text(WORKERS))),
        tuple(_waiting(connection)),
        {outcome: count for outcome, count in connection.execute(ended.order_by(col(RunRow.outcome)))},  # noqa: C416
        connection.execute(pages).scalar_one(),
    )


def _worker(name: str, host: str, slots: int, silent: float, reads: list[str]) -> Worker:
    return Worker(name, host, slots, silent, tuple(reads))


def _waiting(connection: Connection) -> Iterator[Waiting]:
    counts: Counter[tuple[str, str]] = Counter()
    for state, priority, jobs in connection.execute(text(QUEUE)):
        counts[state, _named(priority)] += jobs
    yield from (Waiting(state, name, jobs) for (state, name), jobs in counts.items())


def _named(priority: int) -> str:
    """What was given at first: deaths have taken something off."""
    return min((one for one in Priority if one >= priority), default=Priority.CRAWL).name.lower()
