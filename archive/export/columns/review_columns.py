"""How verdicts, doubtful values and changes are exported (`base.py` tells what a layout is)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from archive.dataclass_tools import as_object, kinds_of, names_of
from archive.export.columns.base import ExportLayout, Row, plain_rows
from archive.export.columns.fact_columns import FACT_COLUMNS
from archive.values.records import PROPOSAL, DocumentChanges, DoubtfulValue, ReadValue, StoredVerdict
from reconcile.model import Finding

_READ = names_of(ReadValue)
_SAID = ("said_by", "said_state", "said_raw", "said_value")


def _doubt_object(doubt: DoubtfulValue) -> Row:
    """The public fields of the value, and beside them what a person judges it by."""
    return {
        **asdict(doubt.fact),
        "read": {**asdict(doubt.read), "confidence": doubt.confidence, "method": doubt.method},
        "others": [asdict(other) for other in doubt.others],
        "findings": [finding_object(found) for found in doubt.findings],
        "verdict": asdict(doubt.verdict) if doubt.verdict else None,
    }


def finding_object(finding: Finding) -> Row:
    """A finding, the values that it names by `table/row/column`."""
    return {**asdict(finding), "keys": [str(key) for key in finding.keys]}


def _doubt_rows(found: Iterable[DoubtfulValue]) -> Iterator[Row]:
    for doubt in found:
        proposed = "; ".join(one.message for one in doubt.findings if one.kind == PROPOSAL)
        yield {
            **asdict(doubt.fact),
            **{f"read_{name}": content for name, content in asdict(doubt.read).items()},
            "read_confidence": doubt.confidence,
            "others": "; ".join(f"{one.text} ({one.method}, {one.confidence:g})" for one in doubt.others),
            "proposal": proposed,
            **_said(doubt.verdict),
        }


def _change_rows(documents: Iterable[DocumentChanges]) -> Iterator[Row]:
    """A row a value that changed; empty fields where a run has no such value."""
    for changed in documents:
        for change in changed.changes:
            row = {"document": changed.document, "source": changed.source}
            row |= {"table": change.table, "row": change.row, "column": change.column}
            sides = {**_side("old", change.old), **_side("new", change.new)}
            yield {**row, **sides, **_said(change.verdict), "part": change.part}


def _side(name: str, read: ReadValue | None) -> Row:
    content = asdict(read) if read else dict.fromkeys(_READ)
    return {f"{name}_{field}": content[field] for field in _READ}


def _said(verdict: StoredVerdict | None) -> Row:
    if verdict is None:
        return dict.fromkeys(_SAID, "")
    return dict(zip(_SAID, (verdict.who, verdict.state, verdict.raw, verdict.value), strict=True))


VERDICTS = ExportLayout(names_of(StoredVerdict), plain_rows, as_object, kinds_of(StoredVerdict))
DOUBTS = ExportLayout(
    (
        *FACT_COLUMNS,
        *(f"read_{name}" for name in ("state", "raw", "value", "confidence")),
        "others",
        "proposal",
        *_SAID,
    ),
    _doubt_rows,
    _doubt_object,
)
CHANGES = ExportLayout(
    (
        *("document", "source", "table", "row", "column"),
        *(f"{side}_{name}" for side in ("old", "new") for name in _READ),
        *_SAID,
        "part",
    ),
    _change_rows,
    asdict,
)
