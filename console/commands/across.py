"""`guidang across`: where reports contradict each other, across years and organs."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import Annotated

import typer

from console.delivery import deliver_first, tallied
from console.options import DEFAULT_ARCHIVE, ArchiveOption, Format, FormatOption, OrganOption
from core.streams import talk


class RelationChoice(StrEnum):
    """A relation between reports."""

    R5 = "R5"
    R7 = "R7"


def across(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    organ: OrganOption = None,
    year: Annotated[int | None, typer.Option(help="Only reports on this year, with the one before.")] = None,
    relation: Annotated[
        RelationChoice | None, typer.Option(help="R5: across years; R7: across organs.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what holds and cannot be compared.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """List where reports contradict each other, across years (R5) and organs (R7).

    R5: what was carried over against last year's report, and counts in force.
    R7: the report of an organ against the sum of the units that it supervises.

    \b
    Example:
      guidang across --organ 水务局 --relation R5
    """
    from archive.archive import Archive
    from archive.comparison.records import AcrossFilter
    from archive.export.columns import organ_columns
    from console.views import comparisons

    seen: Counter[str] = Counter()
    with Archive.open(archive) as opened:
        found = opened.comparison.across(AcrossFilter(organ, year, relation and relation.value))
        told = (one for one in tallied(found, seen) if everything or one.outcome in comparisons.TOLD)
        deliver_first(told, form, organ_columns.ACROSS, comparisons.across)
    talk(comparisons.tally(seen))
