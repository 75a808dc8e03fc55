"""What tells of the beginning of a report, or speaks against it: marks in reading order."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from reconcile.report_title import Title


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a document: the leaf in reading order, from 0, and the line of its page, from 0."""

    leaf: int
    line: int = 0


class TitlePlace(StrEnum):
    """Where on its leaf a title stands."""

    COVER = "cover"
    TOP = "top"
    MIDDLE = "middle"


@dataclass(frozen=True, slots=True)
class TitleMark:
    """A title of a report, or a line that looks like a spoilt one: then `title` says nothing.

    `below` is the line of its page behind its last one.
    """

    place: Place
    title: Title
    where: TitlePlace
    below: int


@dataclass(frozen=True, slots=True)
class SectionMark:
    """The heading of a section; `number` is its place in the forms, 1 to 6, whatever is printed; else 0."""

    place: Place
    number: int


@dataclass(frozen=True, slots=True)
class TableMark:
    """A table of a form, `order` in the form from 0; whether its first and its last row stand in it.

    `reprint` says that the document announces it as a correction, or as another period's.
    """

    place: Place
    name: str
    order: int
    begins: bool
    ends: bool
    reprint: bool


@dataclass(frozen=True, slots=True)
class NumberMark:
    """The page number printed on a leaf; `of` is how many there are said to be, 0 where nothing is."""

    number: int
    of: int = 0


class LeafKind(StrEnum):
    """What a leaf is by its looks."""

    BODY = "body"
    BLANK = "blank"
    COVER = "cover"
    SEPARATOR = "separator"
    CONTENTS = "contents"  # of a volume: it lists reports
    FRONT = "front"  # the contents of one report


@dataclass(frozen=True, slots=True)
class LeafMarks:
    """All marks of one leaf, each kind in reading order; `head` is its running head, if any."""

    kind: LeafKind
    n_sentences: int
    head: str = ""
    number: NumberMark | None = None
    titles: tuple[TitleMark, ...] = ()
    sections: tuple[SectionMark, ...] = ()
    tables: tuple[TableMark, ...] = field(default=())
