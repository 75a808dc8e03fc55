"""What a document holds and does not show is said: hidden sheets, rows and columns, text that was deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocr.model import Page
from reconcile.model import Finding

KIND = "left_out"


def parts_left_out(pages: Sequence[Page]) -> Iterator[Finding]:
    """Yield a finding for each part that was left out."""
    for page in pages:
        for message in page.left_out:
            yield Finding(KIND, message, page=page.number)
