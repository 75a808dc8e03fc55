"""Whether the archive is still what was put into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlmodel import col

from archive import index, integrity
from archive.objects import ObjectStore, name_of
from archive.schema import Document


@dataclass(frozen=True, slots=True)
class Verification:
    """How many originals were hashed again, what is damaged, and what is merely odd."""

    originals: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def verify(connection: Connection, objects: ObjectStore) -> Verification:
    """Hash every original, and check the database and the search index against themselves."""
    digests = list(connection.execute(select(col(Document.sha256)).order_by(col(Document.id))).scalars())
    damaged = [damage for digest in digests if (damage := _damage(objects, digest))]
    strangers = sorted(set(objects.names()).difference(map(name_of, digests)))
    return Verification(
        originals=len(digests),
        problems=(*damaged, *_database_problems(connection), *_index_problems(connection)),
        notes=tuple(f"object {name} belongs to no document (an intake was cut short)" for name in strangers),
    )


def _damage(objects: ObjectStore, digest: str) -> str | None:
    found = objects.digest_of(digest)
    if found == digest:
        return None
    what = "is gone" if found is None else "has changed"
    return f"original {digest} {what}: restore {name_of(digest)} from a copy"


def _database_problems(connection: Connection) -> Iterator[str]:
    for message in integrity.problems(connection):
        yield f"database: {message}"


def _index_problems(connection: Connection) -> Iterator[str]:
    for message in index.problems(connection):
        yield f"search index: {message}; `guidang upgrade` makes it anew"
