"""One document from its original to what the archive records; runs in a child process.

What reads is imported where it is used: the parent of a batch names `process` and
records an `DocumentReading`, and should hold no more than it needs for that.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from core.review_threshold import review_below
from ingest.reading import child_position
from ocr.engine.factory import engine, own_models, packages, second_engine, versions

if TYPE_CHECKING:
    from ocr.model import Page
    from reconcile.model import Said, Volume


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """Everything read from one document, the seconds it took, and the id of the process that read."""

    pages: tuple[Page, ...]
    volume: Volume
    seconds: float
    worker: int | None = None


def process(path: Path, said: Said | None = None) -> DocumentReading:
    """Read, tell the reports apart, reconcile each, and read again what is in doubt.

    `said` is what people say of the reports of this document.

    Raises:
        UnreadableDocument: the file is no readable document.
    """
    from ocr.reader import read_document
    from ocr.rereading import read_again
    from reconcile.reconciliation import volume_of
    from reconcile.second_reading import apply_second_readings, doubtful_cells

    started = time.perf_counter()
    pages = tuple(read_document(path, engine(), child_position.reached))
    child_position.reached(child_position.SUMS)
    volume = volume_of(pages, said) if said else volume_of(pages)
    child_position.reached(child_position.AGAIN)
    if doubtful := [cell for report in volume.reports for cell in doubtful_cells(report)]:
        second = read_again(path, pages, doubtful, engine(), second_engine())
        reports = tuple(apply_second_readings(report, second) for report in volume.reports)
        volume = replace(volume, reports=reports)
    return DocumentReading(pages, volume, time.perf_counter() - started, os.getpid())


def prepare() -> None:
    """Import what reads a document, which takes as long as to read a page."""
    for name in ("ocr.reader", "ocr.rereading", "reconcile.reconciliation", "reconcile.second_reading"):
        import_module(name)


def provenance() -> tuple[dict[str, str], dict[str, object]]:
    """Return the engines, by name and version, and the options that a reading comes from."""
    options: dict[str, object] = {"review_below": review_below()}
    if models := own_models():
        options["models"] = models
    return dict(_engines()), options


@cache
def _engines() -> dict[str, str]:
    """Versions of what reads; to look for them takes longer than to record a document."""
    return versions((*packages(), "rapid_table", "camelot-py", "pypdfium2", "lxml", "xlrd"))
