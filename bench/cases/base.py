"""What a kind of cases is: variants drawn into a folder, each with its truth and what must be seen of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.accuracy.truth import Fact


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the archive holds of one case: lines of `export facts|text|tables`, and what `show` prints.

    Of a document with members (`file.pdf!name`) the members' lines are among them; `shown` is the file's own.
    """

    facts: Sequence[Mapping[str, Any]]
    pages: Sequence[Mapping[str, Any]]
    tables: Sequence[Mapping[str, Any]]
    shown: str


Check = Callable[[Outcome], str]  # "" if all is as it must be, else what is not


@dataclass(frozen=True, slots=True)
class Case:
    """One variant: its file, what it prints, and what must be seen besides the values.

    `part` is the report in the file, from 1, that it is about; 0 stands for all of the file.
    """

    path: Path
    truth: tuple[Fact, ...]
    check: Check = lambda outcome: ""
    part: int = 0


Draw = Callable[
    [Path], Iterator[Case]
]  # draws all variants of a kind into a folder; file names must be unlike
