"""`guidang search`: find pages by what is printed on them."""

from __future__ import annotations

from typing import Annotated

import typer

from console import filters
from console.delivery import deliver
from console.options import DEFAULT_ARCHIVE, ArchiveOption, Format, FormatOption, OrganOption, YearOption
from core.streams import talk


def search(
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="Words, AND, OR, NOT, brackets.")],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    year: YearOption = None,
    organ: OrganOption = None,
    region: Annotated[str | None, typer.Option(help="Only organs of this region.")] = None,
    form: Annotated[str | None, typer.Option(help="Only reports with a table of this form.")] = None,
    table: Annotated[str | None, typer.Option(help="Only reports with this table.")] = None,
    row: Annotated[str | None, typer.Option(help="Only reports with this row (and flagged in it).")] = None,
    flag: Annotated[str | None, typer.Option(help="Only reports with this flag.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Only documents whose path or URL contains this.")
    ] = None,
    page: Annotated[int | None, typer.Option(min=1, help="Only pages with this number.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many pages to show.")] = 20,
    output: FormatOption = Format.TABLE,
) -> None:
    """Find pages by what is printed on them.

    Every word must occur on the page; one character is enough. Full- and
    half-width forms find each other, traditional and simplified characters too;
    words and numbers match by their beginning. "Several words" in quotation marks
    must follow each other. AND, OR, NOT in capitals and brackets combine: 复议 NOT (诉讼 OR 信访).
    Best first; of a word that stands on very many pages the newest are weighed.

    \b
    Example:
      guidang search 行政复议 --year 2023 --flag source_anomaly
    """
    from archive.archive import Archive
    from archive.export.columns import page_columns
    from console.views import search as search_view

    wanted = filters.pages(
        year=year,
        organ=organ,
        region=region,
        form=form,
        table=table,
        row=row,
        flag=flag,
        source=source,
        page=page,
    )
    with Archive.open(archive) as opened:
        found = opened.search(" ".join(query), wanted, limit)
    deliver(found.hits, output, page_columns.HITS, lambda: search_view.hits(found.hits))
    talk(f"{len(found.hits)} of {'' if found.is_all else 'more than '}{found.total:,} pages")
