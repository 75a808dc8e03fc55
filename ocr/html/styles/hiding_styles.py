"""Styles by which an element and all that is in it cannot be seen, though it takes its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import prod

from ocr.html.styles.lengths import is_zero, pixels_of, pixels_within
from ocr.html.tree import names_of

# Further than this from its place, in pixels, is beside every screen: it is what pages write to hide text
# (-999px, -9999px, -999em); the largest offset that still moves something within a page is below 400.
_FAR = 900.0
# Of a box of this size, in pixels, nothing can be read.
_SPECK = 1.0
_CLIP = re.compile(r"rect\(([^)]*)\)")
_INSET = re.compile(r"inset\(\s*(\d+(?:\.\d+)?)%(?:\s+\1%)*\s*\)")
_NOTHING_LEFT = re.compile(r"circle\(\s*0(?:px|%)?\b|polygon\(\s*0(?:px|%)?\s+0(?:px|%)?\s*\)")
_SCALED_AWAY = re.compile(r"\bscale[xy]?\(\s*0(?:\.0*)?\s*[,)]|\bscale3d\(\s*0\s*,")
_MOVED = re.compile(r"\btranslate(?:[xy]|3d)?\(([^)]*)\)")
_FADED = re.compile(r"\bopacity\(\s*([^)\s]+)\s*\)")
# Their height and width are the least ones, and overflow is not cut off.
_TABLE_PARTS = names_of("table tr td th tbody thead tfoot caption")
_BLOCKS = names_of(
    "div p section article header footer main aside ul ol li dl dt dd h1 h2 h3 h4 h5 h6 form fieldset pre "
    "blockquote center figure nav address"
)
_SIZES = ("height", "max-height", "width", "max-width")
_PADDINGS = names_of("padding-top padding-bottom padding-left padding-right")


def shows_nothing(style: Mapping[str, str], tag: str) -> bool:
    """Tell it from the declarations of an element, by property and in lower case."""
    return (
        opacity_of(style) == 0
        or style.get("content-visibility") == "hidden"
        or _is_far(style)
        or _is_clipped(style)
        or _is_transformed_away(style.get("transform", ""))
        or _has_no_room(style, tag)
    )


def opacity_of(style: Mapping[str, str]) -> float:
    """Return how opaque an element is made, from 0 to 1."""
    said = [style["opacity"]] if "opacity" in style else []
    said += _FADED.findall(style.get("filter", ""))
    found = (pixels_within(share, 1.0) for share in said)
    return prod((min(max(share, 0.0), 1.0) for share in found if share is not None), start=1.0)


def _is_positioned(style: Mapping[str, str]) -> bool:
    return style.get("position") in ("absolute", "fixed")


def _is_far(style: Mapping[str, str]) -> bool:
    moved = ["text-indent", "margin-left", "margin-top"]
    if style.get("position", "static") != "static":
        moved += ["left", "top", "right", "bottom"]
    offsets = (pixels_of(style[name]) for name in moved if name in style)
    return any(offset is not None and offset <= -_FAR for offset in offsets)


def _is_clipped(style: Mapping[str, str]) -> bool:
    path = style.get("clip-path", "")
    inset = _INSET.fullmatch(path)
    if (inset and float(inset[1]) >= 50) or _NOTHING_LEFT.search(path):
        return True
    rectangle = _CLIP.fullmatch(style.get("clip", "")) if _is_positioned(style) else None
    sides = [pixels_of(side) for side in re.split(r"[\s,]+", rectangle[1].strip())] if rectangle else []
    if len(sides) != 4:
        return False
    top, right, bottom, left = sides
    return _is_narrow(left, right) or _is_narrow(top, bottom)


def _is_narrow(start: float | None, end: float | None) -> bool:
    return start is not None and end is not None and end - start <= _SPECK


def _is_transformed_away(transform: str) -> bool:
    if _SCALED_AWAY.search(transform):
        return True
    moved = (pixels_of(part) for found in _MOVED.finditer(transform) for part in found[1].split(","))
    return any(offset is not None and offset <= -_FAR for offset in moved)


def _has_no_room(style: Mapping[str, str], tag: str) -> bool:
    """Tell a box of no height or width whose overflow is cut off."""
    if style.get("overflow", "visible") == "visible" or tag in _TABLE_PARTS:
        return False
    display = style.get("display", "")
    is_box = tag in _BLOCKS or _is_positioned(style) or style.get("float", "none") != "none"
    if display.startswith("table") or display == "inline" or not (is_box or display):
        return False
    if any(not is_zero(style[name]) for name in _PADDINGS if name in style):
        return False
    if is_zero(style.get("line-height", "normal")) and "height" not in style:
        return True
    sizes = (pixels_of(style[name]) for name in _SIZES if name in style)
    return any(size is not None and size <= _SPECK for size in sizes)
