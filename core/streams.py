"""Where data goes: stdout, or a file that takes its name when it is complete; talk goes to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from core.errors import UsageError


def talk(message: str) -> None:
    """Say something to the person at the terminal, on stderr."""
    print(message, file=sys.stderr)


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
