"""A corpus of tiny documents, no two alike but on purpose, with what must become of each."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ARCHIVED, FAILED, NOT_KEPT, PASSED_OVER = "archived", "failed", "not kept", "passed over"
_WIDTH, _HEIGHT = 120, 160
# Of the kinds below: a PDF, its copy, a PDF that was cut, a zip.
FEW = (0, 19, 21, 24)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A file, or a member of a zip (`path.zip!member`), and what must become of it in the end."""

    source: str
    sha256: str
    outcome: str


def write_corpus(folder: Path, number: int, files: int) -> list[Submitted]:
    """Write `files` files into a new folder; another `number` gives other bytes."""
    folder.mkdir(parents=True)
    kinds = ((n, number * files + n, number * files) for n in range(files))
    return [one for kind in kinds for one in _written(folder, *_file(*kind))]


def write_few(folder: Path, number: int) -> list[Submitted]:
    """Write a handful into a new folder: a document, its copy, a broken one, and a zip of all of these."""
    folder.mkdir(parents=True)
    kinds = ((kind, 25 * number + kind, 25 * number) for kind in FEW)
    return [one for kind in kinds for one in _written(folder, *_file(*kind))]


def _written(folder: Path, name: str, content: bytes, members: _Members) -> Iterator[Submitted]:
    path = folder / name
    path.write_bytes(content)
    for member, inside, outcome in members:
        yield Submitted(f"{path}!{member}" if member else str(path), sha256(inside).hexdigest(), outcome)


_Members = list[tuple[str, bytes, str]]


def _file(n: int, serial: int, first: int) -> tuple[str, bytes, _Members]:
    """The nth file of a folder: its name, its bytes, and the documents in it; every kind comes in 25."""
    kind = n % 25
    if kind < 14:
        return _one(f"{n:04}.pdf", pdf(serial), ARCHIVED)
    if kind < 19:
        return _one(f"{n:04}.png", png(serial), ARCHIVED)
    if kind == 19:
        return _one(f"{n:04}-copy.pdf", pdf(first), ARCHIVED)
    if kind == 20:
        return _one(f"{n:04}-again.pdf", pdf(max(first - 25, 0)), ARCHIVED)
    if kind == 21:
        return _one(f"{n:04}-cut.pdf", pdf(serial)[:70], FAILED)
    if kind == 22:
        return _one(f"{n:04}-none.pdf", b"not a report %d" % serial, FAILED)
    if kind == 23:
        return f"{n:04}.txt", b"a note %d" % serial, [("", b"a note %d" % serial, PASSED_OVER)]
    inside = [
        ("a.pdf", pdf(serial), ARCHIVED),
        ("copy.pdf", pdf(first), ARCHIVED),
        ("none.pdf", b"%%PDF-1.4 cut %d" % serial, FAILED),
        ("torn.pdf", b"%%PDF-1.4 torn %d" % serial, NOT_KEPT),
    ]
    return f"{n:04}.zip", _zip(inside), inside


def _one(name: str, content: bytes, outcome: str) -> tuple[str, bytes, _Members]:
    return name, content, [("", content, outcome)]


def _zip(members: _Members) -> bytes:
    """A zip whose NOT_KEPT members do not have the checksum that it says."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content, _ in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    whole = packed.getvalue()
    for _, content, outcome in members:
        if outcome == NOT_KEPT:
            whole = whole.replace(content, bytes(reversed(content)), 1)
    return whole


def pdf(serial: int) -> bytes:
    """A PDF of one page with one line in it."""
    content = b"BT /F1 12 Tf 20 100 Td (Report %d) Tj ET" % serial
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    written, offsets = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(written)
    return written + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def png(serial: int) -> bytes:
    """A grey picture with a bar for every 1 in the binary number."""
    rows = [bytearray(b"\0" + b"\xff" * _WIDTH) for _ in range(_HEIGHT)]
    for bit in _bits(serial):
        rows[20 + 4 * bit][10:70] = bytes(60)
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(rows))
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _bits(number: int) -> Iterator[int]:
    return (bit for bit in range(number.bit_length()) if number >> bit & 1)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
