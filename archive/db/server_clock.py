"""How far the clock of an archive's server is from ours."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select

from archive.db.engine import engine_for, reading
from archive.db.location import Location, locate


def server_ahead(location: str | Location) -> float | None:
    """Seconds by which a PostgreSQL server's clock is before ours; None for an archive in a folder.

    Raises ArchiveUnavailable if it does not answer.
    """
    place = locate(location)
    if place.home:
        return None
    engine = engine_for(place.database)
    try:
        with reading(engine) as connection:
            before = datetime.now(UTC)
            theirs = connection.execute(select(func.clock_timestamp())).scalar_one()
            after = datetime.now(UTC)
    finally:
        engine.dispose()
    return float((theirs - (before + (after - before) / 2)).total_seconds())
