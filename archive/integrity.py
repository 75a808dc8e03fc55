"""Whether the database is sound in itself."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, ForeignKeyConstraint, Select, and_, exists, func, select, text
from sqlmodel import SQLModel

from archive.database import is_postgresql


def problems(connection: Connection) -> Iterator[str]:
    """What is wrong with the database, a line each."""
    if is_postgresql(connection):
        yield from _orphans(connection)
        return
    for (message,) in connection.execute(text("PRAGMA integrity_check")):
        if message != "ok":
            yield message
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"a row of {row[0]} refers to a row of {row[2]} that is not there"


def _orphans(connection: Connection) -> Iterator[str]:
    """Rows that refer to nothing. Every table is read whole, so a page that cannot be read shows too."""
    for owner in SQLModel.metadata.sorted_tables:
        connection.execute(select(func.count()).select_from(owner)).scalar_one()
        for constraint in owner.foreign_key_constraints:
            if count := connection.execute(_without_target(constraint)).scalar_one():
                target = constraint.referred_table.name
                yield f"{count} rows of {owner.name} refer to rows of {target} that are not there"


def _without_target(constraint: ForeignKeyConstraint) -> Select[int]:
    owner, target = constraint.table, constraint.referred_table.alias()
    pairs = [(link.parent, target.c[link.column.name]) for link in constraint.elements]
    found = exists().where(and_(*(here == there for here, there in pairs)))
    return select(func.count()).select_from(owner).where(~found, *(here.is_not(None) for here, _ in pairs))
