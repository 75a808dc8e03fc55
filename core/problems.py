"""What is wrong in something that people write: settings, form files, lists of organs, files of sites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import UsageError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: its line (from 1; 0 if it has none), what is wrong, and the file, variable or place."""

    line: int
    message: str
    where: str = ""

    def __str__(self) -> str:
        place = ":".join(filter(None, (self.where, str(self.line or ""))))
        return f"{place}: {self.message}" if place else self.message


class InvalidInputError(UsageError):
    """Something with mistakes in it: `problems` are all of them, each once, in the order of lines."""

    def __init__(self, problems: Iterable[Problem], message: str = "") -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(message or "\n".join(map(str, self.problems)))
