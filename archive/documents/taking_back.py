"""What people say can be taken back: of the rows on one thing one stands, and the one before may stand again.

It holds for every table of rows that are only added, with `id`, `stands` and `undoes`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update
from sqlmodel import col


def last_two(
    connection: Connection, owner: Any, about: ColumnElement[bool], given: ColumnElement[bool]
) -> list[int]:
    """The ids of the newest two rows that were `given` about a thing and not taken back, newest first."""
    undone = select(col(owner.undoes)).where(about, col(owner.undoes).is_not(None))
    left = select(col(owner.id)).where(about, given, col(owner.id).not_in(undone))
    return list(connection.execute(left.order_by(col(owner.id).desc()).limit(2)).scalars())


def let_stand(connection: Connection, owner: Any, about: ColumnElement[bool], row: int | None) -> None:
    """Let this row about a thing stand and no other; none at all for None."""
    connection.execute(update(owner).where(about, col(owner.stands)).values(stands=False))
    if row is not None:
        connection.execute(update(owner).where(col(owner.id) == row).values(stands=True))
