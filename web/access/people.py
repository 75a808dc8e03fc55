"""People who may open the archive from elsewhere: a file with a hash of each one's password."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import UsageError

_hasher = PasswordHasher()
# Nobody's: compared with where a name is unknown, so that the time tells nothing of names.
_NOBODY = _hasher.hash("")


class Role(StrEnum):
    """What somebody may do: look, or judge values too."""

    READER = "reader"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the page; what they say is kept with `name`."""

    name: str
    role: Role

    @property
    def may_judge(self) -> bool:
        return self.role is Role.REVIEWER


@dataclass(frozen=True, slots=True)
class People:
    """Those who may come, each with the hash of a password."""

    known: Mapping[str, tuple[Person, str]]

    def let_in(self, name: str, password: str) -> Person | None:
        """The person of that name and password, None for anybody else."""
        person, hashed = self.known.get(name, (None, _NOBODY))
        try:
            _hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return None
        return person


def read_people(path: Path) -> People:
    """Read a file of people: `[NAME]` with `password`, as `hashed` gives it, and `role`.

    Raises UsageError for a file that cannot be used.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        known = {
            name: (Person(name, Role(one.get("role", Role.READER))), str(one["password"]))
            for name, one in told.items()
        }
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"cannot read the people of {path}: {error}; names of other letters than a to z are quoted"
        ) from error
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise UsageError(
            f'{path}: each person is a [NAME] with password = "…" (`guidang serve --hash-password` makes it) '
            'and role = "reader" or "reviewer"'
        ) from error
    if not known:
        raise UsageError(f"{path} names nobody")
    return People(known)


def hashed(password: str) -> str:
    """The hash of a password (argon2id), for the file of people."""
    return _hasher.hash(password)
