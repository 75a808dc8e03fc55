"""The engine tells nobody that it is used."""

from __future__ import annotations

import os
import subprocess
import sys

LOAD = """
from ocr.engine.weights import model_folders
import onnxruntime
onnxruntime.InferenceSession(str(model_folders().recognition / "inference.onnx"))
"""


def test_the_engine_leaves_no_device_id_and_keeps_no_events_to_send(tmp_path):
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    kept = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", LOAD], env=kept | home, check=True)
    left = {path.name for path in tmp_path.iterdir()}
    assert "guidang" in left
    assert not left & {"Microsoft", ".cache", ".local"}
