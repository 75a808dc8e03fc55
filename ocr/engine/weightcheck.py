"""Whether the OCR weights are those that the figures of docs/accuracy.md were measured with."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from ocr.engine.weights import model_folders, second_recogniser

MODEL = "inference.onnx"
# The sha256 of each, from rapidocr 3.10.0 and rapidocr-onnxruntime 1.4.4.
MEASURED = {
    "detector": "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    "recogniser": "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    "second recogniser": "48fc40f24f6d2a207a2b1091d3437eb3cc3eb6b676dc3ef9c37384005483683b",
}


@dataclass(frozen=True, slots=True)
class Weights:
    """One model as it lies on the disk: its file, its sha256, and whether that is the measured one."""

    name: str
    path: Path
    sha256: str
    is_measured: bool


def weights() -> list[Weights]:
    """Hash the weights that this installation reads with, written on first use.

    Raises:
        GuidangError: the wheels that carry them are not installed.
        OSError: a file cannot be read.
    """
    folders = model_folders()
    found = {"detector": folders.detection, "recogniser": folders.recognition}
    if second := second_recogniser():
        found["second recogniser"] = second
    return [_hashed(name, folder / MODEL) for name, folder in found.items()]


def are_our_own() -> bool:
    """Whether `$GUIDANG_MODELS` names other weights than the installed ones."""
    return bool(os.environ.get("GUIDANG_MODELS"))


def _hashed(name: str, path: Path) -> Weights:
    with path.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    return Weights(name, path, digest, digest == MEASURED[name])
