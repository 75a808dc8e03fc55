"""An archive of every earlier schema is brought up to date with every value intact, or stays as it was."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, event, func, insert, select
from sqlmodel import SQLModel

from archive.archive import Archive
from archive.db.engine import writing
from archive.index import page_index
from archive.maintenance import schema_upgrade
from tests.support import handmade
from tests.support.old_archives import SCHEMAS, OldArchive, unpack
from tests.support.places import DATABASES, rows

# An upgrade goes through all schemas that came after: the first and the last stand for those between.
ALWAYS = (SCHEMAS[0], SCHEMAS[-1])


@pytest.fixture(
    params=[
        pytest.param(
            (schema, kind), id=f"{schema}-{kind}", marks=() if schema in ALWAYS else pytest.mark.long
        )
        for schema in SCHEMAS
        for kind in DATABASES
    ]
)
def old(request, tmp_path, server) -> OldArchive:
    return unpack(*request.param, tmp_path, server)


def opened(old: OldArchive, write: bool = False) -> Archive:
    """The upgraded archive; one in PostgreSQL is told where its originals are."""
    beside = str(old.objects) if old.kind == "postgresql" else None
    return Archive.open(old.location, create=True, write=write, objects=beside)


def test_an_archive_of_every_earlier_schema_is_at_hand():
    """Whoever adds a migration adds an archive of the schema before it: tests/data/README.md."""
    migrations = ScriptDirectory(str(schema_upgrade.MIGRATIONS)).walk_revisions()
    earlier = sorted(one.revision for one in migrations if one.revision != schema_upgrade.HEAD)
    assert earlier == SCHEMAS


def test_old_archive_has_something_in_every_table(old):
    assert [name for name, rows in old.rows().items() if not rows] == []


def test_old_archive_asks_for_an_upgrade(old, guidang):
    for command in (["status"], ["search", "复议"], ["retry"], ["init"]):
        shown = guidang(*command, "--archive", old.location)
        assert shown.code == 5
        assert "run `guidang upgrade`" in shown.err
        assert len(shown.err.splitlines()) == 1


def test_upgrade_keeps_every_row_and_makes_the_tables_of_today(old, guidang):
    before = old.rows()
    shown = guidang("upgrade", "--archive", old.location)
    assert (shown.code, shown.out) == (0, "")
    assert f"schema {old.schema} → {schema_upgrade.HEAD}" in shown.err
    after = old.rows()
    for name in before.keys() - {"alembic_version"}:
        assert _first_columns(after[name], len(before[name][0])) == before[name]
    assert not any(rows for name, rows in after.items() if name not in before)
    engine = old.engine()
    options = {
        "include_object": lambda _, name, kind, *__: (
            not (kind == "table" and page_index.is_search_index(name))
        )
    }
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def _first_columns(rows: list[tuple[Any, ...]], count: int) -> list[tuple[Any, ...]]:
    """The columns that were there before: new ones come last."""
    return sorted((row[:count] for row in rows), key=repr)


def test_upgraded_archive_knows_the_cells_that_values_were_read_from(old, guidang):
    guidang("upgrade", "--archive", old.location)
    sides = ("page", "left", "top", "right", "bottom")
    same = " AND ".join(f'p."{side}" = c."{side}"' for side in sides)
    with opened(old) as archive:
        (placed,) = rows(archive, "SELECT count(*) FROM value_place")
        (named,) = rows(
            archive,
            "SELECT count(*) FROM value_place p JOIN grid_cell c "
            f"ON c.run_id = p.run_id AND c.grid = p.grid AND c.ordinal = p.cell WHERE {same}",
        )
    assert placed == named > (300,)


def _with_a_twin(old: OldArchive, cell: dict[str, object], **other: object) -> None:
    """Put a cell into the box of another, as the last of its grid."""
    engine = old.engine()
    table = Table("grid_cell", MetaData(), autoload_with=engine)
    with writing(engine) as connection:
        here = (table.c.run_id == cell["run_id"]) & (table.c.grid == cell["grid"])
        last = connection.execute(select(func.max(table.c.ordinal)).where(here)).scalar_one()
        found = connection.execute(select(table).where(here & (table.c.ordinal == cell["ordinal"]))).one()
        connection.execute(insert(table), {**found._mapping, "ordinal": last + 1, **other})
    engine.dispose()


def test_upgrade_does_not_guess_which_of_two_cells_in_one_box_a_value_was_read_from(old, guidang):
    if old.schema >= "0004":
        pytest.skip("its values say themselves which cells they were read from")
    sides = ("page", "left", "top", "right", "bottom")
    same = " AND ".join(f'p."{side}" = c."{side}"' for side in sides)
    read = _query(
        old,
        "SELECT p.run_id, p.value, p.ordinal AS place, c.grid, c.ordinal FROM value_place p "
        f"JOIN grid_cell c ON c.run_id = p.run_id AND {same} ORDER BY p.run_id, p.value, p.ordinal",
    )
    told_by_text, alike = read[0], read[1]
    _with_a_twin(old, told_by_text, text="another")
    _with_a_twin(old, alike)
    guidang("upgrade", "--archive", old.location)
    found = {
        (row["run_id"], row["value"], row["ordinal"]): (row["grid"], row["cell"])
        for row in _query(old, "SELECT run_id, value, ordinal, grid, cell FROM value_place")
    }
    expected = [(one["grid"], one["ordinal"]) for one in read]
    expected[1] = (None, None)
    assert [found[one["run_id"], one["value"], one["place"]] for one in read] == expected


def test_upgraded_archive_verifies_is_searched_and_goes_on(old, guidang):
    guidang("upgrade", "--archive", old.location)
    with opened(old, write=True) as archive:
        assert archive.verify().problems == ()
        assert archive.search("政府信息公开").total > 1
        count = sum(1 for _ in archive.values.facts())
        handmade.archive_one(archive, "new.pdf")
        assert sum(1 for _ in archive.values.facts()) == count + len(handmade.VALUES)
        assert archive.verify().problems == ()


def test_upgraded_archive_exports_what_the_old_tables_say(old, guidang):
    wanted_facts, wanted_cells, wanted_lines = _facts_of(old), _cells_of(old), _lines_of(old)
    guidang("upgrade", "--archive", old.location)
    with opened(old):
        pass
    facts = list(csv.DictReader(io.StringIO(guidang("export", "facts", "--archive", old.location).out)))
    assert len(facts) == len(wanted_facts) > 300
    assert [{name: row[name] for name in wanted_facts[0]} for row in facts] == wanted_facts
    tables = json.loads(guidang("export", "tables", "--archive", old.location).out)
    assert [
        (table["document"], cell["row"], cell["column"], cell["text"])
        for table in tables
        for cell in table["cells"]
    ] == wanted_cells
    pages = json.loads(guidang("export", "text", "--archive", old.location).out)
    assert [(page["document"], page["page"], line["text"]) for page in pages for line in page["lines"]] == (
        wanted_lines
    )


def _query(old: OldArchive, sql: str) -> list[dict[str, object]]:
    engine = old.engine()
    with engine.connect() as connection:
        found = [dict(row) for row in connection.exec_driver_sql(sql).mappings()]
    engine.dispose()
    return found


def _facts_of(old: OldArchive) -> list[dict[str, str]]:
    """The values of the current runs as the public export names and prints them."""
    sql = """
        SELECT d.sha256 AS document, s.name AS source, r.organ, r.year, v.form, v.table_key AS "table",
               v.row_key AS "row", v.column_key AS "column", v.state, v.raw, v.value, v.confidence, v.flags,
               v.needs_review, p.page, p."left", p.top, p."right", p.bottom
        FROM value v JOIN run ON run.id = v.run_id AND run.is_current
        JOIN document d ON d.id = run.document_id
        JOIN source s ON s.document_id = d.id AND s.ordinal = 0
        JOIN report r ON r.run_id = run.id
        LEFT JOIN value_place p ON p.run_id = v.run_id AND p.value = v.ordinal AND p.ordinal = 0
        ORDER BY d.id, v.ordinal"""
    rows = [{name: _printed(name, content) for name, content in row.items()} for row in _query(old, sql)]
    confirmed = _confirmed(old)
    return [_as_confirmed(row) if tuple(row[name] for name in NAMED) in confirmed else row for row in rows]


NAMED = ("document", "table", "row", "column")


def _confirmed(old: OldArchive) -> set[tuple[object, ...]]:
    """The values that a person accepted, in archives that have verdicts."""
    if "verdict" not in old.rows():
        return set()
    sql = """
        SELECT d.sha256, v.table_key, v.row_key, v.column_key FROM verdict v
        JOIN document d ON d.id = v.document_id WHERE v.stands AND v.kind = 'accept'"""
    found = {tuple(row.values()) for row in _query(old, sql)}
    assert found
    return found


def _as_confirmed(row: dict[str, str]) -> dict[str, str]:
    return row | {"needs_review": "0", "flags": ";".join(filter(None, (row["flags"], "confirmed")))}


def _printed(name: str, content: object) -> str:
    if isinstance(content, float):
        return str(round(content, 4 if name == "confidence" else 2))
    return "" if content is None else str(int(content) if isinstance(content, bool) else content)


def _cells_of(old: OldArchive) -> list[tuple[object, ...]]:
    sql = """
        SELECT d.sha256, c."row", c."column", c.text FROM grid_cell c
        JOIN run ON run.id = c.run_id AND run.is_current JOIN document d ON d.id = run.document_id
        ORDER BY d.id, c.grid, c.ordinal"""
    return [tuple(row.values()) for row in _query(old, sql)]


def _lines_of(old: OldArchive) -> list[tuple[object, ...]]:
    sql = """
        SELECT d.sha256, l.page, l.text FROM line l
        JOIN run ON run.id = l.run_id AND run.is_current JOIN document d ON d.id = run.document_id
        ORDER BY d.id, l.page, l.ordinal"""
    return [tuple(row.values()) for row in _query(old, sql)]


def test_second_upgrade_changes_nothing(old, guidang):
    guidang("upgrade", "--archive", old.location)
    first = old.everything()
    shown = guidang("upgrade", "--archive", old.location)
    assert (shown.code, f"schema {schema_upgrade.HEAD} → {schema_upgrade.HEAD}" in shown.err) == (0, True)
    assert old.everything() == first


def test_upgraded_archive_can_be_copied_to_either_database(old, guidang, tmp_path, server):
    guidang("upgrade", "--archive", old.location)
    with opened(old):
        pass
    moved = server.new_database("template0")
    for target in (["--archive", tmp_path / "copy"], ["--archive", moved, "--objects", tmp_path / "objects"]):
        assert guidang("init", *target, "--from", old.location).code == 0
        assert guidang("verify", "--quiet", *target[:2]).code == 0
        exports = [guidang("export", "facts", "--archive", place).out for place in (old.location, target[1])]
        assert exports[0] == exports[1]


class Killed(BaseException):
    """What no code catches, like the end of the process."""


class StopAfter:
    """Lets so many statements pass, then raises."""

    def __init__(self, statements: int) -> None:
        self.left = statements
        self.passed = 0

    def __call__(self, *_: object) -> None:
        if self.passed == self.left:
            raise Killed
        self.passed += 1


def _upgrade_until(old: OldArchive, stop: StopAfter) -> None:
    event.listen(Connection, "before_cursor_execute", stop)
    try:
        Archive.upgrade(old.location)
    finally:
        event.remove(Connection, "before_cursor_execute", stop)


def test_upgrade_stopped_in_the_middle_leaves_the_archive_as_it_was(old, tmp_path, server):
    before = old.everything()
    (tmp_path / "twin").mkdir()
    whole = StopAfter(10_000)
    _upgrade_until(unpack(old.schema, old.kind, tmp_path / "twin", server), whole)
    assert whole.passed > 20
    for statements in (*range(0, whole.passed, 3), whole.passed - 1):
        with pytest.raises(Killed):
            _upgrade_until(old, StopAfter(statements))
        assert old.everything() == before
    _upgrade_until(old, whole)
    with opened(old) as archive:
        assert archive.verify().problems == ()


DIE_IN_THE_INDEX = """
import os, sys
from archive.archive import Archive
from archive.index import page_index
add = page_index._insert
def die(*arguments):
    add(*arguments)
    os._exit(9)
page_index._insert = die
Archive.upgrade(sys.argv[1])
"""


def test_upgrade_killed_while_it_makes_the_index_leaves_the_archive_as_it_was(old):
    before = old.everything()
    killed = subprocess.run([sys.executable, "-c", DIE_IN_THE_INDEX, old.location], check=False)
    assert killed.returncode == 9
    assert old.everything() == before
    Archive.upgrade(old.location)
    with opened(old) as archive:
        assert archive.verify().problems == ()


def test_progress_of_an_upgrade_ends_at_the_total(old):
    told = []
    Archive.upgrade(old.location, told=lambda *seen: told.append(seen))
    assert told[-1] == ("search index", 3, 3)
