"""What `guidang crawl --check` found, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from console.views.base import grid, printable
from ingest.crawl.reporting.dry_run import LEAVES, MISSES, READS, TAKES, DryRunEntry

LONGEST_TABLE = 60


def looked_at(found: Sequence[DryRunEntry]) -> list[RenderableType]:
    """What may be missed, and what to write then; what would be taken, looked through and left, as tables.

    Of what is left only a part is shown.
    """
    missed = [one for one in found if one.taken == MISSES]
    tables: list[RenderableType] = [line for one in missed for line in _missed(one)]
    for taken in (TAKES, READS, LEAVES):
        group = [one for one in found if one.taken == taken]
        if group:
            rows = [(one.kind, one.title, one.url, one.why) for one in group[:LONGEST_TABLE]]
            more = f", {len(rows)} of them shown (--format json has all)" if len(group) > len(rows) else ""
            tables += [f"{taken} {len(group)}{more}", grid(("kind", "title", "address", "why"), rows), ""]
    return tables


def _missed(one: DryRunEntry) -> list[RenderableType]:
    """A place that may hide reports, and the line for SITES.toml."""
    where = f" ({one.url})" if one.url else ""
    lines = [Text(f"{MISSES}: {one.kind}{where}: {printable(one.why)}", style="yellow")]
    return [*lines, *([Text(f"    {printable(one.write)}")] if one.write else []), ""]
