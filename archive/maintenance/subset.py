"""A part of an archive, so that a check of everything can be spread over many nights."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.errors import UsageError

PREFIX_DIGITS = 8
PREFIXES = 16**PREFIX_DIGITS
BEYOND = "g"  # above every hexadecimal number


@dataclass(frozen=True, slots=True)
class Subset:
    """Part `number` of `of` nearly equal parts of all sha256; together they are all, each once."""

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, text: str) -> Subset:
        """The part that `7/30` names. Raises UsageError for anything else."""
        match = re.fullmatch(r"(\d{1,9})/(\d{1,9})", text, re.ASCII)
        if match and 1 <= int(match[1]) <= int(match[2]):
            return cls(int(match[1]), int(match[2]))
        raise UsageError(f"{text!r} is no part of an archive: write 7/30 for the 7th of 30 parts")

    @property
    def lower(self) -> str:
        """The sha256 of this part are not below this."""
        return self._bound(self.number - 1)

    @property
    def upper(self) -> str:
        """They are below this."""
        return self._bound(self.number)

    @property
    def is_all(self) -> bool:
        """Whether this is no part, but everything."""
        return self.of == 1

    def __contains__(self, digest: str) -> bool:
        return self.lower <= digest < self.upper

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def _bound(self, number: int) -> str:
        return BEYOND if number == self.of else f"{number * PREFIXES // self.of:0{PREFIX_DIGITS}x}"


EVERYTHING = Subset()
