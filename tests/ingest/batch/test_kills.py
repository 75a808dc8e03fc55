"""A batch that is killed at any moment loses, doubles and forgets nothing; `make ingest-kills` kills more."""

from __future__ import annotations

from tests.faults.ingest_kills import spend_kills
from tests.support.places import Place

KILLS, FILES = 10, 50


def test_a_batch_killed_again_and_again_ends_like_one_left_in_peace(tmp_path, monkeypatch):
    monkeypatch.setenv("GUIDANG_ENGINE", "null")  # spend_kills sets it, and nobody would take it back
    place = Place("sqlite", str(tmp_path / "a"), tmp_path / "a" / "objects")
    campaign, submitted = spend_kills(place, tmp_path, KILLS, FILES, 3, print)
    assert campaign.wrong == []
    assert campaign.kills >= KILLS
    assert len(submitted) > FILES
