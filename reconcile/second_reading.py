"""Second readings laid beside the first: is the report wrong, or are we?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from core.review_threshold import DEFAULT, review_below
from ocr.model import Cell, CellPlace, Reading
from reconcile.cell_values import BETWEEN_CELLS, flags_of
from reconcile.checks.page_confidence import is_doubted, lower_confidence, proven
from reconcile.checks.proposals import findings_of, proposals_of, without_proposals
from reconcile.checks.sum_relations import fails, gap_may_explain, holds, row_may_be_lost
from reconcile.checks.sum_terms import sums_of
from reconcile.model import Finding, Flag, Key, Report, State, Value
from reconcile.numerals import Numeral, parse

Second = Mapping[CellPlace, Reading]

_REREAD = frozenset({Flag.UNBALANCED, Flag.LOW_CONFIDENCE, Flag.UNREAD})
# A value that differs already, or may stand in another place, proves nothing against the report.
_OUR_DOUBT = frozenset({Flag.DISAGREEMENT, Flag.WEAK_MATCH})
# A report makes few mistakes of its own: at most so many, or this share of its sums. The real
# reports seen make up to two.
_FEW_MISTAKES, _MANY_MISTAKES = 4, 0.1
# Of the numbers surer than this after both readings most are right, of the others about half.
_EVEN_ODDS = 0.5
_PRINTED_SO = "；两次读数一致，报告原文如此"


def doubtful_cells(report: Report) -> tuple[Cell, ...]:
    """The cells to read again: every term of a failed relation, and what is unread or unsure."""
    doubtful = (value for value in report.values if _REREAD & set(value.flags))
    return tuple(dict.fromkeys(cell for value in doubtful for cell in value.cells))


def apply_second_readings(report: Report, second: Second) -> Report:
    """Decide by second readings, given by the place of the cell; no first reading is changed.

    Where they agree on every value of a failed relation, and both are sure, the
    report is printed so: `source_anomaly`; but not where a blank or a dash that is
    not surely one could hold the difference. A value whose second
    reading differs is in `disagreement`, and `unbalanced` stays on the others of
    its relation. Where too many relations fail, the report is not to blame for any.
    A number that is still no surer than not is `unread`.
    What the sums demand of values still in doubt is proposed in a finding.
    """
    again = {value.key: _reread(value, second) for value in report.values}
    agrees = {value.key: _agrees(value, again[value.key]) for value in report.values}
    held = proven(report.values)
    sure = {v.key for v in report.values if agrees[v.key] and _is_sure(v, again[v.key], v.key in held)}
    by_key = {value.key: value for value in report.values}
    failed = [f for f in report.findings if f.kind == Flag.UNBALANCED]
    ours = [
        f for f in failed if gap_may_explain(f, by_key, sure) or row_may_be_lost(f, by_key, report.findings)
    ]
    if _too_many(failed, report.values):
        ours = failed
    settled = {id(f) for f in failed if sure.issuperset(f.keys) and f not in ours}
    anomalous = _keys(f for f in failed if id(f) in settled)
    unbalanced = _keys(f for f in failed if id(f) not in settled)
    values = tuple(
        _settled(value, again[value.key], agrees[value.key], value.key in anomalous, value.key in unbalanced)
        for value in report.values
    )
    findings = tuple(_as_printed(f) if id(f) in settled else f for f in without_proposals(report.findings))
    proposals = proposals_of(values)
    values = lower_confidence(values, {proposal.value.key for proposal in proposals})
    return replace(report, values=values, findings=findings + findings_of(proposals))


def _too_many(failed: Sequence[Finding], values: Sequence[Value]) -> bool:
    """Say whether so many relations fail that the reading is to blame, however sure it looks."""
    by_key = {value.key: value for value in values}
    checked = sum(fails(one, by_key) or holds(one, by_key) for one in sums_of(values))
    return len(failed) > max(_FEW_MISTAKES, _MANY_MISTAKES * checked)


def _is_sure(value: Value, again: Reading | None, is_proven: bool) -> bool:
    """Say whether neither the match nor either reading of a value is in doubt.

    Whoever wants to look at less does not thereby accuse more reports. A sum that proves a number
    settles what its ink says against it.
    """
    second = again.confidence if again else 0.0
    weakest = second if is_proven and is_doubted(value) else min(value.confidence, second)
    return weakest >= max(review_below(), DEFAULT) and not _OUR_DOUBT & set(value.flags)


def combined(first: float, second: float) -> float:
    """Confidence (0 to 1) after two readings that agree.

    Were they independent, both would be wrong with `(1 - first) * (1 -
    second)`; they look at the same ink, so half of that gain is credited: the
    surer one, plus half the way to 1 times the other.
    """
    high, low = max(first, second), min(first, second)
    return high + (1 - high) * low / 2


def _reread(value: Value, second: Second) -> Reading | None:
    """The second reading of the cells that gave the raw text; None unless all were read again."""
    cells = [cell for cell in value.cells if cell.inked or cell.text] or list(value.cells)
    if value.raw and cells and cells[0].text == value.raw:
        cells = cells[:1]
    found = [second.get(cell.place) for cell in cells]
    known = [reading for reading in found if reading]
    if not known or len(known) < len(found):
        return None
    text = BETWEEN_CELLS.join(reading.text for reading in known)
    return Reading(text, min(reading.confidence for reading in known), known[0].method)


def _agrees(value: Value, again: Reading | None) -> bool | None:
    """Say whether both readings say the same; None where there is no second one."""
    if again is None:
        return None
    inked = any(cell.inked or cell.text for cell in value.cells)
    if value.state is State.UNREAD:
        return again.text == value.raw
    return parse(again.text, inked=inked) == Numeral(value.state, value.value)


def _keys(findings: Iterable[Finding]) -> frozenset[Key]:
    return frozenset(key for finding in findings for key in finding.keys)


def _settled(
    value: Value, again: Reading | None, agrees: bool | None, anomalous: bool, unbalanced: bool
) -> Value:
    flags = set(value.flags) - {Flag.UNBALANCED}
    confidence = value.confidence
    if anomalous:
        flags.add(Flag.SOURCE_ANOMALY)
    if unbalanced and agrees is not False:
        flags.add(Flag.UNBALANCED)
    if agrees is False:
        flags.add(Flag.DISAGREEMENT)
    if agrees and again:
        confidence = combined(value.confidence, again.confidence)
    if confidence >= review_below():
        flags.discard(Flag.LOW_CONFIDENCE)
    others = (*value.others, again) if again else value.others
    seen = replace(value, confidence=confidence, flags=flags_of(flags), others=others)
    return _unread(seen) if value.state is State.READ and confidence < _EVEN_ODDS else seen


def _unread(value: Value) -> Value:
    """Keep what was made out as raw text alone: a number as likely wrong as right is a guess."""
    return replace(value, state=State.UNREAD, value="", flags=flags_of((*value.flags, Flag.UNREAD)))


def _as_printed(finding: Finding) -> Finding:
    return replace(finding, kind=Flag.SOURCE_ANOMALY, message=finding.message + _PRINTED_SO)
