"""Documents that are a zip of XML, media and fonts, whose parts name each other by place."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO, ClassVar, Self

from lxml import etree  # type: ignore[import-untyped]

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.limits import within
from core.zip_limits import DAMAGED_ZIP

# An element of lxml, which tells no types.
Element = Any
# What reading one raises that is damaged.
DAMAGED_PACKAGE = (*DAMAGED_ZIP, KeyError, etree.LxmlError)
# No entity is replaced, no definition loaded, nothing fetched.
GUARDED = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


@dataclass(frozen=True)
class ZippedXml:
    """An open zip, called `noun`. A place that leads out of it is no part: nothing outside is looked at."""

    noun: ClassVar[str] = "document"
    archive: zipfile.ZipFile

    @classmethod
    def of(cls, stream: BinaryIO) -> Self:
        """Open one.

        Raises:
            UnreadableDocument: it is encrypted, or would unpack to more than the limits.
        """
        archive = zipfile.ZipFile(stream)
        entries = archive.infolist()
        within(len(entries), "zip_members", f"the {cls.noun} has more than {{}} members")
        size = sum(one.file_size for one in entries)
        within(size, "zip_bytes", f"the {cls.noun} would unpack to more than {{}}")
        if any(one.flag_bits & 1 for one in entries):
            reason = f"the {cls.noun} is encrypted and opens only with a password"
            raise UnreadableDocument(Failure.ENCRYPTED, reason)
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
        within(size, "stream_bytes", f"a part of the {self.noun} unpacks to more than {{}}")
        return self.archive.read(name)

    def drawing(self, name: str) -> bytes:
        """Return a part that is XML. Raises as `read` does, and for less: taken apart it takes more."""
        self.bounded(self.archive.getinfo(name).file_size)
        return self.archive.read(name)

    def bounded(self, size: int) -> None:
        """Raise UnreadableDocument for a part that is XML and has more bytes than are read."""
        within(size, "drawing_bytes", f"a part of the {self.noun} that is XML has more than {{}}")


def _plain(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()


def parsed(content: bytes) -> Element:
    """Return the root of a part that is XML. Raises etree.XMLSyntaxError if it is none."""
    return etree.fromstring(content, etree.XMLParser(remove_comments=True, remove_pis=True, **GUARDED))


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
