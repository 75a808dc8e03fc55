"""Tables, and whole sections, that are pictures inside of a digital page whose other text is sound."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from PIL import Image, ImageOps

from bench.accuracy.text import plain
from bench.accuracy.truth import read_truth
from bench.cases.base import Case, Check, Outcome
from bench.corpus import garble

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Pasted:
    """How a table became a picture: `wider`, `cut` in points, `frame` in pixels; without `quality` a PNG."""

    dpi: int
    quality: int | None = None
    wider: float = 3.0
    cut: float = 0.0
    frame: int = 0
    section: bool = False


# Six resolutions, pictures with losses and without, cut close, framed, with their headings.
LOOKS = {
    "png96": Pasted(96),
    "png120": Pasted(120),
    "png160": Pasted(160),
    "png200": Pasted(200),
    "jpeg120": Pasted(120, 75),
    "jpeg150": Pasted(150, 60),
    "jpeg200": Pasted(200, 40),
    "cut160": Pasted(160, cut=2.5),
    "framed150": Pasted(150, 80, wider=8.0, frame=2),
    "section150": Pasted(150, section=True),
    "section200": Pasted(200, 70, section=True),
}
REPORTS = {"form2021": 2, "form2019": 2}


def draw(folder: Path) -> Iterator[Case]:
    """22 pages: eleven looks of the last page of two reports, in Song and in Kai."""
    for report, number in REPORTS.items():
        truth = read_truth(SAMPLES / f"{report}.truth.csv")
        for name, look in LOOKS.items():
            target = folder / f"{report}-{name}.pdf"
            around = _paste(SAMPLES / f"{report}.pdf", number, look, target)
            yield Case(target, tuple(fact for fact in truth if fact.table == "review"), _keeps(around))


def _paste(source: Path, number: int, look: Pasted, target: Path) -> str:
    """Put a picture in the place of the table, or of all above its foot; return the text that stays."""
    document = pdfium.PdfDocument(source)
    picture = document[number].render(scale=look.dpi / 72).to_pil().convert("RGB")
    document.close()
    with pikepdf.open(source) as pdf:
        del pdf.pages[number + 1 :]
        del pdf.pages[:number]
        page = pdf.pages[0]
        blocks = garble.blocks_of(page)
        box = _box(blocks, look, [float(value) for value in page.mediabox])
        kept = [block for block in blocks if not garble.is_inside(block, box)]
        garble.write_page(pdf, page, kept, after=_placed(pdf, page, picture, box, look))
        pdf.save(target, deterministic_id=True)
    document = pdfium.PdfDocument(target)
    text = plain(document[0].get_textpage().get_text_range())
    document.close()
    return text


def _box(blocks: list[garble.Block], look: Pasted, page: list[float]) -> Rectangle:
    found = garble.table_box(blocks)
    assert found
    left, bottom, right, top = found
    if look.section:
        return page[0] + 40, bottom - look.wider, page[2] - 40, page[3] - 40
    grown = look.wider - 3.0 - look.cut
    return left - grown, bottom - grown, right + grown, top + grown


def _placed(pdf: pikepdf.Pdf, page: pikepdf.Page, whole: Image.Image, box: Rectangle, look: Pasted) -> bytes:
    height, scale = float(page.mediabox[3]), look.dpi / 72
    edges = (box[0], height - box[3], box[2], height - box[1])
    left, top, right, bottom = (round(edge * scale) for edge in edges)
    cut = whole.crop((left, top, right, bottom))
    if look.frame:
        cut = ImageOps.expand(ImageOps.crop(cut, look.frame), look.frame, "black")
    if look.quality:
        stream = io.BytesIO()
        cut.save(stream, "JPEG", quality=look.quality)
        cut = Image.open(stream).convert("RGB")
    shown = pdf.make_stream(
        cut.tobytes(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=cut.width,
        Height=cut.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
    )
    page.Resources.XObject = pikepdf.Dictionary(Pasted=shown)
    width, tall = box[2] - box[0], box[3] - box[1]
    return b"q %.3f 0 0 %.3f %.3f %.3f cm /Pasted Do Q\n" % (width, tall, box[0], box[1])


def _keeps(around: str) -> Check:
    """Check that the text round the picture is told to the letter."""

    def check(outcome: Outcome) -> str:
        read = plain("".join(page["text"] for page in outcome.pages))
        return "" if around[-60:-5] in read else f"{around[-60:-5]!r} not in {read[-90:]!r}"

    return check
