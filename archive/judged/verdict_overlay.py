"""What people said of values, laid over what was read; the reading itself stays as it is.

Every query that tells what a value is goes through `overlaid` and takes its
fields from here. The rule: a correction takes the place of the reading; a
reading that was accepted, or called the report's own mistake, stands. Where the
present reading is neither what the person says nor what the person saw, the
person's value stays and the value asks for a look again. The flags that come from
a sum are those of the sum as it stands with people's values (`standing_flags`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Select, case, cast, func, literal
from sqlmodel import col

from archive.db.people_schema import StandingFlagsRow, VerdictRow
from archive.db.schema import RunRow, ValueRow, same_key
from archive.records import CONFIRMED, CORRECTED, VerdictKind

_ANOMALY, _DISAGREEMENT = "source_anomaly", "disagreement"


STANDING = (
    (col(VerdictRow.document_id) == col(RunRow.document_id))
    & same_key(VerdictRow, ValueRow)
    & col(VerdictRow.stands)
)
"""For an outer join of Verdict to Run and Value."""

_CHECKED_AGAIN = (col(StandingFlagsRow.run_id) == col(ValueRow.run_id)) & (
    col(StandingFlagsRow.value) == col(ValueRow.ordinal)
)


def overlaid(query: Select[Any]) -> Select[Any]:
    """A query over Run and Value, with what the fields of this module need."""
    return query.outerjoin(VerdictRow, STANDING).outerjoin(StandingFlagsRow, _CHECKED_AGAIN)


_read_flags = func.coalesce(col(StandingFlagsRow.flags), col(ValueRow.flags))
_read_doubt = func.coalesce(
    cast(col(StandingFlagsRow.needs_review), Integer), cast(col(ValueRow.needs_review), Integer)
)

_judged = col(VerdictRow.id).is_not(None)
_says = (col(ValueRow.state) == col(VerdictRow.state)) & (col(ValueRow.value) == col(VerdictRow.value))
_saw = (col(ValueRow.state) == col(VerdictRow.seen_state)) & (
    col(ValueRow.value) == col(VerdictRow.seen_value)
)

CONTRADICTED: Any = _judged & ~_says & ~_saw
"""Whether the reading is neither what the person says nor what the person saw."""

_is_persons = CONTRADICTED | (col(VerdictRow.kind) == VerdictKind.CORRECT)


def _persons_or_read(said: Any, read: Any) -> Any:
    return case((_is_persons, said), else_=read)


STATE = _persons_or_read(col(VerdictRow.state), col(ValueRow.state))
RAW = _persons_or_read(col(VerdictRow.raw), col(ValueRow.raw))
VALUE = _persons_or_read(col(VerdictRow.value), col(ValueRow.value))
NUMBER = _persons_or_read(col(VerdictRow.number), col(ValueRow.number))
CONFIDENCE = _persons_or_read(literal(1.0), col(ValueRow.confidence))
NEEDS_REVIEW = case((CONTRADICTED, 1), (_judged, 0), else_=_read_doubt)

# The reader's flags on another reading than the person's say nothing of the person's.
_persons_flags = case(
    (col(VerdictRow.kind) == VerdictKind.CORRECT, literal(CORRECTED)),
    (col(VerdictRow.kind) == VerdictKind.ANOMALY, literal(f"{_ANOMALY};{CONFIRMED}")),
    (CONTRADICTED | (_read_flags == ""), literal(CONFIRMED)),
    else_=_read_flags + f";{CONFIRMED}",
)
FLAGS = case(
    (CONTRADICTED, _persons_flags + f";{_DISAGREEMENT}"),
    (_judged, _persons_flags),
    else_=_read_flags,
)
