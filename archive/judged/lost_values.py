"""Values that a person vouched for and that a newer reading no longer has: they are `missing`, not gone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, exists, func, insert, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from archive.db.people_schema import VerdictRow, as_seen
from archive.db.schema import RunRow, ValueRow, same_key

_MISSING = "missing"


def add_missing(connection: Connection, run: int) -> None:
    """Add a missing value to a run for every standing verdict whose value the run has not read.

    So what a person said is still shown, and that the reading has lost it.
    """
    held = func.coalesce(func.max(col(ValueRow.ordinal)), -1)
    first = connection.execute(select(held).where(col(ValueRow.run_id) == run)).scalar_one() + 1
    lost = connection.execute(_lost(run)).all()
    rows = [_row(run, first + n, form, part, key) for n, (form, part, *key) in enumerate(lost)]
    if rows:
        connection.execute(insert(ValueRow), rows)


def _lost(run: int) -> Any:
    """Form, part and key of the values that verdicts speak of and the run has not."""
    seen: Any = aliased(ValueRow)
    read = exists(select(literal(1)).where(col(ValueRow.run_id) == run, same_key(ValueRow, VerdictRow)))
    return (
        select(
            seen.form,
            col(VerdictRow.part),
            col(VerdictRow.table_key),
            col(VerdictRow.row_key),
            col(VerdictRow.column_key),
        )
        .select_from(VerdictRow)
        .join(RunRow, col(RunRow.document_id) == col(VerdictRow.document_id))
        .join(seen, as_seen(seen))
        .where(col(RunRow.id) == run, col(VerdictRow.stands), ~read)
        .order_by(col(VerdictRow.id))
    )


def _row(run: int, ordinal: int, form: str, part: int, key: list[str]) -> dict[str, object]:
    table, row, column = key
    return {
        "run_id": run,
        "ordinal": ordinal,
        "form": form,
        "table_key": table,
        "row_key": row,
        "column_key": column,
        "state": _MISSING,
        "raw": "",
        "value": "",
        "number": None,
        "confidence": 0.0,
        "flags": _MISSING,
        "needs_review": True,
        "part": part,
    }
