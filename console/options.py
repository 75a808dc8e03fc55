"""Options and arguments that several commands share, and the formats that data is printed in."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

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


def check_settings() -> None:
    """Look at all settings, before a command does anything. Raises UsageError for one that makes no sense."""
    from core.settings import settings  # not at start-up: it loads pydantic

    settings()


def archive_of(context: typer.Context, given: str) -> str:
    """The archive: the one on the command line, else that of the settings, all of which are looked at."""
    from core.settings import settings  # not at start-up: it loads pydantic

    held = settings()
    return given if is_on_the_command_line(context, "archive") else held.archive


def is_on_the_command_line(context: typer.Context, name: str | None) -> bool:
    """Whether a parameter was given there, not by a variable nor by its default."""
    source = context.get_parameter_source(name or "")
    return source is not None and source.name == "COMMANDLINE"


def _who_of(context: typer.Context, parameter: typer.CallbackParam, given: str | None) -> str | None:
    """Who is named on the command line; the variable is for the settings to read."""
    return given if is_on_the_command_line(context, parameter.name) else None


def _archive(callback: Callable[..., str] | None) -> Any:
    return typer.Option(
        "--archive",
        metavar="DIR|URL",
        envvar="GUIDANG_ARCHIVE",
        callback=callback,
        help="A folder, or postgresql://…",
    )


ArchiveOption = Annotated[str, _archive(archive_of)]
# For what has to go on though a setting makes no sense: `archive_of` is called by the command.
LateArchiveOption = Annotated[str, _archive(None)]
WhoOption = Annotated[
    str | None,
    typer.Option(envvar="GUIDANG_WHO", callback=_who_of, help="Who says so; by default the login name."),
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
NoteOption = Annotated[str, typer.Option(help="Why, in your words.")]
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
