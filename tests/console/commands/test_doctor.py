"""`guidang doctor`."""

from __future__ import annotations

import json


def test_doctor_ends_with_1_and_a_remedy_if_something_is_missing(guidang, home, batch):
    assert guidang("doctor").code == 0
    batch.failed = 1
    shown = guidang("doctor")
    assert shown.code == 1
    assert "fetch them" in shown.out
    (told,) = json.loads(guidang("doctor", "--format", "json").out)
    assert told == {"part": "weights", "verdict": "bad", "found": "d", "remedy": "fetch them"}
