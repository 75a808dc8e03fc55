"""`guidang coverage`: of which organs and years there is a report, and of which not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.delivery import deliver
from console.exits import problems_told
from console.options import DEFAULT_ARCHIVE, ArchiveOption, Format, FormatOption, OrganOption, YearOption
from core.errors import BatchIncomplete
from core.streams import talk


def coverage(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[LIST.toml]", exists=True, dir_okay=False, help="The organs and years expected."
        ),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    organ: OrganOption = None,
    year: YearOption = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only what is not there.")] = False,
    fail: Annotated[bool, typer.Option("--fail-on-missing", help="Exit code 3 if something is not.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say of which organs and years there is a report, and of which not.

    Without a list, over the organs and years that the archive knows. How a list is
    written: docs/coverage.md.

    \b
    Example:
      guidang coverage county.toml --missing --format csv
    """
    from archive.archive import Archive
    from archive.comparison.coverage import CoverageFilter
    from archive.export.columns import organ_columns
    from archive.organs import organ_list_file
    from console.views import coverage as coverage_view

    with problems_told(), Archive.open(archive) as opened:
        listed = organ_list_file.read(file) if file else None
        found = opened.comparison.coverage(listed, CoverageFilter(organ, year))
    wanted = found.lacking if missing else (*found.cells, *found.others)
    table = coverage_view.lacking if missing else coverage_view.coverage
    deliver(wanted, form, organ_columns.COVERAGE, lambda: table(found))
    there = len(found.cells) - len(found.lacking)
    talk(f"{there} of {len(found.cells)} there; {len(found.others)} more not expected or not placed")
    if fail and found.lacking:
        raise BatchIncomplete(f"{len(found.lacking)} reports are not there; --missing lists them")
