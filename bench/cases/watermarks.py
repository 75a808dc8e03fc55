"""Watermarks across a sound text layer: tiled or single, text, curves, pictures, annotations."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import typst
from PIL import Image, ImageDraw, ImageFont

from bench.accuracy.text import plain
from bench.accuracy.truth import read_truth
from bench.cases.base import Case, Outcome
from core.fonts import packaged_fonts

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
REPORT = SAMPLES / "onepage.pdf"
# No character of these is printed in the report but the digits.
WORDS = "仅供校核使用2019"
GREY, SILVER, RED, BLUE = (120, 120, 120), (192, 192, 192), (220, 30, 30), (40, 80, 200)
A4 = (595.28, 841.89)


@dataclass(frozen=True, slots=True)
class Mark:
    """How a watermark looks: `alpha` in percent, `size` in points, `steps` between tiles if tiled."""

    colour: tuple[int, int, int]
    alpha: int
    size: float
    angle: float = -35.0
    steps: tuple[float, float] | None = None
    words: str = WORDS


TILED = (210.0, 110.0)
TEXTS = {
    "tiled-grey": Mark(GREY, 35, 22, steps=TILED),
    "tiled-red": Mark(RED, 30, 20, steps=TILED),
    "tiled-blue": Mark(BLUE, 25, 18, steps=(160.0, 80.0)),
    "tiled-flat": Mark(GREY, 30, 18, 0.0, (230.0, 65.0)),
    "tiled-silver": Mark(SILVER, 100, 22, steps=TILED),
    "tiled-steep": Mark(GREY, 40, 24, -60.0, TILED),
    "single-grey": Mark(GREY, 35, 64),
    "single-red": Mark(RED, 35, 60, -45.0),
    "single-silver": Mark(SILVER, 100, 70, -52.0),
    "single-flat": Mark(SILVER, 60, 58, 0.0),
    "single-strong": Mark(RED, 90, 54, -40.0),
    "single-digits": Mark(GREY, 40, 120, -30.0, words="2019"),
}
PICTURES = {
    "picture-single": Mark(GREY, 35, 64),
    "picture-tiled": Mark(GREY, 35, 22, steps=TILED),
    "picture-red": Mark(RED, 30, 60, -45.0),
    "picture-silver": Mark(SILVER, 100, 64),
}


def draw(folder: Path) -> Iterator[Case]:
    """28 copies of one report: text over and under, pictures over and under, annotations, curves."""
    for name, mark in TEXTS.items():
        yield _case(folder / f"{name}.pdf", _set(mark), over=True)
    for name in ("tiled-grey", "tiled-silver", "single-red", "single-silver"):
        yield _case(folder / f"{name}-under.pdf", _set(TEXTS[name]), over=False)
    for name, mark in PICTURES.items():
        yield _case(folder / f"{name}-over.pdf", _picture(mark), over=True)
        yield _case(folder / f"{name}-under.pdf", _picture(mark), over=False)
    for name in ("tiled-grey", "single-red"):
        yield _case(folder / f"{name}-annotation.pdf", _set(TEXTS[name]), over=None)
    for name in ("single-grey", "single-silver"):
        yield _case(folder / f"{name}-curves.pdf", _outlined(TEXTS[name]), over=False)


def _case(target: Path, mark: bytes, over: bool | None) -> Case:
    with pikepdf.open(REPORT) as pdf, pikepdf.open(io.BytesIO(mark)) as drawn:
        for page in pdf.pages:
            if over is None:
                _annotate(pdf, page, drawn.pages[0])
            else:
                (page.add_overlay if over else page.add_underlay)(drawn.pages[0])
        pdf.save(target, deterministic_id=True)
    truth = read_truth(REPORT.with_suffix(".truth.csv"))
    return Case(target, tuple(truth), _unseen)


def _unseen(outcome: Outcome) -> str:
    """Check that the layer is believed and that no word of the watermark is read."""
    routes = {page["route"] for page in outcome.pages}
    read = plain("".join(page["text"] for page in outcome.pages))
    seen = [character for character in "仅校核" if character in read]
    return f"{routes}, of the watermark {seen}" if routes != {"digital"} or seen else ""


def _annotate(pdf: pikepdf.Pdf, page: pikepdf.Page, drawn: pikepdf.Page) -> None:
    form = pdf.copy_foreign(drawn.as_form_xobject())
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Watermark,
        Rect=[0, 0, *A4],
        F=4,
        AP=pikepdf.Dictionary(N=form),
    )
    page.obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def _set(mark: Mark) -> bytes:
    red, green, blue = mark.colour
    placed = "\n".join(
        f"#place(dx: {x}pt, dy: {y}pt, rotate({mark.angle}deg, box[{mark.words}]))" for x, y in _places(mark)
    )
    page = f"#set page(width: {A4[0]}pt, height: {A4[1]}pt, margin: 0pt, fill: none)"
    fill = f"rgb({red}, {green}, {blue}, {mark.alpha}%)"
    text = f'#set text(font: "Noto Sans SC", size: {mark.size}pt, fill: {fill})'
    source = f"{page}\n{text}\n{placed}\n"
    return typst.compile(source.encode(), font_paths=[str(packaged_fonts()[0].parent)])


def _places(mark: Mark) -> list[tuple[float, float]]:
    if mark.steps is None:
        return [(A4[0] / 2 - mark.size * len(mark.words) / 2.6, A4[1] * 0.45)]
    across, down = mark.steps
    return [(x * across - 40, y * down) for y in range(1, int(A4[1] / down)) for x in range(4)]


def _picture(mark: Mark, dpi: int = 110) -> bytes:
    """The mark as one picture over the page, transparent where nothing is drawn."""
    scale = dpi / 72
    page = Image.new("RGBA", (round(A4[0] * scale), round(A4[1] * scale)), (255, 255, 255, 0))
    font = ImageFont.truetype(str(packaged_fonts()[0]), round(mark.size * scale))
    for x, y in _places(mark):
        width = round(font.getlength(mark.words))
        tile = Image.new("RGBA", (width, round(mark.size * scale * 1.5)), (*mark.colour, 0))
        ink = (*mark.colour, round(2.55 * mark.alpha))
        ImageDraw.Draw(tile).text((0, 0), mark.words, font=font, fill=ink)
        turned = tile.rotate(-mark.angle, expand=True, resample=Image.Resampling.BICUBIC)
        middle = round(y * scale) - turned.height // 2 + tile.height // 2
        page.alpha_composite(turned, (max(0, round(x * scale)), max(0, middle)))
    return _as_pdf(page)


def _as_pdf(picture: Image.Image) -> bytes:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=A4)
        mask = _samples(pdf, picture.getchannel("A"), pikepdf.Name.DeviceGray)
        shown = _samples(pdf, picture.convert("RGB"), pikepdf.Name.DeviceRGB)
        shown.SMask = mask
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Mark=shown))
        page.Contents = pdf.make_stream(f"q {A4[0]} 0 0 {A4[1]} 0 0 cm /Mark Do Q".encode())
        stream = io.BytesIO()
        pdf.save(stream, deterministic_id=True)
    return stream.getvalue()


def _samples(pdf: pikepdf.Pdf, picture: Image.Image, space: pikepdf.Name) -> pikepdf.Stream:
    return pdf.make_stream(
        picture.tobytes(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=space,
        BitsPerComponent=8,
    )


def _outlined(mark: Mark) -> bytes:
    """The mark as filled curves, as word processors write decorated text."""
    with pikepdf.new() as curves:
        page = curves.add_blank_page(page_size=A4)
        tone = " ".join(f"{1 - mark.alpha / 100 * (1 - value / 255):.3f}" for value in mark.colour)
        page.Contents = curves.make_stream(f"{tone} rg\n{_strokes(mark)}".encode())
        stream = io.BytesIO()
        curves.save(stream, deterministic_id=True)
    return stream.getvalue()


def _strokes(mark: Mark) -> str:
    from fontTools.misc.transform import Identity
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.ttLib import TTFont

    font = TTFont(packaged_fonts()[0])
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    (x, y), scale = _places(mark)[0], mark.size / font["head"].unitsPerEm
    matrix = Identity.translate(x, A4[1] - y - 200).rotate(-mark.angle * 3.14159 / 180).scale(scale)
    steps: list[str] = []
    for character in mark.words:
        pen = DecomposingRecordingPen(glyphs)
        glyphs[names[ord(character)]].draw(TransformPen(pen, matrix))
        steps += [_step(name, points) for name, points in pen.value] + ["f"]
        matrix = matrix.translate(glyphs[names[ord(character)]].width, 0)
    return "\n".join(steps)


def _step(name: str, points: tuple[tuple[float, float], ...]) -> str:
    operator = {"moveTo": "m", "lineTo": "l", "curveTo": "c", "closePath": "h", "endPath": "h"}[name]
    return " ".join([*(f"{x:.2f} {y:.2f}" for x, y in points), operator])
