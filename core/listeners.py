"""How work that takes long says how far it is, to whoever listens."""

from __future__ import annotations

from collections.abc import Callable

# How much is done, and of how much; with the name of the part of the work before them.
Counted = Callable[[int, int], None]
Told = Callable[[str, int, int], None]


def no_listener(*_: object) -> None:
    """Nobody listens."""
