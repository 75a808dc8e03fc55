"""Styles by which text is seen, but not as it is written: struck out, turned about, moved, set apart."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ocr.html.styles.lengths import is_zero, pixels_within
from ocr.html.tree import Element, names_of

_STRUCK = names_of("del s strike")
# Raised, set over other text or under it, set from right to left: its digits are no part of a number, or
# not in this order.
_MOVED = names_of(
    "sup sub rt bdo mfrac msup msub msubsup munder mover munderover mroot mmultiscripts menclose mphantom"
)
_FUNCTION = re.compile(r"\b(rotate|skew|scale|matrix)(?:x|y|z|3d)?\(([^)]*)\)")
_NUMBER = re.compile(r"(?<![a-z\d])[-+]?(?:\d+\.?\d*|\.\d+)")
_BLURRED = re.compile(r"\bblur\(\s*(?!0(?:\.0*)?(?:px|em|rem)?\s*\))\S")
# Characters set closer than this, in em, lie over each other: digits are 0.5 em wide.
_TIGHT = -0.25
# Of a matrix in the plane, and of one in space: what scales either way, and what turns or slants.
_MATRICES = {6: ((0, 3), (1, 2)), 16: ((0, 5), (1, 4))}
_LEAST_TURN = 0.01
_BESIDE = ("margin-left", "margin-right", "padding-left", "padding-right")
_TABLE_PARTS = names_of("table tr td th tbody thead tfoot caption col colgroup")
_SPREADING = ("flex", "inline-flex", "grid", "inline-grid")


def alters(element: Element, style: Mapping[str, str], tag: str) -> bool:
    """Tell an element all of whose text is struck out, turned about, blurred, or set from right to left."""
    return (
        tag in _STRUCK
        or "line-through" in style.get("text-decoration-line", "")
        or style.get("direction", (element.get("dir") or "").strip().lower()) == "rtl"
        or _is_turned(style)
        or _BLURRED.search(style.get("filter", "")) is not None
    )


def moves(style: Mapping[str, str], tag: str) -> bool:
    """Tell an element whose text may stand elsewhere in its cell than where it is written, or not whole."""
    indent = style.get("text-indent", "")
    spacing = pixels_within(style.get("letter-spacing", ""), 1.0)
    return (
        tag in _MOVED
        or style.get("position") in ("absolute", "fixed")
        or indent.startswith("-")
        or indent.endswith("%")
        or style.get("clip", "auto") != "auto"
        or style.get("clip-path", "none") != "none"
        or style.get("font-variant-position", "normal") != "normal"
        or (spacing is not None and spacing < _TIGHT)
    )


def spreads(style: Mapping[str, str]) -> bool:
    """Tell a box that sets what is in it side by side, each by itself."""
    return style.get("display") in _SPREADING


def is_set_apart(style: Mapping[str, str], tag: str) -> bool:
    """Tell an element whose text does not go on with that before or behind it."""
    if tag in _TABLE_PARTS:
        return False
    is_shifted = style.get("position") == "relative" and ("left" in style or "right" in style)
    return (
        style.get("display", "inline") not in ("inline", "contents", "initial", "inherit")
        or style.get("float", "none") != "none"
        or is_shifted
        or any(re.search("[1-9]", style[side]) for side in _BESIDE if side in style)
    )


def _is_turned(style: Mapping[str, str]) -> bool:
    said = style.get("transform", "")
    said += "".join(f" {name}({style[name]})" for name in ("rotate", "scale") if name in style)
    return any(_turns(found[1], found[2]) for found in _FUNCTION.finditer(said))


def _turns(function: str, arguments: str) -> bool:
    """Tell what turns, slants or mirrors, a little or much; what only moves or sizes does not."""
    numbers = [float(number) for number in _NUMBER.findall(arguments)]
    if function == "scale":
        return any(number < 0 for number in numbers)
    if function == "matrix":
        sizes, turns = _MATRICES.get(len(numbers), ((), ()))
        return any(numbers[n] < 0 for n in sizes) or any(abs(numbers[n]) > _LEAST_TURN for n in turns)
    return not is_zero(str(numbers[-1] % 360)) if numbers else False
