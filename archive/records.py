"""What goes into the archive and comes out of it: plain frozen records, no database.

Boxes are in PDF points with the origin at the top left of the page as stored,
pages count from 1, confidences run from 0 to 1, times are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from ocr.model import Box, Page, Reading
from reconcile.model import Finding, JoinedTable

SIDES = ("left", "top", "right", "bottom")

# Flags that come from people; those of the reader are in reconcile.model.
PEOPLES_FLAGS = CONFIRMED, CORRECTED = "confirmed", "corrected"
# The kind of a finding that says what a value should be for the sums to hold.
PROPOSAL = "proposal"


def rounded(fields: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields of a record as they are shown: confidences to 4 decimals, boxes to 2."""
    shown = dict(fields, confidence=round(fields["confidence"], 4))
    for side in SIDES:
        if shown[side] is not None:
            shown[side] = round(shown[side], 2)
    return shown


@dataclass(frozen=True, slots=True)
class Run:
    """How a reading came about: `version` of the code, `engines` by name and version.

    `options` must be JSON-serialisable. `seconds` is the time spent on this
    document alone; `started` and `finished` are aware datetimes.
    """

    version: str
    engines: Mapping[str, str]
    options: Mapping[str, object]
    started: datetime
    finished: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Kept:
    """The sha256 of bytes that are now safe, and whether they or their source are new."""

    document: str
    new_document: bool
    new_source: bool


@dataclass(frozen=True, slots=True)
class PendingDocument:
    """A document that waits to be read."""

    document: str
    source: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a document could not be read; `code` is a short word for programs.

    `status` is failed or, where it ended the processes that read it, quarantined; `attempts` were in vain.
    """

    document: str
    source: str
    stage: str
    code: str
    reason: str
    failed: str
    status: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Status:
    """Counts over the whole archive; `duplicates` are sources that brought bytes already kept.

    `flags` counts values, `table_flags` tables; what people said is counted in.
    `verdicts` stand, of which a newer reading contradicts `contradicted`.
    """

    documents: Mapping[str, int]
    sources: int
    duplicates: int
    pages: Mapping[str, int]
    values: Mapping[str, int]
    flags: Mapping[str, int]
    table_flags: Mapping[str, int]
    needs_review: int
    verdicts: int
    contradicted: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of a form, with the columns of `export facts` in their public order."""

    document: str
    source: str
    organ: str
    year: int | None
    form: str
    table: str
    row: str
    column: str
    state: str
    raw: str
    value: str
    confidence: float
    flags: str
    needs_review: int
    page: int | None
    left: float | None
    top: float | None
    right: float | None
    bottom: float | None


class VerdictKind(StrEnum):
    """What a person can say of a value."""

    ACCEPT = "accept"
    CORRECT = "correct"
    ANOMALY = "anomaly"
    NOTE = "note"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Printed:
    """What a person says is printed; `value` is a plain decimal where `state` is read, else empty."""

    state: str
    raw: str
    value: str


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict to be kept; `printed` belongs to a correction only.

    `seen_run` is the run whose reading the person looked at; None means the current one.
    """

    kind: VerdictKind
    who: str
    note: str = ""
    printed: Printed | None = None
    seen_run: int | None = None


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """A verdict as it was kept; `seen_…` is what the reading said then, `undoes` the id of another."""

    id: int
    document: str
    source: str
    table: str
    row: str
    column: str
    kind: str
    stands: bool
    state: str
    raw: str
    value: str
    seen_state: str
    seen_raw: str
    seen_value: str
    seen_run: int
    note: str
    who: str
    at: str
    undoes: int | None

    @property
    def key(self) -> str:
        return f"{self.table}/{self.row}/{self.column}"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value as a person judges it: `fact` is what the archive says, `read` what run `run` read.

    `confidence` and `method` are those of the reading, `others` its further readings,
    `findings` those that name the value, `verdict` the one that stands.
    """

    fact: Fact
    run: int
    read: Printed
    confidence: float
    method: str
    others: tuple[Reading, ...]
    findings: tuple[Finding, ...]
    verdict: StoredVerdict | None

    @property
    def key(self) -> str:
        return f"{self.fact.table}/{self.fact.row}/{self.fact.column}"


@dataclass(frozen=True, slots=True)
class PrintedAt:
    """Where a value is printed: `box`, in the row `around` it.

    `turned` is the clockwise turn in degrees that sets the page upright.
    """

    page: int
    box: Box
    around: Box
    turned: int


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A value as one run read it."""

    form: str
    state: str
    raw: str
    value: str
    confidence: float
    flags: str


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that two runs read differently; None where a run has no such value.

    `verdict` is the standing one that the new reading contradicts, if it does.
    """

    table: str
    row: str
    column: str
    old: ReadValue | None
    new: ReadValue | None
    verdict: StoredVerdict | None

    @property
    def key(self) -> str:
        return f"{self.table}/{self.row}/{self.column}"

    @property
    def is_read_otherwise(self) -> bool:
        """Whether more than its flags changed."""
        if self.old is None or self.new is None:
            return True
        before, after = ((read.state, read.raw, read.value) for read in (self.old, self.new))
        return before != after


@dataclass(frozen=True, slots=True)
class DocumentChanges:
    """What a newer run of a document reads differently, and in `settings` what differs in how it was read.

    `old_run` is None where the document had not been read before; `values` is how many it has now.
    """

    document: str
    source: str
    old_run: int | None
    new_run: int
    values: int
    settings: Mapping[str, tuple[object, object]]
    changes: tuple[ValueChange, ...]

    @property
    def read_otherwise(self) -> int:
        """How many values changed in more than their flags."""
        return sum(change.is_read_otherwise for change in self.changes)


@dataclass(frozen=True, slots=True)
class DocumentView:
    """All that is known of one document; the reading is empty while it is pending or failed."""

    document: str
    media_type: str
    size: int
    status: str
    sources: tuple[str, ...]
    path: Path
    failure: Failure | None
    title: str
    organ: str
    year: int | None
    run: Run | None
    runs: int
    pages: tuple[Page, ...]
    tables: tuple[JoinedTable, ...]
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    verdicts: tuple[StoredVerdict, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that holds what was searched for.

    `snippet` is text as read, `marks` the half-open character ranges in it that match;
    `boxes` are those of the lines or cells of the page in which something matches.
    """

    document: str
    source: str
    organ: str
    year: int | None
    title: str
    page: int
    route: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best hits, best first, and how many pages match in all.

    Where `is_all` is false, more pages match than were weighed: the hits are the
    best of the `total` newest.
    """

    hits: tuple[Hit, ...]
    total: int
    is_all: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that `verify` found; `kind` is a name of `fixity`, `database` or `index`.

    `document` is the sha256 of the original concerned, `object` its name in the
    object store; both are empty where none is. `message`, one line, says what to do.
    """

    kind: str
    document: str
    object: str
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """How many originals were hashed again, what is damaged, and what is merely odd."""

    originals: int
    damages: tuple[Trouble, ...]
    oddities: tuple[Trouble, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """What is damaged and what to do about it, a line each."""
        return tuple(one.message for one in self.damages)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is no damage, a line each."""
        return tuple(one.message for one in self.oddities)

    def objects(self, kind: str) -> tuple[str, ...]:
        """The names in the object store of all that is of one kind, in order."""
        return tuple(one.object for one in (*self.damages, *self.oddities) if one.kind == kind)
