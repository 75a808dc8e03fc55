"""The files of an OFD: a zip of XML, media and fonts, whose parts name each other by place."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO, Self

from lxml import etree  # type: ignore[import-untyped]

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.limits import within

# An element of lxml, which tells no types.
Element = Any
# What draws a page; the number of such elements is limited as the objects of a PDF page are.
_OBJECT = re.compile(rb"<(?:[\w.-]+:)?\w+(?:Object|Code)[\s/>]")
# More tags than this for each object that a page may have are no page.
_TAGS_AN_OBJECT = 10


@dataclass(frozen=True)
class OfdPackage:
    """An open OFD. Nothing outside of it is ever looked at: a place that leads out is no part."""

    archive: zipfile.ZipFile

    @classmethod
    def of(cls, stream: BinaryIO) -> Self:
        """Open an OFD.

        Raises:
            UnreadableDocument: it would unpack to more than the limits.
        """
        archive = zipfile.ZipFile(stream)
        entries = archive.infolist()
        within(len(entries), "zip_members", "the OFD has more than {} members")
        within(sum(one.file_size for one in entries), "zip_bytes", "the OFD would unpack to more than {}")
        if any(one.flag_bits & 1 for one in entries):
            raise UnreadableDocument(Failure.ENCRYPTED, "the OFD is encrypted and opens only with a password")
        return cls(archive)

    @cached_property
    def _names(self) -> dict[str, str]:
        """Names as they are compared, whatever program wrote them, and as they are in the zip."""
        return {_plain(name): name for name in self.archive.namelist()}

    def find(self, place: str, around: Sequence[str] = ()) -> str | None:
        """Return the name of the part at a place, which is absolute or in one of the folders `around`."""
        folders = ("",) if place.startswith("/") else (*around, "")
        tried = (_plain(posixpath.join(folder, place.strip().lstrip("/"))) for folder in folders)
        return next((self._names[name] for name in tried if name in self._names), None)

    def read(self, name: str) -> bytes:
        """Return a part. Raises UnreadableDocument for one beyond the limits, as zipfile if it is damaged."""
        size = self.archive.getinfo(name).file_size
        within(size, "stream_bytes", "a part of the OFD unpacks to more than {}")
        return self.archive.read(name)

    def xml(self, name: str) -> Element:
        """Return the root of a part that is XML; no entity is replaced and no definition loaded.

        Raises:
            UnreadableDocument: it is larger, or draws more objects, than a page may.
            etree.XMLSyntaxError: it is no XML.
        """
        size = self.archive.getinfo(name).file_size
        within(size, "drawing_bytes", "a part of the OFD that is XML has more than {}")
        content = self.archive.read(name)
        n_objects = max(len(_OBJECT.findall(content)), content.count(b"<") // _TAGS_AN_OBJECT)
        within(n_objects, "page_objects", "a page of the OFD is drawn by more than {} objects")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        return etree.fromstring(content, parser)


def _plain(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()


def folder_of(name: str) -> str:
    """Return the folder that a part lies in."""
    return posixpath.dirname(name.replace("\\", "/"))


def kind(element: Element) -> str:
    """Return its name without the namespace, of which several are in use; empty for what is no element."""
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of a name."""
    return iter(()) if element is None else element.iterchildren(f"{{*}}{name}")


def child(element: Element | None, *names: str) -> Element | None:
    """Return the first child of the first name, of that the first of the second, and so on."""
    for name in names:
        element = next(children(element, name), None)
    return element


def text_of(element: Element | None) -> str:
    """Return the text of an element without blanks around it; empty where there is none."""
    return (element.text or "").strip() if element is not None else ""


def numbers(text: str | None) -> list[float]:
    """Return numbers parted by blanks. Raises ValueError for what is no number."""
    return [float(part) for part in (text or "").replace(",", " ").split()]
