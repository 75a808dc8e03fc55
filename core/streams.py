"""Where data goes: stdout or a file, as a table for people or as CSV or JSON for programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from core.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDTH_IN_A_PIPE = 200


def prepare_streams() -> None:
    """Make stdout UTF-8 unless it is a terminal, and let no odd character end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace"
            )


def talk(message: str) -> None:
    """Say something to the person at the terminal, on stderr."""
    print(message, file=sys.stderr)


def show(renderables: Iterable[RenderableType]) -> None:
    """Print what people read; texts keep their lines, tables fit the terminal."""
    from rich.console import Console
    from rich.table import Table

    width = None if sys.stdout.isatty() else WIDTH_IN_A_PIPE
    console = Console(width=width, markup=False, highlight=False, emoji=False)
    with data_stream(None) as stream:
        for renderable in renderables:
            with console.capture() as printed:
                console.print(renderable, soft_wrap=not isinstance(renderable, Table))
            stream.write(printed.get())


@contextmanager
def data_stream(output: Path | None) -> Iterator[TextIO]:
    """Stdout, or a file that takes its name only when it is complete.

    A reader that has seen enough (`| head`) ends the output without an error.
    Raises UsageError if the file cannot be written.
    """
    if output is not None:
        with whole_file(output) as file:
            stream = TextIOWrapper(file, encoding="utf-8", newline="")
            yield stream
            stream.flush()
        return
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def whole_file(output: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when it is complete. Raises UsageError if it cannot be written."""
    unfinished = output.with_name(f"{output.name}.part")
    try:
        with unfinished.open("wb") as stream:
            yield stream
        unfinished.replace(output)
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
