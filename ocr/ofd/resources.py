"""What pages of an OFD share: fonts, pictures, ways to draw, drawings used again, templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Self

from ocr.documents.zipped_xml import Element, child, children, folder_of, kind
from ocr.ofd.package import OfdPackage, numbers, text_of

Colour = tuple[float, ...]
# How deep ways to draw build on each other.
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Style:
    """A way to draw; lengths in millimetres, colours of one, three or four tones from 0 to 1.

    `alpha` is how much a colour covers, from 0 to 1.
    """

    line_width: float = 0.353
    cap: int = 0
    join: int = 0
    dashes: tuple[float, ...] = ()
    fill: Colour = (0.0,)
    stroke: Colour = (0.0,)
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0

    def changed(self, element: Element) -> Style:
        """Return it with what an object, or a set of parameters, says of itself."""
        new: dict[str, object] = {}
        if element.get("LineWidth"):
            new["line_width"] = float(element.get("LineWidth", ""))
        if element.get("DashPattern"):
            new["dashes"] = tuple(numbers(element.get("DashPattern")))
        for name, known in (("Cap", _CAPS), ("Join", _JOINS)):
            if element.get(name) in known:
                new[name.lower()] = known[element.get(name, "")]
        for name in ("Fill", "Stroke"):
            if (told := child(element, f"{name}Color")) is not None:
                new[name.lower()] = _colour(told)
                new[f"{name.lower()}_alpha"] = float(told.get("Alpha", 255)) / 255
        return replace(self, **new)  # type: ignore[arg-type]


_CAPS = {"Butt": 0, "Round": 1, "Square": 2}
_JOINS = {"Miter": 0, "Round": 1, "Bevel": 2}


def _colour(element: Element) -> Colour:
    """Return a colour; of one that runs into another its first tone."""
    for inner in element.iter("{*}Segment", "{*}Color"):
        if inner.get("Value"):
            element = inner
            break
    tones = [_tone(part) for part in (element.get("Value") or "0 0 0").split()]
    return tuple(tones) if len(tones) in (1, 3, 4) else (0.0,)


def _tone(text: str) -> float:
    value = int(text[1:], 16) if text.startswith("#") else float(text)
    return min(max(value / 255, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Resources:
    """What is told by id: parts of the package by name, elements as they are in the XML."""

    package: OfdPackage
    fonts: dict[str, str | None] = field(default_factory=dict)
    media: dict[str, str | None] = field(default_factory=dict)
    parameters: dict[str, Element] = field(default_factory=dict)
    units: dict[str, Element] = field(default_factory=dict)

    @classmethod
    def of(cls, package: OfdPackage, root: Element, folder: str) -> Self:
        """Take the resources that a document tells of, which lies in a folder."""
        found = cls(package)
        for told in (*children(child(root, "CommonData"), "PublicRes"),):
            found.add(text_of(told), folder)
        for told in (*children(child(root, "CommonData"), "DocumentRes"),):
            found.add(text_of(told), folder)
        return found

    def add(self, place: str, folder: str) -> None:
        """Add the resources told by the part at a place; one that is missing tells of none."""
        name = self.package.find(place, (folder,))
        if name is None:
            return
        root = self.package.xml(name)
        around = (f"{folder_of(name)}/{root.get('BaseLoc', '').lstrip('/')}", folder_of(name), folder)
        for element in _listed(root):
            self._add(element, around)

    def _add(self, element: Element, around: tuple[str, ...]) -> None:
        key, what = element.get("ID", ""), kind(element)
        if what == "Font":
            self.fonts[key] = self._place(child(element, "FontFile"), around)
        elif what == "MultiMedia":
            self.media[key] = self._place(child(element, "MediaFile"), around)
        elif what == "DrawParam":
            self.parameters[key] = element
        elif what == "CompositeGraphicUnit":
            self.units[key] = element

    def _place(self, told: Element | None, around: tuple[str, ...]) -> str | None:
        return self.package.find(text_of(told), around) if text_of(told) else None

    def style(self, element: Element, within: Style, depth: int = 0) -> Style:
        """Return how an object or a layer is drawn, inside of what is drawn in some way."""
        base = self.parameters.get(element.get("DrawParam") or element.get("Relative") or "")
        if base is not None and depth < _DEEPEST:
            within = self.style(base, within, depth + 1)
        return within.changed(element)


def _listed(root: Element) -> Iterator[Element]:
    for group in root.iterchildren():
        yield from group.iterchildren()
