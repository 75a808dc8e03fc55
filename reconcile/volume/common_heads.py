"""Running heads of a whole volume: they name none of the reports below them, titled or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocr.model import Page, Route
from reconcile.report_title import title_runs
from reconcile.volume.leaves import Leaf, PrintedLine, leaves_of, without_lines
from reconcile.volume.marks.running_heads import head_title, running_heads
from reconcile.volume.same_report import Likeness, likeness

# The title is among the first lines.
_FIRST_LINES = 16


def without_common_heads(pages: Sequence[Page]) -> Sequence[Page]:
    """The pages without the heads that stand over a title of another organ or year, if there are any."""
    leaves = leaves_of(pages, ())
    heads = [(leaf, head) for leaf, head in zip(leaves, running_heads(leaves), strict=True) if head]
    common = {head.text for leaf, head in heads if any(_other_titles(leaf, head))}
    gone = {(leaf.number, head.index) for leaf, head in heads if head.text in common}
    if not gone:
        return pages
    return without_lines(pages, gone)


def _other_titles(leaf: Leaf, head: PrintedLine) -> Iterator[bool]:
    """Whether each title below a head is of another report than it names."""
    texts = [line.text for line in leaf.lines if line is not head][:_FIRST_LINES]
    exact = leaf.page.route is Route.DIGITAL
    named = head_title(head.text)
    for run in title_runs(texts, leaf.number):
        yield likeness(run.title, named, exact=exact) is Likeness.OTHER
