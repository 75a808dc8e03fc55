"""Organs, coverage and comparisons as CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from archive.comparison.coverage import CoverageCell
from archive.comparison.records import AcrossFinding, AcrossTerm
from archive.dataclass_tools import names_of
from archive.export.columns.base import ExportLayout, Row
from archive.organs.aliases import PrintedName
from archive.organs.suggestions import Suggestion

_SIGNS = {"said": "", "plus": "+", "minus": "-"}


def _rows(records: Iterable[Any]) -> Iterator[Row]:
    """A row a record, its lists joined by `;`."""
    for record in records:
        row = asdict(record)
        yield {name: ";".join(map(str, v)) if isinstance(v, tuple) else v for name, v in row.items()}


def _across_rows(findings: Iterable[AcrossFinding]) -> Iterator[Row]:
    """A row a finding: where this report prints its value, and the others' values as `terms`."""
    for one in findings:
        said = next((term for term in one.terms if term.side == "said"), None)
        others = [term for term in one.terms if term.side != "said"]
        place = {name: getattr(said, name, "") for name in ("document", "source", "page")}
        places = {
            f"other_{name}": ";".join(dict.fromkeys(str(getattr(term, name)) for term in others))
            for name in ("document", "source", "page")
        }
        terms = "; ".join(map(_term, one.terms))
        yield {**asdict(one), **place, **places, "terms": terms, "set_aside": ";".join(one.set_aside)}


def _term(term: AcrossTerm) -> str:
    """A term in short: `+ 清河县水务局 2022 requests/carried_out/total: 3? (p. 2)`."""
    doubt = "?" if term.needs_review else ""
    name = f"{term.organ} {term.year} {term.table}/{term.row}/{term.column}"
    return f"{_SIGNS[term.side]} {name}: {term.raw or term.state}{doubt} (p. {term.page})".strip()


_ACROSS_COLUMNS = (
    *("relation", "organ", "year", "table", "row", "column", "outcome", "said", "expected", "message"),
    *("document", "source", "page", "other_document", "other_source", "other_page", "terms", "set_aside"),
)

ORGANS = ExportLayout(names_of(PrintedName), _rows, asdict)
SUGGESTIONS = ExportLayout(names_of(Suggestion), _rows, asdict)
COVERAGE = ExportLayout(names_of(CoverageCell), _rows, asdict)
ACROSS = ExportLayout(_ACROSS_COLUMNS, _across_rows, asdict)
