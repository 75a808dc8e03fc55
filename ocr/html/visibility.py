"""Which elements of a page are not shown, or not as they are written: by what they are, by attribute, or
by a rule of style.

Scripts are not run, so what a script would show or hide stays as the markup has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ocr.html.styles.altering_styles import alters, is_set_apart, moves, spreads
from ocr.html.styles.colours import BLACK, WHITE, Colour, colour_of, contrast
from ocr.html.styles.hiding_styles import opacity_of, shows_nothing
from ocr.html.styles.sheet_rules import Load, no_sheets
from ocr.html.styles.style_sheets import StyleSheets, style_sheets_of
from ocr.html.styles.type_sizes import FIELDS, PLAIN, Type, type_of
from ocr.html.tree import Element, names_of

# Not shown, or only for programs.
UNSHOWN = names_of(
    "script style noscript template title datalist audio video map rp applet noframes desc metadata defs "
    "annotation annotation-xml"
)
# Shown only while they are open.
_OPENED = names_of("dialog")
# Print with less contrast than this to its ground is not seen by everybody: silver on white has 1.8, the
# palest grey that pages write in 1.36 (#ddd). So small, in pixels, type is not read: the least that
# browsers offer is 9.
_LEAST_CONTRAST, _LEAST_SIZE = 1.3, 5.0
_ROWS = names_of("tr tbody thead tfoot")
_CELLS = names_of("td th")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is seen of an element.

    `gone` takes no place; `blank` and all in it is not seen; `hidden` is not seen but for what is in it and
    says otherwise; `shut` shows no more than its summary. `ink` and `ground` are colours, None where they are
    not known, `opacity` is 0 for glass. All in `altered` reads otherwise than it is written, and so does what
    is `moved`, in its cell. `apart` does not go on with the text around it, what is in `spreads` neither;
    with `added` a style sheet prints text before or behind its own.
    """

    gone: bool = False
    blank: bool = False
    hidden: bool = False
    shut: bool = False
    type: Type = PLAIN
    ink: Colour | None = None
    ground: Colour | None = None
    opacity: float = 1.0
    altered: bool = False
    moved: bool = False
    apart: bool = False
    spreads: bool = False
    added: bool = False

    @property
    def pictures(self) -> bool:
        """Whether a picture that is the element would be seen."""
        return not (self.gone or self.blank or self.hidden)

    @property
    def text(self) -> bool:
        """Whether its own text is seen."""
        without_colour = self.ink is not None and (self.ink.alpha == 0 or self.ink == self.ground)
        return self.pictures and not (self.type.size <= 0 or self.shut or without_colour)

    @property
    def is_doubtful(self) -> bool:
        """Whether its own text, where it is seen, may read otherwise than it is written."""
        seen = contrast(self.ink or BLACK, self.ground or WHITE, self.opacity)
        is_faint = (self.ink is not None or self.opacity < 1) and seen < _LEAST_CONTRAST
        return self.altered or self.moved or is_faint or self.type.size < _LEAST_SIZE


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
            shut=tag == "details" and element.get("open") is None,
            type=type_of(element, style, tag, above.type),
            ink=_ink(element, style, tag, above),
            ground=_ground(element, style, tag, above),
            opacity=above.opacity * opacity_of(style),
            altered=above.altered or alters(element, style, tag),
            moved=(above.moved and tag not in _CELLS) or moves(style, tag),
            apart=above.spreads or is_set_apart(style, tag),
            spreads=spreads(style),
            added=self.sheets.adds_text(element),
        )


AS_MARKED_UP = Visibility(as_marked_up=True)


def visibility_of(root: Element, load: Load = no_sheets, base: str = "") -> Visibility:
    """Take in all style sheets inside of a page, and those linked by it that can be loaded."""
    return Visibility(style_sheets_of(root, load, base))


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


def _ink(element: Element, style: Mapping[str, str], tag: str, above: Shown) -> Colour | None:
    said = style.get("-webkit-text-fill-color") or style.get("color")
    said = said or (element.get("color") if tag == "font" else None)
    if said is None:
        return None if tag in FIELDS else above.ink
    return above.ink if said in ("inherit", "currentcolor") else colour_of(said)


def _ground(element: Element, style: Mapping[str, str], tag: str, above: Shown) -> Colour | None:
    said = style.get("background-color") or element.get("bgcolor")
    if said is None:
        return None if tag in FIELDS else above.ground
    colour = colour_of(said)
    is_glass = colour is not None and colour.alpha == 0
    return above.ground if is_glass or said in ("inherit", "none") else colour
