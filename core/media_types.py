"""What a file is, by its first bytes and whatever its name."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Container
from contextlib import AbstractContextManager
from typing import BinaryIO

from core.zip_limits import BAD_ZIP

# Enough of a file to tell what it is.
HEAD = 1024

PDF = "application/pdf"
ZIP = "application/zip"
RAR = "application/vnd.rar"
SEVEN_ZIP = "application/x-7z-compressed"
HTML = "text/html"
MHTML = "multipart/related"
RTF = "application/rtf"
OLE = "application/x-ole-storage"
OFD = "application/ofd"
OOXML = "application/vnd.openxmlformats-officedocument"
DOCX = f"{OOXML}.wordprocessingml.document"
XLSX = f"{OOXML}.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
PPTX = f"{OOXML}.presentationml.presentation"
ODF = "application/vnd.oasis.opendocument"
# Several files that are one document (`ocr.gathered`), and the member by which it is known.
GATHERED = "application/x-guidang-gathered"
GATHERED_MARK = "guidang-gathered"
PICTURES = frozenset({"image/jpeg", "image/png", "image/tiff"})
WEB_PAGES = frozenset({HTML, MHTML})
OFFICE = frozenset({RTF, OLE, OOXML, DOCX, PPTX, ODF})
WORKBOOKS = frozenset({XLSX, XLS})
# What is taken in; `ocr.document_opener` has a backend for each.
DOCUMENTS = PICTURES | WEB_PAGES | OFFICE | WORKBOOKS | {PDF, OFD, GATHERED}
# Opened by another program, where it is there.
PACKED = {RAR: "a RAR", SEVEN_ZIP: "a 7z"}
OTHER = "application/octet-stream"

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    # Records of a workbook without the compound file around them; the newer kind in it is `OLE`.
    (b"\x09\x08\x08\x00", XLS),
    (b"\x09\x08\x10\x00", XLS),
    (b"{\\rtf", RTF),
    (b"Rar!\x1a\x07", RAR),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
)
# What a zip holds that is one document.
_MEMBERS = (
    (GATHERED_MARK, GATHERED),
    ("OFD.xml", OFD),
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("ppt/presentation.xml", PPTX),
    ("[Content_Types].xml", OOXML),
    ("mimetype", ODF),
)
# A web page may begin with any of these; saved pages and templates leave out what is above.
_TAGS = rb"!doctype html|html|head|meta|title|link|body|table|div|p|h[1-6]|center|font|span|style|script|br"
_HTML = re.compile(rb"<(?:(?:%s)[\s>/]|!--)" % _TAGS, re.IGNORECASE)
# A mark of the byte order, a prologue of XML, and comments, which templates leave before the first tag.
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf|\s|<\?xml[^>]*>|<!--.*?-->)*", re.DOTALL)
# The lines at the head of a mail; one that goes on in the next is indented there.
_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)*")
_SAVED_PAGE = re.compile(rb"(?im)^content-type:\s*multipart/related|^from:\s*<saved by")


def media_type(head: bytes) -> str:
    """Tell the media type from the first `HEAD` bytes.

    A PDF may have up to a kilobyte of something else before it, so its mark is
    looked for last: a zip or RAR that holds an unpacked PDF shows it too.
    """
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if b"%PDF-" in head:
        return PDF
    return _web_page(head) or OTHER


def media_type_of_file(opened: Callable[[], AbstractContextManager[BinaryIO]]) -> str:
    """Tell the media type of a file by its first bytes, of a zip by the names of its members.

    `opened` opens it; it is called once more for a zip.
    """
    with opened() as stream:
        found = media_type(stream.read(HEAD))
    if found != ZIP:
        return found
    try:
        with opened() as stream, zipfile.ZipFile(stream) as archive:
            return media_type_of_zip(archive.namelist())
    except BAD_ZIP:
        return ZIP


def media_type_of_zip(names: Container[str]) -> str:
    """Tell what a zip is by the names of its members: an office document, or a mere zip."""
    return next((found for member, found in _MEMBERS if member in names), ZIP)


def _web_page(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16: without its zeros the tags are ASCII
        head = head[2:].replace(b"\x00", b"")
    start = _BEFORE.match(head)
    text = head[start.end() :] if start else head
    if _HTML.match(text):
        return HTML
    headers = _HEADERS.match(text)
    return MHTML if headers and _SAVED_PAGE.search(headers[0]) else None
