"""Handing over: documents with their originals, readings and provenance as a BagIt bag."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

from sqlalchemy import Connection

from archive.documents import provenance, reading_loader
from archive.documents.provenance import DocumentProvenance, ProvenanceFilter
from archive.documents.reading_loader import StoredFinding
from archive.export.bag.alto import alto_page
from archive.export.bag.bagit_writer import BagWriter
from archive.export.bag.readme_text import README
from archive.export.columns.base import ExportLayout, Row
from archive.export.columns.fact_columns import FACTS
from archive.export.columns.page_columns import TABLES
from archive.export.columns.report_columns import REPORT_WORDS, REPORTS
from archive.export.columns.review_columns import VERDICTS
from archive.export.csv_json import write_csv, write_json
from archive.reports import corrections, listing
from archive.values import facts, verdicts
from core.errors import ArchiveDamaged, UsageError
from core.media_types import GATHERED
from ocr.model import Page
from reconcile.forms.form_model import Form
from reconcile.forms.registry import expected_keys, forms, labels_of

EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "text/html": ".html",
    "multipart/related": ".mhtml",
    "application/rtf": ".rtf",
    "application/ofd": ".ofd",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
    GATHERED: ".zip",
}
LISTED = ("document", "original", "status", "title", "organ", "year", "source", "reports")
KEYS = ("form", "form_title", "table", "table_title", "row", "row_label", "column", "column_label")
LYING = ("width", "height", "route", "engine", "turned", "skew")
DESCRIPTION = (
    "Annual disclosure reports (政府信息公开工作年度报告): {count} original files with what was read from "
    "them (ALTO XML, CSV, JSON), what people said and how it was read; data/README.md explains the layout"
)


class BagListener(Protocol):
    """Is told how a bag comes along."""

    def started(self, documents: int) -> None:
        """So many documents are going to be written."""

    def finished(self, document: str, source: str, outcome: str, detail: str) -> None:
        """One of them is."""


@dataclass(frozen=True, slots=True)
class BagSummary:
    """How much a bag holds; `octets` and `files` are those of its payload."""

    documents: int
    files: int
    octets: int


def write_bag(
    connection: Connection,
    path_of: Callable[[str], Path],
    folder: Path,
    wanted: ProvenanceFilter,
    organization: str,
    listener: BagListener,
) -> BagSummary:
    """Write the wanted documents into a bag, all of them or nothing.

    `path_of` gives the original of a sha256. Raises UsageError for a folder
    that holds something or cannot be written and for names of no document,
    ArchiveDamaged for an original that is not what it was.
    """
    digests = provenance.chosen(connection, wanted)
    listener.started(len(digests))
    with _new_folder(folder) as unfinished, BagWriter(unfinished) as bag:
        with bag.text("README.md") as text:
            text.write(README)
        with bag.text("keys.csv") as text:
            write_csv(forms().values(), FORMS, text)
        with bag.text("documents.csv") as text:
            write_csv(_written(connection, path_of, bag, digests, listener), DOCUMENTS, text)
        bag.finish(_information(len(digests), organization))
    return BagSummary(len(digests), bag.files, bag.octets)


def _written(
    connection: Connection,
    path_of: Callable[[str], Path],
    bag: BagWriter,
    digests: Iterable[str],
    listener: BagListener,
) -> Iterator[DocumentProvenance]:
    """Write the documents one by one; give each when it is written."""
    for digest in digests:
        known = provenance.provenance_of(connection, digest)
        _copy_original(bag, known, path_of(digest))
        _write_reading(connection, bag, known)
        yield known
        listener.finished(digest, known.sources[0].name, "bagged", known.status)


def _copy_original(bag: BagWriter, known: DocumentProvenance, path: Path) -> None:
    remedy = "restore it from a copy; no bag was made"
    try:
        stream = path.open("rb")
    except OSError as error:
        what = f"original {known.document} cannot be read ({error.strerror or error})"
        raise ArchiveDamaged(f"{what}: {remedy}") from error
    with stream:
        found = bag.copy(original_name(known), stream)["sha256"]
    if found != known.document:
        raise ArchiveDamaged(f"original {known.document} has changed: {remedy}")


def _write_reading(connection: Connection, bag: BagWriter, known: DocumentProvenance) -> None:
    """Write all that belongs to one document; the tables of a failed or pending one are empty."""
    digest, home = known.document, f"documents/{known.document}"
    values = facts.query_for(facts.FactFilter(document=digest))
    with bag.text(f"{home}/values.csv") as text:
        write_csv(facts.read(connection, values), FACTS, text)
    with bag.text(f"{home}/tables.json") as text:
        write_json(reading_loader.tables(connection, digest), TABLES, text)
    with bag.text(f"{home}/findings.csv") as text:
        write_csv(reading_loader.findings(connection, digest), FINDINGS, text)
    with bag.text(f"{home}/corrections.csv") as text:
        write_csv(verdicts.history(connection, digest), VERDICTS, text)
    with bag.text(f"{home}/reports.csv") as text:
        write_csv(listing.listed(connection, digest), REPORTS, text)
    with bag.text(f"{home}/report-corrections.csv") as text:
        write_csv(corrections.history(connection, digest), REPORT_WORDS, text)
    with bag.text(f"{home}/provenance.json") as text:
        _write_provenance(known, _write_pages(connection, bag, known), text.write)


def _write_pages(connection: Connection, bag: BagWriter, known: DocumentProvenance) -> Iterator[Page]:
    """Write an ALTO file a page; give each page when it is written."""
    if known.reading is None:
        return
    tables = list(reading_loader.tables(connection, known.document))
    for page in (stored.page for stored in reading_loader.pages(connection, known.document)):
        alto = alto_page(page, known.document, f"../../../{original_name(known)}", known.reading, tables)
        with bag.file(f"documents/{known.document}/{_alto_name(page)}") as stream:
            stream.write(alto)
        yield page


def _write_provenance(
    known: DocumentProvenance, pages: Iterable[Page], write: Callable[[str], object]
) -> None:
    told = {
        **{name: getattr(known, name) for name in ("title", "organ", "year")},
        **asdict(known),
        "original": original_name(known),
        "pages": [{**_lying(page), "alto": _alto_name(page)} for page in pages],
    }
    write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def _lying(page: Page) -> Row:
    """How a page lies, and how it was read."""
    return {"page": page.number, **{name: getattr(page, name) for name in LYING}}


def original_name(known: DocumentProvenance) -> str:
    """The name of an original in the payload: its sha256, with an ending by what it is."""
    return f"originals/{known.document}{EXTENSIONS.get(known.media_type, '.bin')}"


def _alto_name(page: Page) -> str:
    return f"alto/page-{page.number:04}.xml"


def _information(count: int, organization: str) -> dict[str, str]:
    known = {
        "Source-Organization": organization,
        "External-Description": DESCRIPTION.format(count=count),
        "Bagging-Date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "Bag-Software-Agent": f"guidang/{version('guidang')}",
        "Bag-Count": "1 of 1",
        "Document-Count": str(count),
    }
    return {label: text for label, text in known.items() if text}


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A folder that takes its name only when it is complete.

    Raises UsageError if something is there already, or if it cannot be written.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty: a bag wants a folder of its own")
    unfinished = None
    try:
        unfinished = Path(mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.absolute().parent))
        yield unfinished
        unfinished.chmod(0o755)  # mkdtemp makes folders for one's own eyes
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror or error}") from error
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)


def _document_rows(known: Iterable[DocumentProvenance]) -> Iterator[Row]:
    for one in known:
        named = {name: getattr(one, name) for name in ("document", "status", "title", "organ", "year")}
        told = {"original": original_name(one), "source": one.sources[0].name, "reports": len(one.reports)}
        yield {**named, **told}


def _finding_rows(found: Iterable[StoredFinding]) -> Iterator[Row]:
    for stored in found:
        keys = ";".join(map(str, stored.finding.keys))
        yield {"document": stored.document, **asdict(stored.finding), "keys": keys, "part": stored.part}


def _key_rows(known: Iterable[Form]) -> Iterator[Row]:
    """What the keys of values stand for: a row a value that a form may have, with its printed labels."""
    for form in known:
        for table in form.tables.values():
            for key in expected_keys(form.name, table.key):
                row, column = labels_of(form.name, key.table, key.row, key.column)
                named = (form.name, form.title, table.key, table.title)
                yield dict(zip(KEYS, (*named, key.row, row, key.column, column), strict=True))


FORMS = ExportLayout(KEYS, _key_rows, asdict)
DOCUMENTS = ExportLayout(LISTED, _document_rows, asdict)
FINDINGS = ExportLayout(
    ("document", "kind", "relation", "keys", "page", "message", "part"), _finding_rows, asdict
)
