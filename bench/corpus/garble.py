"""Text layers gone wrong: a sound digital report copied so that it looks the same and reads otherwise.

Every kind is a function (source, target). They understand what typst writes and the samples are made
of: one block `q … cm … BT … ET Q` a run of glyphs, fonts with two-byte codes and a ToUnicode map of
single characters. Needs pikepdf, which is no dependency of the project.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium
from PIL import Image

Kind = Callable[[Path, Path], None]
# Codes of a font → what they are to be read as, None to leave them out of the map.
Change = Callable[[Sequence[str]], Mapping[str, str | None]]
Fonts = Callable[[str], bool]  # chosen by the characters of their map
_ENTRY = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>(?=\s)")
_PART = re.compile(rb"\d+ beginbfchar.*?endbfchar", re.S)
_HANZI = ("一", "鿿")


def every(_: str) -> bool:
    """All fonts."""
    return True


def of_digits(characters: str) -> bool:
    """Fonts that set digits and no hanzi."""
    return any(c.isdecimal() for c in characters) and not any(is_hanzi(c) for c in characters)


def of_hanzi(characters: str) -> bool:
    """Fonts that set hanzi."""
    return any(is_hanzi(c) for c in characters)


def is_hanzi(character: str) -> bool:
    """Whether it is one of the common block."""
    return _HANZI[0] <= character <= _HANZI[1]


def remapped(change: Change, fonts: Fonts = every) -> Kind:
    """Change the ToUnicode maps of fonts."""

    def spoil(source: Path, target: Path) -> None:
        with pikepdf.open(source) as pdf:
            for table in _maps(pdf):
                cmap = table.read_bytes()
                known = [_text(entry[2]) for part in _PART.findall(cmap) for entry in _ENTRY.finditer(part)]
                if fonts("".join(known)):
                    table.write(rewritten(cmap, change(sorted(set(known)))))
            pdf.save(target, deterministic_id=True)

    return spoil


def _maps(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and "/ToUnicode" in item:
            yield item["/ToUnicode"]


def _text(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be", "replace")


def rewritten(cmap: bytes, changes: Mapping[str, str | None]) -> bytes:
    def part(found: re.Match[bytes]) -> bytes:
        kept = [(e[1], changes.get(_text(e[2]), _text(e[2]))) for e in _ENTRY.finditer(found[0])]
        lines = [
            b"<%s> <%s>\n" % (code, text.encode("utf-16-be").hex().encode()) for code, text in kept if text
        ]
        return b"%d beginbfchar\n" % len(lines) + b"".join(lines) + b"endbfchar"

    return _PART.sub(part, cmap)


def permuted(belongs: Callable[[str], bool], seed: int = 1) -> Change:
    """Move each character that belongs on to the next of a shuffled round."""

    def change(known: Sequence[str]) -> dict[str, str | None]:
        chosen = [c for c in known if belongs(c)]
        order = [chosen[i] for i in np.random.default_rng(seed).permutation(len(chosen))]
        return dict(zip(order, order[1:] + order[:1], strict=True))

    return change


def shifted(known: Sequence[str]) -> dict[str, str | None]:
    """Every character read as the one after it in Unicode."""
    return {c: chr(ord(c) + 1) for c in known}


def swapped(one: str, other: str) -> Change:
    """Two characters that trade places."""
    return lambda known: {one: other, other: one}


def rare(known: Sequence[str]) -> dict[str, str | None]:
    """One hanzi in twenty trades places with another."""
    return permuted(lambda c: is_hanzi(c) and ord(c) % 20 == 0)(known)


def partly(replacement: str | None, share: float = 0.3) -> Change:
    """A share of the characters, digits among them, are read as `replacement`; None leaves them out."""
    return lambda known: {c: replacement for c in known if (ord(c) * 7919 % 100) < 100 * share}


def without_maps(source: Path, target: Path) -> None:
    """Take the ToUnicode maps out."""
    with pikepdf.open(source) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and "/ToUnicode" in item:
                del item["/ToUnicode"]
        pdf.save(target, deterministic_id=True)


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between q and Q; `x` and `y` are its place where it is text."""

    steps: tuple[Any, ...]
    is_text: bool
    x: float
    y: float


def blocks_of(page: Any) -> list[Block]:
    blocks, steps, depth = [], [], 0
    for step in pikepdf.parse_content_stream(page):
        steps.append(step)
        depth += {"q": 1, "Q": -1}.get(str(step.operator), 0)
        if depth == 0:
            blocks.append(_block(steps))
            steps = []
    return blocks


def _block(steps: Sequence[Any]) -> Block:
    place = next((s.operands for s in steps if str(s.operator) == "cm"), [1, 0, 0, 1, 0, 0])
    is_text = any(str(step.operator) == "BT" for step in steps)
    return Block(tuple(steps), is_text, float(place[4]), float(place[5]))


def write_page(
    pdf: pikepdf.Pdf, page: Any, blocks: Sequence[Block], before: bytes = b"", after: bytes = b""
) -> None:
    steps = [step for block in blocks for step in block.steps]
    page.Contents = pdf.make_stream(before + pikepdf.unparse_content_stream(steps) + b"\n" + after)


def shuffled(source: Path, target: Path) -> None:
    """Draw every glyph by itself, in a random order, each in its old place."""
    rng = np.random.default_rng(2)
    with pikepdf.open(source) as pdf:
        for page in pdf.pages:
            blocks = blocks_of(page)
            drawn = [block for block in blocks if not block.is_text]
            glyphs = [glyph for block in blocks if block.is_text for glyph in _glyphs(block, page)]
            write_page(pdf, page, drawn + [glyphs[i] for i in rng.permutation(len(glyphs))])
        pdf.save(target, deterministic_id=True)


def _glyphs(block: Block, page: Any) -> Iterator[Block]:
    """One block a glyph, moved along by the widths of the font."""
    font, size = next(s.operands for s in block.steps if str(s.operator) == "Tf")
    widths = _widths(page.Resources.Font[str(font)].DescendantFonts[0])
    shown = next(s.operands for s in block.steps if str(s.operator) in {"Tj", "TJ"})
    items = shown[0] if isinstance(shown[0], pikepdf.Array) else shown
    x = block.x
    for item in items:
        if not isinstance(item, pikepdf.String):
            x -= float(item) / 1000 * float(size)
            continue
        codes = bytes(item)
        for code in (codes[i : i + 2] for i in range(0, len(codes), 2)):
            yield _moved(block, x, code)
            x += widths.get(int.from_bytes(code), 0.0) / 1000 * float(size)


def _widths(font: Any) -> dict[int, float]:
    entries, widths, n = list(font.W), {}, 0
    while n < len(entries):
        first, second = int(entries[n]), entries[n + 1]
        if isinstance(second, pikepdf.Array):
            widths |= {first + i: float(width) for i, width in enumerate(second)}
            n += 2
        else:
            widths |= dict.fromkeys(range(first, int(second) + 1), float(entries[n + 2]))
            n += 3
    return widths


def _moved(block: Block, x: float, code: bytes) -> Block:
    steps = []
    for step in block.steps:
        name = str(step.operator)
        if name == "cm":
            operands = [*list(step.operands)[:4], round(x, 4), step.operands[5]]
            steps.append(pikepdf.ContentStreamInstruction(operands, step.operator))
        elif name in {"Tj", "TJ"}:
            steps.append(pikepdf.ContentStreamInstruction([pikepdf.String(code)], pikepdf.Operator("Tj")))
        else:
            steps.append(step)
    return Block(tuple(steps), True, x, block.y)


def poor(known: Sequence[str]) -> dict[str, str | None]:
    """What an old OCR got wrong everywhere: two digits and a few hanzi."""
    return swapped("6", "8")(known) | rare(known)


def scanned(mode: str) -> Kind:
    """A picture of every page with a poor layer: `hidden` (render mode 3), `below` or `above` the picture."""

    def spoil(source: Path, target: Path) -> None:
        remapped(poor)(source, target)
        pictures = list(pictures_of(source, 200))
        with pikepdf.open(target, allow_overwriting_input=True) as pdf:
            for page, picture in zip(pdf.pages, pictures, strict=True):
                box = [float(v) for v in page.mediabox]
                draw = placed(pdf, page, picture, (box[0], box[1], box[2], box[3]))
                texts = [block for block in blocks_of(page) if block.is_text]
                if mode == "hidden":
                    texts = [with_mode(block, 3) for block in texts]
                write_page(pdf, page, texts, *((b"", draw) if mode == "below" else (draw, b"")))
            pdf.save(target, deterministic_id=True)

    return spoil


def with_mode(block: Block, mode: int) -> Block:
    steps = tuple(
        pikepdf.ContentStreamInstruction([mode], step.operator) if str(step.operator) == "Tr" else step
        for step in block.steps
    )
    return Block(steps, block.is_text, block.x, block.y)


def pictures_of(source: Path, dpi: int) -> Iterator[Image.Image]:
    document = pdfium.PdfDocument(source)
    try:
        for page in document:
            yield page.render(scale=dpi / 72).to_pil().convert("RGB")
    finally:
        document.close()


def placed(
    pdf: pikepdf.Pdf, page: Any, picture: Image.Image, box: tuple[float, float, float, float]
) -> bytes:
    """Drawing steps for a picture on a page, kept as a JPEG of good quality."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    stream = pdf.make_stream(buffer.getvalue())
    stream.update(
        {
            "/Type": pikepdf.Name.XObject,
            "/Subtype": pikepdf.Name.Image,
            "/Width": picture.width,
            "/Height": picture.height,
            "/ColorSpace": pikepdf.Name.DeviceRGB,
            "/BitsPerComponent": 8,
            "/Filter": pikepdf.Name.DCTDecode,
        }
    )
    page.Resources.XObject = pikepdf.Dictionary(
        {**dict(page.Resources.get("/XObject", {})), "/Pasted": stream}
    )
    left, bottom, right, top = box
    return b"q %.3f 0 0 %.3f %.3f %.3f cm /Pasted Do Q\n" % (right - left, top - bottom, left, bottom)


def pasted(dpi: int, layer: bool = False) -> Kind:
    """Tables become pictures of `dpi`, the text around them stays; with `layer`, text hides below them."""

    def spoil(source: Path, target: Path) -> None:
        pictures = list(pictures_of(source, dpi))
        with pikepdf.open(source) as pdf:
            for page, picture in zip(pdf.pages, pictures, strict=True):
                blocks = blocks_of(page)
                box = table_box(blocks)
                if box is None:
                    continue
                height = float(page.mediabox[3])
                edges = (box[0], height - box[3], box[2], height - box[1])
                cut = picture.crop(tuple(round(v * dpi / 72) for v in edges))
                kept = [b for b in blocks if (layer and b.is_text) or not is_inside(b, box)]
                write_page(pdf, page, kept, after=placed(pdf, page, cut, box))
            pdf.save(target, deterministic_id=True)

    return spoil


def is_inside(block: Block, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= block.x <= box[2] and box[1] <= block.y <= box[3]


def table_box(blocks: Sequence[Block]) -> tuple[float, float, float, float] | None:
    """Box (left, bottom, right, top) round the rules of a page, a little wider; None where it has none."""
    ends = []
    for block in blocks:
        names = [str(step.operator) for step in block.steps]
        if not block.is_text and "l" in names and "S" in names:
            x, y = (float(v) for v in block.steps[names.index("l")].operands)
            ends += [(block.x, block.y), (block.x + x, block.y - y)]
    if len(ends) < 12:
        return None
    low, high = np.min(ends, axis=0) - 3, np.max(ends, axis=0) + 3
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def outlined(chosen: Fonts) -> Kind:
    """The glyphs of fonts so chosen become filled outlines, with nothing in the text layer."""

    def spoil(source: Path, target: Path) -> None:
        with pikepdf.open(source) as pdf:
            for page in pdf.pages:
                blocks = blocks_of(page)
                names = {str(n) for n, f in page.Resources.Font.items() if chosen(known_characters(f))}
                gone = [b for b in blocks if b.is_text and font_of(b) in names]
                alone = _only(source, page, gone)
                write_page(pdf, page, [b for b in blocks if b not in gone], after=_outlines(alone, page))
            pdf.save(target, deterministic_id=True)

    return spoil


def known_characters(font: Any) -> str:
    cmap = font.ToUnicode.read_bytes()
    return "".join(_text(e[2]) for part in _PART.findall(cmap) for e in _ENTRY.finditer(part))


def font_of(block: Block) -> str:
    return str(next(s.operands[0] for s in block.steps if str(s.operator) == "Tf"))


def _only(source: Path, page: Any, blocks: Sequence[Block], dpi: int = 1200) -> np.ndarray[Any, Any]:
    """The ink of some blocks of a page alone, drawn large."""
    with pikepdf.new() as single:
        single.pages.append(page)
        write_page(single, single.pages[0], blocks)
        buffer = io.BytesIO()
        single.save(buffer)
    document = pdfium.PdfDocument(buffer.getvalue())
    pixels = document[0].render(scale=dpi / 72, grayscale=True).to_numpy()
    document.close()
    return np.asarray(pixels.reshape(pixels.shape[:2]) < 128, dtype=np.uint8)


def _outlines(ink: np.ndarray[Any, Any], page: Any, dpi: int = 1200) -> bytes:
    contours, _ = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    height, scale = float(page.mediabox[3]), 72 / dpi
    paths = []
    for contour in contours:
        points = [(x * scale, height - y * scale) for x, y in contour.reshape(-1, 2)]
        if len(points) > 2:
            moves = [b"%.2f %.2f %s" % (x, y, b"l" if n else b"m") for n, (x, y) in enumerate(points)]
            paths.append(b"\n".join(moves) + b" h")
    return b"q 0 g\n" + b"\n".join(paths) + b"\nf*\nQ\n" if paths else b""


def whitened(chosen: Fonts) -> Kind:
    """The text of fonts so chosen is printed white on white."""

    def spoil(source: Path, target: Path) -> None:
        with pikepdf.open(source) as pdf:
            for page in pdf.pages:
                names = {str(n) for n, f in page.Resources.Font.items() if chosen(known_characters(f))}
                blocks = blocks_of(page)
                write_page(
                    pdf, page, [whitened_block(b) if b.is_text and font_of(b) in names else b for b in blocks]
                )
            pdf.save(target, deterministic_id=True)

    return spoil


def whitened_block(block: Block) -> Block:
    white = pikepdf.ContentStreamInstruction([1], pikepdf.Operator("g"))
    starts = [n for n, step in enumerate(block.steps) if str(step.operator) == "BT"]
    steps = (*block.steps[: starts[0]], white, *block.steps[starts[0] :])
    return Block(steps, True, block.x, block.y)


KINDS: dict[str, Kind] = {
    "a-digits": remapped(permuted(str.isdecimal)),
    "a-hanzi": remapped(permuted(is_hanzi)),
    "a-shifted": remapped(shifted),
    "a-pair": remapped(swapped("3", "8")),
    "a-pair01": remapped(swapped("0", "1")),
    "a-rare": remapped(rare),
    "b-shuffled": shuffled,
    "c-missing": without_maps,
    "d-fffd": remapped(partly("\ufffd")),
    "d-absent": remapped(partly(None)),
    "d-nul": remapped(partly("\0")),
    "d-private": remapped(partly("\ue123")),
    "d-cid": remapped(partly("(cid:12)")),
    "e-digits": remapped(permuted(str.isdecimal), of_digits),
    "e-hanzi": remapped(permuted(is_hanzi), of_hanzi),
    "e-heading": remapped(shifted, lambda known: of_hanzi(known) and len(known) < 60),
    "f-hidden": scanned("hidden"),
    "f-below": scanned("below"),
    "f-above": scanned("above"),
    "g-pasted": pasted(200),
    "g-layer": pasted(150, layer=True),
    "h-digits": outlined(of_digits),
    "h-heading": outlined(lambda known: of_hanzi(known) and len(known) < 60),
}
