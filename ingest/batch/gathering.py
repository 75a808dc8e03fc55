"""Scans of single pages put together where their names and their print prove that they are one report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from archive.archive import Archive
from ingest.batch.batch import ProgressListener, read_pending
from ingest.sources.page_names import counted_runs
from ocr.model import renumbered
from reconcile.volume.continuity import Turn, turns

# Who says it, for the history: nobody did.
WHO = "guidang"
_WHY = "their names and the print on their pages follow each other"


def gather_proved(
    archive: Archive, report: ProgressListener, among: Collection[str] | None = None
) -> Counter[str]:
    """Gather what is proved and read it; count as `read_pending` does, and what was `gathered`.

    With `among`, only what holds one of these sha256. What a person took apart stays so. `settled` counts
    the flagged values of members, which are no longer to be looked at.
    """
    pages = archive.documents.single_pages()
    runs = [run for run in counted_runs(pages) if among is None or not set(run).isdisjoint(among)]
    groups = [group for run in runs for group in _reports(archive, run)]
    doubts = sum(_doubts(archive, member) for group in groups for member in group)
    wholes = [archive.documents.gather(group, WHO, _WHY).document for group in groups]
    counts = read_pending(archive, report=report, only=wholes) if wholes else Counter[str]()
    return counts + Counter(gathered=len(wholes), settled=doubts)


def _doubts(archive: Archive, document: str) -> int:
    return sum(report.needs_review for report in archive.reports.listed(document))


def _reports(archive: Archive, run: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The reports of two pages or more in a run, if the print leaves no page of it in doubt."""
    pages = archive.documents.only_pages(run)
    found = turns([renumbered(page, number) for number, page in enumerate(pages, 1)])
    if Turn.UNTOLD in found:
        return
    starts = [n for n, turn in enumerate(found) if turn is Turn.BEGINS]
    for start, stop in zip(starts, [*starts[1:], len(run)], strict=True):
        group = tuple(run[start:stop])
        if len(group) > 1 and not archive.documents.were_taken_apart(group):
            yield group
