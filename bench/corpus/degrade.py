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
    """A chain of steps; pages are rendered at `dpi`, in colour or grey, and kept as JPEG of `quality`."""

    dpi: int
    steps: tuple[Step, ...]
    quality: int = 60
    colour: bool = False
    one_bit: bool = False


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
    recipe = RECIPES[recipe] if isinstance(recipe, str) else recipe
    images = _scanned(source, recipe, seed)
    options: dict[str, Any] = {"resolution": recipe.dpi, "creationDate": STAMP, "modDate": STAMP}
    options |= {} if recipe.one_bit else {"quality": recipe.quality}
    images[0].save(target, "PDF", save_all=True, append_images=images[1:], **options)


def scan_image(source: Path, target: Path, recipe: Recipe | str, seed: int) -> None:
    """Print and scan the first page of `source` to an image file; the suffix of `target` says which kind."""
    recipe = RECIPES[recipe] if isinstance(recipe, str) else recipe
    _scanned(source, recipe, seed)[0].save(target, dpi=(recipe.dpi, recipe.dpi), quality=recipe.quality)


def _scanned(source: Path, recipe: Recipe, seed: int) -> list[Pillow.Image]:
    pages = degrade(render(source, recipe.dpi, colour=recipe.colour), recipe, seed)
    images = [Pillow.fromarray(page) for page in pages]
    return [image.convert("1") for image in images] if recipe.one_bit else images
