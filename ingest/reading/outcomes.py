"""What became of each document, told to whoever watches a batch: its log, its metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# What becomes of a document that was tried. After `died` it is tried again; `settled` means that
# another process had recorded an outcome meanwhile.
ARCHIVED, FAILED, QUARANTINED, DIED, SETTLED = "archived", "failed", "quarantined", "died", "settled"


@dataclass(frozen=True, slots=True)
class DocumentOutcome:
    """What became of one document.

    `outcome` is one of those above. `stage` is where reading stopped
    (`open`, `page 3` …), `code` and `reason` say why; all three are empty if it was read.
    `flagged` values of its `pages` are to be looked at. `seconds` of reading, and the process
    id of the `worker` that read, are None where they are not known.
    """

    document: str
    source: str
    outcome: str
    stage: str = ""
    code: str = ""
    reason: str = ""
    pages: int = 0
    flagged: int = 0
    seconds: float | None = None
    worker: int | None = None


Hearer = Callable[[DocumentOutcome], None]
_hearers: list[Hearer] = []


@contextmanager
def heard_by(hearer: Hearer) -> Iterator[None]:
    """Let somebody hear of every document that this process concludes meanwhile."""
    _hearers.append(hearer)
    try:
        yield
    finally:
        _hearers.remove(hearer)


def tell(concluded: DocumentOutcome) -> None:
    """Tell all who listen that a document is done with; call it after that is recorded."""
    for hearer in tuple(_hearers):
        hearer(concluded)
