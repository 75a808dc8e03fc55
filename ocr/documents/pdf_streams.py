"""Streams of a PDF, unpacked within the limits: what qpdf is let do, and how much would come out."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import pikepdf
from pikepdf import Name, Object, settings

from core.limits import document_limits

# What qpdf raises where a file does not hold what it should.
ODD = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    TypeError,
    ValueError,
    AttributeError,
    KeyError,
    IndexError,
    OverflowError,
    RuntimeError,
)
_FLATE = ("/FlateDecode", "/Fl")
_PIECE = 1 << 16


@contextmanager
def bounded() -> Iterator[None]:
    """Let qpdf unpack no stream, those that hold objects included, beyond the limit."""
    most = min(document_limits().stream_bytes, (1 << 32) - 1)
    before = settings.set_qpdf_limits(flate_max_memory=most, run_length_max_memory=most, png_max_memory=most)
    try:
        yield
    finally:
        settings.set_qpdf_limits(**before)  # type: ignore[arg-type]  # they are numbers


def filters_of(stream: Object) -> list[str]:
    """Return the names of the filters of a stream, in the order in which they unpack it."""
    return [str(name) for name in listed(stream.get(Name.Filter))]


def listed(value: Object | None) -> list[Object]:
    """Return what may be one thing or an array of them as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def unpacked_size(stream: Object, filters: Sequence[str], most: int) -> int:
    """Return the bytes that a stream unpacks to, or some number beyond `most`."""
    if not all(name in _FLATE for name in filters):
        try:
            return len(stream.read_bytes())
        except pikepdf.PdfError:
            return 0 if most < document_limits().stream_bytes else most + 1
    pieces: Iterator[bytes] = iter([stream.read_raw_bytes()])
    for _ in filters:
        pieces = _inflated(pieces)
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            break
    return size


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Inflate piece by piece; what follows damaged data is no data."""
    packed = zlib.decompressobj()
    with suppress(zlib.error):
        for piece in pieces:
            yield packed.decompress(piece, _PIECE)
            while packed.unconsumed_tail:
                yield packed.decompress(packed.unconsumed_tail, _PIECE)
