"""The archive: originals, readings, search, exports. Open one with `Archive.open`."""

from archive.again import Again
from archive.comparisons import AcrossFilter
from archive.coverage import CoverageFilter
from archive.database import LockedError
from archive.dossier import DossierFilter
from archive.facts import FactFilter
from archive.records import (
    DocumentChanges,
    DocumentView,
    Doubt,
    Fact,
    Failure,
    Hit,
    Kept,
    PendingDocument,
    Printed,
    Run,
    Said,
    SearchResult,
    Status,
    StoredPage,
    StoredTable,
    StoredVerdict,
    VerdictKind,
)
from archive.review import Wanted
from archive.search import SearchFilter
from archive.store import Archive

__all__ = [
    "AcrossFilter",
    "Again",
    "Archive",
    "CoverageFilter",
    "DocumentChanges",
    "DocumentView",
    "DossierFilter",
    "Doubt",
    "Fact",
    "FactFilter",
    "Failure",
    "Hit",
    "Kept",
    "LockedError",
    "PendingDocument",
    "Printed",
    "Run",
    "Said",
    "SearchFilter",
    "SearchResult",
    "Status",
    "StoredPage",
    "StoredTable",
    "StoredVerdict",
    "VerdictKind",
    "Wanted",
]
