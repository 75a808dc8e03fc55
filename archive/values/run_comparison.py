"""What a newer run of a document reads differently from an older one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from archive.db.people_schema import VerdictRow
from archive.db.schema import FIRST_SOURCE, DocumentRow, RunRow, SourceRow, ValueRow, same_key
from archive.judged import verdict_overlay
from archive.values import verdicts
from archive.values.records import DocumentChanges, ReadValue, StoredVerdict, ValueChange

# Part, table, row and column.
Key = tuple[int, str, str, str]


def current_run(connection: Connection, document: str) -> int | None:
    """The id of the run that answers for a document; None if it has not been read."""
    current = select(col(RunRow.id)).join(DocumentRow, col(DocumentRow.id) == col(RunRow.document_id))
    chosen = current.where(col(DocumentRow.sha256) == document, col(RunRow.is_current))
    return connection.execute(chosen).scalar()


def between(connection: Connection, before: int | None, after: int) -> DocumentChanges:
    """What run `after`, the current one, reads differently from `before`; None is nothing at all."""
    named = select(col(DocumentRow.sha256), col(SourceRow.name)).join_from(
        DocumentRow, SourceRow, FIRST_SOURCE
    )
    run = named.join(RunRow, col(RunRow.document_id) == col(DocumentRow.id)).where(col(RunRow.id) == after)
    document, source = connection.execute(run).one()
    old = _values(connection, before) if before is not None else {}
    new = _values(connection, after)
    contradicted = _contradicted(connection, after)
    settings = _settings(connection, before, after) if before is not None else {}
    changes = tuple(_changes(old, new, contradicted))
    return DocumentChanges(document, source, before, after, len(new), settings, changes)


def _changes(
    old: Mapping[Key, ReadValue], new: Mapping[Key, ReadValue], contradicted: Mapping[Key, StoredVerdict]
) -> Iterator[ValueChange]:
    """What differs, in the order of the newer run, what it has no more at the end."""
    for key in dict.fromkeys((*new, *old)):
        one, other = old.get(key), new.get(key)
        if one is None or other is None or _says(one) != _says(other):
            part, table, row, column = key
            yield ValueChange(table, row, column, one, other, contradicted.get(key), part)


def _says(value: ReadValue) -> tuple[str, ...]:
    """What counts as a change; how sure the reading is does only as far as flags tell."""
    return value.form, value.state, value.raw, value.value, value.flags


def _values(connection: Connection, run: int) -> dict[Key, ReadValue]:
    held = select(
        col(ValueRow.part),
        col(ValueRow.table_key),
        col(ValueRow.row_key),
        col(ValueRow.column_key),
        col(ValueRow.form),
        col(ValueRow.state),
        col(ValueRow.raw),
        col(ValueRow.value),
        col(ValueRow.confidence),
        col(ValueRow.flags),
    ).where(col(ValueRow.run_id) == run)
    rows = connection.execute(held.order_by(col(ValueRow.ordinal)))
    return {(row.part, row.table_key, row.row_key, row.column_key): _read(row) for row in rows}


def _read(row: Any) -> ReadValue:
    return ReadValue(row.form, row.state, row.raw, row.value, row.confidence, row.flags)


def _contradicted(connection: Connection, run: int) -> dict[Key, StoredVerdict]:
    """The standing verdicts that a run has something against, by the value they speak of."""
    against = (
        verdicts.stored()
        .join(RunRow, col(RunRow.document_id) == col(VerdictRow.document_id))
        .join(ValueRow, (col(ValueRow.run_id) == col(RunRow.id)) & same_key(ValueRow, VerdictRow))
        .where(col(RunRow.id) == run, col(VerdictRow.stands), verdict_overlay.CONTRADICTED)
    )
    found = (StoredVerdict(**row._mapping) for row in connection.execute(against))
    return {(verdict.part, verdict.table, verdict.row, verdict.column): verdict for verdict in found}


def _settings(connection: Connection, before: int, after: int) -> dict[str, tuple[object, object]]:
    """What differs in version, engines and options."""
    old, new = (_how(connection, run) for run in (before, after))
    names = dict.fromkeys((*old, *new))
    return {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}


def _how(connection: Connection, run: int) -> dict[str, object]:
    how = select(col(RunRow.version), col(RunRow.engines), col(RunRow.options)).where(col(RunRow.id) == run)
    version, engines, options = connection.execute(how).one()
    return {"guidang": version, **engines, **options}
