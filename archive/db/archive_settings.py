"""What an archive knows of itself."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlmodel import col

from archive.db.engine import insert_or_ignore
from archive.db.schema import SettingRow
from core.errors import UsageError

OBJECTS = "objects"


def of(connection: Connection, name: str) -> str | None:
    """A setting, None if it was never made."""
    return connection.execute(select(col(SettingRow.value)).where(col(SettingRow.name) == name)).scalar()


def keep(connection: Connection, name: str, value: str) -> None:
    """Make a setting for good. Raises UsageError if it was made differently before."""
    connection.execute(insert_or_ignore(connection, SettingRow).values(name=name, value=value))
    held = of(connection, name)
    if held != value:
        raise UsageError(f"the {name} of this archive are at {held}, and cannot be moved to {value}")
