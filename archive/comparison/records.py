"""What reports say of each other, as records: plain, without the code that compares."""

from __future__ import annotations

from dataclasses import dataclass

R5, R7 = "R5", "R7"
SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class AcrossFilter:
    """Which comparisons; None means any. `organ` may be a part of a name, `year` is the later one."""

    organ: str | None = None
    year: int | None = None
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class AcrossTerm:
    """A value in a comparison, where it is printed, and its side: `said`, `plus` or `minus`.

    `document` names its report: the sha256, with its part behind it where that is not the first.
    """

    side: str
    document: str
    source: str
    organ: str
    year: int | None
    table: str
    row: str
    column: str
    state: str
    raw: str
    value: str
    flags: str
    needs_review: int
    page: int | None


@dataclass(frozen=True, slots=True)
class AcrossFinding:
    """What the report of an organ on a year says, and what other reports say it must be.

    `outcome` is one of `reconcile.checks.cross_report.ComparisonOutcome`, or `summary` for an aggregate as a
    whole, which has no row. `set_aside` are other readings of the same organs and years.
    """

    relation: str
    organ: str
    year: int
    table: str
    row: str
    column: str
    outcome: str
    said: str
    expected: str
    message: str
    set_aside: tuple[str, ...]
    terms: tuple[AcrossTerm, ...]
