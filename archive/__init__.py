"""The archive: originals, readings, search, exports. Open one with `Archive.open`."""

from archive.comparisons import AcrossFilter
from archive.coverage import CoverageFilter
from archive.database import LockedError
from archive.dossier import DossierFilter
from archive.facts import FactFilter
from archive.records import (
    DocumentView,
    Fact,
    Failure,
    Hit,
    Kept,
    PendingDocument,
    Run,
    SearchResult,
    Status,
    StoredPage,
    StoredTable,
)
from archive.search import SearchFilter
from archive.store import Archive

__all__ = [
    "AcrossFilter",
    "Archive",
    "CoverageFilter",
    "DocumentView",
    "DossierFilter",
    "Fact",
    "FactFilter",
    "Failure",
    "Hit",
    "Kept",
    "LockedError",
    "PendingDocument",
    "Run",
    "SearchFilter",
    "SearchResult",
    "Status",
    "StoredPage",
    "StoredTable",
]
