"""Which writer writes which format, to stdout or to a file that appears when it is complete."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from archive.export.columns.base import ExportLayout
from archive.export.csv_json import WRITERS
from core.errors import UsageError
from core.streams import data_stream, whole_file

BINARY = ("parquet", "xlsx")
FORMATS = (*WRITERS, *BINARY)


def chosen(given: str | None, output: Path | None, default: str) -> str:
    """The format: the one given, that of the file's ending, or the default.

    Raises UsageError for a binary format without a file, and for a file that cannot be a table for people.
    """
    ending = output.suffix[1:].lower() if output else ""
    form = given or (ending if ending in FORMATS else default)
    if form in BINARY and output is None:
        raise UsageError(f"--format {form} needs --output FILE")
    if form not in FORMATS and output is not None:
        raise UsageError(f"say how {output} is to be written: --format {', '.join(FORMATS)}")
    return form


def save(records: Iterable[Any], layout: ExportLayout, form: str, output: Path | None) -> None:
    """Write records in a format of FORMATS."""
    if form in WRITERS:
        with data_stream(output) as stream:
            WRITERS[form](records, layout, stream)
        return
    assert output is not None, "chosen() has seen to it"
    with whole_file(output) as file:
        if form == "parquet":
            from archive.export import parquet

            parquet.write(records, layout, file)
        else:
            from archive.export import table_sheets, xlsx

            (table_sheets if layout.grids else xlsx).write(records, layout, file)
