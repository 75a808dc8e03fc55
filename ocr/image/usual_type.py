"""Pages in small type, as pictures of the web are, or in large, as of large cameras: brought to usual size.

That is done before anything is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr.arrays import Pixels
from ocr.image.components import components_of
from ocr.image.page_image import PageImage

# Type lower than the first, in pixels at 200 dpi, is shown as high as the second, but no more than by the
# third. Half the print of scans, faxes and photographs of reports is 20 to 130 high, of pictures of the web
# at 96 dpi 8 to 17 (27 real pages, 40 pages of samples and corpus).
_SMALL, _USUAL, _MOST = 14.5, 24.0, 2.5
# Type of which all but a fifth is higher than the first is shown as high as the second, the lowest twentieth
# no lower than the third. On the same 20 pictures a fifth is no higher than 23, on one of 3,640 pixels height
# 39, on a picture of the web that was drawn out to 3,640 pixels 99.
_LARGE, _LESS, _LOWEST = 60.0, 30.0, 14.0
_MEASURED_AT = 200.0
# Ink of so many pixels and up to so many inches, in no shape of rules or fills, may be type.
_LEAST_PIXELS, _TALLEST, _LONG, _FULL = 4, 1.0, 4, 0.8
# So many pieces tell.
_ENOUGH = 20


def with_usual_type(view: PageImage, ink: Pixels) -> PageImage:
    """The view, enlarged or reduced; `ink` is of the same page, binarised at `_MEASURED_AT` dpi.

    What has another size is told to be of the same resolution: all that is measured in inches is
    measured by type.
    """
    heights = type_heights(ink, _MEASURED_AT, (0.05, 0.2, 0.5))
    if heights is None:
        return view
    lowest, low, half = heights
    at_this = _MEASURED_AT / view.dpi
    if half < _SMALL:
        return _resized(view, max(1.0, min(_MOST, _USUAL / half) * at_this))
    if low > _LARGE:
        return _resized(view, min(1.0, max(_LESS / low, _LOWEST / lowest) * at_this))
    return view


def _resized(view: PageImage, factor: float) -> PageImage:
    if factor == 1:
        return view
    size = (round(view.width * factor), round(view.height * factor))
    way = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    pixels = np.asarray(cv2.resize(view.pixels, size, interpolation=way), np.uint8)
    back = np.diag([view.width / size[0], view.height / size[1], 1.0])
    return replace(view, pixels=pixels, to_page=view.to_page @ back, dpi=_MEASURED_AT)


def type_heights(ink: Pixels, dpi: float, shares: Sequence[float]) -> tuple[float, ...] | None:
    """The heights in pixels that such shares of the print, by its extent, do not exceed.

    None with hardly any print.
    """
    stats = components_of(ink).stats[1:].astype(np.int64)
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
    type_ = (height >= _LEAST_PIXELS) & (height <= _TALLEST * dpi) & (area < _FULL * width * height)
    type_ &= (width <= _LONG * height) & (height <= (_LONG + 1) * width)
    if type_.sum() < _ENOUGH:
        return None
    order = np.argsort(height[type_])
    extent = np.cumsum((width * height)[type_][order])
    places = np.searchsorted(extent, extent[-1] * np.asarray(shares))
    return tuple(float(one) for one in height[type_][order][places])
