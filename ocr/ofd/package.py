"""The files of an OFD: its XML, within the bounds of a page."""

from __future__ import annotations

import re

from core.limits import within
from ocr.documents.zipped_xml import Element, ZippedXml, parsed

# What draws a page; the number of such elements is limited as the objects of a PDF page are.
_OBJECT = re.compile(rb"<(?:[\w.-]+:)?\w+(?:Object|Code)[\s/>]")
# More tags than this for each object that a page may have are no page.
_TAGS_AN_OBJECT = 10


class OfdPackage(ZippedXml):
    """An open OFD."""

    noun = "OFD"

    def xml(self, name: str) -> Element:
        """Return the root of a part that is XML.

        Raises:
            UnreadableDocument: it is larger, or draws more objects, than a page may.
            etree.XMLSyntaxError: it is no XML.
        """
        content = self.drawing(name)
        n_objects = max(len(_OBJECT.findall(content)), content.count(b"<") // _TAGS_AN_OBJECT)
        within(n_objects, "page_objects", "a page of the OFD is drawn by more than {} objects")
        return parsed(content)


def text_of(element: Element | None) -> str:
    """Return the text of an element without blanks around it; empty where there is none."""
    return (element.text or "").strip() if element is not None else ""


def numbers(text: str | None) -> list[float]:
    """Return numbers parted by blanks. Raises ValueError for what is no number."""
    return [float(part) for part in (text or "").replace(",", " ").split()]
