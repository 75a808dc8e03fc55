"""The flags of values as their sums stand with what people say, checked anew with every verdict and reading.

The reading itself stays as it is: what differs is kept beside it, and `verdict_overlay` answers with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import col

from archive.db.people_schema import SettledFindingRow, StandingFlagsRow, VerdictRow
from archive.db.schema import FindingRow, RunRow, ValueRow
from archive.judged.verdict_overlay import STANDING
from archive.records import VerdictKind
from reconcile.checks.standing_sums import settled, standing_flags
from reconcile.model import SETTLED_FLAGS, Finding, Flag, Key, State, Value


@dataclass(frozen=True, slots=True)
class _Judged:
    """The values of a report as read, with their places, and what people say of them."""

    read: Mapping[int, Value]
    said: Mapping[Key, Value]
    mistakes: frozenset[Key]


def check_again(connection: Connection, run: int, part: int | None = None) -> None:
    """Check the sums of the judged reports of a run again, or of one of its parts."""
    for one in [part] if part is not None else _judged_parts(connection, run):
        _drop(connection, run, one)
        judged = _judged(connection, run, one)
        _keep_flags(connection, run, judged)
        _keep_settled(connection, run, one, judged)


def _keep_flags(connection: Connection, run: int, judged: _Judged) -> None:
    flags = standing_flags([*judged.read.values()], judged.said, judged.mistakes)
    found = ((ordinal, flags.get(value.key)) for ordinal, value in judged.read.items())
    if rows := [_row(run, ordinal, own) for ordinal, own in found if own is not None]:
        connection.execute(insert(StandingFlagsRow), rows)


def _keep_settled(connection: Connection, run: int, part: int, judged: _Judged) -> None:
    now = {value.key: judged.said.get(value.key, value) for value in judged.read.values()}
    told = dict(_findings(connection, run, part))
    good = settled(told.values(), now)
    if rows := [{"run_id": run, "finding": ordinal} for ordinal, found in told.items() if found in good]:
        connection.execute(insert(SettledFindingRow), rows)


def check_all_again(connection: Connection) -> None:
    """Check every judged report again: after an upgrade from a schema without these flags."""
    judged = (
        select(col(RunRow.id))
        .join(VerdictRow, col(VerdictRow.document_id) == col(RunRow.document_id))
        .where(col(RunRow.is_current), col(VerdictRow.stands))
        .distinct()
    )
    for run in connection.execute(judged).scalars().all():
        check_again(connection, run)


def _judged_parts(connection: Connection, run: int) -> list[int]:
    parts = (
        select(col(VerdictRow.part))
        .join(RunRow, col(RunRow.document_id) == col(VerdictRow.document_id))
        .where(col(RunRow.id) == run, col(VerdictRow.stands))
        .distinct()
    )
    return list(connection.execute(parts).scalars())


def _drop(connection: Connection, run: int, part: int) -> None:
    own = select(col(ValueRow.ordinal)).where(col(ValueRow.run_id) == run, col(ValueRow.part) == part)
    rows = (col(StandingFlagsRow.run_id) == run) & col(StandingFlagsRow.value).in_(own)
    connection.execute(delete(StandingFlagsRow).where(rows))
    told = select(col(FindingRow.ordinal)).where(col(FindingRow.run_id) == run, col(FindingRow.part) == part)
    again = (col(SettledFindingRow.run_id) == run) & col(SettledFindingRow.finding).in_(told)
    connection.execute(delete(SettledFindingRow).where(again))


def _findings(connection: Connection, run: int, part: int) -> Iterator[tuple[int, Finding]]:
    told = select(*FindingRow.__table__.c).where(  # type: ignore[attr-defined]
        col(FindingRow.run_id) == run, col(FindingRow.part) == part
    )
    for row in connection.execute(told):
        keys = tuple(Key(*key.split("/")) for key in row.keys)
        yield row.ordinal, Finding(row.kind, row.message, row.relation, keys, row.page)


def _judged(connection: Connection, run: int, part: int) -> _Judged:
    told: dict[str, Any] = {"kind": VerdictRow.kind, "state": VerdictRow.state}
    told |= {"raw": VerdictRow.raw, "value": VerdictRow.value}
    said: list[Any] = [col(one).label(f"said_{name}") for name, one in told.items()]
    asked = (
        select(*ValueRow.__table__.c, *said)  # type: ignore[attr-defined]
        .join_from(ValueRow, RunRow, col(ValueRow.run_id) == col(RunRow.id))
        .outerjoin(VerdictRow, STANDING)
        .where(col(ValueRow.run_id) == run, col(ValueRow.part) == part)
        .order_by(col(ValueRow.ordinal))
    )
    read, by_people, mistakes = {}, {}, set()
    for row in connection.execute(asked):
        value = _value(row, "")
        read[row.ordinal] = value
        if row.said_kind is not None:
            by_people[value.key] = _value(row, "said_")
        if row.said_kind == VerdictKind.ANOMALY:
            mistakes.add(value.key)
    return _Judged(read, by_people, frozenset(mistakes))


def _value(row: Any, prefix: str) -> Value:
    """A value of a row, as it was read or as a person says it is printed."""
    state, raw, value = (getattr(row, prefix + name) for name in ("state", "raw", "value"))
    key = Key(row.table_key, row.row_key, row.column_key)
    flags = tuple(map(Flag, row.flags.split(";"))) if row.flags else ()
    return Value(key, row.form, State(state), raw, value, row.confidence, flags)


def _row(run: int, ordinal: int, flags: tuple[Flag, ...]) -> dict[str, object]:
    return {
        "run_id": run,
        "value": ordinal,
        "flags": ";".join(flags),
        "needs_review": any(flag not in SETTLED_FLAGS for flag in flags),
    }
