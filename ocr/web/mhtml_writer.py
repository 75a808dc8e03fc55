"""A web page with its images and style sheets as one file (MHTML, RFC 2557), the same bytes every time."""

from __future__ import annotations

import re
from base64 import encodebytes
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

# A media type with parameters, in printable ASCII; whatever else a server says is not repeated.
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]{1,80}/[\w!#$&^.+-]{1,80}(?:\s*;[\x20-\x7e]{0,200})?", re.ASCII)
_ENVELOPES = ("multipart/", "message/")
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class MhtmlResource:
    """One answer of a server: its address, the Content-Type it was sent with, and the bytes as received."""

    url: str
    content_type: str
    body: bytes


def pack(page: MhtmlResource, parts: Sequence[MhtmlResource]) -> bytes:
    """Put a page and what it shows into one file.

    No date, no random boundary: the same parts give the same bytes, in whatever
    order they came; an address that comes twice is kept once.
    """
    kept = [page, *_sorted(page, parts)]
    boundary = "----=_" + _digest(kept)
    head = [
        "MIME-Version: 1.0",
        f'Content-Type: multipart/related; type="text/html"; boundary="{boundary}"',
        f"Content-Location: {_address(page.url)}",
    ]
    pieces = [_lines([*head, ""])]
    for part in kept:
        pieces += [_lines([f"--{boundary}", *_headers(part, is_page=part is page), ""]), _base64(part.body)]
    return b"".join([*pieces, _lines([f"--{boundary}--"])])


def _sorted(page: MhtmlResource, parts: Sequence[MhtmlResource]) -> list[MhtmlResource]:
    known = {_address(page.url)}
    found = []
    for part in sorted(parts, key=lambda part: (_address(part.url), part.content_type, part.body)):
        if _address(part.url) not in known:
            known.add(_address(part.url))
            found.append(part)
    return found


def _digest(parts: Sequence[MhtmlResource]) -> str:
    """Hash all parts, lengths included, so that no two lists of parts look alike."""
    digest = sha256()
    for part in parts:
        for piece in (_address(part.url).encode(), part.content_type.encode("utf-8", "replace"), part.body):
            digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.hexdigest()[:40]


def _headers(part: MhtmlResource, *, is_page: bool) -> list[str]:
    return [
        f"Content-Type: {_media_type(part.content_type, 'text/html' if is_page else _UNKNOWN)}",
        "Content-Transfer-Encoding: base64",
        f"Content-Location: {_address(part.url)}",
    ]


def _base64(body: bytes) -> bytes:
    return encodebytes(body).replace(b"\n", b"\r\n") or b"\r\n"


def _media_type(said: str, otherwise: str) -> str:
    """Repeat what the server said if it is a media type and opens no envelope of its own."""
    said = said.strip()
    honest = _MEDIA_TYPE.fullmatch(said) and not said.lower().startswith(_ENVELOPES)
    return said if honest else otherwise


def _address(url: str) -> str:
    """Write an address so that it stays on its line: nothing but printable ASCII without spaces."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~", errors="replace")


def _lines(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")
