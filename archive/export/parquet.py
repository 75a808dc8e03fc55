"""Parquet: typed columns, written a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO

import pyarrow  # type: ignore[import-untyped]
from pyarrow.parquet import ParquetWriter  # type: ignore[import-untyped]

from archive.export.columns.base import ExportLayout, Row

ROWS_AT_ONCE = 20_000
TYPES = {int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}
# An exact decimal stays text, to the last digit; this column beside it is for those who reckon.
AS_NUMBER = "{}_number"


def write(records: Iterable[Any], layout: ExportLayout, stream: BinaryIO) -> None:
    """The rows of a layout with its columns; a column of decimals has a column of doubles beside it."""
    schema = schema_of(layout)
    rows = layout.rows(records)
    with ParquetWriter(stream, schema, compression="zstd") as writer:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            columns = {name: [row[name] for row in batch] for name in layout.columns}
            for name in _decimals(layout):
                columns[AS_NUMBER.format(name)] = [_number(row, name) for row in batch]
            writer.write_table(pyarrow.table(columns, schema=schema))


def schema_of(layout: ExportLayout) -> Any:
    """The Arrow schema of a layout: int64, double, bool or string, all of which may be null."""
    fields = [(name, TYPES.get(layout.kinds.get(name, str), pyarrow.string())) for name in layout.columns]
    return pyarrow.schema([*fields, *((AS_NUMBER.format(name), TYPES[float]) for name in _decimals(layout))])


def _decimals(layout: ExportLayout) -> list[str]:
    return [name for name in layout.columns if layout.kinds.get(name) is Decimal]


def _number(row: Row, name: str) -> float | None:
    return float(row[name]) if row[name] else None
