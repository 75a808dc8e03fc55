"""`guidang changes`: the reports that came, were replaced or vanished on the web."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated

import typer

from console.delivery import deliver_first, tallied
from console.filters import known
from console.options import DEFAULT_ARCHIVE, ArchiveOption, Format, FormatOption
from core.streams import talk


def changes(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN", help="2026-11-01, yesterday, 7d, 12h; by default since the last round began."
        ),
    ] = None,
    site: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this site, by its name; repeatable.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only new, replaced, vanished or unlinked; repeatable.")
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the reports that came, were replaced or vanished on the web.

    An unlinked one is still there, but its site no longer links to it. What
    vanished or was replaced on the web stays in the archive.

    \b
    Example:
      guidang changes --since 7d --kind new --kind replaced
    """
    from archive.archive import Archive
    from archive.crawl import web_changes
    from archive.crawl.crawl_memory import last_round
    from archive.export.columns.crawl_columns import WEB_CHANGES
    from console import time_parsing
    from console.views import crawl as crawl_view

    kinds = [known(name, web_changes.KINDS, "kind") for name in kind or ()]
    given = None if since is None else time_parsing.moment(since, datetime.now().astimezone())
    seen: Counter[str] = Counter()
    with Archive.open(archive) as opened:
        sites = [known(name, opened.crawl.history.sites(), "site") for name in site or ()]
        last = last_round(opened.crawl)
        beginning = given or last
        found = opened.crawl.history.changes(beginning, sites, kinds)
        told = tallied(found, seen, "kind")
        deliver_first(told, form, WEB_CHANGES, crawl_view.changes)
    talk(crawl_view.tally(seen, last and beginning))
