"""Names for the arrays that go from step to step."""

from __future__ import annotations

from typing import Any

import numpy as np

# A picture, shape (height, width) in grey or (height, width, 3) in RGB, 0 to 255.
Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
# Numbers that are calculated with: a 3 × 3 transformation, or points, shape (n, 2).
Matrix = np.ndarray[Any, np.dtype[np.float64]]
