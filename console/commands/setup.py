"""`guidang init` and `guidang upgrade`: make an archive, copy one, bring one up to date."""

from __future__ import annotations

from typing import Annotated

import typer

from console.options import DEFAULT_ARCHIVE, ArchiveOption, QuietOption
from core.errors import ArchiveDamaged
from core.streams import talk


def init(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    objects: Annotated[
        str | None,
        typer.Option(metavar="DIR|URL", help="Where an archive in PostgreSQL keeps its originals."),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--from", metavar="DIR|URL", help="An archive to copy, all of it.")
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Make an empty archive, or a copy of another; one that is there already stays as it is.

    --archive may name a folder or postgresql://USER@HOST/DATABASE, an empty
    database; its originals then go to --objects, a folder or an address like
    s3://bucket/originals, which it remembers.

    --from copies an archive, from SQLite to PostgreSQL or any other way, as it
    stands at that moment, even while an ingest writes to it: a backup. What
    arrived is compared with what was sent, by count and by hash.

    \b
    Example:
      guidang init --archive /backup/2026-11-24 --from ./reports
    """
    from archive.archive import Archive

    if source is not None:
        _copy(source, archive, objects, quiet)
        return
    with Archive.open(archive, create=True, objects=objects) as opened:
        if not quiet:
            talk(f"archive ready: {opened.location}")


def upgrade(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    quiet: QuietOption = False,
) -> None:
    """Bring an archive of an older version up to date.

    The search index is made anew from the text that was read. An upgrade that is
    stopped half-way leaves the archive as it was.

    \b
    Example:
      guidang upgrade --archive ./reports
    """
    from archive.archive import Archive
    from console.progress import meter

    with meter(quiet) as told:
        before, after = Archive.upgrade(archive, told)
    if not quiet:
        talk(f"schema {before} → {after}; search index made anew")


def _copy(source: str, archive: str, objects: str | None, quiet: bool) -> None:
    """Copy an archive, and say what arrived."""
    from archive.archive import Archive
    from console.progress import meter

    with (
        Archive.open(source) as theirs,
        Archive.open(archive, create=True, objects=objects, alone=True) as ours,
        meter(quiet) as told,
    ):
        copied = ours.take_over(theirs, told)
        place, origin = ours.location, theirs.location
    if not quiet:
        for table, count in copied.rows.items():
            talk(f"{count:>12,}  {table:<14} same")
        talk(f"{copied.originals:>12,}  originals      same")
        talk(f"archive ready: {place}, a copy of {origin}")
    if copied.damaged:
        raise ArchiveDamaged(
            f"{len(copied.damaged)} originals are damaged in {origin} and are not in the copy: "
            "`guidang verify` names them"
        )
