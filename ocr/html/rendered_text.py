"""What a page prints, told piece by piece in reading order, and how the pieces look on one line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Protocol
from unicodedata import east_asian_width

from ocr.html.tree import Element, names_of, tag_of
from ocr.html.visibility import GONE, Shown, Visibility

_SPACES = re.compile(r"[ \t\r\n\f\u00a0\u2000-\u200a\u202f\u205f]+")
# A line of the source that ends between two hanzi is no space, as browsers have it.
_LINE_END = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n]+[ \t]*(?=[\u2e80-\u9fff\uff00-\uffef])"
)
# Nothing is printed for these: marks where a line may break, of direction, of joining.
_NO_PRINT = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0e-\x1f]")

# Where what stands before is set apart from what stands behind, by a style; it parts western print only, for
# of hanzi nobody can tell. Text that has the character itself has nothing printed there.
GAP = "\x1f"
_GAPS = re.compile(rf"(?<=[!-~\d])\s*{GAP}[\s{GAP}]*(?=[!-~\d])")
# Marks of direction that set what follows in another order than it is written in.
REORDERED = re.compile(r"[\u202b\u202e\u2067]")

# Elements that begin on a line of their own and end it; parts of tables are not among them.
LINES = names_of(
    "p div li ul ol dl dt dd section article header footer main aside nav form fieldset legend center "
    "blockquote pre address figure figcaption menu dir details summary hr br body caption textarea h1 "
    "h2 h3 h4 h5 h6"
)
# What stands in these is shown by browsers that cannot do better, or is a list of which one is shown.
CLOSED = names_of("iframe canvas select progress meter")
# Fields whose value is not shown as text.
_NOT_TYPED = names_of("hidden checkbox radio image file button submit reset password range color")


class PrintListener(Protocol):
    """Is told what a page prints."""

    def begin(self, element: Element, tag: str, shown: Shown) -> None:
        """An element begins that takes its place; `shown` tells what is seen of it."""

    def end(self, element: Element, tag: str) -> None:
        """An element ends that began."""

    def text(self, text: str) -> None:
        """Text that is seen, as it stands in the markup."""

    def value(self, text: str) -> None:
        """The value that a field shows."""

    def line_end(self) -> None:
        """A line of preformatted text ends."""

    def left_out(self, element: Element, tag: str) -> None:
        """An element is passed over with all that is in it."""


def _nothing(element: Element, tag: str) -> bool:
    return False


def tell(
    events: Iterable[tuple[str, Element]],
    visibility: Visibility,
    listener: PrintListener,
    unwanted: Callable[[Element, str], bool] = _nothing,
) -> None:
    """Tell a listener what is printed of a walk through a tree; what is `unwanted` is left out too."""
    teller = _Teller(visibility, listener, unwanted)
    for event, element in events:
        if event == "start":
            teller.start(element, tag_of(element))
        else:
            teller.end(element, tag_of(element))


class _Teller:
    """Goes through a page and knows of each open element whether it is shown."""

    def __init__(
        self, visibility: Visibility, listener: PrintListener, unwanted: Callable[[Element, str], bool]
    ) -> None:
        self._visibility, self._listener, self._unwanted = visibility, listener, unwanted
        # Of each open element what is seen of it, and whether what stands in it is not told.
        self._open: list[tuple[Shown, bool]] = [(Shown(), False)]
        self._preformatted = 0

    def start(self, element: Element, tag: str) -> None:
        shown = self._shown(element, tag)
        is_inside_gone = self._open[-1][0].gone
        self._open.append((shown, tag in CLOSED))
        if not shown.gone:
            self._preformatted += tag == "pre"
            self._listener.begin(element, tag, shown)
            self._say(element.text)
            if shown.text and (value := self._value(element, tag)):
                self._listener.value(value)
        elif not is_inside_gone:
            self._listener.left_out(element, tag)

    def end(self, element: Element, tag: str) -> None:
        shown, _ = self._open.pop()
        if not shown.gone:
            self._preformatted -= tag == "pre"
            self._listener.end(element, tag)
        self._say(element.tail)

    def _shown(self, element: Element, tag: str) -> Shown:
        above, is_closed = self._open[-1]
        if is_closed or above.gone or self._unwanted(element, tag):
            return GONE
        return self._visibility.of(element, tag, above)

    def _say(self, text: str | None) -> None:
        shown, is_closed = self._open[-1]
        if not text or is_closed or not shown.text:
            return
        for index, line in enumerate(text.split("\n") if self._preformatted else (text,)):
            if index:
                self._listener.line_end()
            self._listener.text(line)

    def _value(self, element: Element, tag: str) -> str:
        """What a field shows: what is typed in it, or of a list the chosen one, else the first."""
        if tag == "input":
            is_typed = (element.get("type") or "text").strip().lower() not in _NOT_TYPED
            return (element.get("value") or "") if is_typed else ""
        if tag != "select":
            return ""
        above = self._open[-1][0]
        options = [
            one for one in element.iter("option") if not self._visibility.of(one, "option", above).gone
        ]
        chosen = [one for one in options if one.get("selected") is not None] or options
        return "".join(text for option in chosen[:1] for text in option.itertext())


def shows_no_value(element: Element, tag: str) -> bool:
    """Tell a field that shows something which is no value of it: a hint what to type, a mark, a button."""
    if tag == "input":
        kind = (element.get("type") or "text").strip().lower()
        return kind != "hidden" if kind in _NOT_TYPED else _is_hint(element, element.get("value"))
    return tag == "textarea" and _is_hint(element, element.text)


def _is_hint(element: Element, typed: str | None) -> bool:
    return not (typed or "").strip() and bool((element.get("placeholder") or "").strip())


def text_of(pieces: Iterable[str]) -> str:
    """Put pieces of text together as a browser shows them on one line; spaces at the ends are no print."""
    text = _NO_PRINT.sub("", _GAPS.sub(" ", "".join(pieces)))
    return _SPACES.sub(" ", _LINE_END.sub("", text)).strip(" \u3000")


def one_text(lines: Iterable[str]) -> str:
    """Put the lines of a cell together; a space parts what would else look like one number or word."""
    parts: list[str] = []
    for line in filter(None, lines):
        if parts and not _is_wide(parts[-1][-1]) and not _is_wide(line[0]):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def _is_wide(char: str) -> bool:
    return east_asian_width(char) in "WF" and not char.isdigit()
