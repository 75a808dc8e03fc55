"""What was told of a volume beside what is in it, report by report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from bench.accuracy.compare import compare
from bench.volumes.binding import BoundVolume, TrueReport
from reconcile.model import DOUBTFUL_YEAR, Flag, Report, Value, Volume


@dataclass(frozen=True, slots=True)
class VolumeScore:
    """Counts over volumes; all but the last three are of what is in them.

    `found` reports have one told of on their first page, `named` organ and year right too, `misnamed` a wrong
    one, `ranges` first and last page right. `extra` reports were told of and are none. `wrong` values are
    another report's, under another organ or year, and unflagged.
    """

    reports: int = 0
    found: int = 0
    named: int = 0
    misnamed: int = 0
    ranges: int = 0
    values: int = 0
    exact: int = 0
    flagged: int = 0
    extra: int = 0
    doubtful: int = 0
    wrong: int = 0

    def __add__(self, other: VolumeScore) -> VolumeScore:
        return VolumeScore(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def score(volume: BoundVolume, told: Volume) -> tuple[VolumeScore, tuple[str, ...]]:
    """The counts of one volume, and a line for each thing that is not right."""
    pairs = [(one, _own(one, told)) for one in volume.reports]
    total = VolumeScore(
        extra=len(told.reports) - sum(report is not None for _, report in pairs),
        doubtful=sum(finding.kind == Flag.DOUBTFUL_BORDER for r in told.reports for finding in r.findings),
        wrong=len(list(_wrong(volume, told))),
    )
    notes = [f"WRONG ORGAN {value}" for value in _wrong(volume, told)]
    for one, report in pairs:
        counted = _counted(one, report)
        total += counted
        if not (counted.named and counted.ranges and counted.exact == counted.values):
            notes.append(f"{_said(one)} -> {_told(report)}, {counted.exact} of {counted.values} exact")
    return total, tuple(notes)


def _own(one: TrueReport, told: Volume) -> Report | None:
    """The report that is told to begin where one does; of two on a sheet its organ's, else the last."""
    begun = [report for report in told.reports if report.pages and report.pages[0] == one.first]
    same = [report for report in begun if (report.organ, report.year) == (one.member.organ, one.member.year)]
    return (same or begun or [None])[-1]


def _counted(one: TrueReport, report: Report | None) -> VolumeScore:
    facts = one.member.facts
    if report is None:
        return VolumeScore(reports=1, values=len(facts))
    organ, year = one.member.organ, one.member.year or None
    compared = compare("", facts, map(_row, report.values))
    return VolumeScore(
        reports=1,
        found=1,
        named=(report.organ, report.year) == (organ, year) or (not organ and not report.organ),
        misnamed=(report.organ not in ("", organ) or (report.year not in (None, year) and bool(organ)))
        and not any(finding.kind == DOUBTFUL_YEAR for finding in report.findings),
        ranges=(report.pages[0], report.pages[-1]) == (one.first, one.last),
        values=compared.cells,
        exact=compared.exact,
        flagged=compared.flagged,
    )


def _row(value: Value) -> Mapping[str, str]:
    key = value.key
    return {
        **{"table": key.table, "row": key.row, "column": key.column},
        **{"state": value.state, "value": value.value, "raw": value.raw},
        "needs_review": str(int(value.needs_review)),
    }


def _wrong(volume: BoundVolume, told: Volume) -> Iterator[str]:
    """Values under an organ or year that is not that of any report on their page, and unflagged."""
    for report in told.reports:
        for value in report.values:
            owners = [
                one.member for one in volume.reports if value.page and one.first <= value.page <= one.last
            ]
            if not owners or value.needs_review or not (report.organ or report.year):
                continue
            if not any(_is_of(report, one.organ, one.year) for one in owners):
                yield f"{value.key} on page {value.page} under {report.organ} {report.year}"


def _is_of(report: Report, organ: str, year: int) -> bool:
    """Say whether a report may be that of an organ and year: what it leaves empty is not wrong."""
    return report.organ in ("", organ) and (report.year in (None, year) or not organ)


def _said(one: TrueReport) -> str:
    return f"{one.member.organ} {one.member.year} pages {one.first}–{one.last}"


def _told(report: Report | None) -> str:
    if report is None:
        return "not told of"
    found: Iterable[int] = report.pages
    pages = list(found)
    return f"{report.organ or '?'} {report.year} pages {pages[0]}–{pages[-1]} ({report.confidence:.2f})"
