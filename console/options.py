"""Options and arguments that several commands share, and the formats that data is printed in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_ARCHIVE = "guidang-archive"


class Format(StrEnum):
    """How data is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class FileFormat(StrEnum):
    """How data is exported; the last two only into a file."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"


class FactFormat(StrEnum):
    """How facts are printed or written; the last two only into a file."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


def _archive_of(context: typer.Context, parameter: typer.CallbackParam, given: str) -> str:
    """Look at all settings before a command does anything; where no archive is named, theirs is taken."""
    from core.settings import settings  # not at start-up: it loads pydantic

    held, source = settings(), context.get_parameter_source(parameter.name or "")
    return given if source is not None and source.name == "COMMANDLINE" else held.archive


ArchiveOption = Annotated[
    str,
    typer.Option(
        "--archive",
        metavar="DIR|URL",
        envvar="GUIDANG_ARCHIVE",
        callback=_archive_of,
        help="A folder, or postgresql://…",
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="Settings; by default $GUIDANG_CONFIG, or guidang.toml where you are.",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print it.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
LogOption = Annotated[
    str | None, typer.Option("--log", metavar="FILE", help="Log as JSON lines into this file; - for stderr.")
]
MetricsOption = Annotated[
    Path | None,
    typer.Option("--metrics", metavar="FILE.prom", dir_okay=False, help="Write Prometheus metrics."),
]
WorkersOption = Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")]

YearOption = Annotated[int | None, typer.Option(help="Only reports on this year.")]
OrganOption = Annotated[str | None, typer.Option(help="Only organs whose name contains this.")]
FlagOption = Annotated[str | None, typer.Option(help="Only values with this flag.")]

DocumentArgument = Annotated[
    str, typer.Argument(metavar="DOCUMENT", help="The start of its hash, its source or its file name.")
]
FailedDocumentsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[DOCUMENT]...", help="By default all failed and quarantined."),
]
