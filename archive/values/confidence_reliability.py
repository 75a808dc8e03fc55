"""What confidences are worth: of the values that people judged, how many were read as they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection, case, func, literal, select
from sqlmodel import col

from archive.db.people_schema import VerdictRow, as_seen
from archive.db.schema import ValueRow
from archive.records import VerdictKind

# Where a band begins; the last one ends with 1.
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
_JUDGED = (VerdictKind.ACCEPT, VerdictKind.CORRECT, VerdictKind.ANOMALY)
# They say nothing that could be right.
_NOTHING_READ = ("unread", "missing")


@dataclass(frozen=True, slots=True)
class ConfidenceBand:
    """Readings with a confidence from `low` to below `high`: judged ones, those right, and what they promise.

    `promised` is the mean of their confidences.
    """

    low: float
    high: float
    judged: int
    right: int
    promised: float


def reliability(connection: Connection) -> tuple[ConfidenceBand, ...]:
    """Each band that holds a judged value, the lowest first: the reading that the person saw counts."""
    confidence = col(ValueRow.confidence)
    band = case(
        *((confidence < high, literal(n)) for n, (_, high) in enumerate(pairwise(BANDS))),
        else_=literal(len(BANDS) - 1),
    ).label("band")
    is_right = (col(VerdictRow.state) == col(VerdictRow.seen_state)) & (
        col(VerdictRow.value) == col(VerdictRow.seen_value)
    )
    counted = (
        select(band, func.count(), func.sum(case((is_right, 1), else_=0)), func.avg(confidence))
        .select_from(VerdictRow)
        .join(ValueRow, as_seen(ValueRow))
        .where(
            col(VerdictRow.stands),
            col(VerdictRow.kind).in_(_JUDGED),
            col(VerdictRow.seen_state).not_in(_NOTHING_READ),
        )
        .group_by(band)
        .order_by(band)
    )
    ends = (*BANDS[1:], 1.0)
    return tuple(
        ConfidenceBand(BANDS[n], ends[n], judged, int(right), float(promised))
        for n, judged, right, promised in connection.execute(counted)
    )
