"""Reports as they are listed, and what people said of them: plain frozen records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListedReport:
    """A report in a document: which pages, who, which year, and how surely.

    `part` counts the reports of a document from 1; `confidence` is that of its borders. `said` names,
    joined by `;`, what of organ, year and title a person said, `organ_read` and so on are what the reading
    has. Where the reading has no organ or year, `hint` is what the names and addresses that brought the
    document tell, and the words of links to it. `instead` names the reading of the same organ and year
    that counts, if not this one.
    """

    document: str
    part: int
    source: str
    organ: str
    year: int | None
    title: str
    form: str
    first_page: int
    last_page: int
    confidence: float
    values: int
    needs_review: int
    instead: str
    said: str
    organ_read: str
    year_read: int | None
    title_read: str
    organ_at: str
    year_at: str
    hint: str
    flags: str


@dataclass(frozen=True, slots=True)
class SaidOfReport:
    """What a person said of a report on the pages from `page` to `last_page`, or of a document: part 0.

    A part below 0 says that no report stands there any more.

    `field` is organ, year, title, preferred, borders or members, `seen` what stood there before; the one that
    `stands` answers. `undoes` is the id of the one that it takes back.
    """

    id: int
    document: str
    part: int
    page: int
    last_page: int
    field: str
    said: str
    seen: str
    stands: bool
    note: str
    who: str
    at: str
    undoes: int | None


@dataclass(frozen=True, slots=True)
class ReportNaming:
    """What a person says of a report; None says nothing, an empty text that it is not known."""

    organ: str | None = None
    year: int | None = None
    title: str | None = None
