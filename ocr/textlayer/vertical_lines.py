"""The standing lines of a text layer: vertical print, told by how near characters stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ocr.documents.base import Char

# In vertical print the next character below is nearer than this share of the way to
# the next one beside, and no farther than so many em; lines of lying print that are
# set solid are 1.2 em apart, and their characters 1.
_NEARER, _FARTHEST = 0.9, 1.75
# A standing line has so many characters, or stands beside one that has, no farther than
# so many em. At least half of it are Chinese: figures of a table stand in columns too.
_FEWEST, _BESIDE = 4, 3.5
# A frame of vertical print has so many lines at least, this share of all its characters in them, and so
# many in a line, in the median: headings of the forms have four.
_LINES, _IN_LINES, _LONG = 3, 0.85, 5


def standing_lines(chars: Sequence[Char]) -> tuple[list[list[Char]], list[Char]]:
    """Return the standing lines, each from the top, and the characters that are in none, in their order."""
    chains = list(_chains(chars))
    sure = [chain for chain in chains if len(chain) >= _FEWEST and _is_chinese(chain)]
    short = [chain for chain in chains if len(chain) < _FEWEST and _stands_by(chain, sure)]
    lines = sure + short
    taken = {id(char) for line in lines for char in line}
    return lines, [char for char in chars if id(char) not in taken]


def is_text_frame(chars: Sequence[Char]) -> bool:
    """Tell whether the characters inside of a grid are columns of vertical print with rules between them.

    The stacked headings of the forms are shorter, and have numbers beside them.
    """
    lines = [line for line in standing_lines(chars)[0] if len(line) >= _FEWEST]
    inside = sum(map(len, lines))
    if len(lines) < _LINES or inside < _IN_LINES * len(chars):
        return False
    return float(np.median([len(line) for line in lines])) >= _LONG


def _chains(chars: Sequence[Char]) -> Iterator[list[Char]]:
    """Link characters to the one below wherever that is nearer, for both, than any beside; lone ones too.

    A character of a lying line, with neighbours close by, is no chain.
    """
    if not chars:
        return
    x, y = np.array([char.loose.centre for char in chars], dtype=np.float64).T
    em = np.array([_em(char) for char in chars])
    beside = np.array(
        [_least(np.abs(x - x[i]), np.abs(y - y[i]) < 0.5 * em[i], i) for i in range(len(chars))]
    )
    below = [_below(x, y, em, beside, i) for i in range(len(chars))]
    followed = {other for other in below if other is not None}
    for start in range(len(chars)):
        if start in followed or (below[start] is None and beside[start] < 1.3 * em[start]):
            continue
        chain, place = [chars[start]], below[start]
        while place is not None:
            chain.append(chars[place])
            place = below[place]
        yield chain


def _below(x: np.ndarray, y: np.ndarray, em: np.ndarray, beside: np.ndarray, i: int) -> int | None:
    down = np.where((np.abs(x - x[i]) < 0.5 * em[i]) & (y > y[i] + 0.2 * em[i]), y - y[i], np.inf)
    j = int(down.argmin())
    near = down[j] <= _FARTHEST * max(em[i], em[j]) and down[j] < _NEARER * min(beside[i], beside[j])
    return j if near else None


def _least(distances: np.ndarray, among: np.ndarray, own: int) -> float:
    among[own] = False
    return float(distances[among].min(initial=np.inf))


def _em(char: Char) -> float:
    """Return the size of a character's type: the wider way it has, as far as ink goes."""
    return max(char.loose.width, char.box.width, char.box.height)


def _is_chinese(chain: Sequence[Char]) -> bool:
    return 2 * sum("\u4e00" <= char.text[:1] <= "\u9fff" for char in chain) >= len(chain)


def _stands_by(chain: Sequence[Char], lines: Sequence[Sequence[Char]]) -> bool:
    """Tell whether a short column stands in the row of columns of a text."""
    x, top = chain[0].loose.centre[0], chain[0].loose.centre[1]
    reach = _BESIDE * max(_em(char) for char in chain)
    return any(
        abs(line[0].loose.centre[0] - x) < reach and line[0].box.top <= top <= line[-1].box.bottom
        for line in lines
    )
