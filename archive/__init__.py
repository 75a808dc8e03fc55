"""The archive: originals, readings, search, exports. Open one with `Archive.open`."""

from archive.folder import LockedError
from archive.records import Kept, PendingDocument, Run
from archive.store import Archive

__all__ = ["Archive", "Kept", "LockedError", "PendingDocument", "Run"]
