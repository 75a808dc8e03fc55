"""Short reports set for cases: tables two and four of a form, or any grid, between headings and text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.accuracy.truth import Fact
from samples.generator.layouts import Look, Setter
from samples.generator.typeset import Block, GridSpec, ReportSpec, TableSpec, set_report
from samples.generator.values import Prints, addresses, numbers_for, printed

ORGANS = (
    "云溪县水利局",
    "白石区柳湾街道办事处",
    "江浦市交通运输局",
    "北岭区安乐乡人民政府",
    "河源口县民政局",
)
HEADINGS = {
    "proactive": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "review": "四、政府信息公开行政复议、行政诉讼情况",
}
FACES = ("Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL UKai CN")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table of a form with values drawn from a seed; `changes` are other texts by (row, column)."""

    table: str
    form: str
    seed: int
    changes: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def values(self) -> Prints:
        """What is printed, by row and column."""
        own = printed(numbers_for(self.table, self.form, np.random.default_rng(self.seed)))
        cell = type(next(iter(own.values())))
        return own | {key: cell(text, text) for key, text in self.changes.items()}

    def block(self, face: str = FACES[0]) -> TableSpec:
        """The table to be set."""
        size = 7.0 if self.table == "requests" else 9.0
        return TableSpec(self.table, self.form, self.values, Look(size=size, padding=1.5, face=face))

    def facts(self) -> tuple[Fact, ...]:
        """Its truth."""
        values, keys = self.values, addresses(self.table, self.form)
        cells = [(key, values[key]) for key in keys]
        return tuple(Fact(self.form, self.table, *key, c.state, c.raw, c.value) for key, c in cells)


def ruled(lines: Sequence[str], face: str = FACES[0], shares: Sequence[float] = ()) -> GridSpec:
    """A grid from lines with cells parted by `|`; `<` goes on with the cell to the left."""
    rows = [line.split("|") for line in lines]
    look = Look(size=9.0, padding=2.0, face=face)
    setter = Setter(look, tuple(shares) or (1.0,) * len(rows[0]))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text != "<":
                after = next((n for n in range(column + 1, len(row)) if row[n] != "<"), len(row))
                setter.put(text, number, column, 1, after - column, "header" if column else "label")
    return GridSpec(setter.grid(len(rows)), look)


def write(path: Path, blocks: Sequence[Block], face: str = FACES[0]) -> Path:
    """Set the blocks as a PDF."""
    report = ReportSpec(
        "", tuple(blocks), size=11.0, face=face, margins=(48.0, 64.0, 48.0, 64.0), leading=7.0
    )
    path.write_bytes(set_report(report))
    return path
