"""What a report prints, cell by cell: the yardstick of the benchmark."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

DASHES = frozenset({"/", "-", "—", "--", "无", "不涉及", "不适用"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One printed value; `state` is `read`, `blank` or `dash`, `value` a plain decimal where read."""

    form: str
    table: str
    row: str
    column: str
    state: str
    raw: str
    value: str

    @property
    def key(self) -> tuple[str, str, str]:
        """(table, row, column) as in docs/forms.md."""
        return self.table, self.row, self.column


COLUMNS = tuple(field.name for field in fields(Fact))


def write_truth(path: Path, facts: Iterable[Fact]) -> None:
    """Write facts as CSV, columns as in `COLUMNS`."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(astuple(fact) for fact in facts)


def read_truth(path: Path) -> list[Fact]:
    """Read what `write_truth` wrote; a file with other columns raises ValueError."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path}: columns must be {', '.join(COLUMNS)}")
        return [Fact(**row) for row in reader]


def truth_path(report: Path) -> Path:
    """Where the truth of a sample stands: `NAME.truth.csv` beside `NAME.pdf`."""
    return report.with_suffix(".truth.csv")
