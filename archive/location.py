"""Where an archive is: a folder with everything in it, or a PostgreSQL database with objects elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from archive import folder
from ocr.errors import UsageError

POSTGRESQL = ("postgresql", "postgres")


@dataclass(frozen=True, slots=True)
class Location:
    """The database of an archive, and the folder it lies in; `home` is None for a database by URL."""

    database: URL
    home: Path | None

    def __str__(self) -> str:
        if self.home:
            return str(self.home)
        return self.database.set(drivername="postgresql").render_as_string(hide_password=True)

    @property
    def exists(self) -> bool:
        """Whether there is a database to open; a server is only asked when it is opened."""
        return self.home is None or (self.home / folder.DATABASE).is_file()


def locate(text: str | Path | Location) -> Location:
    """The location that a folder or a `postgresql://…` URL names. Raises UsageError for any other URL."""
    if isinstance(text, Location):
        return text
    if "://" not in str(text):
        home = Path(text).expanduser().absolute()
        return Location(URL.create("sqlite", database=str(home / folder.DATABASE)), home)
    scheme = str(text).split("://", 1)[0]
    if scheme not in POSTGRESQL:
        raise UsageError(f"{scheme}://…: an archive is a folder or postgresql://USER@HOST/DATABASE")
    try:
        url = make_url(str(text))
    except (ArgumentError, ValueError) as error:
        raise UsageError(f"no address of a database: {error}") from error
    return Location(url.set(drivername="postgresql+psycopg"), None)
