"""What people said of values, laid over what was read; the reading itself stays as it is.

Every query that tells what a value is joins `Verdict` by `STANDING` and takes
its fields from here. The rule: a correction takes the place of the reading; a
reading that was accepted, or called the report's own mistake, stands. Where the
present reading is neither what the person says nor what the person saw, the
person's value stays and the value asks for a look again.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, case, cast, literal
from sqlmodel import col

from archive.db.schema import Run, Value, Verdict, same_key
from archive.values.records import CONFIRMED, CORRECTED, VerdictKind

_ANOMALY, _DISAGREEMENT = "source_anomaly", "disagreement"


STANDING = (col(Verdict.document_id) == col(Run.document_id)) & same_key(Verdict, Value) & col(Verdict.stands)
"""For an outer join of Verdict to Run and Value."""

_judged = col(Verdict.id).is_not(None)
_says = (col(Value.state) == col(Verdict.state)) & (col(Value.value) == col(Verdict.value))
_saw = (col(Value.state) == col(Verdict.seen_state)) & (col(Value.value) == col(Verdict.seen_value))

CONTRADICTED: Any = _judged & ~_says & ~_saw
"""Whether the reading is neither what the person says nor what the person saw."""

_is_persons = CONTRADICTED | (col(Verdict.kind) == VerdictKind.CORRECT)


def _persons_or_read(said: Any, read: Any) -> Any:
    return case((_is_persons, said), else_=read)


STATE = _persons_or_read(col(Verdict.state), col(Value.state))
RAW = _persons_or_read(col(Verdict.raw), col(Value.raw))
VALUE = _persons_or_read(col(Verdict.value), col(Value.value))
NUMBER = _persons_or_read(col(Verdict.number), col(Value.number))
CONFIDENCE = _persons_or_read(literal(1.0), col(Value.confidence))
NEEDS_REVIEW = case((CONTRADICTED, 1), (_judged, 0), else_=cast(col(Value.needs_review), Integer))

# The reader's flags on another reading than the person's say nothing of the person's.
_persons_flags = case(
    (col(Verdict.kind) == VerdictKind.CORRECT, literal(CORRECTED)),
    (col(Verdict.kind) == VerdictKind.ANOMALY, literal(f"{_ANOMALY};{CONFIRMED}")),
    (CONTRADICTED | (col(Value.flags) == ""), literal(CONFIRMED)),
    else_=col(Value.flags) + f";{CONFIRMED}",
)
FLAGS = case(
    (CONTRADICTED, _persons_flags + f";{_DISAGREEMENT}"),
    (_judged, _persons_flags),
    else_=col(Value.flags),
)
