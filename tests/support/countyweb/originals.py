"""Files as sites attach them, each with bytes of its own; made of the samples, so small and real."""

from __future__ import annotations

import io
import struct
import zipfile
from functools import cache

from tests.support.paths import SAMPLES

ZIP = "application/zip"
DOC = "application/msword"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OFD = "application/ofd"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@cache
def _sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def pdf(name: str) -> bytes:
    """A PDF that no other name gives: a comment after its end changes its bytes, not what it prints."""
    return _sample("onepage.pdf") + f"\n% {name}\n".encode()


def jpeg(name: str) -> bytes:
    """A scan as JPEG; readers stop at its end marker."""
    return _sample("onepage-image.jpg") + name.encode()


def packed(members: dict[str, bytes]) -> bytes:
    """A zip whose member names are GBK, as Windows in China writes them, and not marked as anything."""
    buffer, names = io.BytesIO(), {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, body) in enumerate(members.items()):
            written = name.encode("gbk")
            # An ASCII name of the same length, for zipfile would mark the name as UTF-8.
            names[f"{number}".encode().ljust(len(written), b"~")] = written
            info = zipfile.ZipInfo(f"{number}".ljust(len(written), "~"))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, body)
    whole = buffer.getvalue()
    for placeholder, written in names.items():
        whole = whole.replace(placeholder, written)
    return whole


def docx(title: str) -> bytes:
    """A word processor's file of one paragraph."""
    document = f"<w:document {_W}><w:body><w:p><w:r><w:t>{title}</w:t></w:r></w:p></w:body></w:document>"
    kind = f'<Override PartName="/word/document.xml" ContentType="{_WORDS}"/>'
    rels = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    )
    relation = f'<Relationship Id="r1" Target="word/document.xml" Type="{_OFFICE}"/>'
    return _members(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{rels}{kind}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relation}</Relationships>',
            "word/document.xml": document,
        }
    )


def ofd(title: str) -> bytes:
    """The least that says of itself that it is OFD (GB/T 33190)."""
    root = f'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"><!-- {title} --></ofd:OFD>'
    return _members({"OFD.xml": root, "Doc_0/Document.xml": "<ofd:Document/>"})


def doc(title: str) -> bytes:
    """A compound file with the signature of old Word and nothing to read in it."""
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHH", 0x3E, 3, 0xFFFE)
    return header.ljust(512, b"\0") + title.encode("utf-16-le").ljust(4096, b"\0")


def _members(texts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return buffer.getvalue()
