"""The confidence below which a reading asks for a look: 0.90, or what $GUIDANG_REVIEW_BELOW says.

docs/accuracy.md tells what a threshold costs and how to choose one.
"""

from __future__ import annotations

from core.settings import settings
from core.settings_schema import Settings

VARIABLE = "GUIDANG_REVIEW_BELOW"
# The flag of what is read below the threshold.
UNSURE = "low_confidence"
# The flag of a table whose structure is below it: a cell may stand elsewhere in it, or reach further.
# One threshold serves both: either confidence is the share that is right.
UNSURE_STRUCTURE = "doubtful_structure"
# For PP-OCRv6 small on cell crops; measured on the corpora `dev` and `held` of docs/accuracy.md.
DEFAULT: float = Settings.model_fields["review_below"].default


def review_below() -> float:
    """Return the threshold, 0 (no reading asks for a look) to 1 (all do that are not quite sure).

    Raises:
        UsageError: the variable is no number from 0 to 1.
    """
    return settings().review_below


def is_unsure(confidence: float) -> bool:
    """Tell whether a reading of this confidence asks for a look."""
    return confidence < review_below()
