"""Hits of a search: the page, and a line of its text with what was found marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.text import Text

from archive.records import SHORT_HASH
from archive.search.records import Hit
from archive.search.snippet import highlighted
from console.views.base import printable


def hits(found: Iterable[Hit]) -> Iterator[RenderableType]:
    """Each hit as a line that names the page and a line of its text, with ? where that was read unsurely."""
    for hit in found:
        names = (
            hit.organ or hit.title or "?",
            hit.year,
            f"p. {hit.page}",
            hit.document[:SHORT_HASH],
            hit.source,
        )
        yield Text("  ".join(printable(name) for name in names if name is not None), style="bold")
        doubt = "  ?" if hit.doubtful else ""
        shown = Text("    " + printable(highlighted(hit.snippet, hit.marks)) + doubt)
        shown.highlight_regex(r"【[^】]*】", "yellow")
        yield shown
