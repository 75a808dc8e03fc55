"""What a report says, once its tables are laid beside the statutory forms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.review_threshold import UNSURE, UNSURE_STRUCTURE
from ocr.model import Box, Cell, Reading


class State(StrEnum):
    """Blank, a dash and zero are three different facts."""

    READ = "read"
    BLANK = "blank"
    DASH = "dash"
    UNREAD = "unread"
    MISSING = "missing"


class Flag(StrEnum):
    """What may be wrong with a value; the meanings are in docs/flags.md."""

    LOW_CONFIDENCE = UNSURE
    UNBALANCED = "unbalanced"
    SOURCE_ANOMALY = "source_anomaly"
    DISAGREEMENT = "disagreement"
    UNREAD = "unread"
    MISSING = "missing"
    WEAK_MATCH = "weak_match"
    UNKNOWN_FORM = "unknown_form"
    NO_REPORT = "no_report"
    DOUBTFUL_BORDER = "doubtful_border"
    DOUBTFUL_STRUCTURE = UNSURE_STRUCTURE


# The report is printed so, or no form is known: neither asks a person to look.
SETTLED_FLAGS = frozenset({Flag.SOURCE_ANOMALY, Flag.UNKNOWN_FORM})

# Kinds of findings about a whole document for which a person should look at it: no value says so.
# `several_reports` is of readings of before schema 0005: their values are those of the first report alone.
SEVERAL_REPORTS, DOUBTFUL_YEAR, DOUBTFUL_ORGAN = "several_reports", "doubtful_year", "doubtful_organ"
DOCUMENT_FLAGS: tuple[str, ...] = (
    Flag.NO_REPORT,
    Flag.DOUBTFUL_BORDER,
    SEVERAL_REPORTS,
    DOUBTFUL_YEAR,
    DOUBTFUL_ORGAN,
)


# Kind of the finding that the evidence sees reports begin elsewhere than people say.
BORDERS_DIFFER = "borders_differ"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """The public name of a value: table, row and column keys of docs/forms.md."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}/{self.row}/{self.column}"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a form as it stands in the report.

    `raw` is the text as printed; `value` a plain decimal (no separators, no
    unit) when `state` is READ and empty otherwise. `cells` are the cells it was
    read from, more than one where a page break cuts a row or a table is printed
    twice; it is empty when the value is MISSING.
    """

    key: Key
    form: str
    state: State
    raw: str
    value: str
    confidence: float
    flags: tuple[Flag, ...] = ()
    cells: tuple[Cell, ...] = ()
    others: tuple[Reading, ...] = ()

    @property
    def needs_review(self) -> bool:
        return any(flag not in SETTLED_FLAGS for flag in self.flags)

    @property
    def page(self) -> int | None:
        return self.cells[0].page if self.cells else None

    @property
    def box(self) -> Box | None:
        return self.cells[0].box if self.cells else None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person may want to know, tied to the values it speaks of.

    `kind` is a Flag or another short word, `relation` the id in docs/forms.md
    (R1 … R7) where one failed, `message` one sentence for people.
    """

    kind: str
    message: str
    relation: str = ""
    keys: tuple[Key, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class JoinedTable:
    """A table put together from its parts, over page breaks if need be.

    `form` and `key` are empty where it matches no known form. Rows are counted
    from 0 through all the parts; each cell keeps its own page and box.

    `caption` is the line that names it, empty where none does. `confidence` is that of its structure, the
    least of its parts'. Of a reading that did not ask, both are None.
    """

    form: str
    key: str
    pages: tuple[int, ...]
    n_rows: int
    n_columns: int
    cells: tuple[Cell, ...]
    flags: tuple[Flag, ...] = ()
    caption: str | None = ""
    confidence: float | None = 1.0


class Named(StrEnum):
    """What a mention names."""

    ORGAN = "organ"
    YEAR = "year"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a report's organ, year or title is printed, and how sure it is that it is that.

    `kind` is the sort of place: title, cover, label, running_head, seal, sentence, period or table_heading.
    """

    named: Named
    text: str
    kind: str
    confidence: float
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report: who, which year, its tables, its values, its findings.

    `pages` are those it stands on, from 1, in order; on the first and the last there may be another
    report too. `confidence` is how sure it is that a report begins there, and that it is one.
    """

    title: str
    organ: str
    year: int | None
    tables: tuple[JoinedTable, ...]
    values: tuple[Value, ...]
    findings: tuple[Finding, ...]
    pages: tuple[int, ...] = ()
    mentions: tuple[Mention, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Volume:
    """The reports of a document, at least one, in the order of their pages; tables that belong to none."""

    reports: tuple[Report, ...]
    tables_outside: tuple[JoinedTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What people say of the reports of a document.

    `first_pages` are the pages on which reports begin, in order; empty where nobody said.
    `years` are a page of a report and the year it reports on.
    """

    first_pages: tuple[int, ...] = ()
    years: tuple[tuple[int, int], ...] = ()


NOTHING_SAID = Said()
