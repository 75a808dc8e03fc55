"""`guidang show`: a report, its tables and its findings, or one page of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console import output
from console.options import DEFAULT_ARCHIVE, ArchiveOption, DocumentArgument
from core.errors import UsageError


def show(
    document: DocumentArgument,
    page: Annotated[
        int | None, typer.Option(min=1, help="Its text on this page, and where the values stand.")
    ] = None,
    image: Annotated[bool, typer.Option("--image", help="Draw the page; print the picture's path.")] = False,
    stages: Annotated[
        Path | None,
        typer.Option(metavar="DIR", file_okay=False, help="Read the page anew, a picture a step into DIR."),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Show a report, its tables and its findings; of a volume the reports in it.

    DOCUMENT:2 is the second report of a volume.
    With --page, the text of that page and where each of its values stands.
    With --image or --stages, pictures of that page, or of the first; their paths are printed.

    \b
    Example:
      guidang show 3fa9c1 --page 2
    """
    from archive.archive import Archive
    from archive.records import ReportName
    from console.views import comparisons, documents, reports

    with Archive.open(archive) as opened:
        view = opened.status.document(document)
        if page is not None and page > len(view.pages):
            raise UsageError(
                f"{document} has {len(view.pages)} pages that were read; there is no page {page}"
            )
        if image or stages:
            from ingest.rendering.page_pictures import draw_page, save_stages

            if image:
                output.show([str(draw_page(opened, view.document, page or 1))])
            if stages:
                output.show(map(str, save_stages(opened, view.document, page or 1, stages)))
        elif page is not None:
            output.show(documents.page(view, page))
        else:
            told = documents.document(view)
            if (report := view.chosen) is None:
                output.show(told)
                return
            name = ReportName(view.document, report.part)
            listed = next(one for one in opened.reports.listed(view.document) if one.part == report.part)
            found = opened.comparison.across_years(name, report.organ)
            counts = reports.counts_instead(listed)
            output.show([*told, *counts, *comparisons.across_years(found, str(name))])
