"""The fonts of a page: which glyphs each of them sets, and where.

What a layer calls by one name may be several glyphs. They are told apart by their boxes, which a font
keeps to a thousandth of its size, and where these are alike, by how dark they are and then by their shapes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from ocr.arrays import Pixels
from ocr.documents.base import Char
from ocr.image.page_image import PageImage
from ocr.textlayer.glyphs import normalised_shape, shape_similarity
from ocr.textlayer.lines import rows_of, runs_of

# Two digits, or two glyphs of one name, are of one shape from this likeness on. Measured on 7,206 digits of
# sound fonts (samples, hzq2023, all reports of the corpus for development): the same digit of
# one font ≥ 0.90, unlike ones ≤ 0.82 (3 and 8).
SAME_SHAPE = 0.86
# Boxes of one glyph agree to this share of the size of the type: of 33 pages (samples, real reports)
# none had a glyph whose boxes differed by more than 0.001.
_BOX = 0.005
# So much darker or lighter than the first of its kind, and the shape is looked at.
_TONE = 0.2

# A run of characters of one font, and the index of one in it.
Place = tuple[Sequence[Char], int]


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """One shape of a font that the layer calls `text`, and where it stands; lone ones first.

    An `odd` one is but a place where the page shows another shape than the box promises, as where
    something lies over it: it says nothing of its font.
    """

    text: str
    places: Sequence[Place]
    odd: bool = False

    @property
    def char(self) -> Char:
        """Its first appearance."""
        run, index = self.places[0]
        return run[index]

    @property
    def chars(self) -> Iterator[Char]:
        """All its appearances."""
        return (run[index] for run, index in self.places)


@dataclass(frozen=True)
class FontOnPage:
    """One font on one page."""

    glyphs: Sequence[Glyph]
    runs: Sequence[Sequence[Char]]

    @cached_property
    def shown(self) -> Mapping[str, Sequence[Place]]:
        """By text where the font sets it, whatever the glyph."""
        places: dict[str, list[Place]] = defaultdict(list)
        for glyph in self.glyphs:
            places[glyph.text] += glyph.places
        return places


def faces_of(chars: Sequence[Char], view: PageImage) -> Iterator[FontOnPage]:
    """Part the characters by font, by their place alone: the order of the file may be any."""
    fonts: dict[int, list[list[Char]]] = defaultdict(list)
    for row in rows_of(chars):
        for run in runs_of(row):
            for font, part in groupby(run, key=lambda char: char.font):
                fonts[font].append(list(part))
    grey = view.grey
    for runs in fonts.values():
        boxes: dict[tuple[str, int, int], list[Place]] = defaultdict(list)
        for run in sorted(runs, key=len):
            for index, char in enumerate(run):
                boxes[_name(char)].append((run, index))
        yield FontOnPage([*_glyphs(boxes.values(), view, grey)], runs)


def _name(char: Char) -> tuple[str, int, int]:
    unit = _BOX * max(char.loose.height, 1.0)
    return char.text, round(char.box.width / unit), round(char.box.height / unit)


def _glyphs(alike: Iterable[Sequence[Place]], view: PageImage, grey: Pixels) -> Iterator[Glyph]:
    """Part characters of one name and box wherever the page shows another shape."""
    for places in alike:
        toned = sorted((_tone(place, view, grey), n) for n, place in enumerate(places))
        # What is cut off or covered is the exception.
        tone, middle = toned[len(toned) // 2]
        run, index = places[middle]
        odd = {
            n
            for other, n in toned
            if abs(other - tone) > _TONE * tone and not _same(run[index], places[n], view)
        }
        yield Glyph(run[index].text, [place for n, place in enumerate(places) if n not in odd])
        yield from (Glyph(run[index].text, [places[n]], odd=True) for n in sorted(odd))


def _same(model: Char, place: Place, view: PageImage) -> bool:
    run, index = place
    shapes = normalised_shape(view, model), normalised_shape(view, run[index])
    return shape_similarity(*shapes) >= SAME_SHAPE


def _tone(place: Place, view: PageImage, grey: Pixels) -> float:
    """How much darker than paper a character is in the mean, 0 to 255."""
    run, index = place
    cut = grey[view.pixels_of(run[index].box)]
    return 255.0 - float(cut.mean()) if cut.size else 0.0
