"""Documents of the archive as searchable PDF/A."""

from __future__ import annotations

from pathlib import Path

from archive import Archive, DossierFilter
from archive.bag import BagListener
from archive.dossier import Dossier, PageRecord
from ocr.errors import UnreadableDocument, UsageError
from ocr.model import Box, Page, Route, TextLine


def save_searchable(
    archive: Archive, wanted: DossierFilter, output: Path, listener: BagListener
) -> tuple[list[Path], list[str]]:
    """Write searchable PDF/A, one document into a file, several into a folder; give files and troubles.

    A file that cannot be PDF/A is written as PDF all the same, and told as a trouble.

    Raises:
        UsageError: no such document, or the output cannot be written.
    """
    digests = archive.chosen(wanted)
    targets = _targets(output, digests)
    listener.started(len(digests))
    written: list[Path] = []
    troubles: list[str] = []
    for digest, target in zip(digests, targets, strict=True):
        trouble = _save(archive, digest, target)
        if target.exists():
            written.append(target)
        if trouble:
            troubles.append(f"{digest[:12]}: {trouble}")
        source = archive.dossier(digest)[0].sources[0].name
        listener.finished(digest, source, "failed" if trouble else "written", str(target))
    return written, troubles


def _save(archive: Archive, digest: str, target: Path) -> str | None:
    """Write one document; say what is wrong with it, if anything."""
    from ocr.searchable import write_searchable

    known, pages = archive.dossier(digest)
    if known.reading is None:
        return f"{known.status}, not read: there are no lines to put under its pages"
    unfinished = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        reason = write_searchable(
            archive.path(digest), [_page(page) for page in pages], unfinished, _title(known)
        )
        unfinished.replace(target)
    except UnreadableDocument as error:
        return f"no searchable PDF can be made of it: {error}"
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return reason and f"searchable, but not shown to be PDF/A: {reason}"


def _targets(output: Path, digests: list[str]) -> list[Path]:
    if len(digests) == 1 and not output.is_dir():
        return [output]
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output} is a file; {len(digests)} documents want a folder")
    return [output / f"{digest}.pdf" for digest in digests]


def _title(known: Dossier) -> str:
    return known.title or known.sources[0].name


def _page(read: PageRecord) -> Page:
    lines = tuple(
        TextLine(
            line.text,
            Box(line.left, line.top, line.right, line.bottom),
            line.confidence,
            read.engine,
            line.vertical,
        )
        for line in read.lines
    )
    return Page(
        read.page,
        read.width,
        read.height,
        Route(read.route),
        lines,
        (),
        read.engine,
        0.0,
        read.turned,
        read.skew,
    )
