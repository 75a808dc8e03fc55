"""Looking at a page while it is read: every image step shows what it has made of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ocr.arrays import Pixels

Rectangle = tuple[float, float, float, float]


class StepObserver(Protocol):
    """Is shown the page after each step."""

    def __call__(self, step: str, pixels: Pixels, boxes: Iterable[Rectangle] = ()) -> None:
        """Look at `pixels`, RGB or a mask of 255 and 0; a step that did nothing hands on what it got.

        `boxes`, in pixels (left, top, right, bottom), are what was found on it: to be
        taken at once or never, they cost nothing until then.
        """


def no_observer(step: str, pixels: Pixels, boxes: Iterable[Rectangle] = ()) -> None:
    """Look at nothing."""
