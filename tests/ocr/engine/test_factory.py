"""Every engine that is registered can be made, and what is installed is known without loading it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from ocr.engine import factory
from ocr.engine.factory import DEFAULT, ENGINES, make, own_models, packages, versions


@pytest.mark.parametrize("name", ENGINES)
def test_every_registered_engine_has_a_name_and_its_packages_are_installed(name: str) -> None:
    assert make(name).name
    assert set(versions(ENGINES[name].packages)) == set(ENGINES[name].packages)


def test_the_null_engine_sees_nothing() -> None:
    blank = np.zeros((48, 48, 3), np.uint8)
    assert make("null").detect(blank) == []
    assert make("null").recognise(blank).text == ""


@pytest.mark.parametrize(("setting", "chosen"), [("", DEFAULT), ("paddle", "paddle"), ("null", "null")])
def test_a_setting_chooses_the_engine(setting: str, chosen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDANG_ENGINE", setting)
    monkeypatch.setattr(factory, "_kept", lambda name: name)
    assert factory.engine() == chosen


def test_other_models_are_those_that_a_setting_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUIDANG_MODELS", raising=False)
    assert own_models() is None
    monkeypatch.setenv("GUIDANG_MODELS", "/models")
    assert own_models() == "/models"


def test_versions_are_told_without_loading_an_engine() -> None:
    script = (
        "import sys; from ocr.engine.factory import packages, versions; versions(packages());"
        "sys.exit(', '.join({'numpy', 'cv2', 'onnxruntime', 'paddleocr'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_is_not_installed_has_no_version() -> None:
    assert versions(("numpy", "no-such-package-of-ours")).keys() == {"numpy"}
    assert "paddleocr" in packages()
