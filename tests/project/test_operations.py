"""docs/operations.md names every failure code, exit code and metric that the program can give."""

from __future__ import annotations

import ast
import re
from functools import partial

import yaml

from archive.archive import Archive
from core import errors
from ingest.monitoring.batch_monitor import Tally, fill_archive
from ingest.monitoring.prometheus import filled
from tests.support.operations_tables import made_anew
from tests.support.paths import ROOT

ERRORS = ("UnreadableDocument", "ReadingDied")
TEXT = (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def codes_in_the_program() -> set[str]:
    """The first argument of every such error that is made; one that is no literal counts as `?`."""
    found = set()
    for path in (one for part in ("ocr", "archive", "ingest") for one in (ROOT / part).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS:
                first = node.args[0]
                found.add(first.value if isinstance(first, ast.Constant) else "?")
    return found


def test_every_failure_code_has_a_line_that_says_what_to_do():
    section = TEXT.partition("## Why a document failed")[2].partition("\n## ")[0]
    told = set(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE))
    assert {"empty", "encrypted", "crashed", "too_slow"} <= codes_in_the_program()
    assert sorted(codes_in_the_program() - told - {"?"}) == []


def test_tables_are_as_the_program_has_them():
    """`make docs` makes them anew."""
    assert made_anew(TEXT) == TEXT


def test_every_exit_code_has_a_line():
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)}
    raised = {one.exit_code for one in vars(errors).values() if hasattr(one, "exit_code")}
    assert {0, 130, *raised} <= told


def test_every_metric_is_told_and_alerts_use_no_other(tmp_path):
    with Archive.open(tmp_path / "a", create=True) as archive:
        registry = filled(Tally().fill, partial(fill_archive, archive))
    names = {family.name for family in registry.collect()}
    assert sorted(one for one in names if one.removeprefix("guidang_") not in TEXT) == []
    (group,) = yaml.safe_load((ROOT / "deploy/guidang-rules.yml").read_text(encoding="utf-8"))["groups"]
    used = set(re.findall(r"guidang_[a-z_]+", " ".join(rule["expr"] for rule in group["rules"])))
    assert used - names == {"guidang_crawl_last_complete_timestamp_seconds"}
