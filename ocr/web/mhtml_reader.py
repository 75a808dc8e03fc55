"""Pages saved with their pictures in one file: MHTML (RFC 2557), from browsers or from the crawler."""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from functools import cached_property
from urllib.parse import unquote, urldefrag, urljoin

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.limits import WEB_PAGE, web_page_within
from core.media_types import HEAD, HTML, media_type
from ocr.html.encoding import decode

# A page holds pictures, or a choice of pages that holds them; no deeper.
_DEEPEST = 4
_XHTML = "application/xhtml+xml"


@dataclass(frozen=True)
class MhtmlPart:
    """One file inside: its headers, and its bytes as they were sent."""

    headers: Message
    sent: bytes

    @property
    def kind(self) -> str:
        """The media type that it is said to have."""
        return self.headers.get_content_type()

    @property
    def location(self) -> str:
        """The address that it came from, empty if not told."""
        named = (value for name, value in self.headers.raw_items() if name.lower() == "content-location")
        said = re.sub(r"\s", "", str(next(named, "")))  # a long one goes on in the next line
        return said.encode("ascii", "surrogateescape").decode("utf-8", "replace")

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file."""
        coding = str(self.headers.get("Content-Transfer-Encoding", "")).strip().lower()
        if coding == "base64":
            return from_base64(self.sent)
        return quopri.decodestring(self.sent) if coding == "quoted-printable" else self.sent

    @property
    def text(self) -> str:
        """The text of a page."""
        return decode(self.content, f"charset={self.headers.get_param('charset') or ''}")[0]


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The page itself, and all other files that were saved with it by their addresses."""

    root: MhtmlPart
    parts: Mapping[str, MhtmlPart]

    def part(self, address: str, base: str = "") -> MhtmlPart | None:
        """Return the file that an address in the page, relative to `base`, stands for; None if not saved."""
        if address.lower().startswith("cid:"):
            return self.parts.get(f"cid:{unquote(address[4:])}")
        whole = _joined(base or self.root.location, address)
        names = (unquote(whole), unquote(address))
        return next((self.parts[name] for name in names if name in self.parts), None)


def saved_page(content: bytes) -> SavedPage:
    """Take a saved page apart.

    Raises:
        UnreadableDocument: there is no page in it.
    """
    whole = _part(content)
    parts: list[MhtmlPart] = []
    for part in _leaves(whole, _DEEPEST):
        parts.append(part)
        web_page_within(len(parts), WEB_PAGE.files, "files saved with it")
    # Where an address is not plain ASCII, one program escapes it and another does not.
    named = {unquote(part.location): part for part in reversed(parts) if part.location}
    named |= {f"cid:{name}": part for part in parts if (name := _content_id(part))}
    return SavedPage(_root(whole, parts), named)


def _root(whole: MhtmlPart, parts: Sequence[MhtmlPart]) -> MhtmlPart:
    """Return the page: the part that the file begins with by its own word, else the first that is one."""
    pages = [part for part in parts if part.kind in (HTML, _XHTML)]
    pages = pages or [part for part in parts[:1] if media_type(part.content[:HEAD]) == HTML]
    if not pages:
        raise UnreadableDocument(
            Failure.DAMAGED, "the saved web page (MHTML) holds no page: damaged or cut short"
        )
    start = str(whole.headers.get_param("start") or "").strip("<> ")
    return next((part for part in pages if start and _content_id(part) == start), pages[0])


def from_base64(sent: bytes) -> bytes:
    """Decode what is there: other characters count for nothing, and what was cut short ends early."""
    known = re.sub(rb"[^A-Za-z0-9+/]", b"", sent)
    whole = known if len(known) % 4 != 1 else known[:-1]
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def _joined(base: str, address: str) -> str:
    try:
        return urldefrag(urljoin(base, address.strip()))[0]
    except ValueError:  # no address at all
        return address


def _content_id(part: MhtmlPart) -> str:
    return str(part.headers.get("Content-ID", "")).strip().strip("<>")


def _part(sent: bytes) -> MhtmlPart:
    """Part the headers from what follows the first empty line."""
    if sent.startswith((b"\n", b"\r\n")):
        return MhtmlPart(Message(), sent.removeprefix(b"\r").removeprefix(b"\n"))
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := sent.find(mark)) >= 0]
    at, length = min(ends, default=(len(sent), 0))
    return MhtmlPart(BytesHeaderParser().parsebytes(sent[:at]), sent[at + length :])


def _leaves(part: MhtmlPart, deepest: int) -> Iterator[MhtmlPart]:
    boundary = part.headers.get_boundary()
    if not part.kind.startswith("multipart/") or not boundary or not deepest:
        yield part
        return
    for sent in _between(part.sent, b"--" + boundary.encode("latin-1", "replace")):
        yield from _leaves(_part(sent), deepest - 1)


def _between(sent: bytes, mark: bytes) -> Iterator[bytes]:
    """Yield what is between the marks that begin a line; a file cut short ends its last part."""
    start = _mark(sent, mark, 0)
    while start >= 0:
        begin = sent.find(b"\n", start)
        if begin < 0 or sent.startswith(b"--", start + len(mark)):
            return
        after = _mark(sent, mark, begin)
        part = sent[begin + 1 : after if after >= 0 else len(sent)]
        # The end of the line before a mark belongs to the mark.
        yield part.removesuffix(b"\n").removesuffix(b"\r") if after >= 0 else part
        start = after


def _mark(sent: bytes, mark: bytes, start: int) -> int:
    at = sent.find(mark, start)
    while at > 0 and sent[at - 1 : at] != b"\n":
        at = sent.find(mark, at + 1)
    return at
