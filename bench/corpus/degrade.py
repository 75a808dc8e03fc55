"""Print and scan a report: recipes name chains of the steps of bench/corpus/steps.py.

`scan_pdf` runs one over a PDF and writes an image-only PDF.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from PIL import Image as Pillow

from bench.corpus.photograph import Pose, defocus, fingers, glare, lamp, moire, one_of, shadow, taken
from bench.corpus.steps import (
    Image,
    Step,
    binarise,
    blur,
    broken_rules,
    curl,
    dark_margins,
    downsample,
    jpeg,
    noise,
    perspective,
    punch_holes,
    seal,
    skew,
    speckle,
    turn,
    turn_any,
    uneven_light,
)

STAMP = time.gmtime(1704067200)  # a fixed date keeps the bytes of a scan the same


@dataclass(frozen=True, slots=True)
class Recipe:
    """A chain of steps; pages are rendered at `dpi`, in colour or grey, and kept as JPEG of `quality`.

    With a `width` a picture is shrunk to so many pixels across, as a messenger does; the page keeps its size.
    """

    dpi: int
    steps: tuple[Step, ...]
    quality: int = 60
    colour: bool = False
    one_bit: bool = False
    width: int = 0


_OFFICE = (blur(0.5), skew(), noise(3.0))
_PHONE = (curl(), perspective(), uneven_light(), blur(0.9), noise(5.0))
RECIPES = {
    "grey200": Recipe(200, _OFFICE),
    "grey300": Recipe(300, (blur(0.7), skew(), noise(2.0))),
    "seal": Recipe(200, (seal(), *_OFFICE), colour=True, quality=70),
    "turned90": Recipe(200, (*_OFFICE, turn(1))),
    "turned180": Recipe(200, (*_OFFICE, turn(2))),
    "turned270": Recipe(200, (*_OFFICE, turn(3))),
    "phone": Recipe(220, _PHONE, colour=True, quality=70),
    "fax": Recipe(200, (skew(0.8), blur(0.7), binarise(), broken_rules(), speckle()), one_bit=True),
    "jpeg150": Recipe(150, (*_OFFICE, jpeg(45)), quality=45),
    "dark": Recipe(200, (*_OFFICE, dark_margins(), uneven_light(0.25))),
    "soft": Recipe(200, (downsample(0.6), *_OFFICE)),
}
# Kinds of damage of the corpus (bench/corpus/build.py) that no recipe above makes.
CORPUS_RECIPES = {
    "clean300": Recipe(300, (blur(0.5), skew(0.3)), quality=85),
    "turned": Recipe(200, (*_OFFICE, turn_any())),
    "jpeg35": Recipe(150, (*_OFFICE, jpeg(35)), quality=35),
    "margins": Recipe(200, (punch_holes(), *_OFFICE, dark_margins(0.03))),
    "light": Recipe(200, (*_OFFICE, uneven_light(0.5)), colour=True, quality=70),
    "skew5": Recipe(200, (blur(0.5), skew(5.0), noise(3.0))),
}
# Photographs as varied as hands, lamps and books are; `phone` above is one taken with care.
_GRAIN = (blur(0.8), noise(4.0))
_LOOKS = {
    "desk": (taken(Pose(tilt=4.0, fill=0.88)), lamp(), *_GRAIN),
    "curl": (taken(Pose(rows=0.014, columns=0.004, desk="dark")), lamp(0.3), *_GRAIN),
    "roll": (taken(Pose(rows=0.004, columns=0.014, desk="cloth")), lamp(0.3), *_GRAIN),
    "spine": (taken(Pose(rows=0.022, spine=True, desk="dark")), lamp(0.5), *_GRAIN),
    "keystone": (taken(Pose(tilt=8.0, turn=3.0)), lamp(0.3), *_GRAIN),
    "shadow": (taken(Pose(desk="green")), shadow(), *_GRAIN),
    "fingers": (taken(Pose(desk="cloth")), fingers(), lamp(0.3), *_GRAIN),
    "defocus": (taken(Pose(tilt=5.0)), lamp(0.3), defocus(), *_GRAIN),
    "moire": (taken(Pose(desk="dark")), moire(), *_GRAIN),
    "warm": (taken(Pose(desk="pale")), lamp(0.5, 0.4), *_GRAIN),
    "glare": (taken(Pose(tilt=5.0)), glare(), *_GRAIN),
    "cut": (taken(Pose(tilt=4.0, cut=0.03)), lamp(0.3), *_GRAIN),
    "tilted": (taken(Pose(turn=5.0, fill=0.97, desk="dark")), lamp(0.3), *_GRAIN),
}
PHOTOGRAPHS = {
    **{f"photo-{name}": Recipe(220, steps, colour=True, quality=75) for name, steps in _LOOKS.items()},
    "photo-chat": Recipe(220, _LOOKS["desk"], colour=True, quality=60, width=1600),
    "photo-chat-small": Recipe(
        220, (taken(Pose(desk="dark")), lamp(0.3)), colour=True, quality=65, width=1280
    ),
    "photo-any": Recipe(220, (one_of(*_LOOKS.values()),), colour=True, quality=75),
}


def render(source: Path, dpi: int, *, colour: bool = False) -> Iterator[Image]:
    """Each page of a PDF as an image at `dpi`."""
    document = pdfium.PdfDocument(source)
    try:
        for page in document:
            bitmap = page.render(scale=dpi / 72, grayscale=not colour, rev_byteorder=True)
            image = bitmap.to_numpy().copy()
            yield image[:, :, :3] if colour else image.reshape(image.shape[:2])
    finally:
        document.close()


def degrade(images: Iterable[Image], recipe: Recipe, seed: int) -> Iterator[Image]:
    """Run the recipe over pages; one seed gives one outcome."""
    rng = np.random.default_rng(seed)
    for image in images:
        for step in recipe.steps:
            image = step(image, rng)
        yield image


def scan_pdf(source: Path, target: Path, recipe: Recipe | str, seed: int) -> None:
    """Print and scan `source`: an image-only PDF at `target`, page size kept to within a pixel."""
    recipe = _named(recipe)
    images = _scanned(source, recipe, seed)
    resolution = _resolution(source, recipe)
    options: dict[str, Any] = {"resolution": resolution, "creationDate": STAMP, "modDate": STAMP}
    options |= {} if recipe.one_bit else {"quality": recipe.quality}
    images[0].save(target, "PDF", save_all=True, append_images=images[1:], **options)


def scan_image(source: Path, target: Path, recipe: Recipe | str, seed: int) -> None:
    """Print and scan the first page of `source` to an image file; the suffix of `target` says which kind."""
    recipe = _named(recipe)
    resolution = _resolution(source, recipe)
    _scanned(source, recipe, seed)[0].save(target, dpi=(resolution, resolution), quality=recipe.quality)


def _named(recipe: Recipe | str) -> Recipe:
    return (RECIPES | PHOTOGRAPHS)[recipe] if isinstance(recipe, str) else recipe


def _resolution(source: Path, recipe: Recipe) -> float:
    """Pixels an inch of the pictures that are kept."""
    if not recipe.width:
        return recipe.dpi
    document = pdfium.PdfDocument(source)
    try:
        return recipe.width * 72 / float(document[0].get_width())
    finally:
        document.close()


def _scanned(source: Path, recipe: Recipe, seed: int) -> list[Pillow.Image]:
    pages = degrade(render(source, recipe.dpi, colour=recipe.colour), recipe, seed)
    images = [_shrunk(Pillow.fromarray(page), recipe.width) for page in pages]
    return [image.convert("1") for image in images] if recipe.one_bit else images


def _shrunk(image: Pillow.Image, width: int) -> Pillow.Image:
    """An image of that width, itself where none is asked for."""
    if not width:
        return image
    return image.resize((width, round(image.height * width / image.width)), Pillow.Resampling.BOX)
