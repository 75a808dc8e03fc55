"""A correction is made once: what it means for the other values of its sums is answered everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from archive.archive import Archive
from archive.records import ReportName, VerdictKind
from archive.values.records import PrintedValue, VerdictInput
from archive.values.rerun_selection import RerunSelection
from archive.values.review_queue import ReviewFilter
from reconcile.checks.sum_relations import check
from reconcile.model import Flag, Report
from tests.support import handmade
from tests.support.places import Place

PARTS = {"natural_person": "2", "business": "3"}
TOTAL = "requests/new/total"


def report(total: str, odd: str = "2") -> Report:
    """One row of requests with its total, checked as a reading is."""
    numbers = {**PARTS, "natural_person": odd, "total": total}
    values, findings = check([handmade.value("new", column, raw) for column, raw in numbers.items()])
    return replace(handmade.report(values=values), findings=findings)


@pytest.fixture
def archive(place: Place) -> Iterator[Archive]:
    with place.open() as opened:
        yield opened


@pytest.fixture
def document(archive: Archive) -> str:
    return handmade.archive_one(archive, reading=report("55"))


def say(archive: Archive, document: str, kind: str, raw: str = "", key: str = TOTAL) -> None:
    printed = PrintedValue("read", raw, raw) if raw else None
    archive.review.judge(ReportName(document), key, VerdictInput(VerdictKind(kind), "李", "", printed))


def flags(archive: Archive) -> dict[str, tuple[str, int]]:
    return {fact.column: (fact.flags, fact.needs_review) for fact in archive.values.facts()}


UNBALANCED = dict.fromkeys([*PARTS, "total"], ("unbalanced", 1))
SOUND = {**dict.fromkeys(PARTS, ("", 0)), "total": ("corrected", 0)}


def test_a_correction_settles_the_other_values_of_its_sum(archive: Archive, document: str) -> None:
    assert flags(archive) == UNBALANCED
    say(archive, document, "correct", "5")
    assert flags(archive) == SOUND
    assert archive.review.count_doubts() == 0
    assert archive.status.counts().needs_review == 0
    assert archive.status.counts().flags == {"corrected": 1}
    assert archive.values.to_read_again(RerunSelection(flagged=True)) == []


def test_its_finding_is_settled_and_told_apart(archive: Archive, document: str) -> None:
    (before,) = archive.status.document(document).findings
    say(archive, document, "correct", "5")
    view = archive.status.document(document)
    assert (view.findings, view.settled) == ((), (before,))
    assert all(not one.findings for one in archive.review.doubts(ReviewFilter(all=True)))


def test_undo_brings_the_flags_back(archive: Archive, document: str) -> None:
    say(archive, document, "correct", "5")
    say(archive, document, "undo")
    assert flags(archive) == UNBALANCED
    assert len(archive.status.document(document).findings) == 1


def test_a_wrong_correction_settles_nothing(archive: Archive, document: str) -> None:
    say(archive, document, "correct", "6")
    assert flags(archive) == UNBALANCED | {"total": ("corrected", 0)}


def test_a_correction_against_a_sound_sum_asks_for_a_look(archive: Archive) -> None:
    document = handmade.archive_one(archive, reading=report("5"))
    assert set(flags(archive).values()) == {("", 0)}
    say(archive, document, "correct", "6")
    assert flags(archive) == UNBALANCED | {"total": ("corrected", 0)}
    assert archive.review.count_doubts() == 2


def test_the_reports_own_mistake_explains_its_sum(archive: Archive, document: str) -> None:
    say(archive, document, "anomaly")
    assert set(flags(archive).values()) == {("source_anomaly", 0), ("source_anomaly;confirmed", 0)}


def test_an_accepted_value_loses_the_flag_as_well(archive: Archive, document: str) -> None:
    say(archive, document, "accept", key="requests/new/natural_person")
    assert flags(archive)["natural_person"] == ("unbalanced;confirmed", 0)
    say(archive, document, "correct", "5")
    assert flags(archive)["natural_person"] == ("confirmed", 0)


def test_a_newer_reading_is_checked_with_what_people_said(archive: Archive, document: str) -> None:
    say(archive, document, "correct", "5")
    again = handmade.alone(report("55"))
    archive.documents.record(document, handmade.RUN, handmade.PAGES, again)
    assert flags(archive) == SOUND
    otherwise = handmade.alone(report("55", odd="7"))
    archive.documents.record(document, handmade.RUN, handmade.PAGES, otherwise)
    assert flags(archive) == UNBALANCED | {"total": ("corrected", 0)}


def test_a_note_changes_nothing(archive: Archive, document: str) -> None:
    archive.review.judge(ReportName(document), TOTAL, VerdictInput(VerdictKind.NOTE, "李", "faint"))
    assert flags(archive) == UNBALANCED


def test_flags_for_other_reasons_stay(archive: Archive) -> None:
    own = report("55")
    doubted = tuple(replace(one, flags=(*one.flags, Flag.DISAGREEMENT)) for one in own.values)
    document = handmade.archive_one(archive, reading=replace(own, values=doubted))
    say(archive, document, "correct", "5")
    assert flags(archive)["natural_person"] == ("disagreement", 1)
