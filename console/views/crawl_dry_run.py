"""What `guidang crawl --check` found, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType

from console.views.base import grid
from ingest.crawl.reporting.dry_run import LEAVES, READS, TAKES, DryRunEntry

LONGEST_TABLE = 60


def looked_at(found: Sequence[DryRunEntry]) -> list[RenderableType]:
    """What would be taken, looked through and left, as tables; of what is left only a part."""
    tables: list[RenderableType] = []
    for taken in (TAKES, READS, LEAVES):
        group = [one for one in found if one.taken == taken]
        if group:
            rows = [(one.kind, one.title, one.url, one.why) for one in group[:LONGEST_TABLE]]
            more = f", {len(rows)} of them shown (--format json has all)" if len(group) > len(rows) else ""
            tables += [f"{taken} {len(group)}{more}", grid(("kind", "title", "address", "why"), rows), ""]
    return tables
