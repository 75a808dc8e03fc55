"""How commands end other than well; `cli.main` makes exit codes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import BatchIncomplete
from core.streams import talk

INTERRUPTED = 130  # as shells report Ctrl-C
GO_ON = "stopped; give the same command again to go on"


class Interrupted(Exception):  # noqa: N818 (nothing is wrong)
    """A person or a service manager stopped the command; the message says what becomes of its work."""


@contextmanager
def interrupt_says(message: str) -> Iterator[None]:
    """Let Ctrl-C end the command with a message."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(message) from None


@contextmanager
def problems_told() -> Iterator[None]:
    """Tell every problem of a list of organs on a line of its own before the command ends."""
    from archive.organs.organ_list_file import ListError

    try:
        yield
    except ListError as error:
        for problem in error.problems:
            talk(str(problem))
        raise


def complain_of(failed: int, quarantined: int) -> None:
    """Raise BatchIncomplete if documents could not be read."""
    if failed or quarantined:
        also = f", {quarantined} are quarantined" if quarantined else ""
        raise BatchIncomplete(f"{failed} documents failed{also}; `guidang failures` says why")
