"""Where an archive is: a folder with everything in it, or a PostgreSQL database with objects elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from archive.db import archive_folder
from core.errors import UsageError

POSTGRESQL = ("postgresql", "postgres")
SECRETS = ("password", "sslpassword")


@dataclass(frozen=True, slots=True)
class Location:
    """The database of an archive, and the folder it lies in; `home` is None for a database by URL."""

    database: URL
    home: Path | None

    def __str__(self) -> str:
        if self.home:
            return str(self.home)
        shown = self.database.set(drivername=POSTGRESQL[0]).difference_update_query(SECRETS)
        return shown.render_as_string(hide_password=True)

    @property
    def exists(self) -> bool:
        """Whether there is a database to open; a server is only asked when it is opened."""
        return self.home is None or (self.home / archive_folder.DATABASE).is_file()


def locate(text: str | Path | Location) -> Location:
    """The location that a folder or a `postgresql://…` URL names. Raises UsageError for any other URL."""
    if isinstance(text, Location):
        return text
    if "://" not in str(text):
        home = Path(text).expanduser().absolute()
        return Location(URL.create("sqlite", database=str(home / archive_folder.DATABASE)), home)
    scheme = str(text).split("://", 1)[0]
    if scheme not in POSTGRESQL:
        raise UsageError(f"{scheme}://…: an archive is a folder or postgresql://USER@HOST/DATABASE")
    try:
        url = make_url(str(text))
    except (ArgumentError, ValueError):
        url = None
    # A password with such a sign in it is cut at the wrong place; what is left of it must not be shown.
    if url is None or "@" in (url.host or ""):
        raise UsageError(
            "no address of a database: write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, "
            "and @ : / in a password as %40 %3A %2F"
        )
    return Location(url.set(drivername="postgresql+psycopg"), None)
