"""What people read on stdout: texts and tables."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from io import TextIOWrapper
from typing import TYPE_CHECKING

from core.streams import data_stream

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
