"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass

from ocr.model import Box


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that holds what was searched for.

    `organ`, `year` and `title` are those of its report; of a page where one ends and another begins
    organ and title name both, and the year is that of both or None.

    `snippet` is text as read, `marks` the half-open character ranges in it that match;
    `boxes` are those of the lines or cells of the page in which something matches,
    `doubtful` tells that one of these was read unsurely.
    """

    document: str
    source: str
    organ: str
    year: int | None
    title: str
    page: int
    route: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    boxes: tuple[Box, ...]
    doubtful: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best hits, best first, and how many pages match in all.

    Where `is_all` is false, more pages match than were weighed: the hits are the
    best of the `total` newest.
    """

    hits: tuple[Hit, ...]
    total: int
    is_all: bool
