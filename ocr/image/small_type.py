"""Pages in small type, as pictures of the web and of telephones are: enlarged before anything is decided."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.page_image import PageImage

# Type lower than the first, in pixels at 200 dpi, is shown as high as the second, but no more than by the
# third. Half the print of scans, faxes and photographs of reports is 20 to 130 high, of pictures of the web
# at 96 dpi 8 to 17 (27 real pages, 40 pages of samples and corpus).
_SMALL, _USUAL, _MOST = 14.5, 24.0, 2.5
_MEASURED_AT = 200.0
# Ink of so many pixels and up to so many inches, in no shape of rules or fills, may be type.
_LEAST_PIXELS, _TALLEST, _LONG, _FULL = 4, 1.0, 4, 0.8
# So many pieces tell.
_ENOUGH = 20


def with_usual_type(view: PageImage, ink: Pixels) -> PageImage:
    """The view, enlarged where its type is small; `ink` is of the same page, binarised at `_MEASURED_AT` dpi.

    What is enlarged is told to be of the same resolution: all that is measured in inches is
    measured by type.
    """
    height = type_height(ink, _MEASURED_AT)
    if height is None or height >= _SMALL:
        return view
    factor = min(_MOST, _USUAL / height) * _MEASURED_AT / view.dpi
    if factor <= 1:
        return view
    size = (round(view.width * factor), round(view.height * factor))
    pixels = np.asarray(cv2.resize(view.pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    back = np.diag([view.width / size[0], view.height / size[1], 1.0])
    return replace(view, pixels=pixels, to_page=view.to_page @ back, dpi=_MEASURED_AT)


def type_height(ink: Pixels, dpi: float) -> float | None:
    """The height in pixels that half of the print, by its extent, does not exceed; None with hardly any."""
    _, _, found, _ = cv2.connectedComponentsWithStats(ink)
    stats = np.asarray(found, np.int64)[1:]
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
    type_ = (height >= _LEAST_PIXELS) & (height <= _TALLEST * dpi) & (area < _FULL * width * height)
    type_ &= (width <= _LONG * height) & (height <= (_LONG + 1) * width)
    if type_.sum() < _ENOUGH:
        return None
    order = np.argsort(height[type_])
    extent = np.cumsum((width * height)[type_][order])
    return float(height[type_][order][np.searchsorted(extent, extent[-1] / 2)])
