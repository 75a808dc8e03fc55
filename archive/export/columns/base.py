"""How records are exported: rows and objects with the public field names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.dataclass_tools import as_object

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExportLayout:
    """How one kind of record is exported: columns, its rows under them, its JSON object.

    `kinds` says which columns hold int, float or bool, and which exact decimals
    written as text (Decimal); all others are text. Records that are `grids` are tables with cells:
    in XLSX each has a sheet of its own.
    """

    columns: tuple[str, ...]
    rows: Callable[[Iterable[Any]], Iterator[Row]]
    json_object: Callable[[Any], Row]
    kinds: Mapping[str, type] = field(default_factory=dict)
    grids: bool = False


def plain_rows(records: Iterable[Any]) -> Iterator[Row]:
    """A row a record, its fields as they are."""
    return (as_object(record) for record in records)
