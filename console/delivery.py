"""Records on their way out: as a table for people, as JSON or CSV for programs, counted as they pass."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from console.options import Format
from console.output import show
from core.streams import data_stream, talk

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from archive.export.columns.base import ExportLayout

T = TypeVar("T")
LONGEST_TABLE = 500


def deliver(
    records: Iterable[Any],
    form: Format,
    layout: ExportLayout,
    as_table: Callable[[], Iterable[RenderableType]],
) -> None:
    """Print records in the wanted format."""
    if form is Format.TABLE:
        show(as_table())
        return
    from archive.export.csv_json import WRITERS

    with data_stream(None) as stream:
        WRITERS[form](records, layout, stream)


def deliver_first(
    records: Iterable[T],
    form: Format,
    layout: ExportLayout,
    as_table: Callable[[Iterable[T]], Iterable[RenderableType]],
) -> None:
    """Print records in the wanted format, of a table only the first, and say how many more there are."""
    left = iter(records)
    deliver(left, form, layout, lambda: as_table(islice(left, LONGEST_TABLE)))
    rest = sum(1 for _ in left)
    if form is Format.TABLE and rest:
        talk(f"only the first {LONGEST_TABLE} are shown, {rest} more are not; --format csv gives all")


def print_object(told: Mapping[str, Any]) -> None:
    """Print one JSON object on a line."""
    with data_stream(None) as stream:
        stream.write(json.dumps(told, ensure_ascii=False) + "\n")


def counted(records: Iterable[T], what: str, total: Callable[[], int], output: Path | None) -> Iterator[T]:
    """The records, counted on stderr unless they are seen going by on the terminal."""
    from console import progress

    return progress.counted(records, what, total, shown=output is not None or not sys.stdout.isatty())


def tallied(found: Iterable[T], counts: Counter[str], field: str = "outcome") -> Iterator[T]:
    """The records as they come, what their field says counted."""
    for one in found:
        counts[getattr(one, field)] += 1
        yield one
