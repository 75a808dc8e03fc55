"""How confidences and boxes of records are rounded where they are shown.

The records themselves, plain and frozen, are in the `records.py` of its folders. Boxes are in PDF points
with the origin at the top left of the page as stored, pages count from 1, confidences run from 0 to 1,
times are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SIDES = ("left", "top", "right", "bottom")


def rounded(fields: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields of a record as they are shown: confidences to 4 decimals, boxes to 2."""
    shown = dict(fields, confidence=round(fields["confidence"], 4))
    for side in SIDES:
        if shown[side] is not None:
            shown[side] = round(shown[side], 2)
    return shown
