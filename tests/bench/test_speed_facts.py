"""The benchmark of facts and exports makes the archive it says, and measures real commands."""

from __future__ import annotations

from archive.archive import Archive
from bench.speed import facts


def test_archive_has_175_values_a_report_in_every_state(tmp_path):
    facts.fill(str(tmp_path / "a"), None, 6)
    with Archive.open(tmp_path / "a") as archive:
        found = list(archive.values.facts())
    assert len(found) == 6 * 175
    assert {fact.state for fact in found} == {"read", "blank", "dash", "unread", "missing"}
    assert {fact.year for fact in found} == set(facts.YEARS)
    figure = facts.measured(facts.COMMANDS["facts parquet"], str(tmp_path / "a"))
    assert figure.seconds > 0
    assert 30 < figure.peak < 2000
