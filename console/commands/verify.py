"""`guidang verify`: check every original, the database and the index."""

from __future__ import annotations

from typing import Annotated

import typer

from console.delivery import deliver
from console.options import DEFAULT_ARCHIVE, ArchiveOption, Format, FormatOption
from core.errors import ArchiveDamaged
from core.streams import talk


def verify(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    subset: Annotated[
        str | None, typer.Option(metavar="N/M", help="Hash only the Nth of M parts of the originals.")
    ] = None,
    form: FormatOption = Format.TABLE,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing if all is sound.")] = False,
) -> None:
    """Check every original, the database and the index.

    Every original is hashed again; every one that is changed, missing or not the
    archive's is named, a line each, with a remedy. Exit code 4 if anything is
    damaged. With --subset 1/30 to 30/30, thirty nights hash everything once.

    \b
    Example:
      guidang verify --archive ./reports --subset 7/30
    """
    from archive.archive import Archive
    from archive.export.columns import problem_columns
    from archive.maintenance.subset import EVERYTHING, Subset
    from console.progress import meter
    from console.views import checks

    wanted = Subset.parse(subset) if subset else EVERYTHING
    with Archive.open(archive) as opened, meter(quiet) as told:
        found = opened.verify(wanted, told)
        place = opened.location
    deliver((*found.damages, *found.oddities), form, problem_columns.TROUBLES, lambda: checks.troubles(found))
    if found.damages:
        raise ArchiveDamaged(f"{checks.kinds(found.damages)} in {place}")
    if not quiet:
        part = "" if wanted.is_all else f" of part {wanted}"
        talk(f"{found.originals:,} originals{part}, the database and the search index are sound")
