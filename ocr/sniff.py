"""What a file is, by its first bytes and whatever its name."""

from __future__ import annotations

# Enough of a file to tell what it is.
HEAD = 1024

PDF = "application/pdf"
ZIP = "application/zip"
HTML = "text/html"
MHTML = "multipart/related"
PICTURES = frozenset({"image/jpeg", "image/png", "image/tiff"})
OTHER = "application/octet-stream"

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
)


def media_type(head: bytes) -> str:
    """Tell the media type from the first `HEAD` bytes.

    A PDF may have up to a kilobyte of something else before it, so its mark is
    looked for last: a zip that holds an unpacked PDF shows it too.
    """
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if b"%PDF-" in head:
        return PDF
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return HTML if text.startswith((b"<!doctype html", b"<html")) else OTHER
