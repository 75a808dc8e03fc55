"""What a reviewer sees: a value as a card, the queue as a table, and what a re-run changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from archive.records import SHORT_HASH, ReportName, short
from archive.values.records import (
    PROPOSAL,
    DocumentChanges,
    DoubtfulValue,
    ReadValue,
    StoredVerdict,
    ValueChange,
)
from console.views.base import grid, labels, printable, state_and_text

AGAINST = "‼"


def queue(found: Iterable[DoubtfulValue]) -> Table:
    """Doubtful values, one a line, with every reading of each."""
    columns = ("document", "organ", "year", "value", "", "says", "flags", "readings", "page")
    return grid(columns, (_queue_line(doubt) for doubt in found))


def _queue_line(doubt: DoubtfulValue) -> tuple[object, ...]:
    fact = doubt.fact
    says = state_and_text(fact.state, fact.raw)
    return (
        short(str(fact.report)),
        fact.organ,
        fact.year,
        doubt.key,
        " · ".join(labels(fact.form, fact.table, fact.row, fact.column)),
        f"{AGAINST} {says}" if _is_contradicted(doubt) else says,
        fact.flags,
        "; ".join(f"{text} {confidence:.2f}" for _, text, confidence in _readings(doubt)),
        fact.page,
    )


def card(doubt: DoubtfulValue, progress: str, picture: Path | None) -> Iterator[RenderableType]:
    """One value with all that there is to judge it by."""
    fact = doubt.fact
    yield Text(f"\n{progress}   {printable(fact.organ or '?')} {fact.year or ''}", style="bold")
    yield Text(" · ".join(labels(fact.form, fact.table, fact.row, fact.column)), style="bold")
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, content in _lines(doubt, picture):
        table.add_row(Text(name), content if isinstance(content, Text) else Text(printable(content)))
    yield table


def _lines(doubt: DoubtfulValue, picture: Path | None) -> Iterator[tuple[str, object]]:
    fact = doubt.fact
    where = f", page {fact.page}" if fact.page else ", not found on any page"
    yield "document", f"{short(str(fact.report))}  {fact.source}{where}"
    yield "value", f"{doubt.key} ({fact.form} form)"
    for method, text, confidence in _readings(doubt):
        yield "read", Text(f"{text}   {confidence:.2f}   {printable(method)}", style="bold")
    yield "flags", fact.flags
    for found in doubt.findings:
        yield "proposal" if found.kind == PROPOSAL else "finding", found.message
    if doubt.verdict:
        yield "verdict", said(doubt.verdict)
        if _is_contradicted(doubt):
            yield AGAINST, Text("the newest reading is neither what was said nor what was seen", style="red")
    if picture:
        yield "picture", str(picture)


def said(verdict: StoredVerdict) -> str:
    """A verdict in words."""
    says = state_and_text(verdict.state, verdict.raw)
    read = state_and_text(verdict.seen_state, verdict.seen_raw)
    note = f" ({verdict.note})" if verdict.note else ""
    if verdict.kind == "correct":
        return f"{verdict.who} corrected {read} to {says} on {verdict.at}{note}"
    words = {
        "accept": f"accepted {read}",
        "anomaly": f"called {read} the report's own mistake",
        "note": f"made a note beside {read}",
        "undo": "took back the last verdict",
    }
    return f"{verdict.who} {words[verdict.kind]} on {verdict.at}{note}"


def verdicts(given: Iterable[StoredVerdict], named: bool = True) -> Table:
    """What people said of values, in the order given; `named` tells of which document."""
    columns = ("", "value", "when", "who", "said", "read as", "says", "note")
    lines = ([short(str(ReportName(one.document, one.part))), *_verdict_line(one)] for one in given)
    return grid(("document", *columns), lines) if named else grid(columns, (line[1:] for line in lines))


def _verdict_line(one: StoredVerdict) -> tuple[object, ...]:
    seen, says = state_and_text(one.seen_state, one.seen_raw), state_and_text(one.state, one.raw)
    return "✓" if one.stands else "", one.key, one.at, one.who, one.kind, seen, says, one.note


def changes(changed: DocumentChanges) -> Iterator[RenderableType]:
    """What a re-run of a document reads differently, a line a value."""
    head = f"{changed.document[:SHORT_HASH]}  {printable(changed.source)}"
    flagged = len(changed.changes) - changed.read_otherwise
    of = (
        f"{changed.read_otherwise} of {changed.values} values read otherwise, {flagged} with other flags only"
    )
    if changed.old_run is None:
        of = f"read for the first time, {changed.values} values"
    yield Text(f"\n{head}  {of}", style="bold")
    for name, (old, new) in changed.settings.items():
        yield Text(f"  {printable(name)}: {_or_none(old)} → {_or_none(new)}", style="dim")
    if changed.old_run is not None and changed.changes:
        columns = ("value", "", "was read", "is read", "flags before", "flags now")
        yield grid(columns, (_change_line(change) for change in changed.changes))
    for change in changed.changes:
        if change.verdict:
            told = f"{AGAINST} {change.key}: {said(change.verdict)}; now read as {_read(change.new)}"
            yield Text(printable(told), style="red")


def _or_none(content: object) -> str:
    return "–" if content is None else printable(content)


def _change_line(change: ValueChange) -> tuple[object, ...]:
    old, new = change.old, change.new
    form = (new or old or NO_VALUE).form
    label = " · ".join(labels(form, change.table, change.row, change.column))
    flags = (old.flags if old else "", new.flags if new else "")
    return change.key, label, _read(old), _read(new), *flags


NO_VALUE = ReadValue("", "missing", "", "", 0.0, "")


def _read(value: ReadValue | None) -> str:
    """A reading as it is shown; one that a run does not have at all is told apart from a missing one."""
    return "no such value" if value is None else state_and_text(value.state, value.raw)


def _readings(doubt: DoubtfulValue) -> Iterator[tuple[str, str, float]]:
    """Method, text and confidence of every reading, the one that stands first."""
    yield doubt.method, state_and_text(doubt.read.state, doubt.read.raw), doubt.confidence
    for other in doubt.others:
        yield other.method, printable(other.text) or "nothing", other.confidence


def _is_contradicted(doubt: DoubtfulValue) -> bool:
    return doubt.verdict is not None and bool(doubt.fact.needs_review)
