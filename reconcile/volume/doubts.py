"""What is in doubt about the borders of a report, said of it and of the values that may be another's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from reconcile.cell_values import flags_of
from reconcile.model import BORDERS_DIFFER, Finding, Flag, Report, Value
from reconcile.report_title import Title
from reconcile.volume.report_borders import Border
from reconcile.volume.same_report import Likeness, likeness
from reconcile.volume.volume_parts import ReportPart


def doubted(report: Report, part: ReportPart, before: Report | None) -> Report:
    """The report with a finding for every doubtful border; its values are flagged if they may be another's.

    `before` is the report that the first border parts it from, None where there is none.
    """
    if before and not part.is_sure:
        report = _with_doubt(report, _at_first(report, part.border), _whole(report), before)
    for doubt, pages in part.doubts:
        report = _with_doubt(report, _inside(doubt, pages), pages, doubt.title)
    return replace(report, confidence=part.confidence)


def differing(reports: Sequence[Report], seen: Sequence[int]) -> tuple[Report, ...]:
    """Say of the first report that the evidence sees other first pages than people say."""
    first, *rest = reports
    said = [report.pages[0] for report in reports if report.pages]
    if list(seen) == said:
        return tuple(reports)
    message = f"人工指定各报告始于{_listed(said)}，而据页面所示始于{_listed(seen)}"
    finding = Finding(BORDERS_DIFFER, message, page=next(iter(set(seen) ^ set(said)), None))
    return replace(first, findings=(finding, *first.findings)), *rest


def _with_doubt(report: Report, finding: Finding, pages: Collection[int], other: Report | Title) -> Report:
    """The report with a finding; values are flagged unless organ and year are the same either way."""
    own = Title(organ=report.organ, year=report.year)
    its = Title(organ=other.organ, year=other.year)
    same = likeness(own, its, exact=True) is Likeness.SAME and own.year == its.year
    at_stake = [] if same else [value.key for value in report.values if _stands_on(value, pages)]
    if not at_stake and isinstance(other, Title):
        return report
    keys = frozenset(at_stake)
    values = tuple(_flagged(value) if value.key in keys else value for value in report.values)
    return replace(report, values=values, findings=(replace(finding, keys=tuple(at_stake)), *report.findings))


def _flagged(value: Value) -> Value:
    return replace(value, flags=flags_of((*value.flags, Flag.DOUBTFUL_BORDER)))


def _stands_on(value: Value, pages: Collection[int]) -> bool:
    """Say whether the print that a value was read from stands there; a second print of it is at no stake."""
    return value.page in pages


def _whole(report: Report) -> frozenset[int]:
    return frozenset(report.pages)


def _at_first(report: Report, border: Border) -> Finding:
    page = report.pages[0]
    message = f"本报告是否自第 {page} 页起不能断定（{_reasons(border)}）"
    return Finding(Flag.DOUBTFUL_BORDER, message, page=page)


def _inside(doubt: Border, pages: Collection[int]) -> Finding:
    first, last = min(pages), max(pages)
    span = f"第 {first} 页" if first == last else f"第 {first}–{last} 页"
    message = f"{span}是否属于另一份报告不能断定（{_reasons(doubt)}）"
    return Finding(Flag.DOUBTFUL_BORDER, message, page=first)


def _reasons(border: Border) -> str:
    return "；".join(_words(border)) or "依据不足"


def _words(border: Border) -> Iterator[str]:
    return (clue.words for clue in border.clues)


def _listed(pages: Sequence[int]) -> str:
    return "第 " + "、".join(map(str, pages)) + " 页" if pages else "无"
