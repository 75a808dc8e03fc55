"""Zips: how much of one is opened, and why one is kept as it is."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.limits import document_limits, exceeded, setting

# What zipfile raises for a file that is no sound zip, or is packed in a way it does not know.
BAD_ZIP = (zipfile.BadZipFile, OSError, NotImplementedError, ValueError)

# And what is raised for a member that is no sound one.
DAMAGED_ZIP = (*BAD_ZIP, zlib.error, EOFError)

# What helps once a limit is raised: `retry` reads what was kept, and opens no zip.
AGAIN = "ingest it again"


@dataclass(slots=True)
class Allowance:
    """What is left of the members and bytes that a zip or a PDF, with all those in it, may unpack to."""

    members: int = field(default_factory=lambda: document_limits().zip_members)
    size: int = field(default_factory=lambda: document_limits().zip_bytes)

    def takes(self, sizes: Sequence[int]) -> bool:
        """Tell whether what has members of so many bytes may be opened, and count them if so."""
        members, size = self.members - len(sizes), self.size - sum(sizes)
        if members < 0 or size < 0:
            return False
        self.members, self.size = members, size
        return True


def refused_zip(path: Path) -> UnreadableDocument:
    """Return why a zip was kept as it is, and not opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except BAD_ZIP:
        return UnreadableDocument(Failure.NOT_A_DOCUMENT, "a damaged zip: have it sent or packed again")
    if not entries:
        return UnreadableDocument(Failure.NOT_A_DOCUMENT, "an empty zip")
    if len(entries) > document_limits().zip_members:
        reason = exceeded("zip_members", "a zip of more than {} members", AGAIN)
        return UnreadableDocument(Failure.TOO_LARGE, reason)
    if _size(entries) > document_limits().zip_bytes:
        reason = exceeded("zip_bytes", "a zip that would unpack to more than {}", AGAIN)
        return UnreadableDocument(Failure.TOO_LARGE, reason)
    around = (
        f"${setting('zip_depth')}, or beyond ${setting('zip_members')} or ${setting('zip_bytes')} together"
    )
    reason = (
        f"a zip, no PDF, web page or picture; inside of other zips one deeper than {around} is not opened"
    )
    return UnreadableDocument(Failure.NOT_A_DOCUMENT, f"{reason}: unpack it and ingest what is in it")


def _size(entries: Sequence[zipfile.ZipInfo]) -> int:
    return sum(info.file_size for info in entries)
