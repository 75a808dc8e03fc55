"""The version of the schema: checked at every opening, brought up to date by `upgrade`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from archive import index
from archive.listener import Counted, unheard
from ocr.errors import ArchiveUnavailable, UsageError

MIGRATIONS = Path(__file__).parent / "migrations"

# Named here so that opening an archive need not import alembic; a test holds it to the newest migration.
HEAD = "0002"


def revision_of(connection: Connection) -> str | None:
    """The migration the database stands at, None if it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def refuse_others(connection: Connection) -> None:
    """Raise UsageError for a database that holds tables, and not those of an archive."""
    tables = set(inspect(connection).get_table_names())
    if tables and not {"alembic_version", "document", "run"} <= tables:
        raise UsageError(
            f"the database is no archive and not empty (it has a table {min(tables)}): name an empty one"
        )


def check(connection: Connection) -> None:
    """Raise ArchiveUnavailable unless the database has the schema that this code knows."""
    refuse_others(connection)
    found = revision_of(connection)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise ArchiveUnavailable(
            f"the archive has schema {found}, newer than this program ({HEAD}); update guidang"
        )
    raise ArchiveUnavailable(
        f"the archive has schema {found or 'none'}, this program needs {HEAD}: run `guidang upgrade`"
    )


def upgrade(connection: Connection, told: Counted = unheard) -> str | None:
    """Bring the tables up to date and make the search index anew; give the revision before.

    Raises UsageError for a database that holds something else.
    """
    from alembic import command  # slow to import, and needed here only
    from alembic.config import Config

    refuse_others(connection)
    before = revision_of(connection)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    index.rebuild(connection, told)
    return before
