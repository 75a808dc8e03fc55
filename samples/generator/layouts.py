"""The statutory tables laid out as ruled grids, as reports print them and as they go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from samples.generator.grid import Grid, Slot, fit_heights, wrap
from samples.generator.values import APPLICANTS, OUTCOMES, PHASES, Printed, Prints, labels

Fill = Callable[[Slot, int], tuple[str, str]]
ORGANISATIONS = APPLICANTS[1:]
NARROW = 24.0


@dataclass(frozen=True, slots=True)
class Look:
    """How a table looks. Lengths in points.

    `header` sets the narrow column headers: `wrapped` in lines as they fit, `stacked` one character a
    line, `interleaved` stacked with the characters written row by row across the columns, as some
    word processors leave them in the text layer. `side` sets 三、本年度办理结果: `stacked` or `wrapped`.
    `relabel` replaces wording in every label. `label_rows` displaces the lines of a merged label:
    from the label to pairs of (row key, text). `total_beside` puts 总计 beside 申请人情况, not under it.
    `dash` is typst's name for broken rules (`dotted`, `dashed`). `extra` adds rows that a province
    asks for: from a row key to the label of the row below it, whose values have that label as row key.
    `cut_rows` lets the page end cut a row in two, `run_on` lets labels of merged cells run on behind it.
    `paint` is the colour of the rules. `fill` gives the colour behind a cell, of `n_columns`, and that of
    its print.
    """

    width: float = 430.0
    size: float = 10.5
    padding: float = 2.5
    shares: tuple[float, ...] = ()
    header: str = "wrapped"
    side: str = "stacked"
    shade: str = ""
    rule: float = 0.5
    frame: float = 0.5
    face: str = "Noto Serif CJK SC"
    digits: str = "Libertinus Serif"
    bold_labels: bool = False
    total_beside: bool = False
    relabel: tuple[tuple[str, str], ...] = ()
    label_rows: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    dash: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    cut_rows: bool = False
    run_on: bool = False
    paint: str = "black"
    fill: Fill | None = None

    def say(self, label: str) -> str:
        """The label in this report's wording."""
        for old, new in self.relabel:
            label = label.replace(old, new)
        return label


@dataclass(frozen=True, slots=True)
class Laid:
    """A laid-out table and the grid row on which each row key stands."""

    grid: Grid
    row_of: Mapping[str, int]


class Setter:
    """Collects the slots of one table, wrapping each text to its cell."""

    def __init__(self, look: Look, shares: tuple[float, ...]) -> None:
        self.look = look
        scale = look.width / sum(look.shares or shares)
        self.widths = tuple(share * scale for share in look.shares or shares)
        self.slots: list[Slot] = []

    def put(self, text: str, row: int, column: int, rows: int, columns: int, kind: str) -> None:
        """Add one cell; headers of narrow columns are stacked where the look asks for it."""
        width = sum(self.widths[column : column + columns])
        room = max(1.0, (width - 2 * self.look.padding) / self.look.size)
        stacked = kind == "side" and self.look.side == "stacked"
        stacked |= kind == "header" and self.look.header != "wrapped" and width < 1.5 * NARROW
        lines = tuple(text) if stacked else wrap(text, room)
        self.slots.append(Slot(row, column, rows, columns, lines, kind))

    def grid(self, n_rows: int) -> Grid:
        """The slots so far as a grid whose rows are high enough for their text."""
        slots = tuple(sorted(self.slots, key=lambda slot: (slot.row, slot.column)))
        heights = fit_heights(slots, n_rows, self.look.size, self.look.padding)
        return Grid(self.widths, heights, slots)


def lay_proactive(form: str, values: Prints, look: Look) -> Laid:
    """Table two: four columns, a band over each 条款; fewer headers than columns span the rest."""
    setter, row_of, row = Setter(look, (1.6, 1, 1, 1)), {}, 0
    for part in labels()["proactive"][form]:
        setter.put(look.say(part["band"]), row, 0, 1, 4, "band")
        setter.put(look.say("信息内容"), row + 1, 0, 1, 1, "header")
        for column, (_, label) in _spread(part["columns"]):
            setter.put(look.say(label), row + 1, column[0], 1, column[1], "header")
        row += 2
        for key, label in _with_extra(part["rows"].items(), look):
            row_of[key] = row
            setter.put(look.say(label), row, 0, 1, 1, "label")
            for column, (name, _) in _spread(part["columns"]):
                setter.put(values[key, name].raw, row, column[0], 1, column[1], "value")
            row += 1
    return Laid(setter.grid(row), row_of)


def _with_extra(rows: Iterable[tuple[str, str]], look: Look) -> Iterator[tuple[str, str]]:
    """The rows of the form and, below them, those that `look.extra` adds."""
    for key, label in rows:
        yield key, label
        if key in look.extra:
            yield look.extra[key], look.extra[key]


def _spread(columns: Mapping[str, str]) -> Iterator[tuple[tuple[int, int], tuple[str, str]]]:
    """Place up to three columns on grid columns 1 to 3, the last one taking the rest."""
    for n, item in enumerate(columns.items()):
        last = n == len(columns) - 1
        yield (n + 1, 3 - n if last else 1), item


def lay_requests(form: str, values: Prints, look: Look) -> Laid:
    """Table three: three label columns, seven value columns, three header rows."""
    facts, row_of = labels()["requests"], {}
    setter = Setter(look, (1.0, 2.4, 4.4, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1))
    _request_header(setter, facts)
    row, outer = 3, {"new", "carried_in", "carried_out"}
    outer |= {look.extra[key] for key in outer if key in look.extra}
    for key, label, group in _request_labels(form, look):
        row_of[key] = row
        first, span = (2, 1) if group else (0, 3) if key in outer else (1, 2)
        setter.put(look.say(label), row, first, 1, span, "label")
        for n, column in enumerate((*APPLICANTS, "total")):
            setter.put(values[key, column].raw, row, 3 + n, 1, 1, "value")
        row += 1
    _merged_labels(setter, form, row_of)
    return Laid(_displace(setter.grid(row), row_of, look), row_of)


def _request_header(setter: Setter, facts: Mapping[str, Mapping[str, str]]) -> None:
    look, names = setter.look, facts["columns"]
    beside = look.total_beside
    setter.put(look.say(labels()["requests"]["note"]), 0, 0, 3, 3, "note")
    setter.put(look.say(labels()["requests"]["applicants"]), 0, 3, 1, 6 if beside else 7, "header")
    setter.put(look.say(names["natural_person"]), 1, 3, 2, 1, "header")
    setter.put(look.say(labels()["requests"]["organisations"]), 1, 4, 1, 5, "header")
    for n, column in enumerate(ORGANISATIONS):
        setter.put(look.say(names[column]), 2, 4 + n, 1, 1, "header")
    top = 0 if beside else 1
    setter.put(look.say(names["total"]), top, 9, 3 - top, 1, "header")


def _request_labels(form: str, look: Look) -> Iterator[tuple[str, str, str]]:
    """(row key, label, group or "") for each row of table three."""
    facts = labels()["requests"]
    first = ((key, facts[key]) for key in ("new", "carried_in", "granted", "partly_granted"))
    for key, label in _with_extra(first, look):
        yield key, label, ""
    for group, entry in facts["groups"].items():
        if group == "other" and form == "2019":
            yield "other", entry["label"], ""
            continue
        for n, label in enumerate(entry["rows"], 1):
            yield f"{group}.{n}", label, group
    for key, label in _with_extra(((key, facts[key]) for key in ("total", "carried_out")), look):
        yield key, label, ""


def _merged_labels(setter: Setter, form: str, row_of: Mapping[str, int]) -> None:
    facts = labels()["requests"]
    top, bottom = row_of["granted"], row_of["total"] + 1
    setter.put(setter.look.say(facts["results"]), top, 0, bottom - top, 1, "side")
    for group, entry in facts["groups"].items():
        if group == "other" and form == "2019":
            continue
        rows = len(entry["rows"])
        setter.put(setter.look.say(entry["label"]), row_of[f"{group}.1"], 1, rows, 1, "label")


def _displace(grid: Grid, row_of: Mapping[str, int], look: Look) -> Grid:
    """Spread the lines of merged labels over the rows that `look.label_rows` names."""
    slots = []
    for slot in grid.slots:
        pairs = look.label_rows.get("".join(slot.lines), ())
        if pairs:
            rows = tuple(row_of[key] for key, _ in pairs)
            slot = replace(slot, lines=tuple(text for _, text in pairs), row_of_line=rows)
        slots.append(slot)
    return replace(grid, slots=tuple(slots))


def lay_tail(form: str, values: Prints, look: Look) -> Laid:
    """The last rows of table three as a table of its own: one label column, eight value columns.

    The eighth, between the organisations and 总计, is what a word processor leaves of a merged
    label cell; it repeats the sum of the organisations.
    """
    setter, row_of = Setter(look, (3.4, *[1.0] * 8)), {}
    wanted = ("other", "total", "carried_out")
    for row, (key, label, _) in enumerate(item for item in _request_labels(form, look) if item[0] in wanted):
        row_of[key] = row
        setter.put(look.say(label), row, 0, 1, 1, "label")
        for n, column in enumerate((*APPLICANTS, "", "total"), 1):
            cell = values[key, column] if column else _organisations(key, values)
            setter.put(cell.raw, row, n, 1, 1, "value")
    return Laid(setter.grid(len(row_of)), row_of)


def _organisations(row: str, values: Prints) -> Printed:
    counts = [values[row, column].value for column in ORGANISATIONS]
    return Printed(str(sum(int(count) for count in counts)) if all(counts) else "")


def lay_review(form: str, values: Prints, look: Look) -> Laid:
    """Table four: fifteen columns under three heads, one row of values."""
    facts, setter = labels()["review"], Setter(look, (1.0,) * 15)
    setter.put(look.say(facts["administrative"]), 0, 0, 1, 5, "header")
    setter.put(look.say(facts["litigation"]), 0, 5, 1, 10, "header")
    for n, phase in enumerate(PHASES[1:], 1):
        setter.put(look.say(facts[phase]), 1, 5 * n, 1, 5, "header")
    for n, phase in enumerate(PHASES):
        for k, outcome in enumerate((*OUTCOMES, "total")):
            top, column = (1, k) if n == 0 else (2, 5 * n + k)
            setter.put(look.say(facts["outcomes"][outcome]), top, column, 3 - top, 1, "header")
            setter.put(values["cases", f"{phase}.{outcome}"].raw, 3, column, 1, 1, "value")
    return Laid(setter.grid(4), {"cases": 3})


def lay_statistics(look: Look) -> Grid:
    """The statistics table that reports carried before 2019: name, unit, count."""
    setter = Setter(look, (5.5, 1.2, 1.6))
    for column, label in enumerate(("指标名称", "计量单位", "统计数")):
        setter.put(label, 0, column, 1, 1, "header")
    rows = labels()["statistics"]
    for row, (name, unit, count) in enumerate(rows, 1):
        setter.put(name, row, 0, 1, 1, "label")
        setter.put(unit, row, 1, 1, 1, "value")
        setter.put(str(count), row, 2, 1, 1, "value")
    return setter.grid(len(rows) + 1)


LAYOUTS = {"proactive": lay_proactive, "requests": lay_requests, "tail": lay_tail, "review": lay_review}
