"""Threads of a worker: one, as there is a process for every core."""

from __future__ import annotations

import cv2


def use_one_thread() -> None:
    """Keep OpenCV from starting a thread a core in this process."""
    cv2.setNumThreads(1)
