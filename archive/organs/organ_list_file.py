"""The list of organs as people write it: TOML, read with every problem on its line, and written again.

docs/coverage.md describes it. `tomllib` tells no lines, so they are looked up in the text.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.errors import UsageError
from core.problems import InvalidInputError, Problem

FIRST_YEAR, LAST_YEAR = 1990, 2100
_TEXTS = ("name", "region", "supervisor")
_FIELDS = (*_TEXTS, "aliases", "years")
_HEADER = re.compile(r"\s*\[\[\s*[\"']?organ[\"']?\s*\]\]")
_SPAN = re.compile(r"\s*(\d{4})\s*[-–]\s*(\d{4})\s*")
_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class ListedOrgan:
    """An organ of a list; `years` are those expected of it, None if neither it nor the list says."""

    name: str
    region: str = ""
    supervisor: str = ""
    aliases: tuple[str, ...] = ()
    years: tuple[int, ...] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class OrganList:
    """The organs of a file, and on which line each name stands (from 1, where that could be found)."""

    organs: tuple[ListedOrgan, ...]
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)


class ListError(InvalidInputError):
    """A list of organs that cannot be used; each of its `problems` names the file."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        told = f"{len(problems)} problems in {file}; nothing was done"
        super().__init__((replace(one, where=file) for one in problems), told)


def read(path: Path) -> OrganList:
    """Read a list of organs. Raises ListError with every problem, UsageError if there is no such file."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError:
        raise ListError(str(path), [Problem(1, "no UTF-8 text")]) from None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error


def parse(text: str, file: str = "list") -> OrganList:
    """The organs that a text lists. Raises ListError with every problem."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ListError(file, [_syntax(str(error), text)]) from None
    where = _Lines(text)
    if problems := [*_shape(data, where)]:
        raise ListError(file, problems)
    organs = tuple(_organ(entry, data.get("years")) for entry in data.get("organ", ()))
    if problems := [*_clashes(organs, where)]:
        raise ListError(file, problems)
    lines = {name: where.name(n, name) for n, organ in enumerate(organs) for name in organ.names}
    return OrganList(organs, file, lines)


def write(organs: Sequence[ListedOrgan], notes: Mapping[str, str] | None = None) -> str:
    """The organs as TOML that `parse` reads to the same; `notes` are comments on aliases."""
    shared = _shared_years(organs)
    blocks = [f"years = {_years_text(shared)}\n"] if shared is not None else []
    blocks += ["".join(f"{line}\n" for line in _block(organ, shared, notes or {})) for organ in organs]
    return "\n".join(blocks)


class _Lines:
    """Where things stand in the text of a list."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._headers = [n for n, line in enumerate(self._lines) if _HEADER.match(line)]

    def top(self, key: str) -> int:
        """The line of a field outside all organs, or of a table."""
        key = re.escape(key)
        return self._find(rf"\s*\[*\s*[\"']?{key}[\"']?\s*(=|\]|\.)", 0, len(self._lines))

    def field(self, organ: int, key: str) -> int:
        """The line of a field of the organ with this number (from 0), or that of its header."""
        key = re.escape(key)
        return self._in_organ(organ, rf"\s*[\"']?{key}[\"']?\s*[=.]")

    def name(self, organ: int, name: str) -> int:
        """The line on which an organ writes one of its names."""
        name = re.escape(name)
        return self._in_organ(organ, rf"(?!\s*supervisor).*[\"']\s*{name}\s*[\"']")

    def _in_organ(self, organ: int, pattern: str) -> int:
        if organ >= len(self._headers):
            return 0
        start, *end = self._headers[organ : organ + 2]
        return self._find(pattern, start, *end or [len(self._lines)]) or start + 1

    def _find(self, pattern: str, start: int, end: int) -> int:
        return next((n + 1 for n in range(start, end) if re.match(pattern, self._lines[n])), 0)


def _syntax(message: str, text: str) -> Problem:
    """What the parser says, with the line taken out of its words."""
    at = _AT_LINE.search(message)
    line = int(at[1]) if at and at[1] else max(1, len(text.splitlines()))
    said = _CONTROL.sub(" ", _AT_LINE.sub("", message))
    return Problem(line, f"no valid TOML: {said}")


def _shape(data: Mapping[str, Any], where: _Lines) -> Iterator[Problem]:
    for key in data.keys() - {"years", "organ"}:
        yield Problem(where.top(key), f"{_plain(key)} is no field of a list; fields are years and [[organ]]")
    if "years" in data and (wrong := _wrong_years(data["years"])):
        yield Problem(where.top("years"), wrong)
    entries = data.get("organ", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        yield Problem(where.top("organ"), "write each organ as [[organ]]")
        return
    for n, entry in enumerate(entries):
        yield from (Problem(where.field(n, key), wrong) for key, wrong in _wrong_fields(entry))


def _wrong_fields(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields of one organ that cannot be used, and why."""
    for key in entry.keys() - set(_FIELDS):
        yield key, f"{_plain(key)} is no field of an organ; fields are {', '.join(_FIELDS)}"
    for key in _TEXTS:
        if not isinstance(entry.get(key, ""), str):
            yield key, f"{key} must be a text"
    if "name" not in entry or entry["name"] == "" or str(entry["name"]).isspace():
        yield "name", "an organ needs a name"
    aliases = entry.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(one, str) and one.strip() for one in aliases):
        yield "aliases", 'aliases must be a list of texts, like ["清河县水利局"]'
    if "years" in entry and (wrong := _wrong_years(entry["years"])):
        yield "years", wrong


def _wrong_years(years: object) -> str:
    found = _years(years)
    if found is None:
        return 'years must be a list like [2022, 2023] or a span like "2019-2023"'
    odd = [year for year in found if not FIRST_YEAR <= year <= LAST_YEAR]
    return f"{odd[0]} is no year of reports" if odd else ""


def _years(written: object) -> tuple[int, ...] | None:
    """The years in order, each once; None if these are no years."""
    if isinstance(written, str) and (span := _SPAN.fullmatch(written)):
        first, last = int(span[1]), int(span[2])
        return tuple(range(first, last + 1)) if first <= last else None
    if isinstance(written, list) and all(type(year) is int for year in written):
        return tuple(sorted(set(written)))
    return None


def _organ(entry: Mapping[str, Any], shared: object) -> ListedOrgan:
    texts = {key: _text(entry.get(key, "")) for key in _TEXTS}
    aliases = tuple(_text(alias) for alias in entry.get("aliases", ()))
    return ListedOrgan(**texts, aliases=aliases, years=_years(entry.get("years", shared)))


def _text(written: str) -> str:
    """Text without white space around it, and without NUL, which no database holds."""
    return written.replace("\x00", "\ufffd").strip()


def _clashes(organs: Sequence[ListedOrgan], where: _Lines) -> Iterator[Problem]:
    """Names that stand for two organs, or twice for one."""
    owners: dict[str, str] = {}
    for n, organ in enumerate(organs):
        if organ.name in owners:
            yield Problem(where.name(n, organ.name), f"there is an organ {_plain(organ.name)} already")
        owners.setdefault(organ.name, organ.name)
        if organ.supervisor == organ.name:
            yield Problem(where.field(n, "supervisor"), f"{_plain(organ.name)} supervises itself")
    for n, organ in enumerate(organs):
        for alias in organ.aliases:
            owner = owners.setdefault(alias, organ.name)
            if owner != organ.name:
                names = f"{_plain(owner)} and of {_plain(organ.name)}"
                yield Problem(where.name(n, alias), f"{_plain(alias)} is a name of {names}")
        if twice := [name for name, count in Counter(organ.names).items() if count > 1]:
            yield Problem(where.name(n, twice[0]), f"{_plain(twice[0])} is written twice")


def _plain(name: str) -> str:
    return _CONTROL.sub(" ", name)


def _shared_years(organs: Sequence[ListedOrgan]) -> tuple[int, ...] | None:
    """The years to write once above all organs: the commonest, if every organ has some to go by."""
    said = [organ.years for organ in organs if organ.years is not None]
    return Counter(said).most_common(1)[0][0] if said and len(said) == len(organs) else None


def _block(organ: ListedOrgan, shared: tuple[int, ...] | None, notes: Mapping[str, str]) -> Iterator[str]:
    yield "[[organ]]"
    for key in _TEXTS:
        if text := getattr(organ, key):
            yield f"{key} = {_quoted(text)}"
    if organ.aliases:
        yield "aliases = ["
        yield from (f"  {_quoted(alias)},{_comment(notes.get(alias, ''))}" for alias in organ.aliases)
        yield "]"
    if organ.years is not None and organ.years != shared:
        yield f"years = {_years_text(organ.years)}"


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's too; it leaves DEL bare, TOML does not.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(note: str) -> str:
    return f"  # {_plain(note)}" if note else ""


def _years_text(years: Sequence[int]) -> str:
    return f"[{', '.join(map(str, years))}]"
