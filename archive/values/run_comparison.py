"""What a newer run of a document reads differently from an older one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, select
from sqlmodel import col

from archive.db.schema import FIRST_SOURCE, Document, Run, Source, Value, Verdict, same_key
from archive.values import verdict_overlay, verdicts
from archive.values.records import DocumentChanges, ReadValue, StoredVerdict, ValueChange

Key = tuple[str, str, str]


def current_run(connection: Connection, document: str) -> int | None:
    """The id of the run that answers for a document; None if it has not been read."""
    current = select(col(Run.id)).join(Document, col(Document.id) == col(Run.document_id))
    chosen = current.where(col(Document.sha256) == document, col(Run.is_current))
    return connection.execute(chosen).scalar()


def between(connection: Connection, before: int | None, after: int) -> DocumentChanges:
    """What run `after`, the current one, reads differently from `before`; None is nothing at all."""
    named = select(col(Document.sha256), col(Source.name)).join_from(Document, Source, FIRST_SOURCE)
    run = named.join(Run, col(Run.document_id) == col(Document.id)).where(col(Run.id) == after)
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
            yield ValueChange(*key, one, other, contradicted.get(key))


def _says(value: ReadValue) -> tuple[str, ...]:
    """What counts as a change; how sure the reading is does only as far as flags tell."""
    return value.form, value.state, value.raw, value.value, value.flags


def _values(connection: Connection, run: int) -> dict[Key, ReadValue]:
    held = select(
        col(Value.table_key),
        col(Value.row_key),
        col(Value.column_key),
        col(Value.form),
        col(Value.state),
        col(Value.raw),
        col(Value.value),
        col(Value.confidence),
        col(Value.flags),
    ).where(col(Value.run_id) == run)
    rows = connection.execute(held.order_by(col(Value.ordinal)))
    return {(row.table_key, row.row_key, row.column_key): ReadValue(*row[3:]) for row in rows}


def _contradicted(connection: Connection, run: int) -> dict[Key, StoredVerdict]:
    """The standing verdicts that a run has something against, by the value they speak of."""
    against = (
        verdicts.stored()
        .join(Run, col(Run.document_id) == col(Verdict.document_id))
        .join(Value, (col(Value.run_id) == col(Run.id)) & same_key(Value, Verdict))
        .where(col(Run.id) == run, col(Verdict.stands), verdict_overlay.CONTRADICTED)
    )
    found = (StoredVerdict(**row._mapping) for row in connection.execute(against))
    return {(verdict.table, verdict.row, verdict.column): verdict for verdict in found}


def _settings(connection: Connection, before: int, after: int) -> dict[str, tuple[object, object]]:
    """What differs in version, engines and options."""
    old, new = (_how(connection, run) for run in (before, after))
    names = dict.fromkeys((*old, *new))
    return {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}


def _how(connection: Connection, run: int) -> dict[str, object]:
    how = select(col(Run.version), col(Run.engines), col(Run.options)).where(col(Run.id) == run)
    version, engines, options = connection.execute(how).one()
    return {"guidang": version, **engines, **options}
