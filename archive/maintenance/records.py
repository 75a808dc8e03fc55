"""What a check of the archive finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IntegrityProblem:
    """One thing that `verify` found; `kind` is a name of `fixity`, `database` or `index`.

    `document` is the sha256 of the original concerned, `object` its name in the
    object store; both are empty where none is. `message`, one line, says what to do.
    """

    kind: str
    document: str
    object: str
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """How many originals were hashed again, what is damaged, and what is merely odd."""

    originals: int
    damages: tuple[IntegrityProblem, ...]
    oddities: tuple[IntegrityProblem, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """What is damaged and what to do about it, a line each."""
        return tuple(one.message for one in self.damages)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is no damage, a line each."""
        return tuple(one.message for one in self.oddities)

    def objects(self, kind: str) -> tuple[str, ...]:
        """The names in the object store of all that is of one kind, in order."""
        return tuple(one.object for one in (*self.damages, *self.oddities) if one.kind == kind)
