"""ONNX Runtime as every model of a process uses it."""

from __future__ import annotations

from pathlib import Path

import onnxruntime

_ERRORS = 3


def one_thread_session(weights: Path) -> onnxruntime.InferenceSession:
    """Load a model to run on one thread: one process a core beats many threads in one.

    With the arena of memory on, a worker would grow with every new width of a crop.
    Of warnings there would be one for every new shape.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _ERRORS
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
