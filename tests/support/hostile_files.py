"""Bombs and odd files, made here and not committed: each with what must become of it.

`FILES` maps a name to its `Case`. The PDFs are written object by object, so that every lie in them is
where it is meant to be.
"""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image

from tests.support.paths import SAMPLES

ARCHIVED = "archived"
SAMPLE = SAMPLES / "onepage.pdf"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
HELLO = b"BT /F1 24 Tf 72 700 Td (Hello, reader) Tj ET"
FILES: dict[str, Case] = {}


@dataclass(frozen=True, slots=True)
class Case:
    """How a file is made, its ending, and the outcomes allowed: `archived`, or codes of failures.

    `crashed` is a child that pdfium ended where memory ran out. `says` must stand in the reason; a file that
    is `slow` takes more than a second or two, or may run into the time limit.
    """

    make: Callable[[], bytes]
    suffix: str
    outcomes: tuple[str, ...]
    says: str = ""
    slow: bool = False


def _file(
    name: str, *outcomes: str, says: str = "", slow: bool = False
) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def keep(make: Callable[[], bytes]) -> Callable[[], bytes]:
        stem, _, suffix = name.rpartition(".")
        FILES[name] = Case(make, f".{suffix}", outcomes, says, slow)
        assert stem
        return make

    return keep


def written(folder: Path, names: Mapping[str, Case] = FILES) -> list[Path]:
    """Write files into a folder; return where each is."""
    paths = []
    for name, case in names.items():
        (folder / name).write_bytes(case.make())
        paths.append(folder / name)
    return paths


# How PDFs are written.


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), extra, data)


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF of numbered objects with a sound cross-reference table; object 1 is the root."""
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(places) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        known = number in places
        out += b"%010d %05d %s \n" % (places.get(number, 0), 0 if known else 65535, b"n" if known else b"f")
    return bytes(out) + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        trailer,
        start,
    )


def page(
    content: bytes = HELLO,
    *,
    box: bytes = b"0 0 595 842",
    page_extra: bytes = b"",
    root_extra: bytes = b"",
    resources: bytes = b"",
    packed: bytes | None = None,
    others: Mapping[int, bytes] | None = None,
) -> bytes:
    """Return a PDF of one page: 1 root, 2 pages, 3 page, 4 content (as it is where `packed`), 5 font."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % root_extra,
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>%s>>%s>>" % (box, resources, page_extra),
        4: stream(content) if packed is None else packed,
        5: FONT,
    }
    return pdf({**objects, **(others or {})})


def picture_page(data: bytes, entries: bytes, others: Mapping[int, bytes] | None = None) -> bytes:
    """Return a PDF whose page is one picture."""
    drawing = b"q 500 0 0 700 40 60 cm /Im0 Do Q " + HELLO
    image = stream(data, b"/Type/XObject/Subtype/Image" + entries)
    return page(drawing, resources=b"/XObject<</Im0 6 0 R>>", others={6: image, **(others or {})})


def deflated_zeros(size: int, of: bytes = b"\0") -> bytes:
    packer = zlib.compressobj(9)
    block = (of * (1 << 20))[: 1 << 20]
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


# Filters.


@_file("flate-bomb.pdf", "too_large", says="GUIDANG_MAX_")
def _flate_bomb() -> bytes:
    return page(packed=stream(deflated_zeros(1 << 30, b" "), b"/Filter/FlateDecode"))


@_file("flate-of-flate.pdf", "too_large", says="GUIDANG_MAX_")
def _flate_of_flate() -> bytes:
    twice = zlib.compress(deflated_zeros(1 << 30, b" "), 9)
    return page(packed=stream(twice, b"/Filter[/FlateDecode/FlateDecode]"))


@_file("flate-x8.pdf", "too_large", ARCHIVED)
def _flate_many() -> bytes:
    data = deflated_zeros(1 << 30, b" ")
    for _ in range(7):
        data = zlib.compress(data, 9)
    return page(packed=stream(data, b"/Filter[%s]" % (b"/FlateDecode" * 8)))


@_file("filters-x1000.pdf", ARCHIVED, "too_large")
def _filters_many() -> bytes:
    return page(packed=stream(HELLO.hex().encode() + b">", b"/Filter[%s]" % (b"/ASCIIHexDecode" * 1000)))


@_file("lzw-bomb.pdf", "too_large", ARCHIVED)
def _lzw_bomb() -> bytes:
    return page(packed=stream(_lzw(3_000_000), b"/Filter/LZWDecode"))


def _lzw(codes: int) -> bytes:
    """Return LZW whose every code stands for one more space than the one before."""
    out, bits, count, width, following = bytearray(), 0, 0, 9, 258

    def put(code: int) -> None:
        nonlocal bits, count
        bits, count = bits << width | code, count + width
        while count >= 8:
            out.append(bits >> (count - 8) & 255)
            count -= 8
        bits &= (1 << count) - 1

    put(256)
    put(32)
    for _ in range(codes):
        put(following)
        following += 1
        width = min(12, (following + 1).bit_length())
        if following == 4094:
            put(256)
            width, following = 9, 258
            put(32)
    put(257)
    out.append(bits << (8 - count) & 255)
    return bytes(out)


@_file("run-length-bomb.pdf", "too_large", says="GUIDANG_MAX_")
def _run_length() -> bytes:
    return page(packed=stream(b"\x81 " * 8_000_000 + b"\x80", b"/Filter/RunLengthDecode"))


@_file("ascii85-chain.pdf", "too_large", says="GUIDANG_MAX_")
def _ascii85() -> bytes:
    packed = base64.a85encode(deflated_zeros(700 << 20, b" ")) + b"~>"
    return page(packed=stream(packed, b"/Filter[/ASCII85Decode/FlateDecode]"))


@_file("predictor-columns.pdf", "too_large", says="GUIDANG_MAX_STREAM_BYTES")
def _predictor() -> bytes:
    parameters = b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 2000000000>>"
    return page(packed=stream(zlib.compress(HELLO), parameters))


@_file("object-stream-bomb.pdf", "too_large", "damaged", ARCHIVED)
def _object_stream() -> bytes:
    bomb = stream(
        zlib.compress(b"7 0 <<>>") + deflated_zeros(1 << 30), b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode"
    )
    return page(others={6: bomb})


# Drawing.


def _nested(levels: int, times: int) -> bytes:
    forms = {}
    for level in range(levels):
        inner = HELLO if level == levels - 1 else b"/X Do " * times
        below = b"" if level == levels - 1 else b"/XObject<</X %d 0 R>>" % (11 + level)
        resources = b"/Resources<</Font<</F1 5 0 R>>%s>>" % below
        forms[10 + level] = stream(inner, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]" + resources)
    return page(b"/X Do", resources=b"/XObject<</X 10 0 R>>", others=forms)


@_file("nested-forms.pdf", "too_large", says="GUIDANG_MAX_DRAWING_BYTES")
def _nested_forms() -> bytes:
    return _nested(12, 20)


@_file("deep-forms.pdf", "too_large", says="GUIDANG_MAX_DEPTH")
def _deep_forms() -> bytes:
    return _nested(1000, 1)


@_file("forms-in-themselves.pdf", ARCHIVED)
def _form_cycle() -> bytes:
    form = stream(
        b"/X Do " + HELLO, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 6 0 R>>>>"
    )
    return page(HELLO + b" /X Do", resources=b"/XObject<</X 6 0 R>>", others={6: form})


@_file("many-objects.pdf", "too_large", says="GUIDANG_MAX_PAGE_OBJECTS", slow=True)
def _many_objects() -> bytes:
    return page(packed=stream(zlib.compress(b"0 0 m 9 9 l S\n" * 400_000), b"/Filter/FlateDecode"))


@_file("much-text.pdf", "too_large", says="GUIDANG_MAX_PAGE_OBJECTS", slow=True)
def _much_text() -> bytes:
    line = b"(" + b"report " * 1000 + b") Tj T*\n"
    packed = zlib.compress(b"BT /F1 8 Tf 9 TL 72 800 Td " + line * 1430 + b"ET")
    return page(packed=stream(packed, b"/Filter/FlateDecode"))


@_file("deep-graphics-states.pdf", ARCHIVED)
def _deep_states() -> bytes:
    return page(b"q " * 200_000 + HELLO + b" Q" * 200_000)


@_file("deep-arrays.pdf", ARCHIVED, "damaged")
def _deep_arrays() -> bytes:
    return page(HELLO, page_extra=b"/Odd " + b"[" * 100_000 + b"]" * 100_000)


@_file("postscript-function.pdf", ARCHIVED, "timeout", slow=True)
def _function() -> bytes:
    code = b"{ " + b"dup mul 1 add " * 40_000 + b"}"
    shading = (
        b"<</ShadingType 1/ColorSpace/DeviceGray/Domain[0 1 0 1]/Function 7 0 R/Matrix[595 0 0 842 0 0]>>"
    )
    function = stream(code, b"/FunctionType 4/Domain[0 1 0 1]/Range[0 1]")
    return page(HELLO + b" /S sh", resources=b"/Shading<</S 6 0 R>>", others={6: shading, 7: function})


@_file("type3-in-itself.pdf", ARCHIVED)
def _type3() -> bytes:
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 750 750]/FontMatrix[.001 0 0 .001 0 0]"
        b"/FirstChar 97/LastChar 97/Widths[1000]/Encoding<</Differences[97/a]>>/CharProcs<</a 7 0 R>>"
        b"/Resources<</Font<</T 6 0 R>>>>>>"
    )
    glyph = stream(b"1000 0 d0 0 0 500 500 re f BT /T 12 Tf (aaaa) Tj ET")
    return page(
        b"BT /T 40 Tf 72 700 Td (aaaa) Tj ET", resources=b"/Font<</T 6 0 R>>", others={6: font, 7: glyph}
    )


@_file("broken-font.pdf", ARCHIVED)
def _broken_font() -> bytes:
    noise = np.random.default_rng(7).bytes(20_000)
    descriptor = (
        b"<</Type/FontDescriptor/FontName/Odd/Flags 4/FontBBox[0 0 1 1]/ItalicAngle 0/FontFile2 7 0 R>>"
    )
    font = (
        b"<</Type/Font/Subtype/TrueType/BaseFont/Odd/FontDescriptor 6 0 R/FirstChar 0/LastChar 0/Widths[1]>>"
    )
    file = stream(b"\0\1\0\0\0\x0c\0\x80" + noise, b"/Length1 20008")
    return page(
        HELLO + b" BT /F2 20 Tf 72 600 Td (abc) Tj ET",
        resources=b"/Font<</F1 5 0 R/F2 8 0 R>>",
        others={6: descriptor, 7: file, 8: font},
    )


@_file("nul-bytes.pdf", ARCHIVED)
def _nul_bytes() -> bytes:
    return page(b"BT /F1 24 Tf 72 700 Td (a\0b\\000c\xff) Tj ET", root_extra=b"/Lang(\0\0zh)")


# Pages.


def _boxed(
    name: str, box: bytes, *outcomes: str, says: str = "", extra: bytes = b"", slow: bool = False
) -> None:
    FILES[name] = Case(lambda: page(box=box, page_extra=extra), ".pdf", outcomes, says, slow)


_boxed("box-14400.pdf", b"0 0 14400 14400", ARCHIVED, slow=True)
_boxed("box-huge.pdf", b"0 0 1000000 1000000", "too_large", says="GUIDANG_MAX_PAGE_POINTS")
_boxed("box-thin.pdf", b"0 0 10000000 0.0001", "too_large", says="GUIDANG_MAX_PAGE_POINTS")
_boxed("box-negative.pdf", b"595 842 0 0", ARCHIVED)
_boxed("box-zero.pdf", b"0 0 0 0", ARCHIVED, "damaged")
_boxed("box-nan.pdf", b"0 0 NaN 1e400", ARCHIVED, "damaged", "too_large")
_boxed(
    "box-overflow.pdf", b"-99999999999999999999 0 99999999999999999999 842", ARCHIVED, "damaged", "too_large"
)
_boxed("box-point.pdf", b"0 0 0.01 0.01", ARCHIVED, "damaged")
_boxed("user-unit.pdf", b"0 0 595 842", "too_large", extra=b"/UserUnit 1000000")
_boxed(
    "javascript-of-page.pdf",
    b"0 0 595 842",
    ARCHIVED,
    extra=b"/AA<</O<</S/JavaScript/JS(app.launchURL('http://127.0.0.1:9/'))>>>>",
)


@_file("a-million-pages.pdf", "too_large", says="GUIDANG_MAX_PAGES")
def _million_pages() -> bytes:
    kids = b"3 0 R " * 1_000_000
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[%s]/Count 1000000>>" % kids,
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        }
    )


@_file("says-a-million-pages.pdf", "too_large", "damaged")
def _says_million() -> bytes:
    return page().replace(b"/Count 1>>", b"/Count 1000000>>")


@_file("says-fewer-pages.pdf", "damaged", says="pages")
def _says_fewer() -> bytes:
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 1>>",
            3: leaf,
            4: leaf,
            5: leaf,
        }
    )


@_file("page-tree-in-itself.pdf", ARCHIVED, "damaged", "no_pages")
def _page_cycle() -> bytes:
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 2>>",
            3: b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 2>>",
        }
    )


def _deep_pages(depth: int) -> bytes:
    nodes = {n: b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 1) for n in range(2, depth)}
    leaf = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 9 9]>>" % (depth - 1)
    return pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", **nodes, depth: leaf})


FILES["deep-page-tree.pdf"] = Case(lambda: _deep_pages(90), ".pdf", ("too_large",), "GUIDANG_MAX_DEPTH")
FILES["deepest-page-tree.pdf"] = Case(lambda: _deep_pages(5000), ".pdf", ("damaged",))


@_file("zero-pages.pdf", "no_pages", "damaged", says="pages")
def _zero_pages() -> bytes:
    return pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"})


@_file("outline-in-itself.pdf", ARCHIVED)
def _outline() -> bytes:
    return page(
        root_extra=b"/Outlines 6 0 R/PageMode/UseOutlines",
        others={
            6: b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 9>>",
            7: b"<</Title(a)/Parent 6 0 R/Next 7 0 R/Prev 7 0 R/First 7 0 R/Last 7 0 R/Count 9>>",
        },
    )


@_file("object-streams-in-each-other.pdf", "damaged", ARCHIVED)
def _object_streams() -> bytes:
    return page(
        others={
            6: stream(b"7 0 <<>>", b"/Type/ObjStm/N 1/First 4/Extends 7 0 R"),
            7: stream(b"6 0 <<>>", b"/Type/ObjStm/N 1/First 4/Extends 6 0 R"),
        }
    )


# What a PDF asks a viewer to do, and what it carries.


@_file("actions.pdf", ARCHIVED)
def _actions() -> bytes:
    address = b"http://127.0.0.1:9/got-you"
    script = b"app.launchURL('http://127.0.0.1:9/got-you'); this.exportDataObject({cName:'x',nLaunch:2});"
    return page(
        root_extra=b"/OpenAction 6 0 R/AA<</WC 6 0 R/DS 6 0 R>>/Names<</JavaScript<</Names[(a) 6 0 R]>>>>"
        b"/AcroForm<</Fields[10 0 R]/NeedAppearances true>>",
        page_extra=b"/AA<</O 7 0 R>>/Annots[8 0 R 9 0 R 10 0 R]",
        others={
            6: b"<</S/JavaScript/JS(%s)/Next 7 0 R>>" % script.replace(b"(", b"\\(").replace(b")", b"\\)"),
            7: b"<</S/Launch/F(/usr/bin/touch)/Unix<</F(touch)/P(/tmp/guidang-launched)>>>>",
            8: b"<</Type/Annot/Subtype/Link/Rect[0 0 595 842]/A<</S/URI/URI(%s)>>>>" % address,
            9: b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/GoToR/F<</FS/URL/F(%s)>>/D[0/Fit]>>>>"
            % address,
            10: b"<</Type/Annot/Subtype/Widget/FT/Tx/T(t)/V(x)/Rect[9 9 99 99]"
            b"/A<</S/SubmitForm/F<</FS/URL/F(%s)>>>>/AA<</PV 6 0 R/K 6 0 R>>>>" % address,
        },
    )


@_file("embedded-files.pdf", ARCHIVED)
def _embedded() -> bytes:
    return page(
        root_extra=b"/Names<</EmbeddedFiles<</Names[(../../x.sh) 6 0 R]>>>>",
        others={
            6: b"<</Type/Filespec/F(../../../tmp/guidang-embedded.sh)/EF<</F 7 0 R>>>>",
            7: stream(b"#!/bin/sh\ntouch /tmp/guidang-embedded\n", b"/Type/EmbeddedFile"),
        },
    )


@_file("xfa.pdf", "xfa_form")
def _xfa() -> bytes:
    xml = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xdp:xdp xmlns:xdp="x">&a;</xdp:xdp>'
    return page(root_extra=b"/AcroForm<</Fields[]/XFA 6 0 R>>/NeedsRendering true", others={6: stream(xml)})


@_file("external-streams.pdf", ARCHIVED)
def _external() -> bytes:
    content = stream(HELLO, b"/F(/etc/passwd)/FFilter/ASCIIHexDecode")
    outer = (
        b"<</Type/XObject/Subtype/Image/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceGray/Length 0"
    )
    image = outer + b"/F<</FS/URL/F(http://127.0.0.1:9/i.jpg)>>>>stream\n\nendstream"
    return page(packed=content, resources=b"/XObject<</Im0 6 0 R>>", others={6: image})


def _locked(user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(SAMPLE) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="owner", user=user, R=6))
    return out.getvalue()


FILES["user-password.pdf"] = Case(lambda: _locked("secret"), ".pdf", ("encrypted",), "password")
FILES["owner-password.pdf"] = Case(lambda: _locked(""), ".pdf", (ARCHIVED,))


# Files that are cut, bent or buried.


@_file("bad-xref.pdf", ARCHIVED)
def _bad_xref() -> bytes:
    return page().replace(b"0000000", b"0000009")


@_file("xref-in-itself.pdf", ARCHIVED, "damaged")
def _xref_loop() -> bytes:
    made = page()
    start = made.rindex(b"xref\n0 ", 0, made.rindex(b"startxref"))
    return made.replace(b"/Root 1 0 R>>", b"/Root 1 0 R/Prev %d>>" % start)


@_file("no-trailer.pdf", ARCHIVED, "damaged")
def _no_trailer() -> bytes:
    return page().partition(b"xref\n")[0]


@_file("cut.pdf", "damaged", says="cut short")
def _cut() -> bytes:
    return SAMPLE.read_bytes()[:2_000]


@_file("garbage-before-and-after.pdf", ARCHIVED)
def _garbage() -> bytes:
    return b"\0garbage\n" * 80 + page() + b"\xffgarbage\0" * 5000


@_file("only-a-head.pdf", "damaged")
def _only_a_head() -> bytes:
    return b"%PDF-1.7\n"


@_file("root-is-a-number.pdf", "damaged", "no_pages")
def _odd_root() -> bytes:
    return pdf({1: b"42"})


@_file("endless-numbers.pdf", ARCHIVED, "damaged")
def _endless_numbers() -> bytes:
    return page(b"9" * 300_000 + b" 0 m " + HELLO, page_extra=b"/Rotate " + b"9" * 100_000)


# Pictures inside of PDFs.


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _drawn(
    name: str, entries: bytes, data: Callable[[], bytes], *outcomes: str, says: str = "", slow: bool = False
) -> None:
    FILES[name] = Case(lambda: picture_page(data(), entries), ".pdf", outcomes or (ARCHIVED,), says, slow)


_GREY8 = b"/ColorSpace/DeviceGray/BitsPerComponent 8"
_NOISE = np.random.default_rng(3).integers(0, 255, (64, 64, 3), dtype=np.uint8)
_drawn("picture-1x1.pdf", b"/Width 1/Height 1" + _GREY8, lambda: b"\0")
_drawn("picture-0x0.pdf", b"/Width 0/Height 0" + _GREY8, lambda: b"")
_drawn("picture-negative.pdf", b"/Width -5/Height 5" + _GREY8, lambda: b"\0" * 25)
_drawn(
    "picture-65500.pdf",
    b"/Width 65500/Height 65500/Filter/FlateDecode" + _GREY8,
    lambda: deflated_zeros(1 << 20),
    "too_large",
    says="GUIDANG_MAX_PICTURE_PIXELS",
)
_drawn(
    "picture-65500-1bit.pdf",
    b"/Width 65500/Height 65500/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/FlateDecode",
    lambda: deflated_zeros(512 << 20),
    ARCHIVED,
    "memory",
    "too_large",
    slow=True,
)
_drawn(
    "picture-2^31.pdf",
    b"/Width 2147483647/Height 2147483647/Filter/FlateDecode" + _GREY8,
    lambda: b"",
    "too_large",
)
_drawn(
    "picture-cmyk.pdf",
    b"/Width 64/Height 64/ColorSpace/DeviceCMYK/BitsPerComponent 8",
    lambda: b"\x10\x80\x40\0" * 4096,
)
_drawn(
    "picture-1bit.pdf", b"/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 1", lambda: b"\xaa" * 512
)
_drawn(
    "picture-16bit.pdf",
    b"/Width 64/Height 64/ColorSpace/DeviceRGB/BitsPerComponent 16",
    lambda: b"\x80\0" * 64 * 64 * 3,
)
_drawn(
    "picture-indexed.pdf",
    b"/Width 8/Height 8/ColorSpace[/Indexed/DeviceRGB 255<000000FFFFFF>]/BitsPerComponent 8",
    lambda: bytes(range(64)),
)
_drawn(
    "picture-jpeg.pdf",
    b"/Width 64/Height 64/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode",
    lambda: _encoded(Image.fromarray(_NOISE), "JPEG", progressive=True),
)
_drawn(
    "picture-jpeg-cmyk.pdf",
    b"/Width 64/Height 64/ColorSpace/DeviceCMYK/BitsPerComponent 8/Filter/DCTDecode",
    lambda: _encoded(Image.fromarray(_NOISE).convert("CMYK"), "JPEG"),
)
_drawn(
    "picture-jpeg2000.pdf",
    b"/Width 64/Height 64/Filter/JPXDecode",
    lambda: _encoded(Image.fromarray(_NOISE), "JPEG2000"),
)
_drawn(
    "picture-jpeg2000-huge.pdf",
    b"/Width 64/Height 64/Filter/JPXDecode",
    lambda: _encoded(Image.fromarray(_NOISE), "JPEG2000", no_jp2=True).replace(
        struct.pack(">II", 64, 64), struct.pack(">II", 60000, 60000)
    ),
    ARCHIVED,
    "crashed",
)
_drawn(
    "picture-jbig2.pdf",
    b"/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/JBIG2Decode",
    lambda: _jbig2(64, 64),
)
_drawn(
    "picture-jbig2-huge.pdf",
    b"/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/JBIG2Decode",
    lambda: _jbig2(0x7FFFFFFF, 0x7FFFFFFF),
)
_drawn(
    "picture-fax-huge.pdf",
    b"/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/CCITTFaxDecode"
    b"/DecodeParms<</K -1/Columns 60000/Rows 2000000000>>",
    lambda: b"\x80" * 5000,
    ARCHIVED,
    "memory",
    "too_large",
    slow=True,
)


def _jbig2(width: int, height: int) -> bytes:
    """Return a page without anything on it, as JBIG2 inside of a PDF."""
    info = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    return struct.pack(">IBBBI", 0, 48, 0, 1, len(info)) + info


# Pictures by themselves.


def _picture(
    name: str, make: Callable[[], bytes], *outcomes: str, says: str = "", slow: bool = False
) -> None:
    FILES[name] = Case(make, Path(name).suffix, outcomes or (ARCHIVED,), says, slow)


def _png(width: int, height: int, data: bytes, kind: bytes = b"\x08\0\0\0\0", more: bytes = b"") -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">II", width, height) + kind
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def _frames(count: int) -> bytes:
    """Return a TIFF of so many frames of 8 × 8 pixels that share their data."""
    out = bytearray(b"II*\0" + struct.pack("<I", 16) + bytes([170]) * 8)
    tags = ((256, 8), (257, 8), (258, 1), (259, 1), (262, 1), (273, 8), (277, 1), (278, 8), (279, 8))
    size = 2 + 12 * len(tags) + 4
    for number in range(count):
        out += struct.pack("<H", len(tags)) + b"".join(
            struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags
        )
        out += struct.pack("<I", 16 + size * (number + 1) if number + 1 < count else 0)
    return bytes(out)


def _cyclic_tiff() -> bytes:
    made = bytearray(_frames(3))
    made[-4:] = struct.pack("<I", 16)
    return bytes(made)


def _turned() -> bytes:
    picture = Image.fromarray(_NOISE)
    exif = picture.getexif()
    exif[0x0112] = 6
    return _encoded(picture, "JPEG", exif=exif)


def _animated() -> bytes:
    frames = [Image.new("L", (64, 64), shade) for shade in (255, 0, 128)]
    return _encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])


_picture("frames-10000.tif", lambda: _frames(10_000), "too_large", says="GUIDANG_MAX_PAGES")
_picture("frames-in-a-circle.tif", _cyclic_tiff, ARCHIVED, "damaged")
_picture(
    "huge.png",
    lambda: _png(60_000, 60_000, zlib.compress(b"\0" * 100)),
    "too_large",
    says="GUIDANG_MAX_PICTURE_PIXELS",
)
_picture("bomb.png", lambda: _png(12_000, 12_000, deflated_zeros(138 << 20)), ARCHIVED, slow=True)
_picture(
    "text-bomb.png", lambda: _png(8, 8, zlib.compress(b"\0" * 72), more=_text_chunk()), ARCHIVED, "damaged"
)
_picture("1x1.png", lambda: _encoded(Image.new("L", (1, 1)), "PNG"))
_picture("animated.png", _animated)
_picture("16bit.png", lambda: _encoded(Image.fromarray(_NOISE[..., 0].astype(np.uint16) * 256), "PNG"))
_picture("palette.png", lambda: _encoded(Image.fromarray(_NOISE).convert("P"), "PNG"))
_picture("interlaced.png", lambda: _png(1, 1, zlib.compress(b"\0\xff"), b"\x08\0\0\0\1"))
_picture("cmyk.jpg", lambda: _encoded(Image.fromarray(_NOISE).convert("CMYK"), "JPEG", progressive=True))
_picture("turned.jpg", _turned)
_picture("strip-65500.jpg", lambda: _encoded(Image.new("L", (65_500, 16), 255), "JPEG"))
_picture("cut.jpg", lambda: _turned()[:900], "damaged", says="damaged")
_picture("1bit.tif", lambda: _encoded(Image.new("1", (200, 300), 1), "TIFF", compression="group4"))
_picture("cmyk.tif", lambda: _encoded(Image.fromarray(_NOISE).convert("CMYK"), "TIFF"))
_picture(
    "float.tif",
    lambda: _encoded(Image.fromarray(np.full((64, 64), np.nan, np.float32)), "TIFF"),
    ARCHIVED,
    "damaged",
)


def _text_chunk() -> bytes:
    body = b"k\0\0" + deflated_zeros(256 << 20)
    return struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))


# Zips and office documents, as documents.


def zipped(members: Mapping[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()


def _zips_in_zips(depth: int) -> bytes:
    data = page()
    for level in range(depth):
        data = zipped({f"level{level}.{'pdf' if level == 0 else 'zip'}": data})
    return data


_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_ENTITIES = (
    b'<!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;">' % (n + 1, *[n] * 10)
        for n in range(97, 115)
    )
    + b"]><a>&s;</a>"
)
_picture(
    "many-members.zip",
    lambda: zipped({f"{n}": b"" for n in range(12_000)}, zipfile.ZIP_STORED),
    "too_large",
    says="GUIDANG_MAX_ZIP_MEMBERS",
)
_picture("too-deep.zip", lambda: _zips_in_zips(2), "not_a_document", says="GUIDANG_MAX_ZIP_DEPTH")
_picture("not-a-zip.zip", lambda: b"PK\x03\x04" + b"\xff" * 300, "not_a_document", says="damaged")
_picture("empty.zip", lambda: zipped({}), "not_a_document")
_picture("odd.ofd", lambda: zipped({"OFD.xml": _ENTITIES}), "damaged", "no_pages")
_picture(
    "odd.xlsx",
    lambda: zipped({"xl/workbook.xml": _ENTITIES, "[Content_Types].xml": _TYPES}),
    "damaged",
)
_picture(
    "odd.docx",
    lambda: zipped({"word/document.xml": _ENTITIES, "[Content_Types].xml": _TYPES}),
    "damaged",
)
_picture("odd.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 9000, "damaged")
_picture("nothing.pdf", lambda: b"", "empty")
