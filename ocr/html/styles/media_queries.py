"""Whether what a style sheet says for some media holds: on the screen of a desk, light, wider than high."""

from __future__ import annotations

import re

from ocr.html.styles.lengths import pixels_of
from ocr.html.tree import names_of

# The window that a report is looked at in, in pixels: pages are made for one so wide or wider.
_WINDOW = {"width": 1280.0, "height": 720.0}
_KIND = re.compile(r"[a-z][-\w]*")
_FEATURE = re.compile(r"\(([^()]*)\)")
_LIMIT = re.compile(r"(min|max)-(?:device-)?(width|height):(.+)")
_RANGE = re.compile(r"(width|height)([<>])=?(.+)")
_TOLD = names_of(
    "orientation:landscape prefers-color-scheme:light color hover hover:hover any-hover:hover "
    "pointer:fine any-pointer:fine"
)


def is_on_screen(queries: str) -> bool:
    """Tell whether one of some media queries holds, or there is none."""
    return not queries.strip() or any(_holds(query.strip().lower()) for query in queries.split(","))


def is_in_force(at_rule: str) -> bool:
    """Tell whether what stands in the block of an at-rule holds: media on screen, what browsers can do."""
    name, _, said = at_rule.strip().lower().partition(" ")
    name, _, glued = name.partition("(")
    said = f"({glued} {said}" if glued else said
    if name == "@media":
        return is_on_screen(said)
    return name == "@layer" or (name == "@supports" and not said.strip().startswith("not"))


def _holds(query: str) -> bool:
    asked = query.removeprefix("not ").removeprefix("only ").strip()
    kind = _KIND.match(asked)
    fits = not kind or kind[0] in ("screen", "all")
    fits &= all(_has(re.sub(r"\s", "", feature)) for feature in _FEATURE.findall(asked))
    return fits != query.startswith("not ")


def _has(feature: str) -> bool:
    if limit := _LIMIT.fullmatch(feature):
        bound = pixels_of(limit[3])
        own = _WINDOW[limit[2]]
        return bound is not None and (own >= bound if limit[1] == "min" else own <= bound)
    if between := _RANGE.fullmatch(feature):
        bound = pixels_of(between[3])
        own = _WINDOW[between[1]]
        return bound is not None and (own >= bound if between[2] == ">" else own <= bound)
    return feature in _TOLD
