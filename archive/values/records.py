"""Values as they are told, what people say of them, and what changed: plain frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.records import ReportName, VerdictKind

if TYPE_CHECKING:
    from ocr.model import Box, Reading
    from reconcile.model import Finding

# The kind of a finding that says what a value should be for the sums to hold.
PROPOSAL = "proposal"


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
    part: int

    @property
    def report(self) -> ReportName:
        """The report it stands in."""
        return ReportName(self.document, self.part)


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """What a person says is printed; `value` is a plain decimal where `state` is read, else empty."""

    state: str
    raw: str
    value: str


@dataclass(frozen=True, slots=True)
class VerdictInput:
    """A verdict to be kept; `printed` belongs to a correction only.

    `seen_run` is the run whose reading the person looked at; None means the current one. `seen_verdict` is
    the id of the verdict that stood then, 0 for none; None does not ask.
    """

    kind: VerdictKind
    who: str
    note: str = ""
    printed: PrintedValue | None = None
    seen_run: int | None = None
    seen_verdict: int | None = None


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
    part: int
    seen_part: int

    @property
    def key(self) -> str:
        return f"{self.table}/{self.row}/{self.column}"


@dataclass(frozen=True, slots=True)
class DoubtfulValue:
    """A value as a person judges it: `fact` is what the archive says, `read` what run `run` read.

    `confidence` and `method` are those of the reading, `others` its further readings,
    `findings` those that name the value, `verdict` the one that stands.
    """

    fact: Fact
    run: int
    read: PrintedValue
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
    part: int = 1

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
