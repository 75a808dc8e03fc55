"""The fields of dataclasses, as columns and as JSON."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints


@cache
def names_of(record: type) -> tuple[str, ...]:
    """The fields of a record, in order."""
    return tuple(field.name for field in fields(record))


def as_object(record: Any) -> dict[str, Any]:
    """A record and the records in it as JSON objects; `asdict`, but many times as fast."""
    kind: type = type(record)
    return {name: _plain(getattr(record, name)) for name in names_of(kind)}


def _plain(content: Any) -> Any:
    if isinstance(content, tuple):
        return [_plain(part) for part in content]
    return as_object(content) if is_dataclass(content) else content


def kinds_of(*records: type) -> dict[str, type]:
    """Which fields of some records are numbers or truths, whether or not they may be None."""
    hints = {name: hint for record in records for name, hint in get_type_hints(record).items()}
    plain = {name: (get_args(hint) or (hint,))[0] for name, hint in hints.items()}
    return {name: kind for name, kind in plain.items() if kind in (int, float, bool)}
