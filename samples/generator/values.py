"""Printed values for the statutory forms: balanced tables, and how a value is printed.

A value is addressed by (row key, column key) inside its table; the keys are those of docs/forms.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

Address = tuple[str, str]
Numbers = dict[Address, Decimal]

APPLICANTS = ("natural_person", "business", "research", "nonprofit", "legal_services", "other")
PHASES = ("review", "direct", "after_review")
OUTCOMES = ("upheld", "corrected", "other", "pending")
DASHES = frozenset({"/", "-", "—", "--", "无", "不涉及", "不适用"})


@dataclass(frozen=True, slots=True)
class Printed:
    """A cell as printed; `value` is its plain decimal, empty for a blank or a dash."""

    raw: str
    value: str = ""

    @property
    def state(self) -> str:
        """`read`, `dash` or `blank`."""
        if self.value:
            return "read"
        return "dash" if self.raw in DASHES else "blank"


Prints = dict[Address, Printed]


@cache
def labels() -> Any:
    """The wording of the forms, as in `labels.yaml`."""
    return yaml.safe_load((Path(__file__).parent / "labels.yaml").read_text(encoding="utf-8"))


def proactive_addresses(form: str) -> list[Address]:
    """Addresses of table two in printed order: 10 values (2021) or 22 (2019)."""
    return [
        (row, col) for part in labels()["proactive"][form] for row in part["rows"] for col in part["columns"]
    ]


def request_leaves(form: str) -> list[str]:
    """Row keys that `（七）总计` adds up, in printed order."""
    rows = ["granted", "partly_granted"]
    for group, facts in labels()["requests"]["groups"].items():
        if group == "other" and form == "2019":
            rows.append("other")
        else:
            rows += [f"{group}.{n}" for n in range(1, len(facts["rows"]) + 1)]
    return rows


def request_rows(form: str) -> list[str]:
    """All row keys of table three in printed order: 25 (2021) or 23 (2019)."""
    return ["new", "carried_in", *request_leaves(form), "total", "carried_out"]


def addresses(table: str, form: str) -> list[Address]:
    """Every address of one table of one form, in printed order."""
    if table == "proactive":
        return proactive_addresses(form)
    if table == "requests":
        return [(row, col) for row in request_rows(form) for col in (*APPLICANTS, "total")]
    return [("cases", f"{phase}.{outcome}") for phase in PHASES for outcome in (*OUTCOMES, "total")]


def balanced_requests(rng: np.random.Generator, form: str, mean: float = 3.0, fill: float = 0.4) -> Numbers:
    """Draw a table three in which R1, R2 and R3 hold.

    `mean` is the mean of a non-zero leaf of natural persons (organisations: a quarter),
    `fill` the share of their leaves that are not zero (organisations: half).
    """
    numbers: Numbers = {}
    for applicant in APPLICANTS:
        scale, share = (mean, fill) if applicant == "natural_person" else (mean / 4, fill / 2)
        counts = {row: _count(rng, scale, share) for row in request_leaves(form)}
        handled, kept = sum(counts.values()), _count(rng, scale, share)
        carried = int(rng.integers(0, (handled + kept) // 3 + 1))
        counts |= {
            "total": handled,
            "carried_out": kept,
            "carried_in": carried,
            "new": handled + kept - carried,
        }
        numbers |= {(row, applicant): Decimal(count) for row, count in counts.items()}
    for row in request_rows(form):
        numbers[row, "total"] = sum((numbers[row, a] for a in APPLICANTS), Decimal(0))
    return numbers


def balanced_review(rng: np.random.Generator, mean: float = 2.0, fill: float = 0.6) -> Numbers:
    """Draw a table four in which R4 holds."""
    numbers: Numbers = {}
    for phase in PHASES:
        counts = [Decimal(_count(rng, mean, fill)) for _ in OUTCOMES]
        numbers |= {("cases", f"{phase}.{o}"): n for o, n in zip(OUTCOMES, counts, strict=True)}
        numbers["cases", f"{phase}.total"] = sum(counts, Decimal(0))
    return numbers


def plausible_proactive(rng: np.random.Generator, form: str, mean: float = 200.0) -> Numbers:
    """Draw a table two; no relation binds its values inside one year."""
    numbers: Numbers = {}
    for row, column in proactive_addresses(form):
        number = Decimal(_count(rng, mean, 0.8))
        if column == "change":
            number = Decimal(int(rng.integers(-9, 10)))
        elif row == "regulations":
            number = Decimal(0)
        elif column == "amount":
            number = Decimal(int(rng.integers(100, 99_999))) / 100
        numbers[row, column] = number
    return numbers


def numbers_for(table: str, form: str, rng: np.random.Generator) -> Numbers:
    """Draw a whole table of a form with its relations holding."""
    if table == "proactive":
        return plausible_proactive(rng, form)
    return balanced_requests(rng, form) if table == "requests" else balanced_review(rng)


def printed(numbers: Mapping[Address, Decimal], *, thousands: bool = False) -> Prints:
    """Print plain numbers, on request with thousands separators."""
    return {key: Printed(f"{n:,f}" if thousands else f"{n:f}", f"{n:f}") for key, n in numbers.items()}


def uniform(table: str, form: str, raw: str) -> Prints:
    """A table that prints `raw` everywhere: "" for a blank form, "0" for an idle year."""
    return {key: Printed(raw, raw if raw.isdigit() else "") for key in addresses(table, form)}


def _count(rng: np.random.Generator, mean: float, fill: float) -> int:
    return 0 if rng.random() > fill else int(rng.geometric(1 / max(mean, 1.0)))
