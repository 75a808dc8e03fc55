"""A document holds reports: each answers by itself, and what people say stands whatever is read later."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from archive.archive import Archive
from archive.comparison.coverage import CoverageCell, CoverageState
from archive.export.columns.page_columns import TABLES, TEXT
from archive.export.csv_json import write_csv
from archive.records import ReportField, ReportName, VerdictKind
from archive.reports.records import ReportNaming
from archive.search.search import SearchFilter
from archive.values.facts import FactFilter
from archive.values.records import VerdictInput
from core.errors import UsageError
from ocr.model import Page
from reconcile.model import Finding, Flag, JoinedTable, Report, Value, Volume
from tests.support import handmade

WATER, EDUCATION = "清河县水务局", "清河县教育局"
TOTAL = "requests/new/total"


def total(number: str, page: int, *flags: Flag) -> Value:
    return handmade.value("new", "total", number, flags=flags, cells=(handmade.cell(0, 0, number, page),))


def report(organ: str, pages: tuple[int, ...], *values: Value, year: int | None = 2023) -> Report:
    cells = tuple(cell for value in values for cell in value.cells)
    table = JoinedTable("2021", "requests", pages, 1, 1, cells)
    return Report(f"{organ}{year}年度报告", organ, year, (table,), values, (), pages)


def pages(count: int) -> tuple[Page, ...]:
    return tuple(handmade.page(number, f"第{number}张 复议") for number in range(1, count + 1))


VOLUME = Volume(
    (
        report(WATER, (2, 3), total("7", 3)),
        report(EDUCATION, (3, 4), total("9", 4, Flag.LOW_CONFIDENCE)),
        report(WATER, (6,), total("5", 6), year=2022),
    ),
    (JoinedTable("", "", (5,), 1, 1, (handmade.cell(0, 0, "目录", 5),), (Flag.UNKNOWN_FORM,)),),
)


@pytest.fixture
def archive(place):
    with place.open() as opened:
        yield opened


@pytest.fixture
def volume(archive) -> str:
    return kept(archive, "bound.pdf", VOLUME, 6)


def kept(archive: Archive, source: str, volume: Volume, count: int) -> str:
    digest = archive.documents.keep(source, io.BytesIO(source.encode()), "application/pdf").document
    archive.documents.record(digest, handmade.RUN, pages(count), volume)
    return digest


def totals(archive: Archive, **wanted: object) -> list[tuple[str, int | None, str, int, str]]:
    facts = archive.values.facts(FactFilter(**wanted))
    return [(fact.organ, fact.year, fact.value, fact.part, fact.flags) for fact in facts]


def rows_of(records, layout) -> list[dict[str, str]]:
    stream = io.StringIO()
    write_csv(records, layout, stream)
    return list(csv.DictReader(io.StringIO(stream.getvalue())))


def test_values_answer_under_the_report_that_prints_them(archive, volume):
    assert totals(archive) == [
        (WATER, 2023, "7", 1, ""),
        (EDUCATION, 2023, "9", 2, "low_confidence"),
        (WATER, 2022, "5", 3, ""),
    ]
    assert totals(archive, organ="教育") == [(EDUCATION, 2023, "9", 2, "low_confidence")]
    assert totals(archive, document=volume, part=3) == [(WATER, 2022, "5", 3, "")]


def test_tables_and_pages_say_their_report(archive, volume):
    assert [(row["text"], row["part"]) for row in rows_of(archive.export.tables(), TABLES)] == [
        ("7", "1"),
        ("9", "2"),
        ("5", "3"),
        ("目录", "0"),
    ]
    parts = [(row["page"], row["part"]) for row in rows_of(archive.export.pages(), TEXT)]
    assert parts == [("1", "0"), ("2", "1"), ("3", "1"), ("4", "2"), ("5", "0"), ("6", "3")]


def test_search_finds_pages_by_the_report_on_them_and_those_of_none(archive, volume):
    def found(**wanted: object) -> dict[int, str]:
        hits = archive.search("复议", SearchFilter(**wanted)).hits
        return {hit.page: hit.organ for hit in hits}

    assert found() == {1: "", 2: WATER, 3: f"{WATER}；{EDUCATION}", 4: EDUCATION, 5: "", 6: WATER}
    assert found(organ="教育").keys() == {3, 4}
    assert found(year=2022).keys() == {6}
    assert found(flag="low_confidence").keys() == {3, 4}
    assert found(flag="unknown_form").keys() == {1, 5}
    assert archive.verify().problems == ()


def test_a_part_is_shown_by_its_name_and_a_volume_as_its_reports(archive, volume):
    whole = archive.status.document("bound.pdf")
    assert whole.chosen is None
    assert [(one.part, one.organ, one.first_page, one.last_page) for one in whole.reports] == [
        (1, WATER, 2, 3),
        (2, EDUCATION, 3, 4),
        (3, WATER, 6, 6),
    ]
    second = archive.status.document(f"{volume[:8]}:2")
    assert (second.organ, [fact.value for fact in second.facts], len(second.tables)) == (EDUCATION, ["9"], 1)
    assert archive.status.document("bound.pdf:3").year == 2022
    with pytest.raises(UsageError, match="3 reports; there is no report 4"):
        archive.status.document("bound.pdf:4")


def test_a_source_with_a_colon_is_no_part(archive):
    digest = kept(archive, "http://qinghe.gov.cn:81", Volume((report(WATER, (1,), total("7", 1)),)), 1)
    assert archive.documents.find_report("http://qinghe.gov.cn:81") == (digest, None)
    assert archive.documents.find_report("http://qinghe.gov.cn:81:1") == (digest, 1)


def _coverage(archive: Archive) -> list[CoverageCell]:
    return [cell for cell in archive.comparison.coverage().cells if cell.documents]


def test_coverage_and_sums_know_every_report(archive, volume):
    cells = {(cell.organ, cell.year): cell for cell in _coverage(archive)}
    assert {place: cell.document for place, cell in cells.items()} == {
        (WATER, 2023): volume,
        (EDUCATION, 2023): f"{volume}:2",
        (WATER, 2022): f"{volume}:3",
    }
    assert {cell.state for cell in cells.values()} == {CoverageState.PRESENT}


# Verdicts


def judge(archive: Archive, digest: str, part: int, who: str = "李") -> None:
    archive.review.judge(ReportName(digest, part), TOTAL, VerdictInput(VerdictKind.ACCEPT, who))


def test_a_verdict_is_of_one_report_and_follows_it_when_a_newer_reading_numbers_it_otherwise(archive, volume):
    judge(archive, volume, 3)
    assert [flags for *_, flags in totals(archive)] == ["", "low_confidence", "confirmed"]
    first, _, third = VOLUME.reports
    joined = replace(first, pages=(2, 3, 4))
    archive.documents.record(volume, handmade.RUN, pages(6), Volume((joined, third)))
    assert totals(archive) == [(WATER, 2023, "7", 1, ""), (WATER, 2022, "5", 2, "confirmed")]
    archive.documents.record(volume, handmade.RUN, pages(6), VOLUME)
    assert [flags for *_, flags in totals(archive)] == ["", "low_confidence", "confirmed"]
    assert archive.verify().problems == ()


def test_on_a_page_of_two_reports_a_verdict_follows_the_cell(archive):
    first = report(WATER, (1, 2), total("7", 2))
    low = handmade.cell(9, 0, "9", 2)
    second = report(EDUCATION, (2,), handmade.value("new", "total", "9", cells=(low,)))
    digest = kept(archive, "a.pdf", Volume((first, second)), 2)
    judge(archive, digest, 2)
    cover = report("县政府", (1,))
    first = replace(first, pages=(2,))
    archive.documents.record(digest, handmade.RUN, pages(2), Volume((cover, first, second)))
    assert totals(archive) == [(WATER, 2023, "7", 2, ""), (EDUCATION, 2023, "9", 3, "confirmed")]


def test_of_verdicts_that_come_to_speak_of_one_value_the_newer_stands(archive, volume):
    judge(archive, volume, 1, "早")
    judge(archive, volume, 2, "晚")
    whole = report(WATER, (1, 2, 3, 4, 5, 6), total("9", 4))
    archive.documents.record(volume, handmade.RUN, pages(6), Volume((whole,)))
    assert [(one.who, one.stands, one.part) for one in archive.review.verdicts()] == [
        ("早", False, 1),
        ("晚", True, 1),
    ]
    assert totals(archive) == [(WATER, 2023, "9", 1, "confirmed")]


def test_a_judged_value_that_is_lost_is_missing_in_its_own_report(archive, volume):
    judge(archive, volume, 2)
    first, second, third = VOLUME.reports
    archive.documents.record(
        volume, handmade.RUN, pages(6), Volume((first, replace(second, values=()), third))
    )
    missing = [fact for fact in archive.values.facts() if fact.state == "missing" or fact.part == 2]
    assert [(fact.part, fact.organ, fact.needs_review) for fact in missing] == [(2, EDUCATION, 1)]


# What people say of reports


def test_what_a_person_says_answers_everywhere_at_once_and_can_be_taken_back(archive, volume):
    name = ReportName(volume, 2)
    archive.reports.name(name, ReportNaming("清河县教育和体育局", 2024), "李", "封面如此")
    assert totals(archive, part=2) == [("清河县教育和体育局", 2024, "9", 2, "low_confidence")]
    assert {hit.page for hit in archive.search("复议", SearchFilter(organ="体育", year=2024)).hits} == {3, 4}
    listed = list(archive.reports.listed(volume))[1]
    assert (listed.organ, listed.organ_read, listed.said) == ("清河县教育和体育局", EDUCATION, "organ;year")
    archive.reports.take_back(name, ReportField.ORGAN, "张")
    assert totals(archive, part=2) == [(EDUCATION, 2024, "9", 2, "low_confidence")]
    with pytest.raises(UsageError, match="nobody said anything of organ"):
        archive.reports.take_back(name, ReportField.ORGAN, "张")
    told = [(one.field, one.said, one.seen, one.stands, one.who) for one in archive.reports.history(volume)]
    assert told == [
        ("organ", "清河县教育和体育局", EDUCATION, False, "李"),
        ("year", "2024", "2023", True, "李"),
        ("organ", "", "清河县教育和体育局", False, "张"),
    ]
    assert archive.verify().problems == ()


def test_the_word_before_stands_again_after_the_last_is_taken_back(archive, volume):
    name = ReportName(volume, 2)
    for organ in ("甲局", "乙局", "丙局"):
        archive.reports.name(name, ReportNaming(organ), "李")
    answers = []
    for _ in range(3):
        archive.reports.take_back(name, ReportField.ORGAN, "李")
        answers.append(next(archive.values.facts(FactFilter(part=2))).organ)
    assert answers == ["乙局", "甲局", EDUCATION]


def test_what_a_person_says_stands_after_another_reading(archive, volume):
    archive.reports.name(ReportName(volume, 2), ReportNaming(organ="", year=2020), "李")
    _, second, third = VOLUME.reports
    archive.documents.record(volume, handmade.RUN, pages(6), Volume((second, third)))
    assert totals(archive) == [("", 2020, "9", 1, "low_confidence"), (WATER, 2022, "5", 2, "")]


def test_what_a_person_says_of_a_report_names_no_other_and_comes_back_with_it(archive, volume):
    """Joined with the one before, the second report would have given its name to the first one's values."""
    archive.reports.name(ReportName(volume, 2), ReportNaming("教育和体育局"), "李")
    whole = report(WATER, (2, 3, 4, 5, 6), total("7", 3))
    archive.documents.record(volume, handmade.RUN, pages(6), Volume((whole,)))
    assert totals(archive) == [(WATER, 2023, "7", 1, "")]
    assert [(one.part, one.stands) for one in archive.reports.history(volume)] == [(-3, True)]
    archive.documents.record(volume, handmade.RUN, pages(6), VOLUME)
    assert totals(archive, part=2) == [("教育和体育局", 2023, "9", 2, "low_confidence")]


def test_nothing_said_and_no_such_report_are_refused(archive, volume):
    with pytest.raises(UsageError, match="say what the report is"):
        archive.reports.name(ReportName(volume, 1), ReportNaming(), "李")
    with pytest.raises(UsageError, match="there is no report 7"):
        archive.reports.name(ReportName(volume, 7), ReportNaming("甲"), "李")
    with pytest.raises(UsageError, match="holds 3 reports: say which"):
        archive.reports.only(volume, None)


def test_borders_that_a_person_sets_are_what_reading_is_told(archive, volume):
    assert archive.documents.pending() == []
    archive.reports.split(volume, [5], "李")
    (waiting,) = archive.values.to_read_again(selection(volume))
    assert waiting.said is not None
    assert waiting.said.first_pages == (2, 3, 5, 6)
    archive.reports.take_back(ReportName(volume), ReportField.BORDERS, "李")
    assert archive.values.to_read_again(selection(volume))[0].said is None
    archive.reports.join(volume, 3, "李")
    assert archive.values.to_read_again(selection(volume))[0].said.first_pages == (2, 3)
    archive.reports.join(volume, None, "李")
    assert archive.values.to_read_again(selection(volume))[0].said.first_pages == (2,)
    for wrong in ([2], [7], [0]):
        with pytest.raises(UsageError):
            archive.reports.split(volume, wrong, "李")


def selection(digest: str):
    from archive.values.rerun_selection import RerunSelection

    return RerunSelection((digest,))


# Several readings of one report


def test_of_several_readings_the_surest_counts_then_the_newest_then_the_one_a_person_chose(archive):
    def counting() -> str:
        (cell,) = {one for one in _coverage(archive) if one.documents}
        return cell.document

    good = kept(archive, "good.pdf", Volume((report(WATER, (1,), total("7", 1)),)), 1)
    doubtful = kept(
        archive, "volume.pdf", Volume((report(WATER, (1,), total("8", 1, Flag.DOUBTFUL_BORDER)),)), 1
    )
    assert counting() == good
    assert next(archive.reports.listed(doubtful)).instead == good
    empty = kept(archive, "empty.pdf", Volume((report(WATER, (1,)),)), 1)
    assert counting() == good
    newer = kept(archive, "newer.pdf", Volume((report(WATER, (1,), total("7", 1)),)), 1)
    assert counting() == newer
    archive.reports.prefer(ReportName(doubtful), "李")
    assert counting() == doubtful
    archive.reports.take_back(ReportName(doubtful), ReportField.PREFERRED, "李")
    assert counting() == newer
    judge(archive, doubtful, 1)
    assert counting() == newer
    assert empty


def test_flags_of_reports_name_the_part(archive):
    second = replace(
        report(EDUCATION, (2,), total("9", 2)), findings=(Finding("doubtful_border", "第 2 页起是否另一份"),)
    )
    digest = kept(archive, "v.pdf", Volume((report(WATER, (1,), total("7", 1)), second)), 2)
    assert [(str(name), found.kind) for name, found in archive.review.flagged_documents()] == [
        (f"{digest}:2", "doubtful_border")
    ]
    assert [one.flags for one in archive.reports.listed(digest)] == ["", "doubtful_border"]
