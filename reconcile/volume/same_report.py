"""Whether two titles are of one report: scans misread single characters, and organs may differ by one."""

from __future__ import annotations

from enum import Enum

from reconcile.labels import similarity
from reconcile.report_title import Title
from reconcile.title_patterns import is_generic

_ALIKE = 0.8


class Likeness(Enum):
    """What two titles say of each other."""

    UNKNOWN = "unknown"
    SAME = "same"
    NEAR = "near"
    OTHER = "other"


def likeness(title: Title, before: Title, *, exact: bool) -> Likeness:
    """Compare two titles; `exact` says that they were not read from a picture, and every character counts."""
    if title.year and before.year and title.year != before.year:
        return Likeness.OTHER
    own, other = known_organ(title), known_organ(before)
    if not own or not other:
        return Likeness.UNKNOWN
    if own == other:
        return Likeness.SAME
    if own in other or other in own or (not exact and similarity(own, other) >= _ALIKE):
        return Likeness.NEAR
    return Likeness.OTHER


def known_organ(title: Title) -> str:
    """The organ that a title names, empty where only the end of a name is left."""
    return "" if is_generic(title.organ) else title.organ
