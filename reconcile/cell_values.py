"""Values from the cells they were found in: state, flags, and readings that differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from core.review_threshold import review_below
from ocr.model import Cell, Reading
from reconcile.forms.registry import expected_keys, optional_rows
from reconcile.matching.columns import Slot
from reconcile.matching.standing import Standing
from reconcile.matching.table_match import Occurrence, TableMatch
from reconcile.model import Flag, Key, State, Value
from reconcile.numerals import Numeral, parse

REPEATED = "repeated"
"""Method of a `Reading` that comes from the same value printed a second time."""

# No number is ever put together of two cells: a blank inside of a number makes it unread.
BETWEEN_CELLS = " "

_FLAG_ORDER = {flag: position for position, flag in enumerate(Flag)}


def flags_of(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Return each flag once, in the order of `Flag`."""
    return tuple(sorted(set(flags), key=_FLAG_ORDER.__getitem__))


def values_of(layout: TableMatch, standings: Sequence[Standing]) -> tuple[Value, ...]:
    """One value for every key of the form's table, in printed order; none for optional rows not printed.

    `standings` say of each part, by its index, whether its print is in force.
    """
    sightings: dict[Key, list[Occurrence]] = {}
    for sighting in layout.sightings:
        sightings.setdefault(sighting.key, []).append(sighting)
    if layout.table.is_headed:
        return tuple(_value(key, layout.form, sightings.get(key, []), standings) for key in layout.keys)
    keys = expected_keys(layout.form, layout.table.key)
    seen = {target.row.key for match in layout.matches for target in match.targets if target.row}
    left_out = optional_rows(layout.form, layout.table.key) - seen
    return tuple(
        _value(key, layout.form, sightings.get(key, []), standings) for key in keys if key.row not in left_out
    )


def missing(key: Key, form: str) -> Value:
    """Stand in for a value that should be there and was not found."""
    return Value(key, form, State.MISSING, "", "", 0.0, (Flag.MISSING,))


def _value(key: Key, form: str, sightings: Sequence[Occurrence], standings: Sequence[Standing]) -> Value:
    """The value of a key; of several printings the one in force stands, else the largest.

    Any that differs is kept beside it; it is a disagreement unless the document says that it is not in force.
    """
    if not sightings:
        return missing(key, form)
    first, *rest = sorted(sightings, key=lambda sighting: (-standings[sighting.part], -sighting.weight))
    value = _from_slot(key, form, first.slot)
    again = [_from_slot(key, form, sighting.slot) for sighting in rest]
    unlike = [other for other in again if _says(other) != _says(value)]
    valid = [
        one for one, place in zip(again, rest, strict=True) if standings[place.part] == standings[first.part]
    ]
    doubts = [Flag.DISAGREEMENT] if any(other in valid for other in unlike) else []
    doubts += [Flag.WEAK_MATCH] if standings[first.part] is Standing.OTHER else []
    cells = tuple(dict.fromkeys(cell for one in (value, *again) for cell in one.cells))
    others = value.others + tuple(Reading(one.raw, one.confidence, REPEATED) for one in unlike)
    flags = flags_of((*value.flags, *doubts))
    return Value(key, form, value.state, value.raw, value.value, value.confidence, flags, cells, others)


def _says(value: Value) -> Numeral:
    return Numeral(value.state, value.value)


def _from_slot(key: Key, form: str, slot: Slot) -> Value:
    prints = [cell for cell in slot.cells if cell.inked or cell.text]
    raw = BETWEEN_CELLS.join(cell.text for cell in prints)
    numeral = _numeral(raw, slot, inked=bool(prints))
    confidence = min(cell.confidence for cell in prints or slot.cells)
    others = tuple(other for cell in prints or slot.cells for other in cell.others)
    flags = flags_of(_flags(slot, numeral, confidence, _differ(prints, others, numeral)))
    return Value(key, form, numeral.state, raw, numeral.value, confidence, flags, slot.cells, others)


def _numeral(raw: str, slot: Slot, *, inked: bool) -> Numeral:
    """A number in a cell that belongs to several values is nobody's; a dash is everybody's."""
    numeral = parse(raw, inked=inked)
    return Numeral(State.UNREAD) if slot.shared and numeral.state is State.READ else numeral


def _differ(prints: Sequence[Cell], others: Sequence[Reading], numeral: Numeral) -> bool:
    """Say whether another reading of the same cell says something else."""
    return any(parse(other.text, inked=bool(prints)) != numeral for other in others)


def _flags(slot: Slot, numeral: Numeral, confidence: float, differ: bool) -> Iterator[Flag]:
    printed = numeral.state is not State.BLANK
    if confidence < review_below():
        yield Flag.LOW_CONFIDENCE
    if differ:
        yield Flag.DISAGREEMENT
    if numeral.state is State.UNREAD:
        yield Flag.UNREAD
    if slot.weak or (slot.shared and printed):
        yield Flag.WEAK_MATCH
