"""Documents read in disposable children, and what becomes of those that kill them."""

from __future__ import annotations

import pytest

from ingest import pipeline


def test_the_null_engine_is_had_by_a_setting_only(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.engine.cache_clear()
    assert pipeline.engine().name != "null"
    pipeline.engine.cache_clear()
    monkeypatch.setenv("GUIDANG_ENGINE", "null")
    assert pipeline.engine().name == "null"
    pipeline.engine.cache_clear()
