"""The frontier: which addresses a round has to visit, and which of them the site links to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import islice

from sqlalchemy import Connection, func, insert, select, update
from sqlmodel import col

from archive.crawl.records import Task, TaskKind
from archive.dataclass_tools import names_of
from archive.db.crawl_schema import CrawlTaskRow, SightingRow
from archive.db.text_values import storable

# SQLite takes no more than some thousand values in one statement.
AT_ONCE = 500
# An index of PostgreSQL takes no key above 2,700 bytes; nobody who means well has so long an address.
LONGEST_KEY = 1500
# The order of visits: where reports are told before the reports, what is known last.
ORDER = tuple(TaskKind)
TARGETS = (TaskKind.REPORT, TaskKind.FILE)


def key(name: str) -> str:
    """A name that every database can hold and index: a very long one ends in its sha256."""
    clean = storable(name)
    whole = clean.encode()
    if len(whole) <= LONGEST_KEY:
        return clean
    return f"{whole[: LONGEST_KEY - 70].decode(errors='ignore')}…{sha256(whole).hexdigest()}"


def clean(task: Task) -> Task:
    """A task whose texts every database can hold, its address fit for an index."""
    return Task(
        site=storable(task.site),
        address=key(task.address),
        url=storable(task.url),
        kind=task.kind,
        depth=task.depth,
        referrer=storable(task.referrer),
        title=storable(task.title),
        why=storable(task.why),
    )


def plan(connection: Connection, round_: int, tasks: Iterable[Task]) -> list[Task]:
    """Add tasks; give those that were not there. A KNOWN one that is linked now is noted as linked."""
    wanted = {(one.site, one.address): one for one in reversed([clean(task) for task in tasks])}
    ordered = list(reversed(wanted.values()))
    there = set(_there(connection, round_, ordered))
    new = [task for task in ordered if (task.site, task.address) not in there]
    if new:
        connection.execute(insert(CrawlTaskRow), [_row(round_, task) for task in new])
    linked = [one for one in ordered if one.kind is not TaskKind.KNOWN and (one.site, one.address) in there]
    _note_linked(connection, round_, linked)
    return new


def waiting(connection: Connection, round_: int) -> list[Task]:
    """The tasks that are not done: by kind, shallow ones first, then as they were found."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(col(CrawlTaskRow.round_id) == round_, ~col(CrawlTaskRow.done))
        .order_by(col(CrawlTaskRow.id))
    )
    return in_order(_task(row) for row in rows)


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """Tasks in the order to visit, those of one kind and depth as they come."""
    return sorted(tasks, key=lambda task: (ORDER.index(task.kind), task.depth))


def end(connection: Connection, round_: int, task: Task) -> bool:
    """End a waiting task; say whether the site links to it. Raises RuntimeError if none waits."""
    ended = (
        update(CrawlTaskRow)
        .where(
            col(CrawlTaskRow.round_id) == round_,
            col(CrawlTaskRow.site) == task.site,
            col(CrawlTaskRow.address) == task.address,
            ~col(CrawlTaskRow.done),
        )
        .values(done=True)
        .returning(col(CrawlTaskRow.linked))
    )
    linked = connection.execute(ended).scalar()
    if linked is None:
        raise RuntimeError(f"no task of round {round_} waits for {task.address} of {task.site}")
    return bool(linked)


def targets(connection: Connection, round_: int, site: str) -> int:
    """How many addresses of reports and files a site links to in a round, those known before too."""
    kind = col(CrawlTaskRow.kind)
    wanted = kind.in_(TARGETS) | ((kind == TaskKind.KNOWN) & col(CrawlTaskRow.linked))
    counted = select(func.count()).select_from(CrawlTaskRow)
    return connection.execute(
        counted.where(col(CrawlTaskRow.round_id) == round_, col(CrawlTaskRow.site) == site, wanted)
    ).scalar_one()


def _there(connection: Connection, round_: int, tasks: Sequence[Task]) -> Iterator[tuple[str, str]]:
    names = (col(CrawlTaskRow.site), col(CrawlTaskRow.address))
    for some in _parts(tasks):
        found = select(*names).where(
            col(CrawlTaskRow.round_id) == round_,
            col(CrawlTaskRow.site).in_({task.site for task in some}),
            col(CrawlTaskRow.address).in_([task.address for task in some]),
        )
        yield from connection.execute(found)


def _note_linked(connection: Connection, round_: int, tasks: Sequence[Task]) -> None:
    """A task that was visited before its link was found has a sighting already, which is told too."""
    for some in _parts(tasks):
        for site in {task.site for task in some}:
            addresses = [task.address for task in some if task.site == site]
            noted = (
                update(CrawlTaskRow)
                .where(
                    col(CrawlTaskRow.round_id) == round_,
                    col(CrawlTaskRow.site) == site,
                    col(CrawlTaskRow.address).in_(addresses),
                    ~col(CrawlTaskRow.linked),
                )
                .values(linked=True)
                .returning(col(CrawlTaskRow.address), col(CrawlTaskRow.done))
            )
            for address, done in connection.execute(noted).all():
                if done:
                    _tell_sighting(connection, round_, site, address)


def _tell_sighting(connection: Connection, round_: int, site: str, address: str) -> None:
    seen = (col(SightingRow.site) == site, col(SightingRow.address) == address)
    told = update(SightingRow).where(*seen, col(SightingRow.round_id) == round_)
    connection.execute(told.values(linked=True))


def _parts(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    rest = iter(tasks)
    while some := list(islice(rest, AT_ONCE)):
        yield some


_COLUMNS = tuple(col(getattr(CrawlTaskRow, name)) for name in names_of(Task))


def _row(round_: int, task: Task) -> dict[str, object]:
    fields = {name: getattr(task, name) for name in names_of(Task)}
    linked = task.kind is not TaskKind.KNOWN
    return {**fields, "kind": task.kind.value, "round_id": round_, "linked": linked, "done": False}


def _task(row: Sequence[object]) -> Task:
    task = Task(*row)  # type: ignore[arg-type]
    return replace(task, kind=TaskKind(task.kind))
