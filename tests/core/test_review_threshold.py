"""The confidence below which a value asks for review is a setting."""

from __future__ import annotations

from pathlib import Path

import pytest

import cli
from core.errors import UsageError
from core.review_threshold import VARIABLE, review_below
from ingest.diagnostics.doctor import diagnose
from ingest.reading.pipeline import provenance
from ocr.model import Reading
from reconcile.model import Flag, Report
from reconcile.reconciliation import reconcile
from reconcile.second_reading import apply_second_readings, doubtful_cells
from tests.support.reconcile_grids import REVIEW, page, table

FAILING = REVIEW.replace("|10|5|", "|11|5|")


def read(confidence: float, text: str = REVIEW) -> Report:
    return reconcile([page(1, table(text, confidence=confidence))])


def flags(report: Report) -> set[Flag]:
    return {flag for value in report.values for flag in value.flags}


@pytest.mark.parametrize(("setting", "asks"), [("0", False), ("0.94", False), ("0.96", True), ("1", True)])
def test_values_below_the_threshold_ask_for_review(
    setting: str, asks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, setting)
    report = read(0.95)
    assert len(report.values) == 15
    assert [value.needs_review for value in report.values] == [asks] * 15
    assert len(doubtful_cells(report)) == 15 * asks


def test_without_a_setting_it_is_nine_tenths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert (flags(read(0.91)), flags(read(0.89))) == (set(), {Flag.LOW_CONFIDENCE})


@pytest.mark.parametrize("setting", ["90%", "1.1", "-0.1", "nan", "high"])
def test_a_setting_that_is_no_share_is_refused_in_one_line(
    setting: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv(VARIABLE, setting)
    with pytest.raises(UsageError):
        review_below()
    (tmp_path / "a.pdf").touch()
    assert cli.main(["ingest", str(tmp_path / "a.pdf"), "--archive", str(tmp_path / "archive")]) == 2
    assert capsys.readouterr().err == f"guidang: {VARIABLE}: {setting!r} is no number from 0 to 1\n"
    assert not (tmp_path / "archive").exists()


def test_a_second_reading_must_reach_the_threshold_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "0.97")
    report = read(0.95)
    for again, asked in ((0.9, False), (0.5, True)):
        second = {c.place: Reading(c.text, again, "again") for c in doubtful_cells(report)}
        assert (Flag.LOW_CONFIDENCE in flags(apply_second_readings(report, second))) is asked


def test_a_low_threshold_accuses_no_report_by_unsure_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "0.3")
    report = read(0.5, FAILING)
    second = {c.place: Reading(c.text, 0.5, "again") for c in doubtful_cells(report)}
    assert flags(apply_second_readings(report, second)) == {Flag.UNBALANCED}


def test_the_threshold_is_kept_with_each_reading_and_shown_by_the_doctor(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(VARIABLE, "0.8")
    assert provenance()[1] == {"review_below": 0.8}
    monkeypatch.setattr("ingest.diagnostics.doctor._reading", lambda: "read")
    shown = {part.name: (part.ok, part.found) for part in diagnose(str(tmp_path))}
    assert shown["review below"] == (True, "0.8")
    monkeypatch.setenv(VARIABLE, "8")
    shown = {part.name: (part.ok, part.found) for part in diagnose(str(tmp_path))}
    assert shown["review below"][0] is False
