"""What an archive knows of itself."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select
from sqlmodel import col

from archive.schema import Setting
from ocr.errors import UsageError

OBJECTS = "objects"


def of(connection: Connection, name: str) -> str | None:
    """A setting, None if it was never made."""
    return connection.execute(select(col(Setting.value)).where(col(Setting.name) == name)).scalar()


def keep(connection: Connection, name: str, value: str) -> None:
    """Make a setting for good. Raises UsageError if it was made differently before."""
    held = of(connection, name)
    if held is None:
        connection.execute(insert(Setting).values(name=name, value=value))
    elif held != value:
        raise UsageError(f"the {name} of this archive are at {held}, and cannot be moved to {value}")
