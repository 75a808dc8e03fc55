"""The results of a half of the corpus, by kind of damage."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.accuracy import text
from bench.accuracy.compare import Row, Score, total
from bench.corpus.build import Entry

Proposals = dict[tuple[str, str, str], str]

_PROPOSALS = """
    select source.name, finding.keys, finding.message from finding
    join run on run.id = finding.run_id and run.is_current
    join source on source.document_id = run.document_id and source.ordinal = 0
    where finding.kind = 'proposal'
"""
_SECONDS = """
    select source.name, count(page.id), sum(page.seconds) from page
    join run on run.id = page.run_id and run.is_current
    join source on source.document_id = run.document_id and source.ordinal = 0
    group by source.name
"""


@dataclass(frozen=True, slots=True)
class KindScore:
    """One kind of damage: its values, its text (`errors` of `characters`), its pace, its planted mistakes.

    `found` of the `planted` mistakes are flagged `source_anomaly`; `accused` are the reports without
    any in which a value is so flagged. `right` of the `proposed` values are what is printed. `seconds`
    is the time spent on pages alone.
    """

    score: Score
    errors: int
    characters: int
    pages: int
    seconds: float
    planted: int
    found: int
    accused: int
    proposed: int
    right: int

    @property
    def error_rate(self) -> float:
        """In percent of the characters printed."""
        return 100 * self.errors / self.characters if self.characters else 0.0


def by_kind(
    entries: Iterable[Entry],
    scores: Mapping[str, Score],
    rows: Iterable[Row],
    texts: Iterable[Mapping[str, Any]],
    times: Mapping[str, tuple[int, float]],
    proposals: Mapping[str, Proposals],
) -> list[KindScore]:
    """Put together what belongs to each kind; `scores`, `times` and `proposals` are by file name."""
    accused = defaultdict(set)
    for row in rows:
        if "source_anomaly" in row["flags"].split(";"):
            accused[Path(row["source"]).name].add((row["table"], row["row"], row["column"]))
    read: dict[str, dict[int, str]] = defaultdict(dict)
    for page in texts:
        read[Path(page["source"]).name][page["page"]] = page["text"]
    kinds: dict[str, list[KindScore]] = defaultdict(list)
    for entry in entries:
        name = entry.path.name
        told = proposals.get(name, {})
        kinds[entry.kind].append(_of_entry(entry, scores[name], read[name], times, accused[name], told))
    return [merged(kind, found) for kind, found in kinds.items()]


def _of_entry(
    entry: Entry,
    score: Score,
    read: Mapping[int, str],
    times: Mapping[str, tuple[int, float]],
    accused: set[tuple[str, str, str]],
    proposals: Proposals,
) -> KindScore:
    printed = {fact.key: fact.value for fact in entry.truth if fact.state == "read"}
    pages, seconds = times.get(entry.path.name, (len(entry.pages), 0.0))
    return KindScore(
        score,
        *text.errors(entry.pages, read),
        pages,
        seconds,
        planted=len(entry.planted),
        found=sum(key in accused for key in entry.planted),
        accused=int(bool(accused) and not entry.planted),
        proposed=len(proposals),
        right=sum(printed.get(key) == number for key, number in proposals.items()),
    )


def merged(name: str, parts: Sequence[KindScore]) -> KindScore:
    """The sums of several."""
    return KindScore(
        replace(total(part.score for part in parts), document=name),
        sum(part.errors for part in parts),
        sum(part.characters for part in parts),
        sum(part.pages for part in parts),
        sum(part.seconds for part in parts),
        sum(part.planted for part in parts),
        sum(part.found for part in parts),
        sum(part.accused for part in parts),
        sum(part.proposed for part in parts),
        sum(part.right for part in parts),
    )


def page_times(archive: Path) -> dict[str, tuple[int, float]]:
    """(pages, seconds spent on them) by file name, from the archive's own database, read only."""
    return {Path(name).name: (pages, seconds) for name, pages, seconds in _rows(archive, _SECONDS)}


def proposals_in(archive: Path) -> dict[str, Proposals]:
    """The proposed numbers by key, by file name, from the archive's own database, read only."""
    found: dict[str, Proposals] = defaultdict(dict)
    for name, keys, message in _rows(archive, _PROPOSALS):
        table, row, column = json.loads(keys)[0].split("/")
        if number := re.search(r"建议值 (\d+)", message):
            found[Path(name).name][table, row, column] = number[1]
    return found


def _rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    database = next(archive.glob("*.db"))
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
