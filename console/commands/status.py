"""`guidang status`: count what is archived, flagged, pending, failed and quarantined."""

from __future__ import annotations

from console.delivery import deliver, print_object
from console.options import DEFAULT_ARCHIVE, ArchiveOption, Format, FormatOption
from console.output import show


def status(archive: ArchiveOption = DEFAULT_ARCHIVE, form: FormatOption = Format.TABLE) -> None:
    """Count what is archived, flagged, pending, failed and quarantined; of PostgreSQL, show the workers.

    As JSON, one object: every number, the size of the archive and the last crawl. As CSV, a number a row.

    \b
    Example:
      guidang status --archive ./reports --format json
    """
    from archive.archive import Archive
    from archive.export.columns import status_columns
    from console.views import crawl as crawl_view
    from console.views import status as status_view

    with Archive.open(archive) as opened:
        counts, memory, workshop = opened.status.counts(), opened.crawl, opened.status.workshop()
        if form is Format.TABLE:
            crawls, workers = crawl_view.status(memory), status_view.cluster(workshop)
            show([*status_view.archive(counts), *crawls, *workers])
            return
        told = status_columns.status_object(counts, opened.status.size(), memory, workshop)
    if form is Format.JSON:
        print_object(told)
    else:
        deliver(status_columns.numbers(told), form, status_columns.NUMBERS, list)
