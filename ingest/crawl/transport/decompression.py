"""Packed answers: unpacked within the limit of the download, in one pass, and only if they are whole.

Scrapy's own middleware takes a gzip that breaks off for a whole one, so that half
a report would be kept as a new version of it, and needs a minute for a large
`deflate`, during which the whole crawl stands still. br and zstd are not asked for.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from itertools import chain

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Request

from ingest.crawl.transport.errors import Broken, Refused, megabytes

_ASKED_FOR = b"gzip, deflate"
# A misled server packs twice; whoever packs more often wants to keep us busy.
_MOST_LAYERS = 2
_PIECE = 1 << 16
# As many parts as a gzip of 1 GB has whose parts are of 64 KB, the smallest in use.
_MOST_MEMBERS = 1 << 14
_GZIP = 31
_GZIP_MAGIC = b"\x1f\x8b"
_ZLIB = 15
_RAW = -15


class DecompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's middleware with another way to unpack."""

    def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Ask for what we can check."""
        request.headers.setdefault("Accept-Encoding", _ASKED_FOR)

    def _handle_encoding(
        self, body: bytes, content_encoding: list[bytes], max_size: int
    ) -> tuple[bytes, list[bytes]]:
        for layer in reversed(_layers(content_encoding)):
            body = unpacked(body, layer, max_size)
        return body, []


def _layers(encodings: list[bytes]) -> list[str]:
    """The encodings in the order in which they were applied."""
    given = chain.from_iterable(encoding.decode("latin-1").lower().split(",") for encoding in encodings)
    layers = [name for name in (one.strip() for one in given) if name not in ("", "identity", "none")]
    if len(layers) > _MOST_LAYERS:
        raise Refused(f"packed {len(layers)} times over (Content-Encoding); {_MOST_LAYERS} are allowed")
    return layers


def unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """The bytes within a gzip or deflate.

    Args:
        body: as received; nothing at all is nothing unpacked.
        encoding: a word of Content-Encoding.
        most: bytes that may come of it; 0 for any number.

    Raises:
        Refused: more would come of it.
        Broken: it is packed otherwise, is damaged, or breaks off.
    """
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Broken(f"it is packed as {encoding[:40]!r}, which was not asked for")
    if not body:
        return b""
    try:
        return _inflate(body, _window_bits(body, encoding), most)
    except zlib.error:
        raise Broken(f"it says it is packed as {encoding}, and is not, or is damaged") from None


def _window_bits(body: bytes, encoding: str) -> int:
    """How zlib is to read it: some servers send `deflate` without the header that belongs to it."""
    if encoding != "deflate":
        return _GZIP
    has_header = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _ZLIB if has_header else _RAW


def _inflate(body: bytes, window_bits: int, most: int) -> bytes:
    """Unpack; a gzip may be several, one after the other, and what comes after the last is no part."""
    out = BytesIO()
    rest = memoryview(body)
    for _ in range(_MOST_MEMBERS):
        rest = _inflate_one(rest, zlib.decompressobj(window_bits), out, most)
        if window_bits != _GZIP or bytes(rest[:2]) != _GZIP_MAGIC:
            return out.getvalue()
    raise Refused(f"packed in more than {_MOST_MEMBERS} parts")


def _inflate_one(packed: memoryview, stream: zlib._Decompress, out: BytesIO, most: int) -> memoryview:
    """Unpack one stream piece by piece into `out`, and return what comes after it."""
    place = 0
    piece: bytes | memoryview = b""
    while not stream.eof:
        if not piece:
            piece = packed[place : place + _PIECE]
            place += len(piece)
        unpacked_piece = stream.decompress(piece, _PIECE)
        if not piece and not unpacked_piece and not stream.eof:
            raise Broken("what is packed breaks off before its end")
        out.write(unpacked_piece)
        if most and out.tell() > most:
            raise Refused(f"larger than {megabytes(most)} MB when unpacked (download_megabytes)")
        piece = stream.unconsumed_tail
    return packed[place - len(stream.unused_data) :]
