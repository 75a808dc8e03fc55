"""The files of an office document in Office Open XML: parts, and what they say of each other."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from lxml import etree  # type: ignore[import-untyped]

from core.limits import WEB_PAGE, within_reason
from ocr.documents.zipped_xml import GUARDED, Element, ZippedXml, children, folder_of, parsed

Event = Literal["start", "end"]


class OoxmlPackage(ZippedXml):
    """An open document of Microsoft's or WPS's newer programs; what lies outside of it is never asked for."""

    noun = "office document"

    def xml(self, name: str) -> Element:
        """Return the root of a part that is XML.

        Raises:
            UnreadableDocument: it is larger than the limits.
            etree.XMLSyntaxError, ValueError: it is no XML, or declares entities.
        """
        content = self.drawing(name)
        within_reason(content.count(b"<"), 2 * WEB_PAGE.tags, "a part of the office document", "tags")
        root = parsed(content)
        _demand_no_entities(root)
        return root

    def events(self, name: str, *tags: str) -> Iterator[tuple[Event, str, Element]]:
        """Yield where elements of these tags begin and end in a large part; what has ended is forgotten.

        Raises:
            UnreadableDocument: it is larger than the limits.
            etree.XMLSyntaxError, ValueError: it is no XML, or declares entities.
        """
        self.bounded(self.archive.getinfo(name).file_size)
        wanted = [f"{{*}}{tag}" for tag in tags]
        with self.archive.open(name) as stream:
            walk = etree.iterparse(
                stream, ("start", "end"), tag=wanted, remove_comments=True, remove_pis=True, **GUARDED
            )
            for n, (event, element) in enumerate(walk):
                if not n:
                    _demand_no_entities(element)
                yield event, local_name(element.tag), element
                if event == "end":
                    _forget(element)

    def relations(self, name: str) -> Mapping[str, tuple[str, str]]:
        """Return, by its id, each part that a part refers to: the last word of its kind, and its name."""
        folder = folder_of(name)
        place = self.find(posixpath.join(folder, "_rels", posixpath.basename(name) + ".rels"))
        found: dict[str, tuple[str, str]] = {}
        for one in children(self.xml(place), "Relationship") if place else ():
            target = (
                self.find(one.get("Target", ""), (folder,)) if one.get("TargetMode") != "External" else None
            )
            if target:
                found[one.get("Id", "")] = one.get("Type", "").rpartition("/")[2], target
        return found

    def related(self, name: str, wanted: str) -> list[str]:
        """Return the names of the parts of a kind that a part refers to."""
        return [target for told, target in self.relations(name).values() if told == wanted]


def _demand_no_entities(root: Element) -> None:
    """Raise ValueError for a part that declares entities: none may, and what they stand for is lost."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("it declares entities")


@lru_cache(maxsize=4096)
def local_name(tag: str) -> str:
    """Return the name of a tag without its namespace; sheets have millions of few tags."""
    return tag.rpartition("}")[2]


def _forget(element: Element) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def attribute_of(element: Element, name: str) -> str | None:
    """Return an attribute by its name, whatever its namespace."""
    return next((text for key, text in element.items() if key.rpartition("}")[2] == name), None)


def is_on(element: Element | None, name: str = "val", otherwise: bool = True) -> bool:
    """Tell whether a switch is on; `otherwise` where it says nothing."""
    told = attribute_of(element, name) if element is not None else None
    return otherwise if told is None else told.lower() not in ("0", "false", "off", "none")
