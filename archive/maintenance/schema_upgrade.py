"""The version of the schema: checked at every opening, brought up to date by `upgrade`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from archive.db import job_queue
from archive.index import page_index
from core.errors import ArchiveUnavailable, UsageError
from core.listeners import Counted, no_listener

MIGRATIONS = Path(__file__).parents[1] / "migrations"

# Named here so that opening an archive need not import alembic; a test holds it to the newest migration.
HEAD = "0007"
OURS = {"alembic_version", "document", "run"}


def revision_of(connection: Connection) -> str | None:
    """The migration the database stands at, None if it is empty.

    Raises UsageError for a database that holds something else.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if not tables >= OURS:
        raise UsageError(
            f"the database is no archive and not empty (it has a table {min(tables)}): name an empty one"
        )
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def need_archive(connection: Connection) -> str:
    """The migration an archive stands at. Raises ArchiveUnavailable for an empty database."""
    found = revision_of(connection)
    if found is None:
        raise ArchiveUnavailable("the database is empty: `guidang init` makes an archive of it")
    return found


def check(connection: Connection) -> None:
    """Raise ArchiveUnavailable unless the database has the schema that this code knows."""
    found = need_archive(connection)
    if found > HEAD:
        raise ArchiveUnavailable(
            f"the archive has schema {found}, newer than this program ({HEAD}); update guidang"
        )
    if found < HEAD:
        raise ArchiveUnavailable(
            f"the archive has schema {found}, this program needs {HEAD}: run `guidang upgrade`"
        )
    if not job_queue.is_there(connection):
        raise ArchiveUnavailable("the archive has no queue of documents to read: run `guidang upgrade`")


def upgrade(connection: Connection, told: Counted = no_listener) -> None:
    """Bring the tables up to date, or make them; make anew what follows from them: flags, index, queue."""
    from alembic import command  # slow to import, and needed here only
    from alembic.config import Config

    from archive.judged import standing_flags

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    standing_flags.check_all_again(connection)
    page_index.rebuild(connection, told)
    job_queue.make(connection)
