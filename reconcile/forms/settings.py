"""The settings of this package, looked at before anything is read with them."""

from __future__ import annotations

import os

from reconcile.review_threshold import review_below

FORMS = "GUIDANG_FORMS"


def check_settings() -> None:
    """Raise UsageError for a setting that makes no sense: that stops a batch, not every document in it."""
    review_below()
    if os.environ.get(FORMS):
        from reconcile.forms.registry import (
            forms,  # the shipped ones need no look: a batch can do without them
        )

        forms()
