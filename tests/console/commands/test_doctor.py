"""`guidang doctor`."""

from __future__ import annotations

import json

import pytest

from ingest.diagnostics import doctor


def test_doctor_ends_with_1_and_a_remedy_if_something_is_missing(guidang, home, batch):
    assert guidang("doctor").code == 0
    batch.failed = 1
    shown = guidang("doctor")
    assert shown.code == 1
    assert "fetch them" in shown.out
    (told,) = json.loads(guidang("doctor", "--format", "json").out)
    assert told == {"part": "weights", "verdict": "bad", "found": "d", "remedy": "fetch them"}


@pytest.mark.parametrize(("name", "value"), [("GUIDANG_REVIEW_BELOW", "8"), ("GUIDANG_NO_SUCH", "1")])
def test_setting_that_makes_no_sense_is_a_row_of_the_doctor(guidang, tmp_path, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(doctor, "_reading", lambda: "2021 read")
    shown = guidang("doctor", "--archive", tmp_path / "none", "--format", "json")
    assert (shown.code, "not ready: " in shown.err) == (1, True)
    told = {one["part"]: one for one in json.loads(shown.out)}
    assert told["settings"]["verdict"] == "bad"
    assert told["settings"]["found"].startswith(f"UsageError: {name}: ")
    assert told["settings"]["remedy"].startswith("correct the setting;")
    assert not any("make install" in one["remedy"] for one in told.values() if one["verdict"] == "bad")
    assert str(tmp_path) in told["folder of the archive"]["found"]
