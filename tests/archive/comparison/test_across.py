"""What reports say of each other: R5 over years, R7 over units; ours is told from theirs."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cli
from archive.comparison.records import AcrossFilter
from archive.organs.organ_list_file import parse
from archive.records import ReportName, VerdictKind
from archive.values.records import PrintedValue, VerdictInput
from reconcile.checks.cross_report import ComparisonOutcome, Covers, Term, over_units, over_years
from reconcile.model import Flag, Key, State
from tests.support import county

COUNTS = st.integers(0, 40)
ROWS = ("regulations", "normative_documents")
CARRIED_IN = Key("requests", "carried_in", "total")
CARRIED_OUT = Key("requests", "carried_out", "total")
NEW = Key("requests", "new", "total")
TOLD = {ComparisonOutcome.CONTRADICTION, ComparisonOutcome.DOUBTFUL}


def term(
    key: Key, value: object, report: str = "r", doubtful: bool = False, state: State = State.READ
) -> Term:
    raw = str(value) if state is State.READ else ""
    return Term(report, key, "2021", state, raw, raw, doubtful)


def terms(numbers: dict[Key, object], report: str = "r") -> dict[Key, Term]:
    return {key: term(key, value, report) for key, value in numbers.items()}


@st.composite
def series(draw):
    """The reports of one organ over years in which everything agrees, as numbers by key."""
    years = draw(st.integers(2, 5))
    reports: list[dict[Key, int]] = []
    for n in range(years):
        report: dict[Key, int] = {}
        for column in county.COLUMNS:
            before = reports[-1][Key("requests", "carried_out", column)] if n else draw(COUNTS)
            report[Key("requests", "carried_in", column)] = before
            report[Key("requests", "carried_out", column)] = draw(COUNTS)
        for row in ROWS:
            issued = draw(COUNTS)
            before = reports[-1][Key("proactive", row, "in_force")] if n else draw(COUNTS)
            repealed = draw(st.integers(0, before + issued))
            report[Key("proactive", row, "issued")] = issued
            report[Key("proactive", row, "repealed")] = repealed
            report[Key("proactive", row, "in_force")] = before + issued - repealed
        reports.append(report)
    return reports


def compared(reports):
    """Year by key of everything compared in a series."""
    found = {}
    for n in range(1, len(reports)):
        for one in over_years(terms(reports[n - 1], "last"), terms(reports[n], "this")):
            found[n, one.key] = one
    return found


@given(series())
def test_consistent_series_holds_in_all_nine_places_of_every_year(reports):
    found = compared(reports)
    assert {one.outcome for one in found.values()} == {ComparisonOutcome.HOLDS}
    assert len(found) == 9 * (len(reports) - 1)


@given(series(), st.data())
def test_exactly_what_is_planted_is_found(reports, data):
    places = [(n, key) for n, report in enumerate(reports) for key in report]
    n, key = data.draw(st.sampled_from(places))
    reports[n] = {**reports[n], key: reports[n][key] + data.draw(st.integers(1, 9))}
    found = {
        place for place, one in compared(reports).items() if one.outcome is ComparisonOutcome.CONTRADICTION
    }
    assert found == {place for place in broken_by(n, key) if 0 < place[0] < len(reports)}


def broken_by(n: int, key: Key) -> set[tuple[int, Key]]:
    """The comparisons that a changed value stands in, by the definition of R5."""
    if key.row == "carried_in":
        return {(n, key)}
    if key.row == "carried_out":
        return {(n + 1, Key("requests", "carried_in", key.column))}
    in_force = Key("proactive", key.row, "in_force")
    return {(n, in_force), (n + 1, in_force)} if key == in_force else {(n, in_force)}


@given(series(), st.data(), st.sampled_from([state for state in State if state is not State.READ]))
def test_what_is_not_plainly_printed_is_compared_with_nothing(reports, data, state):
    last, this = (terms(report) for report in reports[:2])
    side = data.draw(st.sampled_from([last, this]))
    key = data.draw(st.sampled_from(sorted(side)))
    side[key] = term(key, "", state=state)
    outcomes = {one.key: one.outcome for one in over_years(last, this)}
    unclear = broken_by(0 if side is last else 1, key)
    for place, outcome in outcomes.items():
        expected = ComparisonOutcome.NOT_COMPARABLE if (1, place) in unclear else ComparisonOutcome.HOLDS
        assert outcome is expected


def test_value_that_the_other_report_has_not_is_counted_as_not_comparable():
    (only,) = over_years({}, {CARRIED_IN: term(CARRIED_IN, 3)})
    assert (only.outcome, only.expected) == (ComparisonOutcome.NOT_COMPARABLE, None)
    (only,) = over_years({CARRIED_OUT: term(CARRIED_OUT, 3)}, {})
    assert (only.outcome, only.said) == (ComparisonOutcome.NOT_COMPARABLE, None)
    assert "（无此项）" in only.message


def test_counts_in_force_are_asked_of_the_2021_form_only():
    total = Key("proactive", "regulations", "total_published")
    assert list(over_years({total: term(total, 1)}, {total: term(total, 5)})) == []


@pytest.mark.parametrize("doubtful", [(True, False), (False, True), (True, True)])
def test_difference_with_a_doubtful_value_may_be_ours(doubtful):
    last = {CARRIED_OUT: term(CARRIED_OUT, 3, doubtful=doubtful[0])}
    (only,) = over_years(last, {CARRIED_IN: term(CARRIED_IN, 4, doubtful=doubtful[1])})
    assert only.outcome is ComparisonOutcome.DOUBTFUL
    assert "?" in only.message


def test_doubtful_values_that_agree_hold():
    last = {CARRIED_OUT: term(CARRIED_OUT, 3, doubtful=True)}
    (only,) = over_years(last, {CARRIED_IN: term(CARRIED_IN, "3.0")})
    assert only.outcome is ComparisonOutcome.HOLDS


# R7


KEYS = (NEW, CARRIED_IN, CARRIED_OUT, Key("proactive", "penalties", "decisions"))
UNITS = st.lists(st.fixed_dictionaries(dict.fromkeys(KEYS, COUNTS)), min_size=1, max_size=6)


def added(units) -> dict[Key, int]:
    return {key: sum(unit[key] for unit in units) for key in KEYS}


@given(UNITS)
def test_sum_of_its_units_holds_in_every_value(units):
    found = over_units(terms(added(units)), [terms(unit) for unit in units])
    assert [one.outcome for one in found.comparisons] == [ComparisonOutcome.HOLDS] * len(KEYS)
    assert found.covers is (Covers.UNITS if any(added(units).values()) else Covers.UNKNOWN)


@given(UNITS, st.sampled_from(KEYS), st.integers(1, 9), st.booleans())
def test_one_value_that_is_no_sum_is_found_where_most_are(units, key, by, doubtful):
    units = [{one: n + 1 for one, n in unit.items()} for unit in units]
    aggregate = terms(added(units))
    aggregate[key] = term(key, added(units)[key] + by, doubtful=doubtful)
    found = {
        one.key: one.outcome for one in over_units(aggregate, [terms(unit) for unit in units]).comparisons
    }
    expected = ComparisonOutcome.DOUBTFUL if doubtful else ComparisonOutcome.CONTRADICTION
    assert found == {one: expected if one == key else ComparisonOutcome.HOLDS for one in KEYS}


@given(UNITS, st.integers(1, 3))
def test_nothing_is_said_while_a_unit_is_absent(units, absent):
    found = over_units(terms(dict.fromkeys(KEYS, 0)), [terms(unit) for unit in units], absent)
    assert {one.outcome for one in found.comparisons} == {ComparisonOutcome.NOT_COMPARABLE}
    assert [one.expected for one in found.comparisons] == [added(units)[one.key] for one in found.comparisons]


def test_supervisor_that_counts_itself_in_is_no_contradiction_unless_it_is_lower():
    units = [{NEW: 5, CARRIED_IN: 2, CARRIED_OUT: 3, KEYS[3]: 9}]
    aggregate = {NEW: 7, CARRIED_IN: 4, CARRIED_OUT: 4, KEYS[3]: 8}
    found = over_units(terms(aggregate), [terms(unit) for unit in units])
    assert found.covers is Covers.UNITS_AND_ITSELF
    assert [one.outcome for one in found.comparisons] == [ComparisonOutcome.OWN_SHARE] * 3 + [
        ComparisonOutcome.CONTRADICTION
    ]


def test_supervisor_that_reports_on_itself_only_is_accused_of_nothing():
    units = [{NEW: 50, CARRIED_IN: 20, CARRIED_OUT: 30, KEYS[3]: 0}]
    found = over_units(terms({NEW: 5, CARRIED_IN: 2, CARRIED_OUT: 3, KEYS[3]: 4}), [terms(u) for u in units])
    assert found.covers is Covers.ITSELF
    assert not TOLD & {one.outcome for one in found.comparisons}


def test_sums_that_half_of_the_values_contradict_accuse_no_higher_value():
    units = [{NEW: 5, CARRIED_IN: 2, CARRIED_OUT: 3, KEYS[3]: 9}]
    found = over_units(terms({NEW: 5, CARRIED_IN: 2, CARRIED_OUT: 4, KEYS[3]: 10}), [terms(u) for u in units])
    assert found.covers is Covers.UNITS_AND_ITSELF
    assert not TOLD & {one.outcome for one in found.comparisons}


@pytest.mark.parametrize(
    ("states", "said", "expected"),
    [
        ((State.READ, State.DASH), 5, ComparisonOutcome.HOLDS),
        ((State.READ, State.BLANK), 5, ComparisonOutcome.HOLDS),
        (
            (State.READ, State.BLANK),
            8,
            ComparisonOutcome.NOT_COMPARABLE,
        ),  # a number may be lost from the blank
        ((State.READ, State.DASH), 3, ComparisonOutcome.CONTRADICTION),  # nothing lost can make it less
        ((State.BLANK, State.BLANK), 0, ComparisonOutcome.NOT_COMPARABLE),
        ((State.READ, State.UNREAD), 5, ComparisonOutcome.NOT_COMPARABLE),
        ((State.READ, State.MISSING), 5, ComparisonOutcome.NOT_COMPARABLE),
    ],
)
def test_blanks_of_units_count_as_in_the_sums_of_one_report(states, said, expected):
    units = [{NEW: term(NEW, 5, state=state), CARRIED_IN: term(CARRIED_IN, 1)} for state in states]
    held = {NEW: term(NEW, said), CARRIED_IN: term(CARRIED_IN, 2), CARRIED_OUT: term(CARRIED_OUT, 2)}
    for unit in units:
        unit[CARRIED_OUT] = term(CARRIED_OUT, 1)
    found = {one.key: one.outcome for one in over_units(held, units).comparisons}
    assert found[NEW] is expected
    assert found[CARRIED_IN] is ComparisonOutcome.HOLDS


def test_amounts_of_unknown_unit_are_not_added_up():
    amount, fees = Key("proactive", "procurement", "amount"), Key("proactive", "fees", "amount")
    unit = {amount: term(amount, 25), fees: Term("u", fees, "2021", State.READ, "3万元", "3", False)}
    found = over_units(terms({amount: 1, fees: 30000}), [unit])
    assert [(one.key, one.outcome) for one in found.comparisons] == [(fees, ComparisonOutcome.NOT_COMPARABLE)]


# From the archive


@pytest.fixture(scope="module")
def filled(module_place):
    with module_place.open() as archive:
        county.fill(archive)
        archive.organs.load(parse(county.LIST))
        yield archive


def told(archive, **wanted):
    return [one for one in archive.comparison.across(AcrossFilter(**wanted)) if one.outcome in TOLD]


def test_planted_contradictions_are_found_across_a_change_of_name(filled):
    first, second = told(filled, relation="R5")
    assert (first.organ, first.year, first.row, first.outcome) == (
        county.WATER,
        2023,
        "carried_in",
        "contradiction",
    )
    assert (first.said, first.expected) == ("9", "2")
    assert (second.organ, second.year, second.outcome) == (county.WATER, 2024, "doubtful")


def test_finding_names_both_documents_pages_and_printed_values(filled):
    first, second = told(filled, relation="R5")
    assert [(term.side, term.organ, term.year, term.raw, term.page) for term in first.terms] == [
        ("said", county.WATER, 2023, "9", 2),
        ("plus", county.OLD_WATER, 2022, "2", 2),
    ]
    assert [term.source for term in first.terms] == [
        f"scans/{county.WATER}2023年报告.pdf",
        f"scans/{county.OLD_WATER}2022年报告.pdf",
    ]
    assert [term.flags for term in second.terms] == ["low_confidence", ""]


def test_blank_of_last_year_is_counted_and_not_taken_for_nothing(filled):
    found = [
        one
        for one in filled.comparison.across(AcrossFilter(relation="R5"))
        if one.outcome == "not_comparable"
    ]
    assert [(one.organ, one.year, one.column) for one in found] == [(county.EDUCATION, 2022, "total")]
    assert "（空）" in found[0].message


def test_newest_of_several_documents_is_compared_and_the_others_named(filled):
    found = list(filled.comparison.across(AcrossFilter("教育局", 2023, "R5")))
    newest = filled.documents.find(f"{county.EDUCATION}2022年报告（更正）.pdf")
    older = filled.documents.find(f"{county.EDUCATION}2022年报告.pdf")
    assert {term.document for one in found for term in one.terms if term.year == 2022} == {newest}
    assert {one.set_aside for one in found} == {(older,)}


def test_aggregate_is_held_against_its_units(filled):
    found = list(filled.comparison.across(AcrossFilter(relation="R7")))
    assert {(one.organ, one.year) for one in found} == {(county.GOVERNMENT, 2021), (county.GOVERNMENT, 2022)}
    wrong = [one for one in found if one.outcome == "contradiction"]
    assert [(one.year, one.column, one.said, one.expected) for one in wrong] == [
        (2022, "natural_person", "47", "51"),
        (2022, "total", "47", "51"),
    ]
    assert [len(one.terms) for one in wrong] == [4, 4]


def test_filters_take_printed_names_years_and_relations(filled):
    assert {one.year for one in filled.comparison.across(AcrossFilter(county.OLD_WATER))} == {
        2022,
        2023,
        2024,
    }
    assert {one.organ for one in filled.comparison.across(AcrossFilter("水利", relation="R5"))} == {
        county.WATER
    }
    assert list(filled.comparison.across(AcrossFilter(year=2019))) == []


def test_without_the_link_the_years_are_not_compared(place):
    with place.open() as archive:
        county.fill(archive)
        assert [(one.year, one.outcome) for one in told(archive, organ="水")] == [(2024, "doubtful")]


def test_what_a_person_says_is_compared_in_place_of_the_reading(place):
    with place.open() as archive:
        county.fill(archive)
        archive.organs.load(parse(county.LIST))
        asked = AcrossFilter(county.WATER, 2024, "R5")
        assert [one.outcome for one in archive.comparison.across(asked) if one.outcome == "doubtful"]
        said = VerdictInput(VerdictKind.CORRECT, "张三", printed=PrintedValue("read", "3", "3"))
        report = ReportName(archive.documents.find(f"{county.WATER}2024年报告.pdf"))
        archive.review.judge(report, "requests/carried_in/total", said)
        assert [one.outcome for one in archive.comparison.across(asked) if one.outcome != "holds"] == []


def test_absent_unit_is_named_and_the_sum_so_far_told(place):
    with place.open() as archive:
        listed = county.LIST + f'[[organ]]\nname = "县民政局"\nsupervisor = "{county.GOVERNMENT}"\n'
        county.fill(archive)
        archive.organs.load(parse(listed))
        summary, *rest = archive.comparison.across(AcrossFilter(year=2022, relation="R7"))
    assert "4 个所属单位中 3 个有该年报告（缺：县民政局）" in summary.message
    assert "47，3 个单位之和 51" in summary.message
    assert {one.outcome for one in rest} == {"not_comparable"}


def test_document_shows_what_the_years_around_it_say(filled):
    digest = filled.documents.find(f"{county.WATER}2023年报告.pdf")
    found = filled.comparison.across_years(digest, county.WATER)
    assert sorted({one.year for one in found}) == [2023, 2024]
    assert [one.outcome for one in found if one.outcome in TOLD] == ["contradiction", "doubtful"]
    older = filled.documents.find(f"{county.EDUCATION}2022年报告.pdf")
    assert any(older in one.set_aside for one in filled.comparison.across_years(older, county.EDUCATION))


@pytest.fixture
def guidang(filled, module_place, capsys):
    def run(*arguments: object):
        code = cli.main([*map(str, arguments), "--archive", module_place.location])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_command_lists_what_differs_and_counts_the_rest(guidang):
    code, out, err = guidang("across", "--relation", "R5")
    assert code == 0
    assert "reports contradict" in out
    assert "perhaps misread" in out
    assert "上年结转 9，上年报告结转下年度 2" in out
    assert err == "99 comparisons: 96 hold, 1 contradictions, 1 doubtful, 0 own share, 1 not comparable\n"


def test_command_gives_a_row_a_finding_in_csv_and_all_terms_in_json(guidang):
    (row, _) = csv.DictReader(io.StringIO(guidang("across", "--relation", "R5", "--format", "csv")[1]))
    assert (row["said"], row["expected"], row["page"], row["other_page"]) == ("9", "2", "2", "2")
    assert row["other_source"].endswith(f"{county.OLD_WATER}2022年报告.pdf")
    assert f"+ {county.OLD_WATER} 2022 requests/carried_out/total: 2 (p. 2)" in row["terms"]
    everything = json.loads(guidang("across", "--relation", "R5", "--all", "--format", "json")[1])
    assert len(everything) == 99
    assert all(one["terms"] for one in everything)


def test_show_has_a_block_across_years(guidang):
    _, out, _ = guidang("show", f"{county.WATER}2023年报告.pdf")
    block = out.split("across years\n")[1]
    assert "上年结转 9，上年报告结转下年度 2" in block
    assert "18 comparisons: 16 hold" in block
    assert "across years" not in guidang("show", "page3.pdf")[1]


def test_flag_of_a_source_anomaly_leaves_the_contradiction_with_the_reports(place):
    with place.open() as archive:
        before = county.values(county.numbers(0, 2022))
        wrong = county.changed(
            county.values(county.numbers(0, 2023)), CARRIED_IN, "9", State.READ, Flag.SOURCE_ANOMALY
        )
        county.add(archive, county.WATER, 2022, before)
        county.add(archive, county.WATER, 2023, wrong)
        assert [one.outcome for one in told(archive)] == ["contradiction"]
