"""The queue of a PostgreSQL archive: a job for every document that waits to be read.

The tables are those of procrastinate, in a PostgreSQL schema of their own that the
archive's sessions do not see. Jobs are added in the transaction that makes their
document wait, and say nothing that the archive does not know: the queue is made
anew from the pending documents by `guidang upgrade`, like the search index.

Order of locks: the row of a document, then its job. So a worker that finds its
document settled cannot overlook a retry that is being written at that moment.
SQLite archives have one writer and no queue: everything here does nothing there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from sqlalchemy import Connection, text

from archive.db.engine import is_postgresql

SCHEMA = "guidang_queue"
DOCUMENTS = "documents"
READ = "read"

# Its functions find its tables whatever the search path of the session that calls them.
PIN_FUNCTIONS = f"""
DO $$ DECLARE made regprocedure; BEGIN
    FOR made IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = '{SCHEMA}'::regnamespace LOOP
        EXECUTE 'ALTER FUNCTION ' || made || ' SET search_path = {SCHEMA}';
    END LOOP;
END $$
"""
WORKERS = f"""
CREATE TABLE {SCHEMA}.worker (
    id BIGINT PRIMARY KEY REFERENCES {SCHEMA}.procrastinate_workers ON DELETE CASCADE,
    name TEXT NOT NULL, host TEXT NOT NULL, slots INTEGER NOT NULL, started TIMESTAMPTZ NOT NULL DEFAULT now()
)
"""
# Finished jobs are deleted, and what is left is looked up by its document.
BY_DOCUMENT = f"CREATE INDEX ix_worker_document ON {SCHEMA}.procrastinate_jobs ((args ->> 'document'))"

ADD = f"""
INSERT INTO {SCHEMA}.procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args)
SELECT '{DOCUMENTS}', '{READ}', :priority, sha256, jsonb_build_object('document', sha256)
FROM document WHERE status = 'pending' AND (CAST(:only AS text[]) IS NULL OR sha256 = ANY(:only))
ORDER BY id
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""
SETTLE = f"DELETE FROM {SCHEMA}.procrastinate_jobs WHERE queueing_lock = :document AND status = 'todo'"

# Under way, and the worker is gone or was silent for too long; the one that takes it holds it.
STALLED = f"""
SELECT job.id, job.args ->> 'document', coalesce(worker.name || ' on ' || worker.host, '')
FROM {SCHEMA}.procrastinate_jobs job
LEFT JOIN {SCHEMA}.procrastinate_workers alive ON alive.id = job.worker_id
LEFT JOIN {SCHEMA}.worker worker ON worker.id = alive.id
WHERE job.status = 'doing' AND job.queue_name = '{DOCUMENTS}'
AND (alive.id IS NULL OR alive.last_heartbeat < now() - make_interval(secs => :silent))
ORDER BY job.id LIMIT 1 OFFSET :passed FOR UPDATE OF job SKIP LOCKED
"""
PUT_BACK = f"""
UPDATE {SCHEMA}.procrastinate_jobs SET status = 'todo', worker_id = NULL, attempts = attempts + 1,
    priority = priority - 1
WHERE id = :job
AND NOT EXISTS (
    SELECT FROM {SCHEMA}.procrastinate_jobs WHERE status = 'todo' AND queueing_lock = :document
)
"""
DROP = f"DELETE FROM {SCHEMA}.procrastinate_jobs WHERE id = :job AND status = 'doing'"

LEFT = f"""
SELECT EXISTS (
    SELECT FROM {SCHEMA}.procrastinate_jobs WHERE queue_name = '{DOCUMENTS}'
    AND (status = 'doing' AND worker_id = :worker
        OR status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))
)
"""

WITHOUT_JOB = f"""
SELECT count(*) FROM document WHERE status = 'pending' AND NOT EXISTS (
    SELECT FROM {SCHEMA}.procrastinate_jobs job
    WHERE job.args ->> 'document' = sha256 AND job.status IN ('todo', 'doing')
)
"""


class Priority(IntEnum):
    """Which documents are read first; each death takes one off, so that one goes behind its like."""

    RETRY = 0
    INGEST = 10
    CRAWL = 20


@dataclass(frozen=True, slots=True)
class Stalled:
    """A job whose worker died, or was silent for long; `worker` is empty if nothing is known of it."""

    job: int
    document: str
    worker: str


def make(connection: Connection) -> None:
    """Make the queue, or make it anew, with a job for every pending document."""
    if not is_postgresql(connection):
        return
    tables = _tables()
    connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}"))
    # Straight to the driver: many statements at once, and their percent signs mean themselves.
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(tables)
    connection.execute(text("SET LOCAL search_path TO DEFAULT"))
    for statement in (PIN_FUNCTIONS, WORKERS, BY_DOCUMENT):
        connection.exec_driver_sql(statement)
    connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '{version()}'"))
    add(connection, None, Priority.INGEST)


def is_current(connection: Connection) -> bool:
    """Whether the queue is that of the installed procrastinate."""
    comment = text(f"SELECT obj_description(to_regnamespace('{SCHEMA}'), 'pg_namespace')")
    return connection.execute(comment).scalar() == version()


def is_there(connection: Connection) -> bool:
    """Whether there is a queue, or none is needed."""
    if not is_postgresql(connection):
        return True
    return connection.execute(text(f"SELECT to_regnamespace('{SCHEMA}')")).scalar() is not None


def version() -> str:
    """Tells apart the tables of one version of procrastinate from those of another."""
    return sha256(_tables().encode()).hexdigest()[:16]


def add(connection: Connection, digests: Sequence[str] | None, priority: Priority) -> None:
    """Add a job for each of these documents that is pending, or for all, unless it has one that waits."""
    if is_postgresql(connection):
        only = None if digests is None else list(digests)
        connection.execute(text(ADD), {"priority": int(priority), "only": only})


def settle(connection: Connection, digest: str) -> None:
    """Take the job of a document out of the queue if it waits there; one under way is its worker's."""
    if is_postgresql(connection):
        connection.execute(text(SETTLE), {"document": digest})


def stalled(connection: Connection, silent: float, passed: int) -> Stalled | None:
    """The next job whose worker was silent for so many seconds, after `passed` others."""
    found = connection.execute(text(STALLED), {"silent": silent, "passed": passed}).first()
    return None if found is None else Stalled(*found)


def put_back(connection: Connection, one: Stalled) -> None:
    """Let a job wait again, behind its like; it goes if its document has another one that waits."""
    connection.execute(text(PUT_BACK), {"job": one.job, "document": one.document})
    drop(connection, one)


def drop(connection: Connection, one: Stalled) -> None:
    """Take a job that is still under way out of the queue."""
    connection.execute(text(DROP), {"job": one.job})


def note_worker(connection: Connection, number: int, name: str, host: str, slots: int) -> None:
    """Say who the worker with this number of procrastinate's is."""
    row = {"id": number, "name": name, "host": host, "slots": slots}
    connection.execute(
        text(f"INSERT INTO {SCHEMA}.worker VALUES (:id, :name, :host, :slots) ON CONFLICT DO NOTHING"), row
    )


def is_left(connection: Connection, worker: int) -> bool:
    """Whether there is anything to do now, or the worker with this number is at something."""
    return bool(connection.execute(text(LEFT), {"worker": worker}).scalar())


def problems(connection: Connection) -> Iterator[str]:
    """What is wrong with the queue."""
    if is_postgresql(connection) and (count := connection.execute(text(WITHOUT_JOB)).scalar_one()):
        yield f"{count} pending documents have no job in the queue: `guidang upgrade` makes it anew"


def _tables() -> str:
    from procrastinate.schema import SchemaManager  # slow to import, and needed here only

    return str(SchemaManager.get_schema())
