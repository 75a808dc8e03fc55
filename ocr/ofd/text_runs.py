"""Text of an OFD: which glyph stands where, and what it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from ocr.documents.zipped_xml import Element, child, children
from ocr.ofd.package import numbers, text_of

# More of the same distance in a row than a page may have objects.
_MOST_REPEATED = 200_000


@dataclass(frozen=True, slots=True)
class PlacedChar:
    """A character with the id of its glyph, if that is told; `x` and `y` in millimetres of its object.

    Where `runs_on`, its place is not told: it follows the one before.
    """

    text: str
    glyph: int | None
    x: float
    y: float
    runs_on: bool = False


def placed_chars(element: Element) -> Iterator[PlacedChar]:
    """Yield the characters of a text object in order. Raises ValueError for places that are no numbers."""
    glyphs = _glyphs(element)
    at, x, y = 0, 0.0, 0.0
    for code in children(element, "TextCode"):
        x, y = float(code.get("X") or x), float(code.get("Y") or y)
        for index, (char, dx, dy, told) in enumerate(_steps(code)):
            x, y = x + dx, y + dy
            text, glyph = glyphs.get(at, (char, None))
            yield PlacedChar(text, glyph, x, y, runs_on=index > 0 and not told)
            at += 1


def _steps(code: Element) -> Iterator[tuple[str, float, float, bool]]:
    """Yield each character with its distance from the one before, and whether that is told."""
    text = code.text or ""
    if "\n" in text:  # a program that lays its XML out puts blanks around it
        text = text_of(code)
    across, down = distances(code.get("DeltaX")), distances(code.get("DeltaY"))
    told = bool(across or down)
    for index, char in enumerate(text):
        dx, dy = (_nth(row, index - 1) if index else 0.0 for row in (across, down))
        yield char, dx, dy, told


def _nth(row: Sequence[float], index: int) -> float:
    """The last distance of a row that is too short goes on."""
    return row[min(index, len(row) - 1)] if row else 0.0


def distances(text: str | None) -> list[float]:
    """Return distances; `g 5 2.1` stands for five of them."""
    parts = iter((text or "").replace(",", " ").split())
    found: list[float] = []
    for part in parts:
        if part != "g":
            found.append(float(part))
            continue
        count, value = islice(parts, 2)
        found += [float(value)] * min(int(count), _MOST_REPEATED)
    return found


def _glyphs(element: Element) -> Mapping[int, tuple[str, int]]:
    """Return by the places of characters what is drawn instead: the text, and the id of a glyph.

    Several characters that have one glyph are the text of the first; the others have the glyph 0, which
    shows nothing, and no text.
    """
    whole = "".join(
        (text_of(code) if "\n" in (code.text or "") else code.text or "")
        for code in children(element, "TextCode")
    )
    found: dict[int, tuple[str, int]] = {}
    for told in children(element, "CGTransform"):
        start, count = int(told.get("CodePosition", 0)), int(told.get("CodeCount", 1))
        ids = [int(number) for number in numbers(text_of(child(told, "Glyphs")))]
        text = whole[start : start + count]
        if len(ids) >= len(text):
            found |= {start + n: (char, ids[n]) for n, char in enumerate(text)}
        elif ids:
            found |= dict.fromkeys(range(start, start + len(text)), ("", 0))
            found |= {start + n: (text[n : n + 1], ids[n]) for n in range(len(ids) - 1)}
            found[start + len(ids) - 1] = (text[len(ids) - 1 :], ids[-1])
    return found
