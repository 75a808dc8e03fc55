"""Files put together where it is proved that they are one report.

Single pages by their names and their print; a web page without its tables, and the file attached to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from archive.archive import Archive
from ingest.batch.batch import ProgressListener, read_pending
from ingest.sources.page_names import counted_runs
from ocr.model import renumbered
from reconcile.volume.continuity import Turn, turns

# Who says it, for the history: nobody did.
WHO = "guidang"
_PAGES = "their names and the print on their pages follow each other"
_ATTACHED = "the page links to the file, and only that has the tables"


def gather_proved(
    archive: Archive,
    report: ProgressListener,
    among: Collection[str] | None = None,
    *,
    workers: int | None = None,
    until: datetime | None = None,
) -> Counter[str]:
    """Gather what is proved and read it; count as `read_pending` does, and what was `gathered`.

    With `among`, only pages beside one of these sha256. What was gathered once is not again: a person
    took it apart, or it cannot be read. `settled` counts the flagged values of members, which are no longer
    to be looked at. `workers` and `until` as for `read_pending`.
    """
    proved = [(group, _PAGES) for run in _runs(archive, among) for group in _reports(archive, run)]
    proved += [(group, _ATTACHED) for group in archive.crawl.attached_tables()]
    groups = [(group, why) for group, why in proved if not archive.documents.were_gathered(group)]
    doubts = sum(_doubts(archive, member) for group, _ in groups for member in group)
    wholes = [archive.documents.gather(group, WHO, why).document for group, why in groups]
    counts = Counter(gathered=len(wholes), settled=doubts)
    if wholes:
        counts += read_pending(archive, workers=workers, report=report, until=until, only=wholes)
    return counts


def _doubts(archive: Archive, document: str) -> int:
    return sum(report.needs_review for report in archive.reports.listed(document))


def _runs(archive: Archive, among: Collection[str] | None) -> Iterator[Sequence[str]]:
    """Documents of one page whose names count on."""
    if among is None or among:
        for run in counted_runs(archive.documents.single_pages()):
            if among is None or not set(run).isdisjoint(among):
                yield run


def _reports(archive: Archive, run: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The reports of two pages or more in a run, if the print leaves no page of it in doubt."""
    pages = archive.documents.only_pages(run)
    found = turns([renumbered(page, number) for number, page in enumerate(pages, 1)])
    if Turn.UNTOLD in found:
        return
    starts = [n for n, turn in enumerate(found) if turn is Turn.BEGINS]
    for start, stop in zip(starts, [*starts[1:], len(run)], strict=True):
        group = tuple(run[start:stop])
        if len(group) > 1:
            yield group
