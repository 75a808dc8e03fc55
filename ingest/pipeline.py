"""One document from its original to what the archive records; runs in a child process."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path

from ocr.engine import Engine, NullEngine
from ocr.model import Page
from reconcile import doubtful_cells, reconcile, settle
from reconcile.model import Report
from reconcile.threshold import review_below


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything read from one document, and the seconds it took."""

    pages: tuple[Page, ...]
    report: Report
    seconds: float


def process(path: Path) -> Outcome:
    """Read, reconcile, and read again what is in doubt.

    Raises:
        UnreadableDocument: the file is no readable document.
    """
    from ocr.read import read_document
    from ocr.second import read_again

    started = time.perf_counter()
    pages = tuple(read_document(path, engine()))
    report = reconcile(pages)
    if doubtful := doubtful_cells(report):
        report = settle(report, read_again(path, pages, doubtful, engine(), second_engine()))
    return Outcome(pages, report, time.perf_counter() - started)


@cache
def engine() -> Engine:
    """Return this process's engine; its models are loaded on first use.

    `$GUIDANG_ENGINE=null`, for trials of the batch, gives one that recognises nothing.
    """
    if os.environ.get("GUIDANG_ENGINE") == "null":
        return NullEngine()
    from ocr.paddle import PaddleEngine

    return PaddleEngine()


@cache
def second_engine() -> Engine | None:
    """Return this process's engine for second opinions, where its weights are installed."""
    from ocr.paddle import PaddleEngine
    from ocr.weights import second_recogniser

    folder = second_recogniser()
    return PaddleEngine(folder) if folder else None


def provenance() -> tuple[dict[str, str], dict[str, object]]:
    """Return the engines, by name and version, and the options that a reading comes from."""
    engines = ("paddleocr", "onnxruntime", "rapidocr", "rapidocr-onnxruntime")
    packages = (*engines, "camelot-py", "pypdfium2", "lxml")
    installed = {found.name.lower() for found in distributions()}
    options: dict[str, object] = {"review_below": review_below()}
    if models := os.environ.get("GUIDANG_MODELS"):
        options["models"] = models
    return {name: version(name) for name in packages if name in installed}, options


def prepare_child() -> None:
    """Set up a child process: one thread of its own, and Ctrl-C left to the parent."""
    from ocr.threads import use_one_thread

    use_one_thread()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
