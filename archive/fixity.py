"""Whether the archive is still what was put into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text
from sqlmodel import col

from archive import index
from archive.objects import ObjectStore
from archive.schema import Document, Page, Run


@dataclass(frozen=True, slots=True)
class Verification:
    """How many originals were hashed again, what is damaged, and what is merely odd."""

    originals: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def verify(connection: Connection, objects: ObjectStore) -> Verification:
    """Hash every original, and check the database and the search index against themselves."""
    digests = list(connection.execute(select(col(Document.sha256)).order_by(col(Document.id))).scalars())
    damaged = [_damage(objects, digest) for digest in digests if not objects.is_sound(digest)]
    strangers = sorted(set(objects.digests()).difference(digests))
    return Verification(
        originals=len(digests),
        problems=(*damaged, *_database_problems(connection), *_index_problems(connection)),
        notes=tuple(
            f"object {digest} belongs to no document (an intake was cut short)" for digest in strangers
        ),
    )


def _damage(objects: ObjectStore, digest: str) -> str:
    path = objects.path(digest)
    what = "has changed" if path.is_file() else "is gone"
    return f"original {digest} {what}: restore {path} from a copy"


def _database_problems(connection: Connection) -> Iterator[str]:
    for (message,) in connection.execute(text("PRAGMA integrity_check")):
        if message != "ok":
            yield f"database: {message}"
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"database: a row of {row[0]} refers to a row of {row[2]} that is not there"


def _index_problems(connection: Connection) -> Iterator[str]:
    if not index.is_sound(connection):
        yield "search index: damaged; `guidang upgrade` makes it anew"
        return
    indexed = connection.execute(text(f"SELECT count(*) FROM {index.NAME}")).scalar_one()
    current = (
        select(func.count()).join_from(Page, Run, col(Page.run_id) == col(Run.id)).where(col(Run.is_current))
    )
    pages = connection.execute(current).scalar_one()
    if indexed != pages:
        yield f"search index: {indexed} pages, but {pages} were read; `guidang upgrade` makes it anew"
