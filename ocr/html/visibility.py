"""Which elements of a page are not shown, or not as they are written: by what they are, by attribute, or
by a rule of style.

Scripts are not run, so what a script would show or hide stays as the markup has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ocr.html.colours import Colour, colour_of
from ocr.html.hiding_styles import shows_nothing
from ocr.html.lengths import is_zero
from ocr.html.style_sheets import StyleSheets, style_sheets_of
from ocr.html.tree import Element, names_of

# Not shown, or only for programs.
UNSHOWN = names_of(
    "script style noscript template title datalist audio video map rp applet noframes desc metadata defs "
    "annotation annotation-xml"
)
# Shown only while they are open.
_OPENED = names_of("dialog")
# Text that is struck out, raised, set over other text or turned about: its digits are no part of a number,
# or not in this order.
_ALTERED = names_of("del s strike sup sub rt bdo")
_DOUBTFUL = re.compile(
    r"(?<![-\w])(?:text-decoration[-\w]*\s*:[^;]{0,200}line-through|vertical-align\s*:\s*(?:super|sub)\b"
    r"|font-size\s*:\s*0(?![\d.]*[1-9])|opacity\s*:\s*0(?![\d.]*[1-9])|text-indent\s*:\s*-"
    r"|position\s*:\s*(?:absolute|fixed)|clip(?:-path)?\s*:|direction\s*:\s*rtl)",
    re.IGNORECASE,
)
# White print inside a cell; a whole cell of it has a dark ground.
_PALE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent\b|rgba?\(\s*255[\s,]+255[\s,]+255\b)",
    re.IGNORECASE,
)
_WHITE = re.compile(r"\s*(?:#?fff(?:fff)?|white|transparent)\s*", re.IGNORECASE)
# Fields have type, colour and ground of their own, whatever is around them.
_FIELDS = names_of("input select textarea button")
_ROWS = names_of("tr tbody thead tfoot")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is seen of an element.

    `gone` takes no place; `blank` and all in it is not seen; `hidden` is not seen but for what is in it and
    says otherwise; `tiny` has type of no size; `shut` shows no more than its summary. `ink` and `ground` are
    colours, None where they are not known.
    """

    gone: bool = False
    blank: bool = False
    hidden: bool = False
    tiny: bool = False
    shut: bool = False
    ink: Colour | None = None
    ground: Colour | None = None

    @property
    def pictures(self) -> bool:
        """Whether a picture that is the element would be seen."""
        return not (self.gone or self.blank or self.hidden)

    @property
    def text(self) -> bool:
        """Whether its own text is seen."""
        without_colour = self.ink is not None and (self.ink.alpha == 0 or self.ink == self.ground)
        return self.pictures and not (self.tiny or self.shut or without_colour)


GONE = Shown(gone=True)


@dataclass(frozen=True, slots=True)
class Visibility:
    """What is shown by the style sheets inside of a page and by its markup, or `as_marked_up` by this alone.

    For who looks for evidence of a report, as the crawler does: what a style sheet hides, a script may show,
    or another rule that is not understood here, as of the tab that is chosen.
    """

    sheets: StyleSheets = field(default_factory=StyleSheets)
    as_marked_up: bool = False

    def of(self, element: Element, tag: str, above: Shown) -> Shown:
        """Return what is seen of an element inside of one of which `above` is seen."""
        style = self.sheets.declared(element, tag)
        if above.gone or tag in UNSHOWN or style.get("display") == "none":
            return GONE
        if element.get("hidden") is not None and (self.as_marked_up or "display" not in style):
            return GONE
        hidden = _is_hidden(style, above)
        if self.as_marked_up:
            return replace(above, hidden=hidden)
        is_folded = tag in _ROWS and style.get("visibility") == "collapse"
        if is_folded or _is_closed(element, tag, above):
            return GONE
        return Shown(
            blank=above.blank or shows_nothing(style, tag),
            hidden=hidden,
            tiny=_is_tiny(element, style, tag, above),
            shut=tag == "details" and element.get("open") is None,
            ink=_ink(element, style, tag, above),
            ground=_ground(element, style, tag, above),
        )

    def is_doubtful(self, element: Element, tag: str) -> bool:
        """Tell whether the text of a cell, or of an element in one, may be shown otherwise than written."""
        style = element.get("style") or ""
        declared = ";".join(f"{name}:{value}" for name, value in self.sheets.declared(element, tag).items())
        if tag in _ALTERED or _DOUBTFUL.search(declared):
            return True
        return tag not in ("td", "th") and bool(
            _PALE.search(style) or _WHITE.fullmatch(element.get("color") or "")
        )


AS_MARKED_UP = Visibility(as_marked_up=True)


def visibility_of(root: Element) -> Visibility:
    """Take in all style sheets inside of a page, wherever they stand in it."""
    return Visibility(style_sheets_of(root))


def _is_hidden(style: Mapping[str, str], above: Shown) -> bool:
    said = style.get("visibility", "inherit")
    return above.hidden if said == "inherit" else said in ("hidden", "collapse")


def _is_closed(element: Element, tag: str, above: Shown) -> bool:
    """Tell what is folded away until somebody opens it."""
    if tag in _OPENED and element.get("open") is None:
        return True
    if not above.shut:
        return False
    # Of several headings only the first is one: looked for here alone, as it costs a walk over all before.
    return tag != "summary" or next(element.itersiblings("summary", preceding=True), None) is not None


def _is_tiny(element: Element, style: Mapping[str, str], tag: str, above: Shown) -> bool:
    """Tell type of size 0, which it is for all inside that gives its size by that of what is around it."""
    size = style.get("font-size")
    if size is None:
        sized = tag in _FIELDS or (tag == "font" and element.get("size") is not None)
        return above.tiny and not sized
    if is_zero(size):
        return True
    is_relative = size.endswith(("em", "%", "ex", "ch")) and not size.endswith("rem")
    return above.tiny and (is_relative or size in ("inherit", "unset", "smaller", "larger"))


def _ink(element: Element, style: Mapping[str, str], tag: str, above: Shown) -> Colour | None:
    said = style.get("-webkit-text-fill-color") or style.get("color")
    said = said or (element.get("color") if tag == "font" else None)
    if said is None:
        return None if tag in _FIELDS else above.ink
    return above.ink if said in ("inherit", "currentcolor") else colour_of(said)


def _ground(element: Element, style: Mapping[str, str], tag: str, above: Shown) -> Colour | None:
    said = style.get("background-color") or element.get("bgcolor")
    if said is None:
        return None if tag in _FIELDS else above.ground
    colour = colour_of(said)
    is_glass = colour is not None and colour.alpha == 0
    return above.ground if is_glass or said in ("inherit", "none") else colour
