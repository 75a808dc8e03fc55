"""Every setting: from the environment, else from guidang.toml, else its default.

A setting is a variable, `$GUIDANG_PAGE_SECONDS`, or the same word in small letters without `GUIDANG_` in
the file; those that bound a document stand there in a table `[max]`. docs/operations.md lists them.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.errors import UsageError
from core.problems import InvalidInputError, Problem
from core.settings_schema import PREFIX, Setting, Settings, known_settings, variable_of

# Names the file of settings; without it guidang.toml in the working directory is taken, if there is one.
CONFIG = "GUIDANG_CONFIG"
CONFIG_FILE = Path("guidang.toml")
# What deploy/compose.env.example tells Compose, not us: the same shell may hold both.
_COMPOSE = (
    "IMAGE",
    "OBJECTS",
    "SITES",
    "CRAWL_AT",
    "CRAWL_MEMORY",
    "WORKERS",
    "WORKER_CPUS",
    "WORKER_MEMORY",
)
OF_COMPOSE = frozenset(PREFIX + name for name in _COMPOSE)


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting that is not the default, and where it comes from: "environment" or the name of a file."""

    variable: str
    value: str
    origin: str


def settings() -> Settings:
    """Return the settings of this process, read once.

    Raises:
        UsageError: a variable or a key that there is not, or a value that makes no sense.
    """
    return _adopted or _load(_snapshot())


def adopt(given: Settings) -> None:
    """Go by the settings of the process that started this one, whatever the environment or a file say now."""
    global _adopted
    _adopted = given


_adopted: Settings | None = None


def use_file(path: Path) -> None:
    """Have this process, and those that it starts, read their settings from a file."""
    os.environ[CONFIG] = str(path.absolute())


def cache_home() -> Path:
    """Return the folder for everything that can be made again."""
    if own := settings().cache:
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "guidang"


def changed_settings() -> Iterator[Changed]:
    """Give the settings that are not the default."""
    file, held = _config_file(), settings()
    for one in known_settings().values():
        value = one.of(held)
        if value != one.field.default:
            origin = "environment" if os.environ.get(one.variable) else str(file)
            yield Changed(one.variable, f"{value:g}" if isinstance(value, float) else str(value), origin)


def place_of(variable: str) -> str:
    """Where a setting was given, for messages: its variable, or the file and the key in it."""
    return _place(known_settings()[variable], _config_file(), os.environ)


def _place(one: Setting, file: Path | None, variables: Mapping[str, str]) -> str:
    return one.variable if variables.get(one.variable) or file is None else f"{file}: {one.key}"


def _snapshot() -> tuple[tuple[str, str], ...]:
    """What is ours in the environment; what is empty is not set, and small letters are others' names.

    Settings are kept by it: a process that changes its environment, as tests do, gets others, and
    nobody has to say that something was changed.
    """
    return tuple((name, text) for name, text in os.environ.items() if name.startswith(PREFIX) and text)


@cache
def _load(variables: tuple[tuple[str, str], ...]) -> Settings:
    ours = known_settings().keys() | OF_COMPOSE | {CONFIG}
    file = _config_file()
    given = _in_file(file) if file else {}
    keys = {one.key for one in known_settings().values()}
    problems = [_no_such(name, name, known_settings()) for name, _ in variables if name not in ours]
    problems += [_no_such(f"{file}: {key}", key, keys) for key in _keys(given) if key not in keys]
    if problems:
        raise InvalidInputError(problems)
    named = dict(variables)
    try:
        return Settings(**_merged(given, file, named))
    except ValidationError as error:
        raise InvalidInputError([_refused(one, file, named) for one in error.errors()]) from error


def _merged(given: Mapping[str, Any], file: Path | None, variables: Mapping[str, str]) -> dict[str, Any]:
    """What is set, a table in the place of `max`: by the environment, else by the file."""
    found: dict[str, Any] = {}
    for one in known_settings().values():
        *tables, name = one.place
        inside = given.get("max", {}) if tables else given
        value = variables.get(one.variable)
        if value is None and name in inside:
            value = _from_file(one, inside[name], file)
        if value is not None:
            (found.setdefault("max", {}) if tables else found)[name] = value
    return found


def _from_file(one: Setting, value: Any, file: Path | None) -> Any:
    """A value in the file: empty text is not set, and paths go from the file's folder."""
    if one.is_text and value == "":
        return None
    if file is None or not one.is_path or not isinstance(value, str) or "://" in value:
        return value
    at = os.path.expanduser(value)  # noqa: PTH111 — Path's raises for a user that there is not
    return str(file.absolute().parent / at)


def _config_file() -> Path | None:
    if named := os.environ.get(CONFIG):
        return Path(named)
    return CONFIG_FILE if CONFIG_FILE.is_file() else None


def _in_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror or error}") from error
    except ValueError as error:  # no UTF-8, or no TOML
        raise UsageError(f"{file}: {error}") from error


def _keys(given: Mapping[str, Any]) -> Iterator[str]:
    """The keys of a file, those in a table of limits with its name before them: `max.pages`."""
    for key, value in given.items():
        inside = value if key == "max" and isinstance(value, dict) else None
        yield from (key,) if inside is None else (f"{key}.{name}" for name in inside)


def _refused(error: ErrorDetails, file: Path | None, variables: Mapping[str, str]) -> Problem:
    """A value that makes no sense, with the variable or the key in the file that holds it."""
    one = known_settings()[variable_of(error["loc"])]
    value = variables.get(one.variable, error["input"])
    return Problem(0, f"{value!r} is no {one.kind}", _place(one, file, variables))


def _no_such(where: str, name: str, known: Iterable[str]) -> Problem:
    nearest = get_close_matches(name, list(known), n=1)
    meant = f"; did you mean {nearest[0]}?" if nearest else ""
    return Problem(0, f"there is no such setting{meant}", where)
