"""Comparisons across years and organs: which reports contradict each other, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from archive.comparison.records import SUMMARY, AcrossFinding, AcrossTerm
from archive.records import short
from console.views.base import printable, spaced

_OUTCOMES = {
    "contradiction": ("reports contradict", "red"),
    "doubtful": ("perhaps misread", "yellow"),
    "not_comparable": ("not comparable", "dim"),
    "own_share": ("own share", "dim"),
    SUMMARY: ("summary", "bold"),
}
# What is listed without being asked for.
TOLD = ("contradiction", "doubtful", SUMMARY)
LEGEND = (
    "reports contradict: no value in it is doubtful   perhaps misread: one is, marked ?   "
    "+ older: documents of the same organ and year that a newer one replaced"
)


def across(found: Iterable[AcrossFinding]) -> Iterator[RenderableType]:
    """Comparisons, each as a line that names it, what is printed, and where."""
    is_empty = True
    for one in found:
        is_empty = False
        yield from _comparison(one)
    if not is_empty:
        yield Text(f"\n{LEGEND}", style="dim")


def across_years(found: Sequence[AcrossFinding], report: str) -> Iterator[RenderableType]:
    """The block of `show`: what this report and those of the years around it say of each other."""
    if not found:
        return
    yield Text("\nacross years", style="bold")
    if any(report in one.set_aside for one in found):
        yield Text("another reading of the same organ and year counts; that one is compared")
    yield from (line for one in found if one.outcome in TOLD for line in _comparison(one))
    yield Text(tally(Counter(one.outcome for one in found)), style="dim")


def tally(counts: Mapping[str, int]) -> str:
    """How many comparisons had which outcome, in words."""
    if not counts:
        return (
            "0 comparisons: no organ has reports on two years in a row, and none is listed as the "
            "supervisor of another (docs/coverage.md)"
        )
    words = {"holds": "hold", "contradiction": "contradictions"}
    order = ("holds", "contradiction", "doubtful", "own_share", "not_comparable")
    named = (f"{counts[one]} {words.get(one, one.replace('_', ' '))}" for one in order)
    return f"{sum(counts[one] for one in order)} comparisons: {', '.join(named)}"


def _comparison(one: AcrossFinding) -> Iterator[Text]:
    word, style = _OUTCOMES.get(one.outcome, (one.outcome, ""))
    value = "/".join(part for part in (one.table, one.row, one.column) if part)
    named = spaced((one.relation, one.organ, one.year, value))
    yield Text.assemble((f"{named}  ", "bold"), (word, style))
    yield Text(f"    {printable(one.message)}")
    aside = f"+ {len(one.set_aside)} older" if one.set_aside else ""
    if places := spaced((*_places(one.terms), aside)):
        yield Text(f"    {places}", style="dim")


def _places(terms: Sequence[AcrossTerm]) -> Iterator[str]:
    """Each document once, with its pages."""
    pages: dict[str, list[int]] = {}
    for term in terms:
        pages.setdefault(term.document, []).extend([term.page] if term.page else [])
    for document, found in pages.items():
        numbers = ", ".join(map(str, sorted(set(found))))
        yield f"{short(document)} p. {numbers}" if numbers else short(document)
