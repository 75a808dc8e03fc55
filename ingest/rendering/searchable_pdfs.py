"""Documents of the archive as searchable PDF/A."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archive.archive import Archive
from archive.documents.provenance import DocumentProvenance, ProvenanceFilter
from archive.export.bag.bag import BagListener
from core.errors import UnreadableDocument, UsageError
from ocr.model import Page


def save_searchable(
    archive: Archive, wanted: ProvenanceFilter, output: Path, listener: BagListener
) -> tuple[list[Path], int]:
    """Write searchable PDF/A, one document into a file, several into a folder.

    Give the files, and how many documents are not among them or no PDF/A; the
    listener is told why.

    Raises:
        UsageError: no such document, or the output cannot be written.
        ArchiveDamaged: an original is not what it was.
    """
    digests = archive.export.chosen(wanted)
    listener.started(len(digests))
    written: list[Path] = []
    failed = 0
    for digest, target in zip(digests, _targets(output, digests), strict=True):
        known, pages = archive.export.dossier(digest)
        is_there, trouble = _save(archive, known, pages, target)
        written.extend([target] if is_there else [])
        failed += trouble is not None
        outcome = "failed" if trouble else "written"
        listener.finished(digest, known.sources[0].name, outcome, trouble or str(target))
    return written, failed


def _save(
    archive: Archive, known: DocumentProvenance, pages: Sequence[Page], target: Path
) -> tuple[bool, str | None]:
    """Write one document; tell whether there is a file, and what is wrong with it, if anything."""
    from ocr.output.searchable_pdf import write_searchable

    if known.reading is None:
        return False, f"{known.status}, not read: there are no lines to put under its pages"
    source = archive.documents.original(known.document)
    unfinished = target.with_name(f".{target.name}.part")
    try:
        unfinished.touch()  # fails here, and not after minutes, where nothing may be written
        reason = write_searchable(source, pages, unfinished, _title(known))
        unfinished.replace(target)
    except UnreadableDocument as error:
        return False, f"no searchable PDF can be made of it: {error}"
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return True, reason and f"searchable, but not shown to be PDF/A: {reason}"


def _targets(output: Path, digests: Sequence[str]) -> list[Path]:
    if len(digests) == 1 and not output.is_dir():
        return [output]
    try:
        output.mkdir(exist_ok=True)
    except OSError as error:
        what = f"{len(digests)} documents want a folder"
        raise UsageError(f"{output}: {what} ({error.strerror or error})") from error
    return [output / f"{digest}.pdf" for digest in digests]


def _title(known: DocumentProvenance) -> str:
    return known.title or known.sources[0].name
