"""docs/operations.md names every failure code, exit code and metric that the program can give."""

from __future__ import annotations

import re
from functools import partial

import yaml

from archive.archive import Archive
from core import errors
from core.failure_codes import Failure
from ingest.monitoring.batch_counts import BatchCounts
from ingest.monitoring.batch_metrics import fill_archive, fill_batch
from ingest.monitoring.metrics_exposition import filled
from tests.support.operations_tables import made_anew
from tests.support.paths import ROOT

TEXT = (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def test_tables_are_as_the_program_has_them():
    """`make docs` makes them anew."""
    assert made_anew(TEXT) == TEXT


def test_every_failure_code_is_used_and_says_what_to_do():
    sources = [path for part in ("core", "ocr", "ingest") for path in (ROOT / part).rglob("*.py")]
    used = {one for path in sources for one in re.findall(r"Failure\.([A-Z_]+)", path.read_text("utf-8"))}
    assert used == set(Failure.__members__)
    assert all(one.says and one.remedy for one in Failure)


def test_every_exit_code_has_a_line():
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)}
    raised = {one.exit_code for one in vars(errors).values() if hasattr(one, "exit_code")}
    assert {0, 130, *raised} <= told


def test_every_metric_is_told_and_alerts_use_no_other(tmp_path):
    with Archive.open(tmp_path / "a", create=True) as archive:
        registry = filled(partial(fill_batch, BatchCounts()), partial(fill_archive, archive))
    names = {family.name for family in registry.collect()}
    assert sorted(one for one in names if one.removeprefix("guidang_") not in TEXT) == []
    (group,) = yaml.safe_load((ROOT / "deploy/guidang-rules.yml").read_text(encoding="utf-8"))["groups"]
    used = set(re.findall(r"guidang_[a-z_]+", " ".join(rule["expr"] for rule in group["rules"])))
    assert used - names == {"guidang_crawl_last_complete_timestamp_seconds"}
