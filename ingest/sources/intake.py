"""Intake: every original is kept before anything is read from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.archive import Archive
from archive.documents.records import IntakeReceipt
from core.limits import document_limits
from core.media_types import PACKED, PDF, ZIP
from core.zip_limits import DAMAGED_ZIP, Allowance
from ingest.sources.candidates import Candidate, candidates_under, is_document, members, sniffed
from ingest.sources.embedded import embedded_members
from ingest.sources.packed import packed_members


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What became of one file: `kept` is None where it was passed over or `trouble` says why not."""

    name: str
    kept: IntakeReceipt | None
    trouble: str = ""


def take(paths: Iterable[Path], archive: Archive) -> Iterator[IntakeResult]:
    """Keep every document under the given paths; other files in folders are passed over.

    Raises:
        UsageError: a path does not exist, or a setting of a limit makes no sense.
    """
    document_limits()
    for candidate in candidates_under(paths):
        yield from take_one(candidate, archive)


def take_one(candidate: Candidate, archive: Archive) -> Iterator[IntakeResult]:
    """Keep a file, or what is in it if it is a zip, RAR or 7z; of a PDF both."""
    yield from _take(candidate, archive, 1, Allowance())


def _take(candidate: Candidate, archive: Archive, depth: int, allowance: Allowance) -> Iterator[IntakeResult]:
    try:
        kind = sniffed(candidate)
        if not is_document(candidate, kind):
            yield IntakeResult(candidate.name, None)
            return
        inside: Iterable[Candidate] | None = members(candidate, depth, allowance) if kind == ZIP else None
        if inside is None and kind not in PACKED:
            with candidate.open() as stream:
                yield IntakeResult(candidate.name, archive.documents.keep(candidate.name, stream, kind))
            inside = embedded_members(candidate, depth, allowance) if kind == PDF else ()
    except DAMAGED_ZIP as error:
        yield IntakeResult(candidate.name, None, f"cannot be read: {error}")
        return
    if kind in PACKED:
        yield from _take_packed(candidate, kind, archive, depth, allowance)
    for member in inside or ():
        yield from _take(member, archive, depth + 1, allowance)


def _take_packed(
    candidate: Candidate, kind: str, archive: Archive, depth: int, allowance: Allowance
) -> Iterator[IntakeResult]:
    """Keep what is in a RAR or 7z, or itself where it cannot be opened."""
    with TemporaryDirectory(prefix="guidang-packed-") as folder:
        try:
            inside = packed_members(candidate, kind, Path(folder), depth, allowance)
            if inside is None:
                with candidate.open() as stream:
                    yield IntakeResult(candidate.name, archive.documents.keep(candidate.name, stream, kind))
        except DAMAGED_ZIP as error:
            yield IntakeResult(candidate.name, None, f"cannot be read: {error}")
            return
        for member in inside or ():
            yield from _take(member, archive, depth + 1, allowance)
