"""How many jobs a second one PostgreSQL serves to workers that read nothing.

    .venv/bin/python -m bench.speed.cluster [--workers 1 10 100] [--seconds 10] [--backlog 3000]

Each worker is a process that does what `guidang worker` does with the database for one document: fetch the
job, claim the document, record an outcome of one page, finish the job. Prints jobs a second and
milliseconds a job for each number of workers. The server and the workers share this machine.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from tests.support import handmade
from tests.support.places import Place, Server, new_server, rows

PDF = "application/pdf"
FETCH = "SELECT id, args ->> 'document' FROM guidang_queue.procrastinate_fetch_job_v2('{documents}', %s)"
FINISH = "SELECT guidang_queue.procrastinate_finish_job_v1(%s, 'succeeded', true)"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--backlog", type=int, default=3000)
    options = parser.parse_args()
    with TemporaryDirectory() as folder, new_server() as server:
        _allow_connections(server)
        for number in options.workers:
            place = Place("postgresql", server.new_database(), Path(folder) / f"objects{number}")
            place.open().close()
            with place.open(create=False, write=True) as archive:
                for n in range(options.backlog):
                    archive.documents.keep(f"{n}.pdf", io.BytesIO(b"%d" % n), PDF)
            done, seconds = measure(place, number, options.seconds)
            rate = done / seconds
            print(
                f"{number:>4} workers: {rate:7.1f} jobs/s, {1000 * number / rate:7.1f} ms a job", flush=True
            )


def _allow_connections(server: Server) -> None:
    with psycopg.connect(server.uri, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET max_connections = 400")
    server.process.stop()
    server.process.ensure_postgres_running()


def measure(place: Place, number: int, seconds: float) -> tuple[int, float]:
    """Jobs done by so many workers, and the seconds it took from the moment all were ready."""
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(number + 1)
    children = [context.Process(target=serve, args=(place, ready, seconds)) for _ in range(number)]
    for child in children:
        child.start()
    ready.wait()
    began = time.monotonic()
    for child in children:
        child.join()
    with place.open(create=False) as archive:
        ((done,),) = rows(archive, "SELECT count(*) FROM run")
    return done, time.monotonic() - began


def serve(place: Place, ready: Any, seconds: float) -> None:
    """What a worker does with the database."""
    address = place.location
    with place.open(create=False, write=True) as archive, psycopg.connect(address, autocommit=True) as queue:
        ((worker,),) = queue.execute("SELECT guidang_queue.procrastinate_register_worker_v1()").fetchall()
        ready.wait()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            job, document = queue.execute(FETCH, [worker]).fetchone() or (None, None)
            if job is None:
                return
            if archive.queue.claim(document):
                archive.documents.record(
                    document,
                    handmade.RUN,
                    handmade.PAGES[:1],
                    handmade.alone(handmade.report()),
                    if_pending=True,
                )
            queue.execute(FINISH, [job])


if __name__ == "__main__":
    main()
