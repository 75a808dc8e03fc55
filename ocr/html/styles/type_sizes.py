"""How large type is set, and how far over its line: by styles, tags and attributes, in pixels."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ocr.html.styles.lengths import pixels_within
from ocr.html.tree import Element, names_of

# Browsers' own: the size of type that nothing is said of, and that of fields.
MEDIUM, _OF_FIELDS = 16.0, 40 / 3
# Fields have type, colour and ground of their own, whatever is around them.
FIELDS = names_of("input select textarea button")
_NAMED = {
    **{"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": MEDIUM, "initial": MEDIUM},
    **{"large": 18.0, "x-large": 24.0, "xx-large": 32.0, "xxx-large": 48.0},
}
_TIMES = {"smaller": 5 / 6, "larger": 1.2}
_OF_TAGS = {
    **dict.fromkeys(("small", "sub", "sup"), 5 / 6),
    **{"big": 1.2, "h1": 2.0, "h2": 1.5, "h3": 1.17, "h5": 0.83, "h6": 0.67},
}
_NUMBERED = dict(zip("1234567", (10.0, 13.0, 16.0, 18.0, 24.0, 32.0, 48.0), strict=True))
# How far these raise, in em of what is around.
_RAISED = {"super": 1 / 3, "sub": -0.2}
# A share of the height of a line, in em.
_LINE = 1.2
# Digits of one number are of a size to within this share (as in text layers: marks of notes are 0.83 as
# large or less), and on one line to within this share of it: notes are raised by 0.2 em and more, what
# programs nudge by a point by less than a tenth.
_ALIKE, _ON_LINE = 0.88, 0.12


@dataclass(frozen=True, slots=True)
class Type:
    """The size of type, and how far it is raised over the line of its cell."""

    size: float = MEDIUM
    rise: float = 0.0


PLAIN = Type()


def type_of(element: Element, style: Mapping[str, str], tag: str, above: Type) -> Type:
    """Return how the text of an element is set inside of one with the type of `above`."""
    size = _size(element, style, tag, above.size)
    if tag in ("td", "th"):  # it lies as it likes; only what is in it may lie otherwise
        return Type(size)
    return Type(size, above.rise + _raised(style, size, above.size) + _shifted(style, size))


def are_unlike(types: Collection[Type]) -> bool:
    """Tell digits that cannot be those of one number: of unlike size, or not on one line."""
    sizes, rises = sorted(one.size for one in types), sorted(one.rise for one in types)
    return sizes[0] < _ALIKE * sizes[-1] or rises[-1] - rises[0] > _ON_LINE * sizes[-1]


def _size(element: Element, style: Mapping[str, str], tag: str, above: float) -> float:
    said = style.get("font-size")
    if said is None:
        numbered = _NUMBERED.get((element.get("size") or "").strip()) if tag == "font" else None
        return numbered or (_OF_FIELDS if tag in FIELDS else above * _OF_TAGS.get(tag, 1.0))
    if said in _NAMED:
        return _NAMED[said]
    found = above * _TIMES[said] if said in _TIMES else pixels_within(said, above)
    return above if found is None else found


def _raised(style: Mapping[str, str], size: float, above: float) -> float:
    said = style.get("vertical-align", "baseline")
    if said.endswith("%"):
        return pixels_within(said, _LINE * size) or 0.0
    return _RAISED[said] * above if said in _RAISED else pixels_within(said, size) or 0.0


def _shifted(style: Mapping[str, str], size: float) -> float:
    if style.get("position") != "relative":
        return 0.0
    down = pixels_within(style["top"], size) if "top" in style else None
    up = pixels_within(style["bottom"], size) if "bottom" in style else None
    return -down if down is not None else up or 0.0
