"""Zips: how much of one is opened, and why one is kept as it is."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ocr.errors import UnreadableDocument
from ocr.limits import exceeded, limits

# What zipfile raises for a file that is no sound zip, or is packed in a way it does not know.
BAD_ZIP = (zipfile.BadZipFile, OSError, NotImplementedError, ValueError)


@dataclass(slots=True)
class Allowance:
    """What is left of the members and bytes that a zip, with all zips in it, may unpack to."""

    members: int = field(default_factory=lambda: limits().zip_members)
    size: int = field(default_factory=lambda: limits().zip_bytes)

    def takes(self, entries: Sequence[zipfile.ZipInfo]) -> bool:
        """Tell whether a zip of these members may be opened, and count them if so."""
        members, size = self.members - len(entries), self.size - _size(entries)
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
        return UnreadableDocument("not_a_document", "a damaged zip: have it sent or packed again")
    if not entries:
        return UnreadableDocument("not_a_document", "an empty zip")
    if len(entries) > limits().zip_members:
        return UnreadableDocument("too_large", exceeded("zip_members", "a zip of more than {} members"))
    if _size(entries) > limits().zip_bytes:
        reason = exceeded("zip_bytes", "a zip that would unpack to more than {}")
        return UnreadableDocument("too_large", reason)
    reason = exceeded(
        "zip_depth", "a zip that was not opened: it lies in {} zips or more, or in too large a one"
    )
    return UnreadableDocument("not_a_document", reason)


def _size(entries: Sequence[zipfile.ZipInfo]) -> int:
    return sum(info.file_size for info in entries)
