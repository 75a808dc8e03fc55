"""Pages of vertical print: ruled, plain, in bands, spreads, with notes in small type, as scans and pictures.

Drawn glyph by glyph with the vertical forms of the font (Pillow with Raqm); needs Debian's fonts-noto-cjk and
fonts-arphic-*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

from bench.accuracy.text import plain
from bench.cases.base import Case, Check, Outcome
from bench.corpus.steps import Step, blur, jpeg, noise, skew
from samples.generator import typeset

# Files below the folders of fonts, and the face in them.
SONG, SONG_T = ("NotoSerifCJK-Regular.ttc", 2), ("NotoSerifCJK-Regular.ttc", 3)
HEI, HEI_T = ("NotoSansCJK-Regular.ttc", 2), ("NotoSansCJK-Regular.ttc", 3)
KAI, KAI_T, MING_T = ("arphic/ukai.ttc", 0), ("arphic/ukai.ttc", 2), ("arphic/uming.ttc", 2)
MODERN = (
    "本县自去年春天起，逐步公开各部门的预算、决算与采购结果。凡属群众关心的事项，例如修路、供水、学校招生，"
    "均在办结后二十日内张榜公布；不便张榜的，登在公报上。有人问：为什么要登公报？答：公报人人可以查阅，日后也有据可查。"
    "至于收费标准，另见《收费目录》，不再重复。各乡镇每月报送一次，由专人核对数字，遇有出入，退回重填——不得代为改动。"
    "「公开是常态，不公开是例外」这句话，应当写在每间办事大厅的墙上。"
)
OLD = (
    "是歲夏大旱，井泉皆竭。縣令率父老禱於城南，越三日乃雨，田禾復蘇。民感其誠，立石記之。"
    "其辭曰：山川有靈，雲雨是興；惟德動天，不遠伊邇。後二十年，石仆於水，里人復樹之，並鐫年月於其陰。"
    "或問：古之令尹，何以得此於民哉？對曰：不奪其時，不竭其力，如是而已矣。"
    "余過其地，摩挲舊刻，猶可誦讀，因錄其文，以備邑乘之缺。"
)
HEADINGS = ("政务公开简报", "第七期")
MARKS, LYING, BRACKETS = set("，。、；："), set("—…"), set("「」《》")
_MOST = 0.02
# The lines, by how much is printed before them, that have a note.
_NOTED = (1, 6)
NOTES = ("此處原缺二字今據舊志補", "音歷一作櫟在縣東十里")


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is set: sizes in pixels at 200 dpi, `pitch` and `leading` in em."""

    face: tuple[str, int] = SONG
    size: int = 40
    pitch: float = 1.08
    leading: float = 1.8
    text: str = MODERN
    length: int = 24
    bands: int = 1
    ruled: bool = False
    framed: bool = False
    empty: tuple[int, ...] = ()
    red: bool = False
    heading: bool = False
    number: bool = False
    spread: bool = False
    notes: bool = False
    steps: tuple[Step, ...] = ()
    form: str = "jpg"
    dpi: int = 200


_OFFICE = (blur(0.5), skew(0.5), noise(3.0))
_PLAIN = Look()
_RULED = Look(KAI_T, 44, 1.25, 1.75, OLD, 17, ruled=True, framed=True)
LOOKS = {
    "song": _PLAIN,
    "hei-scan": replace(_PLAIN, face=HEI, steps=_OFFICE, form="pdf"),
    "kai-small": replace(_PLAIN, face=KAI, size=32, length=30, steps=_OFFICE),
    "large-150": replace(_PLAIN, size=52, length=18, dpi=150, steps=(*_OFFICE, jpeg(45))),
    "wide-pitch": replace(_PLAIN, pitch=1.35, length=18, steps=_OFFICE, form="pdf"),
    "old-song": replace(_PLAIN, face=SONG_T, text=OLD, steps=_OFFICE),
    "old-ming": replace(_PLAIN, face=MING_T, text=OLD, size=46, length=20),
    "ruled-kai": _RULED,
    "ruled-empty": replace(_RULED, empty=(1, 2, 6)),
    "ruled-red": replace(_RULED, empty=(4,), red=True),
    "ruled-scan": replace(_RULED, face=SONG_T, steps=_OFFICE, form="pdf"),
    "ruled-new": replace(_RULED, face=SONG, text=MODERN, length=20, steps=_OFFICE, form="pdf"),
    "ruled-open": replace(_RULED, framed=False, face=MING_T, steps=_OFFICE),
    "bands-two": replace(_PLAIN, bands=2, length=15, steps=_OFFICE, form="pdf"),
    "bands-three": replace(_PLAIN, face=HEI, size=36, bands=3, length=12, leading=1.6),
    "bands-ruled": replace(_PLAIN, bands=2, length=14, size=42, ruled=True, framed=True, steps=_OFFICE),
    "bands-heading": replace(_PLAIN, bands=2, length=14, heading=True, number=True, steps=_OFFICE),
    "heading": replace(_PLAIN, heading=True, number=True, form="pdf"),
    "heading-ruled": replace(_RULED, heading=True, number=True, steps=_OFFICE),
    "spread": replace(_PLAIN, spread=True, text=MODERN + OLD, face=SONG_T, steps=_OFFICE, form="pdf"),
    "spread-ruled": replace(_RULED, spread=True, text=OLD + OLD, steps=_OFFICE),
    "notes": replace(_RULED, notes=True),
    "notes-scan": replace(
        _RULED, notes=True, face=SONG_T, ruled=False, framed=False, steps=_OFFICE, form="pdf"
    ),
    "solid": replace(_PLAIN, pitch=1.0, leading=1.5, face=HEI, steps=_OFFICE),
}


def draw(folder: Path) -> Iterator[Case]:
    """24 pages, one for each look."""
    for number, (name, look) in enumerate(LOOKS.items()):
        image, printed = draw_page(look, np.random.default_rng(number))
        target = folder / f"vertical-{name}.{look.form}"
        image.save(target, quality=80, dpi=(look.dpi, look.dpi), resolution=look.dpi)
        yield Case(target, (), _says(printed))


def draw_page(look: Look, rng: np.random.Generator) -> tuple[Image.Image, str]:
    """Draw a page and tell what it says in reading order."""
    page = _Page(look)
    pixels = np.asarray(page.image)
    for step in look.steps:
        pixels = step(pixels, rng)
    return Image.fromarray(pixels), "".join(page.printed)


class _Page:
    """A page while it is drawn; `printed` is what it says so far."""

    def __init__(self, look: Look) -> None:
        self.look, self.printed = look, [*(HEADINGS if look.heading else ())]
        size, length = look.size * look.dpi / 200, look.length
        self.size, self.step = round(size), round(size * look.leading)
        self.high = round(length * look.pitch * size)
        lines = self._lines()
        leaves = 2 if look.spread else 1
        self.across = -(-len(lines) // (look.bands * leaves))
        self.top = round(size * (6 if look.heading else 2.5))
        width, height = self.across * self.step + 4 * self.step, (self.high + 2 * size) * look.bands
        self.image = Image.new("RGB", (leaves * width, round(self.top + height + 2 * size)), "white")
        self.pen = ImageDraw.Draw(self.image)
        for leaf in range(leaves):
            right = (leaves - leaf) * width - 2 * self.step
            for band in range(look.bands):
                start = (leaf * look.bands + band) * self.across
                own = lines[start : start + self.across]
                self._band(own, right, self.top + round(band * (self.high + 1.5 * size)))
        self._around(width * leaves)

    def _lines(self) -> list[str]:
        """Part the text into lines, with the empty ones."""
        text, length = self.look.text, self.look.length
        lines: list[str] = []
        while text:
            if len(lines) in self.look.empty:
                lines.append("")
                continue
            lines.append(text[:length])
            text = text[length:]
        return lines

    def _band(self, lines: Sequence[str], right: int, top: int) -> None:
        gap = (self.step - self.size) // 2
        for place, line in enumerate(lines):
            self._line(line, right - (place + 1) * self.step + gap, top)
        if self.look.ruled:
            self._rules(right, top - self.size // 2, top + self.high + self.size // 2)

    def _line(self, line: str, left: int, top: int) -> None:
        noted = self.look.notes and len(self.printed) in _NOTED
        said = line[: self.look.length - 7] if noted else line
        for place, char in enumerate(said):
            self._glyph(char, left, top + round(place * self.look.pitch * self.size), self.size)
        self.printed.append(said)
        if noted:
            self._notes(left, top + round(len(said) * self.look.pitch * self.size))

    def _notes(self, left: int, top: int) -> None:
        """Set a note in two small lines below the text of a line."""
        small = round(self.size * 0.5)
        for note, x in zip(NOTES, (left + self.size - small + 4, left - 4), strict=True):
            for place, char in enumerate(note):
                self._glyph(char, x, top + round(place * 1.12 * small), small)
            self.printed.append(note)

    def _glyph(self, char: str, left: int, top: int, size: int) -> None:
        face, arphic = self._face(size), "arphic" in self.look.face[0]
        ink = "#c81e1e" if self.look.red and char in MARKS else "black"
        if char in LYING or (arphic and char in BRACKETS):
            square = Image.new("L", (size, size), 0)
            pen = ImageDraw.Draw(square)
            pen.text((size / 2, size / 2), char, font=face, fill=255, anchor="mm")
            self.image.paste(ink, (left, top), square.rotate(270))
        elif arphic and char in MARKS:
            box = face.getbbox(char)
            middle = (left + (size - box[0] - box[2]) / 2, top + (size - box[1] - box[3]) / 2)
            self.pen.text(middle, char, font=face, fill=ink)
        else:
            self.pen.text((left + size / 2, top), char, font=face, fill=ink, direction="ttb", anchor="st")

    def _rules(self, right: int, top: int, bottom: int) -> None:
        left = right - self.across * self.step
        for x in range(left, right + 1, self.step):
            self.pen.line((x, top, x, bottom), "black", 2)
        if self.look.framed:
            self.pen.rectangle((left, top, right, bottom), outline="black", width=2)
            self.pen.rectangle((left - 14, top - 14, right + 14, bottom + 14), outline="black", width=4)

    def _around(self, width: int) -> None:
        """Print the heading above, lying, and the page number below."""
        if self.look.heading:
            for text, y, size in zip(HEADINGS, (0.8, 3.2), (1.6, 0.9), strict=True):
                face = self._face(round(size * self.size))
                self.pen.text((width / 2, y * self.size), text, font=face, fill="black", anchor="ma")
        if self.look.number:
            self.pen.text(
                (width / 2, self.image.height - self.size * 1.6),
                "- 12 -",
                font=self._face(30),
                fill="black",
                anchor="ma",
            )
            self.printed.append("- 12 -")

    def _face(self, size: int) -> ImageFont.FreeTypeFont:
        name, index = self.look.face
        paths = (Path(folder) / name for folder in typeset.FONT_FOLDERS)
        return ImageFont.truetype(str(next(path for path in paths if path.is_file())), size, index=index)


def _says(printed: str) -> Check:
    """Ask that at most two characters in a hundred are wrong or out of order, and that there is no table."""

    def check(outcome: Outcome) -> str:
        read = "".join(page["text"] for page in outcome.pages)
        wrong = Levenshtein.distance(plain(printed), plain(read)) / len(plain(printed))
        tables = f", {len(outcome.tables)} tables" if outcome.tables else ""
        return f"{100 * wrong:.1f} % of characters wrong{tables}: {read!r}" if wrong > _MOST or tables else ""

    return check
