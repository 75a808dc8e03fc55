"""Seals on an OFD: a signature tells where its stamp stands, and somewhere in its bytes is the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ocr.documents.zipped_xml import Element, child, children, folder_of
from ocr.ofd.package import OfdPackage, text_of

# Where pictures begin, and behind which bytes they end; a seal that is an OFD itself goes on to the end.
_MARKS = ((b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"), (b"\xff\xd8\xff", b"\xff\xd9"), (b"GIF8", b"\x00;"))
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A seal on the page of an id: its place as the OFD tells it, and its picture, or an OFD of it."""

    page: str
    boundary: str
    picture: bytes


def stamps(package: OfdPackage, body: Element, folder: str) -> Iterator[Stamp]:
    """Yield the stamps of the signatures of a document; a signature that cannot be found has none."""
    listed = package.find(text_of(child(body, "Signatures")), ("", folder))
    for told in children(package.xml(listed), "Signature") if listed else ():
        name = package.find(told.get("BaseLoc", ""), (folder_of(listed or ""), folder))
        if name is not None:
            yield from _stamps(package, package.xml(name), folder_of(name))


def _stamps(package: OfdPackage, signature: Element, folder: str) -> Iterator[Stamp]:
    signed = child(signature, "SignedInfo")
    places = (text_of(child(signed, "Seal", "BaseLoc")), text_of(child(signature, "SignedValue")))
    parts = [part for place in places if place and (part := package.find(place, (folder,)))]
    picture = next((found for part in parts if (found := _picture_in(package.read(part)))), b"")
    for told in children(signed, "StampAnnot") if picture else ():
        yield Stamp(told.get("PageRef", ""), told.get("Boundary", ""), picture)


def _picture_in(data: bytes) -> bytes:
    """Return the first picture in the bytes of a seal (GB/T 38540, GM/T 0031); nothing if there is none."""
    if (start := data.find(_ZIP)) >= 0:
        return data[start:]
    for mark, ending in _MARKS:
        start = data.find(mark)
        end = data.rfind(ending)
        if 0 <= start < end:
            return data[start : end + len(ending)]
    return b""


def is_ofd(picture: bytes) -> bool:
    """Tell whether the picture of a seal is an OFD."""
    return picture.startswith(_ZIP)
