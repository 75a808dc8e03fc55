"""Form files read and checked; every problem is told with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import yaml
from pydantic import TypeAdapter, ValidationError

from core.problems import InvalidInputError, Problem
from core.yaml_loader import SAFE_LOADER
from reconcile.forms.form_model import Form, FormBlock, FormFile, FormTable, Relation, WholeOf
from reconcile.labels import normalised_label

Location = tuple[str | int, ...]

_KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_READ = TypeAdapter(FormFile)
# What the library says of the common mistakes, in words for the writer of a form.
_WORDS = {
    "missing": "must be given",
    "unexpected_keyword_argument": "is no field of a form file here",
    "dataclass_type": "must be a mapping of fields",
    "tuple_type": "must be a list",
    "string_type": "must be a text",
    "bool_parsing": "must be true or false",
    "int_parsing": "must be a year",
}


class FormError(InvalidInputError):
    """The text is no valid form; `problems` holds at least one, in the order of lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems, "; ".join(f"line {one.line}: {one.message}" for one in problems))


def parse_form(name: str, text: str, origin: str) -> Form:
    """Read the form `name` from the text of its file.

    Raises:
        FormError: the text is no YAML, has another shape, or contradicts itself.
    """
    root = _composed(text)
    if not _NAME.fullmatch(name):
        raise FormError([Problem(1, f"the file name {name!r} may hold only letters, digits, - and _")])
    form = _validated(root, yaml.constructor.SafeConstructor().construct_document(root))
    if wrong := [Problem(_line(root, at), message) for at, message in _contradictions(form)]:
        raise FormError(wrong)
    tables = {table.key: table for table in form.tables}
    told = (form.title, tables, form.relations, form.since, form.subjects, origin, form.tolerance)
    return Form(name, *told, dict(_wholes(form)))


def _wholes(form: FormFile) -> Iterator[tuple[WholeOf, str]]:
    """By table, rows or columns, and key what a row or column is part of."""
    for table in form.tables:
        for block in table.blocks:
            for row in block.rows:
                yield (table.key, "rows", row.key), row.part_of
            for column in block.columns:
                yield (table.key, "columns", column.key), column.part_of


def _composed(text: str) -> yaml.Node:
    try:
        root = yaml.compose(text, Loader=SAFE_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FormError([Problem(line, f"no valid YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise FormError([Problem(1, f"no valid YAML: {' '.join(str(error).split())}")]) from error
    if root is None:
        raise FormError([Problem(1, "the file is empty")])
    if twice := list(_written_twice(root)):
        raise FormError(twice)
    return root


def _written_twice(node: yaml.Node) -> Iterator[Problem]:
    """Fields that one mapping has twice, of which YAML would drop the first in silence."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _written_twice(item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield Problem(key.start_mark.line + 1, f"{key.value} is written twice")
            seen.add(str(key.value))
            yield from _written_twice(value)


def _validated(root: yaml.Node, data: object) -> FormFile:
    try:
        return _READ.validate_python(data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise FormError([_problem(root, one["loc"], one["type"], one["msg"]) for one in found]) from error


def _problem(root: yaml.Node, at: Location, kind: str, message: str) -> Problem:
    said = _WORDS.get(kind, message.replace("Input should be", "must be"))
    return Problem(_line(root, at), f"{_path(at)} {said}")


def _path(at: Location) -> str:
    """A place in the file for people: `tables[1].key`; lists are counted from 1."""
    names = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in at)
    return names.lstrip(".") or "the file"


def _line(node: yaml.Node, at: Location) -> int:
    """The line of the place, or of the nearest one above it that is there."""
    line = node.start_mark.line + 1
    for part in at:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == part), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return line
    return line


def _contradictions(form: FormFile) -> Iterator[tuple[Location, str]]:
    if not form.tables:
        yield ("tables",), "a form needs a table"
    for n, table in enumerate(form.tables):
        if table.key in [other.key for other in form.tables[:n]]:
            yield ("tables", n, "key"), f"there is a table {table.key} already"
        yield from (((("tables", n, *at)), message) for at, message in _in_table(table))
    tables = {table.key: table for table in form.tables}
    for n, relation in enumerate(form.relations):
        yield from (((("relations", n, *at)), message) for at, message in _in_relation(relation, tables))


def _in_table(table: FormTable) -> Iterator[tuple[Location, str]]:
    yield from _bad_key(table.key, ("key",))
    if not table.blocks:
        yield ("blocks",), "a table needs a block"
    if table.unlabelled and [len(block.rows) for block in table.blocks] != [1]:
        yield ("unlabelled",), "an unlabelled table has one block with one row"
    for side in table.sides if table.blocks else ():
        clauses = [block.clause for block in side.blocks]
        if len(clauses) > 1 and (not all(clauses) or len(set(clauses)) < len(clauses)):
            yield ("blocks",), "blocks one below the other need a clause each, all different"
    yield from _in_blocks(table)


def _in_blocks(table: FormTable) -> Iterator[tuple[Location, str]]:
    seen: set[tuple[str, str]] = set()
    labels: set[str] = set()
    for b, block in enumerate(table.blocks):
        if b and block.beside:
            labels = set()
        yield from (((("blocks", b, *at)), message) for at, message in _in_block(block, table))
        for c, column in enumerate(block.columns):
            yield from _bad_key(column.key, ("blocks", b, "columns", c, "key"))
            if column.key in block.column_keys[:c]:
                yield ("blocks", b, "columns", c, "key"), f"there is a column {column.key} already"
            if not column.path or not all(map(normalised_label, column.path)):
                yield ("blocks", b, "columns", c, "path"), f"column {column.key} needs header labels"
        for r, row in enumerate(block.rows):
            at: Location = ("blocks", b, "rows", r)
            yield from _bad_key(row.key, (*at, "key"))
            full = normalised_label(row.side + row.group + row.label)
            if not normalised_label(row.label) or full in labels:
                yield (*at, "label"), f"row {row.key} needs a label of its own"
            labels.add(full)
            pairs = {(row.key, column.key) for column in block.columns}
            if both := pairs & seen:
                yield (*at, "key"), f"two values have the key {table.key}/{row.key}/{min(both)[1]}"
            seen |= pairs


def _in_block(block: FormBlock, table: FormTable) -> Iterator[tuple[Location, str]]:
    if not block.columns:
        yield ("columns",), "a block needs columns"
    if not block.rows and not block.open_rows:
        yield ("rows",), "a block needs rows"
    if not table.is_headed:
        if block.open_rows:
            yield ("open_rows",), "open rows need a table told by its heading"
        for c, column in enumerate(block.columns):
            if column.optional:
                yield ("columns", c, "optional"), "optional columns need a table told by its heading"
    for n, column in enumerate(block.columns):
        if column.part_of and column.part_of not in block.column_keys:
            yield ("columns", n, "part_of"), f"there is no column {column.part_of} in this block"
    for n, row in enumerate(block.rows):
        if row.part_of and row.part_of not in {other.key for other in block.rows}:
            yield ("rows", n, "part_of"), f"there is no row {row.part_of} in this block"


def _bad_key(key: str, at: Location) -> Iterator[tuple[Location, str]]:
    if not _KEY.fullmatch(key):
        yield at, f"key {key!r} may hold only a-z, 0-9, _ and dots between them"


def _in_relation(relation: Relation, tables: dict[str, FormTable]) -> Iterator[tuple[Location, str]]:
    if relation.over == "document":
        known = {f"{table.key}/{key}" for table in tables.values() for key in _keys_of(table)}
        yield from _unknown_terms(relation, known, "value", ())
        return
    if relation.table not in tables:
        yield ("table",), f"there is no table {relation.table}"
        return
    table = tables[relation.table]
    columns = {column.key for block in table.blocks for column in block.columns}
    rows = {row.key for _, row in table.pairs()}
    if relation.over == "rows":
        yield from _unknown_terms(relation, columns, f"column of table {table.key}", ())
    else:
        codes = tuple(code for block in table.blocks if block.open_rows for code in block.codes or ("",))
        yield from _unknown_terms(relation, rows, f"row of table {table.key}", codes)
    if relation.over == "codes" and not table.has_open_rows:
        yield ("over",), f"table {table.key} has no open rows"


def _keys_of(table: FormTable) -> Iterator[str]:
    return (f"{row.key}/{column.key}" for block, row in table.pairs() for column in block.columns)


def _unknown_terms(
    relation: Relation, known: Collection[str], kind: str, codes: tuple[str, ...]
) -> Iterator[tuple[Location, str]]:
    """Terms that are nothing of the form; digits may be a code that begins as `codes` do."""
    for field, terms in (("sum", relation.sum), ("equals", relation.equals)):
        if not terms and not (field == "sum" and relation.over == "codes"):
            yield (field,), f"relation {relation.id} needs a {field}"
        for n, term in enumerate(terms):
            if term not in known and not (codes and term.isdecimal() and term.startswith(codes)):
                yield (field, n), f"{term} is no {kind}"
    if twice := sorted(set(relation.sum) & set(relation.equals)):
        yield ("equals",), f"{twice[0]} stands on both sides of relation {relation.id}"
