"""What records of all folders share: how a report is named, what is said of it, how numbers are rounded.

The records themselves, plain and frozen, are in the `records.py` of its folders. Boxes are in PDF points
with the origin at the top left of the page as stored, pages count from 1, confidences run from 0 to 1,
times are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SIDES = ("left", "top", "right", "bottom")
# A hash is shown so far.
SHORT_HASH = 12
# Flags that come from people; those of the reader are in reconcile.model.
PEOPLES_FLAGS = CONFIRMED, CORRECTED = "confirmed", "corrected"


@dataclass(frozen=True, slots=True)
class ReportName:
    """A report in a document: the sha256, and its part, from 1."""

    document: str
    part: int = 1

    def __str__(self) -> str:
        return self.document if self.part == 1 else f"{self.document}:{self.part}"


def short(name: str) -> str:
    """The name of a document or a report in it, its hash shortened."""
    digest, sign, part = name.partition(":")
    return digest[:SHORT_HASH] + sign + part


class ReportField(StrEnum):
    """What can be said of a report; of a document its borders, where reports begin, and its members."""

    ORGAN = "organ"
    YEAR = "year"
    TITLE = "title"
    PREFERRED = "preferred"
    BORDERS = "borders"
    MEMBERS = "members"

    @property
    def of_document(self) -> bool:
        """Whether it is said of a whole document, and not of a report in it."""
        return self in (ReportField.BORDERS, ReportField.MEMBERS)


class VerdictKind(StrEnum):
    """What a person can say of a value."""

    ACCEPT = "accept"
    CORRECT = "correct"
    ANOMALY = "anomaly"
    NOTE = "note"
    UNDO = "undo"


def rounded(fields: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields of a record as they are shown: confidences to 4 decimals, boxes to 2."""
    shown = dict(fields, confidence=round(fields["confidence"], 4))
    for side in SIDES:
        if shown[side] is not None:
            shown[side] = round(shown[side], 2)
    return shown
