"""The whole check of an archive: its originals, its database, its search index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from functools import partial

from sqlalchemy import Connection

from archive.db.engine import first_line
from archive.maintenance import database_checks, fixity, index_checks
from archive.maintenance.records import IntegrityProblem, Verification
from archive.maintenance.subset import Subset
from archive.objects.base import ObjectStore
from core.errors import ArchiveDamaged
from core.listeners import Counted, Told

ORIGINALS, DATABASE, INDEX = "originals", "database", "index"
Reading = Callable[[], AbstractContextManager[Connection]]


def verify(reading: Reading, objects: ObjectStore, subset: Subset, told: Told) -> Verification:
    """Check an archive; each part is checked though another is damaged.

    Only a part of the originals and of the index is read if the subset is one.
    `told` hears what is being checked, how much is done, and of how much.
    """
    checks: tuple[Callable[[Connection], Iterator[IntegrityProblem]], ...] = (
        lambda connection: fixity.problems(connection, objects, subset, partial(told, ORIGINALS)),
        lambda connection: _database_troubles(connection, partial(told, DATABASE)),
        lambda connection: _index_troubles(connection, subset, partial(told, INDEX)),
    )
    found = [trouble for check in checks for trouble in _survived(reading, check)]
    return Verification(
        _count(reading, subset),
        tuple(one for one in found if one.kind != fixity.UNCLAIMED),
        tuple(one for one in found if one.kind == fixity.UNCLAIMED),
    )


def _survived(
    reading: Reading, check: Callable[[Connection], Iterator[IntegrityProblem]]
) -> Iterator[IntegrityProblem]:
    """What a check finds; a database so damaged that it breaks the check off is one more trouble."""
    try:
        with reading() as connection:
            yield from check(connection)
    except ArchiveDamaged as error:
        yield _of_database(first_line(error.__cause__))


def _count(reading: Reading, subset: Subset) -> int:
    """How many originals were to be hashed; none can be counted in a database that cannot be read."""
    with suppress(ArchiveDamaged), reading() as connection:
        return fixity.count(connection, subset)
    return 0


def _database_troubles(connection: Connection, told: Counted) -> Iterator[IntegrityProblem]:
    told(0, 1)
    for message in database_checks.problems(connection):
        yield _of_database(message)
    told(1, 1)


def _of_database(message: str) -> IntegrityProblem:
    return IntegrityProblem(DATABASE, "", "", f"database: {message}: restore the database from a copy")


def _index_troubles(connection: Connection, subset: Subset, told: Counted) -> Iterator[IntegrityProblem]:
    for message in index_checks.problems(connection, subset, told):
        yield IntegrityProblem(INDEX, "", "", f"search index: {message}; `guidang upgrade` makes it anew")
