"""How large a document may be: the defaults, and the settings that change them.

What goes beyond is refused with the limit and its setting named, never read in part;
only pixels are not refused: a page that would have more of them is drawn smaller.
Each setting is an environment variable, `$GUIDANG_MAX_PAGES` for `pages` and so on.
"""

from __future__ import annotations

import os
import re
from dataclasses import asdict, dataclass, fields
from functools import cache

from core.errors import UnreadableDocument, UsageError

PREFIX = "GUIDANG_MAX_"
_NUMBER = re.compile(r"([1-9][0-9]{0,12})([kMG]?)")
_UNITS = {"": 1, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30}


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read; whole numbers of at least 1.

    A document: bytes of `file_bytes` (of a member of a zip, too), and `pages`, or frames of a TIFF.
    A page: points along a side (`page_points`), pixels when drawn (`page_pixels`), and `page_objects`:
    characters, or other objects.
    Inside of a PDF: bytes that a stream unpacks to (`stream_bytes`), bytes that draw one page, forms in
    forms written out (`drawing_bytes`), and how deep pages and forms lie inside of each other (`depth`).
    A picture: pixels of it (`picture_pixels`).
    A zip: how deep zips in zips are opened (`zip_depth`), its members and the bytes that they unpack to,
    those of the zips in it counted in (`zip_members`, `zip_bytes`).
    """

    file_bytes: int = 1 << 30
    pages: int = 2_000
    page_points: int = 20_000
    page_pixels: int = 40_000_000
    page_objects: int = 200_000
    stream_bytes: int = 512 << 20
    drawing_bytes: int = 64 << 20
    depth: int = 80
    picture_pixels: int = 178_956_970
    zip_depth: int = 3
    zip_members: int = 10_000
    zip_bytes: int = 16 << 30

    def changed(self) -> dict[str, int]:
        """Return the limits that are not the defaults, by name."""
        usual = asdict(Limits())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}


def limits() -> Limits:
    """Return the limits as this process was started with.

    Raises:
        UsageError: a setting is no whole number of at least 1, or there is no such limit.
    """
    return _limits(
        tuple((name, text) for name, text in os.environ.items() if name.startswith(PREFIX) and text)
    )


def setting(name: str) -> str:
    """Return the name of the variable that sets a limit."""
    return PREFIX + name.upper()


@cache
def _limits(settings: tuple[tuple[str, str], ...]) -> Limits:
    names = {setting(field.name): field.name for field in fields(Limits)}
    for variable, _ in settings:
        if variable not in names:
            raise UsageError(f"{variable}: there is no such limit; there are {', '.join(sorted(names))}")
    return Limits(**{names[variable]: _number(variable, text) for variable, text in settings})


def _number(variable: str, text: str) -> int:
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        reason = "is no whole number from 1, such as 2000, 512M or 2G (k, M and G count in 1,024s)"
        raise UsageError(f"{variable}: {text!r} {reason}")
    return int(found[1]) * _UNITS[found[2]]


def within(count: float, name: str, what: str, stage: str = "open") -> None:
    """Refuse what is more than a limit.

    Args:
        count: how much there is.
        name: the limit, a field of `Limits`.
        what: what was counted, with a `{}` for the limit.
        stage: where reading stops.

    Raises:
        UnreadableDocument: there is more.
    """
    most = getattr(limits(), name)
    if not count <= most:  # so that no number is too much as well
        raise UnreadableDocument("too_large", exceeded(name, what), stage)


def exceeded(name: str, what: str, then: str = "run `guidang retry`") -> str:
    """Return the reason for a refusal, with the limit in the place of `{}` and its setting named."""
    most = _in_words(getattr(limits(), name), name)
    return f"{what.format(most)}; if it is sound, raise ${setting(name)} and {then}"


def _in_words(value: int, name: str) -> str:
    if not name.endswith("_bytes"):
        return f"{value:,}"
    unit = next((unit for unit in "GMk" if value >= _UNITS[unit]), "")
    return f"{value / _UNITS[unit]:.4g} {unit}B" if unit else f"{value} bytes"
