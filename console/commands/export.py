"""`guidang export`: all values, tables, texts, verdicts or visits; bags and PDFs of documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from console import filters
from console.delivery import counted
from console.options import DEFAULT_ARCHIVE, ArchiveOption, FileFormat, OrganOption, YearOption
from console.output import show
from core.errors import BatchIncomplete, UsageError
from core.streams import talk

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.documents.provenance import ProvenanceFilter
    from archive.export.columns.base import ExportLayout


class ExportKind(StrEnum):
    """What is exported."""

    FACTS = "facts"
    TABLES = "tables"
    TEXT = "text"
    BAG = "bag"
    PDF = "pdf"
    CORRECTIONS = "corrections"
    SIGHTINGS = "sightings"


def export(
    kind: Annotated[
        ExportKind,
        typer.Argument(metavar="facts|tables|text|corrections|sightings|bag|pdf", help="What to export."),
    ],
    documents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DOCUMENT]...", help="Which, for tables, a bag or PDFs: hash, source or file name."
        ),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    form: Annotated[
        FileFormat | None,
        typer.Option("--format", help="Else by the ending of the file; csv for values, else json."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="File to write instead of stdout; a folder for a bag or several PDFs.")
    ] = None,
    year: YearOption = None,
    organ: OrganOption = None,
    organization: Annotated[
        str, typer.Option("--organization", help="Who hands a bag over, for its bag-info.txt.")
    ] = "",
) -> None:
    """Write all values, tables, texts, verdicts or visits to sites; or hand documents over.

    \b
    corrections: everything that people said of values, in order.
    sightings: every visit of the crawler to an address, and what it met.
    bag: originals, readings and provenance as a BagIt bag in the folder --output.
    pdf: searchable PDF/A of scans with the archive's own lines; one document into
    the file --output, several into the folder --output.

    CSV, XLSX and Parquet have a row a value, a cell or a line, JSON an object
    a value, a table or a page. XLSX and Parquet need --output. XLSX of up to 250
    tables has a sheet a table, its cells merged as they are printed.

    \b
    Example:
      guidang export facts --format csv --output facts.csv
      guidang export tables 3fa9c1 --output tables.xlsx
    """
    if kind in (ExportKind.BAG, ExportKind.PDF):
        if form:
            raise UsageError("a bag and PDFs have no --format")
        _hand_over(kind, archive, filters.documents(documents, year, organ), output, organization)
        return
    chosen = documents or year is not None or organ is not None
    if chosen and kind is not ExportKind.TABLES:
        raise UsageError(
            "documents and years are chosen for tables, a bag or PDFs; see also `guidang facts --help`"
        )
    wanted = filters.documents(documents, year, organ) if chosen else None
    _export_records(kind, archive, form, output, wanted)


def _export_records(
    kind: ExportKind,
    archive: str,
    form: FileFormat | None,
    output: Path | None,
    tables_of: ProvenanceFilter | None,
) -> None:
    """Write all records of a kind, or the tables of some documents, to stdout or into a file."""
    from archive.archive import Archive
    from archive.export import saving
    from archive.export.columns.crawl_columns import SIGHTINGS
    from archive.export.columns.fact_columns import FACTS
    from archive.export.columns.page_columns import TABLES, TEXT
    from archive.export.columns.review_columns import VERDICTS

    a_row_each = kind in (ExportKind.FACTS, ExportKind.CORRECTIONS, ExportKind.SIGHTINGS)
    chosen = saving.chosen(form, output, FileFormat.CSV if a_row_each else FileFormat.JSON)
    with Archive.open(archive) as opened:
        seen = opened.crawl.history
        wanted: dict[ExportKind, tuple[Callable[[], Iterable[Any]], Callable[[], int], str, ExportLayout]] = {
            ExportKind.FACTS: (opened.values.facts, opened.values.count_facts, "values", FACTS),
            ExportKind.TABLES: (*_tables(opened, tables_of), "tables", TABLES),
            ExportKind.TEXT: (opened.export.pages, opened.export.count_pages, "pages", TEXT),
            ExportKind.CORRECTIONS: (
                opened.review.verdicts,
                opened.review.count_verdicts,
                "verdicts",
                VERDICTS,
            ),
            ExportKind.SIGHTINGS: (seen.sightings, seen.count_sightings, "sightings", SIGHTINGS),
        }
        records, total, what, layout = wanted[kind]
        saving.save(counted(records(), what, total, output), layout, chosen, output)


def _tables(
    opened: Archive, wanted: ProvenanceFilter | None
) -> tuple[Callable[[], Iterable[Any]], Callable[[], int]]:
    """All tables, or those of some documents; and how many they are."""
    if wanted is None:
        return opened.export.tables, opened.export.count_tables
    digests = opened.export.chosen(wanted)
    return (
        lambda: (table for digest in digests for table in opened.export.tables(digest)),
        lambda: sum(map(opened.export.count_tables, digests)),
    )


def _hand_over(
    kind: ExportKind, archive: str, wanted: ProvenanceFilter, output: Path | None, organization: str
) -> None:
    """Write documents as a bag or as PDFs."""
    from archive.archive import Archive

    with Archive.open(archive) as opened:
        if kind is ExportKind.BAG:
            _export_bag(opened, wanted, _named(output, "the bag"), organization)
        else:
            _export_pdf(opened, wanted, _named(output, "the PDF"))


def _export_bag(opened: Archive, wanted: ProvenanceFilter, folder: Path, organization: str) -> None:
    from console.progress import reporter

    with reporter(quiet=False) as listener:
        bagged = opened.export.write_bag(folder, wanted, listener, organization)
    talk(f"{bagged.documents} documents, {bagged.files} files, {bagged.octets:,} bytes in the bag {folder}")


def _export_pdf(opened: Archive, wanted: ProvenanceFilter, output: Path) -> None:
    from console.progress import reporter
    from ingest.rendering.searchable_pdfs import save_searchable

    with reporter(quiet=False) as listener:
        written, failed = save_searchable(opened, wanted, output, listener)
    show(map(str, written))
    if failed:
        raise BatchIncomplete(f"{failed} documents are no searchable PDF/A, as said above")


def _named(output: Path | None, what: str) -> Path:
    if output is None:
        raise UsageError(f"say with --output where {what} shall be written")
    return output
