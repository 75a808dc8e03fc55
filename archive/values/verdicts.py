"""Verdicts: what people say of values. Rows are only added; `stands` marks the one in force for a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select
from sqlmodel import col

from archive.db.people_schema import VerdictRow
from archive.db.schema import FIRST_SOURCE, DocumentRow, RunRow, SourceRow, ValueRow
from archive.db.text_values import storable
from archive.documents import documents
from archive.documents.taking_back import last_two, let_stand
from archive.judged import standing_flags
from archive.records import ReportName, VerdictKind
from archive.values.records import PrintedValue, StoredVerdict, VerdictInput
from core.errors import UsageError
from reconcile.model import State
from reconcile.numerals import parse

_JUDGE = (VerdictKind.ACCEPT, VerdictKind.CORRECT, VerdictKind.ANOMALY)
_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class ValueName:
    """The name of a value in the archive: its document, by id, the report in it, and its key."""

    document: int
    part: int
    table: str
    row: str
    column: str

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "document_id": self.document,
            "part": self.part,
            "table_key": self.table,
            "row_key": self.row,
            "column_key": self.column,
        }

    def of_verdict(self) -> Any:
        return (
            (col(VerdictRow.document_id) == self.document)
            & (col(VerdictRow.part) == self.part)
            & (col(VerdictRow.table_key) == self.table)
            & (col(VerdictRow.row_key) == self.row)
            & (col(VerdictRow.column_key) == self.column)
        )


@dataclass(frozen=True, slots=True)
class CurrentReading:
    """What the current reading says of a value."""

    run: int
    printed: PrintedValue

    @property
    def columns(self) -> dict[str, Any]:
        read = self.printed
        return {
            "seen_run": self.run,
            "seen_state": read.state,
            "seen_raw": read.raw,
            "seen_value": read.value,
        }


def key_of(text: str) -> tuple[str, str, str]:
    """Table, row and column of `table/row/column`. Raises UsageError for anything else."""
    parts = tuple(text.split("/"))
    if len(parts) != 3 or not all(parts):
        raise UsageError(f"{text!r} names no value: write TABLE/ROW/COLUMN, like requests/new/total")
    table, row, column = parts
    return table, row, column


def printed(text: str) -> PrintedValue:
    """What a value cell with this text says: a number or a dash.

    Raises UsageError for text that is neither; blank, unread and missing are said by name.
    """
    raw = storable(text.strip())
    numeral = parse(raw, inked=True)
    if numeral.state is State.UNREAD:
        raise UsageError(
            f"{raw!r} is neither a number nor a dash as these cells are printed; "
            "say that it is blank, unread or missing if that is meant"
        )
    return PrintedValue(numeral.state.value, raw, numeral.value)


def judge(
    connection: Connection, report: ReportName, key: tuple[str, str, str], said: VerdictInput, at: str
) -> StoredVerdict:
    """Keep a verdict on a value of a report, and let it stand unless it is a note or takes one back.

    Raises UsageError if there is no such value, or nothing to undo, or if the
    value was read anew and differently, or judged by somebody else, since the person looked.
    """
    name = ValueName(documents.locked_id_of(connection, report.document), report.part, *key)
    seen = _current(connection, name)
    if said.seen_run is not None and _reading(connection, name, said.seen_run) != seen.printed:
        raise UsageError(f"{'/'.join(key)} was read anew and differently meanwhile: look at it again")
    if said.seen_verdict is not None and _standing(connection, name) != said.seen_verdict:
        raise UsageError(f"{'/'.join(key)} was judged by somebody meanwhile: look at it again")
    given = _keep(connection, name, seen, said, at)
    if said.kind is not VerdictKind.NOTE:
        standing_flags.check_again(connection, seen.run, name.part)
    return StoredVerdict(**connection.execute(stored().where(col(VerdictRow.id) == given)).one()._mapping)


def _standing(connection: Connection, name: ValueName) -> int:
    """The id of the verdict that stands for a value, 0 for none."""
    standing = select(col(VerdictRow.id)).where(name.of_verdict(), col(VerdictRow.stands))
    return connection.execute(standing).scalar() or 0


def _keep(connection: Connection, name: ValueName, seen: CurrentReading, said: VerdictInput, at: str) -> int:
    if said.kind is VerdictKind.UNDO:
        return _undo(connection, name, seen, said, at)
    if said.kind is VerdictKind.NOTE:
        return _add(connection, name, seen, said, at)
    let_stand(connection, VerdictRow, name.of_verdict(), None)
    return _add(connection, name, seen, said, at, stands=True)


def history(connection: Connection, document: str | None = None) -> Iterator[StoredVerdict]:
    """Every verdict in the order in which they were given, or those on one document."""
    wanted = stored()
    if document is not None:
        wanted = wanted.where(col(DocumentRow.sha256) == document)
    rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(wanted.order_by(col(VerdictRow.id)))
    return (StoredVerdict(**row._mapping) for row in rows)


def count(connection: Connection) -> int:
    """How many verdicts were ever given."""
    return connection.execute(select(func.count()).select_from(VerdictRow)).scalar_one()


def stored() -> Select[*tuple[Any, ...]]:
    """The query for the fields of StoredVerdict, by their names."""
    named = {"table_key": "table", "row_key": "row", "column_key": "column"}
    own = [
        getattr(VerdictRow, field).label(named.get(field, field))
        for field in VerdictRow.model_fields
        if field not in ("document_id", "number")
    ]
    return (
        select(col(DocumentRow.sha256).label("document"), col(SourceRow.name).label("source"), *own)
        .select_from(VerdictRow)
        .join(DocumentRow, col(DocumentRow.id) == col(VerdictRow.document_id))
        .join(SourceRow, FIRST_SOURCE)
    )


def _undo(connection: Connection, name: ValueName, seen: CurrentReading, said: VerdictInput, at: str) -> int:
    """Take back the verdict that stands; the one before it, if not taken back itself, stands again."""
    found = last_two(connection, VerdictRow, name.of_verdict(), col(VerdictRow.kind).in_(_JUDGE))
    if not found:
        raise UsageError(f"{name.table}/{name.row}/{name.column}: there is no verdict to undo")
    last, *before = found
    let_stand(connection, VerdictRow, name.of_verdict(), before[0] if before else None)
    return _add(connection, name, seen, said, at, undoes=last)


def _add(
    connection: Connection,
    name: ValueName,
    seen: CurrentReading,
    said: VerdictInput,
    at: str,
    stands: bool = False,
    undoes: int | None = None,
) -> int:
    says = said.printed or (seen.printed if said.kind in _JUDGE else PrintedValue("", "", ""))
    row = {
        **name.columns,
        **seen.columns,
        "seen_part": name.part,
        "kind": said.kind.value,
        "stands": stands,
        "state": says.state,
        "raw": says.raw,
        "value": says.value,
        "number": float(says.value) if says.value else None,
        "note": storable(said.note),
        "who": said.who,
        "at": at,
        "undoes": undoes,
    }
    key = connection.execute(insert(VerdictRow).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _current(connection: Connection, name: ValueName) -> CurrentReading:
    """What the current reading says. Raises UsageError if it has no such value."""
    current = select(col(RunRow.id)).where(col(RunRow.document_id) == name.document, col(RunRow.is_current))
    run = connection.execute(current).scalar()
    read = None if run is None else _reading(connection, name, run)
    if run is None or read is None:
        raise UsageError(
            f"the document has no value {name.table}/{name.row}/{name.column}; "
            "`guidang review list --all --document …` names those it has"
        )
    return CurrentReading(run, read)


def _reading(connection: Connection, name: ValueName, run: int | None) -> PrintedValue | None:
    row = connection.execute(
        select(col(ValueRow.state), col(ValueRow.raw), col(ValueRow.value)).where(
            col(ValueRow.run_id) == run,
            col(ValueRow.part) == name.part,
            col(ValueRow.table_key) == name.table,
            col(ValueRow.row_key) == name.row,
            col(ValueRow.column_key) == name.column,
        )
    ).first()
    return PrintedValue(*row) if row else None
