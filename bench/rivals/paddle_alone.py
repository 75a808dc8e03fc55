"""PaddleOCR alone, as people use it, on ONNX Runtime with the weights that guidang has.

Little is imported here: where whole processes are timed it would count as PaddleOCR's.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any


def paddle_alone(models: Sequence[str]) -> Any:
    """PaddleOCR with the models that `paddle_models` names."""
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    from paddleocr import PaddleOCR

    detection, detector, recognition, recogniser = models
    return PaddleOCR(
        text_detection_model_name=detector,
        text_detection_model_dir=detection,
        text_recognition_model_name=recogniser,
        text_recognition_model_dir=recognition,
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        engine="onnxruntime",
        device="cpu",
    )


def paddle_models(folder: Path) -> tuple[str, str, str, str]:
    """The folders and names of the detector and of the recogniser, this one written below `folder`.

    It is as PaddleOCR has it: with its characters, and crops padded to 320 pixels.
    """
    import yaml

    from ocr.engine.weights import alphabet_of, model_folders, name_of, settings_of

    models = model_folders()
    own = folder / "recognition"
    if not own.exists():
        own.mkdir()
        (own / "inference.onnx").symlink_to(models.recognition / "inference.onnx")
        settings = deepcopy(settings_of(models.recognition))
        settings["PreProcess"]["transform_ops"][-1]["RecResizeImg"]["image_shape"] = [3, 48, 320]
        settings["PostProcess"]["character_dict"] = list(alphabet_of(models.recognition))
        text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
        (own / "inference.yml").write_text(text, encoding="utf-8")
    return str(models.detection), name_of(models.detection), str(own), name_of(own)
