"""The confidence below which a reading asks for a look: 0.90, or what $GUIDANG_REVIEW_BELOW says.

docs/accuracy.md tells what a threshold costs and how to choose one.
"""

from __future__ import annotations

import os
from functools import cache

from core.errors import UsageError

VARIABLE = "GUIDANG_REVIEW_BELOW"
# For PP-OCRv6 small on cell crops; measured on the corpora `dev` and `held` of docs/accuracy.md.
DEFAULT = 0.90


def review_below() -> float:
    """Return the threshold, 0 (no reading asks for a look) to 1 (all do that are not quite sure).

    Raises:
        UsageError: the variable is no number from 0 to 1.
    """
    return _threshold(os.environ.get(VARIABLE, ""))


@cache
def _threshold(setting: str) -> float:
    try:
        number = float(setting or DEFAULT)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1.0:
        raise UsageError(f"{VARIABLE}: {setting!r} is no number from 0 to 1")
    return number
