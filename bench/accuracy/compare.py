"""Compare what the archive exports with what the reports print, cell by cell."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bench.accuracy.truth import Fact

Key = tuple[str, str, str]
Row = Mapping[str, str]  # one line of `guidang export facts`, by column name
UNPRINTED = Fact("", "", "", "", "unprinted", "", "")


@dataclass(frozen=True, slots=True)
class Miss:
    """A key where truth and archive differ; `read` is the archive's line, None where it has none.

    `silent`: wrong, and nobody is asked to look. `made_up`: read where nothing of the kind is printed.
    """

    document: str
    key: Key
    truth: Fact
    read: Row | None
    silent: bool
    made_up: bool

    @property
    def missing(self) -> bool:
        """The archive does not list the key at all."""
        return self.read is None


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of cells of one document, or of all; `flagged` are right cells that ask for review."""

    document: str
    cells: int = 0
    exact: int = 0
    silent: int = 0
    made_up: int = 0
    flagged: int = 0
    missing: int = 0
    misses: tuple[Miss, ...] = field(default=(), repr=False)

    @property
    def sound(self) -> bool:
        """Nothing wrong without a flag, nothing made up, nothing left out."""
        return not (self.silent or self.made_up or self.missing)


def compare(document: str, truth: Sequence[Fact], rows: Iterable[Row]) -> Score:
    """Score one document. A key that the archive gives twice must be right both times."""
    by_key: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        by_key[row["table"], row["row"], row["column"]].append(row)
    expected = {fact.key: fact for fact in truth}
    misses = [_absent(document, fact) for key, fact in expected.items() if key not in by_key]
    flagged = 0
    for key, found in by_key.items():
        wrong = [row for row in found if not agrees(expected.get(key), row)]
        misses += [_wrong(document, key, expected.get(key), row) for row in wrong[:1]]
        flagged += key in expected and not wrong and any(_asks(row) for row in found)
    inexact = sum(miss.key in expected for miss in misses)
    return Score(
        document=document,
        cells=len(expected),
        exact=len(expected) - inexact,
        silent=sum(miss.silent for miss in misses),
        made_up=sum(miss.made_up for miss in misses),
        flagged=flagged,
        missing=sum(miss.missing for miss in misses),
        misses=tuple(misses),
    )


def total(scores: Iterable[Score]) -> Score:
    """All documents together."""
    whole = Score("total")
    for score in scores:
        whole = replace(
            whole,
            cells=whole.cells + score.cells,
            exact=whole.exact + score.exact,
            silent=whole.silent + score.silent,
            made_up=whole.made_up + score.made_up,
            flagged=whole.flagged + score.flagged,
            missing=whole.missing + score.missing,
            misses=whole.misses + score.misses,
        )
    return whole


def agrees(fact: Fact | None, row: Row) -> bool:
    """Whether the archive's line says what is printed: state, value and text; None is printed nowhere."""
    if fact is None:
        # A key that is printed nowhere is wrong only if something is said to stand there.
        return row["state"] in {"missing", "blank"}
    if (fact.state, fact.value) != (row["state"], row["value"]):
        return False
    return fact.state != "read" or _plain(fact.raw) == _plain(row["raw"])


def _plain(raw: str) -> str:
    return "".join(unicodedata.normalize("NFKC", raw).split())


def _asks(row: Row) -> bool:
    return row["needs_review"] == "1"


def _absent(document: str, fact: Fact) -> Miss:
    return Miss(document, fact.key, fact, None, silent=False, made_up=False)


def _wrong(document: str, key: Key, fact: Fact | None, row: Row) -> Miss:
    made_up = row["state"] == "read" and (fact is None or fact.state != "read")
    return Miss(document, key, fact or UNPRINTED, row, silent=not _asks(row), made_up=made_up)
