"""Sums of facts: exact, by group, honest about what went into them; years side by side, changes, pictures."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.export.columns.fact_columns import FACTS
from archive.export.columns.sum_columns import layout_of
from archive.export.csv_json import write_csv, write_json
from archive.export.plot import draw
from archive.organs.reports_by_year import ReportStanding
from archive.records import ReportName, VerdictKind
from archive.values.aggregation import Grouping, grouping, summed
from archive.values.facts import FactFilter
from archive.values.records import Fact, VerdictInput
from archive.values.year_changes import change as change_of
from archive.values.year_changes import check, chosen, split_conditions
from console.output import show
from console.views.sums import table_of
from core.errors import UsageError
from reconcile.model import Flag, State
from tests.support import handmade
from tests.support.places import rows

WATER, FORMER = "清河县水务局", "清河县水利局"
BY_ORGAN = Grouping(("organ",), across=True)
READ, BLANK, DASH, UNREAD, MISSING = (
    State.READ,
    State.BLANK,
    State.DASH,
    State.UNREAD,
    State.MISSING,
)


def values(new: str, state: State = READ, granted: str = "1", flags=()):
    return (
        handmade.value("new", "total", new, state, flags=flags),
        handmade.value("granted", "total", granted),
        handmade.value("fees", "amount", "0.10", table="proactive"),
    )


REPORTS = (
    # source, organ, year, values
    ("w21", FORMER, 2021, values("1,203")),
    ("w22", WATER, 2022, values("", BLANK)),
    ("w23", WATER, 2023, values("100")),
    ("w24-replaced", WATER, 2024, values("999", granted="7")),
    ("s23", "石桥县水务局", 2023, values("40", flags=(Flag.LOW_CONFIDENCE,))),
    ("w24", WATER, 2024, values("150")),
    ("s24", "石桥县水务局", 2024, values("", UNREAD, flags=(Flag.UNREAD,))),
    ("w25", WATER, 2025, values("/", DASH)),
    ("nobody", "", None, values("5")),
)


@pytest.fixture(scope="module")
def archive(module_place):
    with module_place.open() as opened:
        for source, organ, year, held in REPORTS:
            handmade.archive_one(opened, source, reading=handmade.report(organ, year, held))
        rows(opened, f"INSERT INTO organ (name, region, supervisor) VALUES ('{WATER}', '清河县', '')")
        alias = f"('{FORMER}', '{WATER}', 'lin', '2026-01-01T00:00:00Z')"
        rows(opened, f"INSERT INTO organ_alias (written, organ, who, at) VALUES {alias}")
        yield opened


def new(archive, groups: Grouping, **filters):
    return archive.values.sums(FactFilter(row="new", column="total", **filters), groups)


def as_csv(sums, with_changes: bool = False) -> list[dict[str, str]]:
    stream = io.StringIO()
    write_csv(sums.lines, layout_of(sums, with_changes), stream)
    return list(csv.DictReader(io.StringIO(stream.getvalue())))


def as_json(sums, with_changes: bool = False) -> list[dict]:
    stream = io.StringIO()
    write_json(sums.lines, layout_of(sums, with_changes), stream)
    return json.loads(stream.getvalue())


def as_table(sums, capsys, with_changes: bool = False) -> str:
    show(table_of(sums, with_changes, 100))
    return capsys.readouterr().out


# Filters


@pytest.mark.parametrize(
    ("filters", "sources"),
    [
        ({"year": "2021-2022"}, ["w21", "w22"]),
        ({"year": ["2021", "2024-2025"]}, ["w21", "w24-replaced", "w24", "s24", "w25"]),
        ({"year": "2021,2025"}, ["w21", "w25"]),
        ({"year": 2023}, ["w23", "s23"]),
        ({"organ": "清河县水务", "year": "2021-2022"}, ["w21", "w22"]),  # one of them by its alias
        ({"region": "清河县", "year": 2021}, ["w21"]),
        ({"region": "石桥"}, ["s23", "s24"]),
        ({"state": "blank"}, ["w22"]),
        ({"state": ["dash", "unread"]}, ["s24", "w25"]),
        ({"flag": "low_confidence"}, ["s23"]),
        ({"flag": "confidence"}, []),
        ({"form": "2019"}, []),
    ],
)
def test_filters_choose_facts(archive, filters, sources):
    found = archive.values.facts(FactFilter(row="new", **filters))
    assert [fact.source for fact in found] == sources


def test_several_keys_are_any_of_them(archive):
    wanted = FactFilter(row=("new", "fees"), year=2021)
    assert [fact.row for fact in archive.values.facts(wanted)] == ["new", "fees"]
    assert archive.values.count_facts(wanted) == 2


@pytest.mark.parametrize("year", ["x", "202", "2021-", "2021..2023", "", "2021-2022-2023"])
def test_year_that_is_none_is_refused(archive, year):
    with pytest.raises(UsageError, match="cannot use the year"):
        archive.values.facts(FactFilter(year=year))


# Sums


def test_organ_is_one_line_under_all_its_names(archive):
    found = as_csv(new(archive, Grouping(("organ",))))
    assert [(row["organ"], row["sum"]) for row in found] == [
        ("", "5"),
        (WATER, "1453"),
        ("石桥县水务局", "40"),
    ]


def test_line_counts_its_inputs_by_state_and_names_their_flags(archive):
    water, stone = as_csv(new(archive, Grouping(("organ",))))[1:]
    counts = ("state", "read", "blank", "dash", "unread", "missing", "flagged", "needs_review", "flags")
    assert [water[name] for name in counts] == ["read", "3", "1", "1", "0", "0", "0", "0", ""]
    assert [stone[name] for name in counts] == [
        *("partial", "1", "0", "0", "1", "0"),
        *("2", "2", "low_confidence;unread"),
    ]


def test_what_a_person_settled_is_flagged_no_more(place):
    doubtful = [
        handmade.value("new", "total", "3", flags=(Flag.LOW_CONFIDENCE,)),
        handmade.value("granted", "total", "0", flags=(Flag.SOURCE_ANOMALY,)),
    ]
    with place.open() as archive:
        digest = handmade.archive_one(archive, reading=handmade.report(WATER, 2023, doubtful))
        archive.review.judge(ReportName(digest), "requests/new/total", VerdictInput(VerdictKind.ACCEPT, "李"))
        lines = as_json(archive.values.sums(FactFilter(), Grouping(("organ",))))
    assert [(line["row"], line["flagged"], line["flags"]) for line in lines] == [
        ("new", 0, "confirmed;low_confidence"),
        ("granted", 1, "source_anomaly"),
    ]


def test_of_two_reports_on_one_year_the_newer_counts_and_both_are_told(archive):
    water = next(row for row in as_csv(new(archive, Grouping(("organ", "year")))) if row["year"] == "2024")
    assert (water["sum"], water["reports"], water["left_out"]) == ("150", "2", "1")
    single = as_csv(new(archive, Grouping(("organ", "document")), year=2024, organ=WATER))
    assert sorted(row["sum"] for row in single) == ["150", "999"]


def test_report_without_the_table_does_not_replace_one_that_has_it(place):
    with place.open() as archive:
        handmade.archive_one(archive, "whole", reading=handmade.report(WATER, 2023, values("7")))
        annex = [handmade.value("fees", "amount", "9", table="proactive")]
        handmade.archive_one(archive, "annex", reading=handmade.report(WATER, 2023, annex))
        found = as_csv(archive.values.sums(FactFilter(), Grouping(("year",))))
    assert {row["row"]: (row["sum"], row["reports"]) for row in found} == {
        "new": ("7", "1"),
        "granted": ("1", "1"),
        "fees": ("9", "2"),
    }


def test_decimals_are_added_exactly(archive):
    (fees,) = as_csv(archive.values.sums(FactFilter(row="fees", organ="水"), Grouping(())))
    assert fees["sum"] == "0.70"


def test_different_values_stay_apart_unless_asked_for(archive):
    apart = as_csv(archive.values.sums(FactFilter(table="requests", year=2021), Grouping(("year",))))
    assert [(row["row"], row["sum"]) for row in apart] == [("new", "1203"), ("granted", "1")]
    (together,) = as_csv(
        archive.values.sums(FactFilter(table="requests", year=2021), Grouping(("year",), ("row",)))
    )
    assert (together["sum"], together["column"], "row" in together) == ("1204", "total", False)


def test_region_is_what_people_listed(archive):
    found = as_csv(new(archive, Grouping(("region",))))
    assert {row["region"]: row["sum"] for row in found} == {"": "45", "清河县": "1453"}


def test_condition_on_a_value_leaves_out_what_was_not_read(archive):
    (row,) = as_csv(new(archive, Grouping(()), where=("value>=100",)))
    assert (row["sum"], row["read"], row["blank"], row["unread"]) == ("1453", "3", "0", "0")


# Years side by side


def test_years_side_by_side_show_why_there_is_no_number(archive, capsys):
    shown = as_table(new(archive, BY_ORGAN), capsys)
    water = next(line for line in shown.splitlines() if WATER in line).split()
    assert water == [WATER, "1,203", "空", "100", "150", "(2", "reports)", "/"]
    stone = next(line for line in shown.splitlines() if "石桥" in line).split()
    assert stone == ["石桥县水务局", "40?", "未识?"]
    assert "一、本年新收政府信息公开申请数量 · 总计" in shown


def test_change_needs_two_numbers(archive, capsys):
    by_organ = {row["organ"]: row for row in as_csv(new(archive, BY_ORGAN), with_changes=True)}
    water = by_organ[WATER]
    changes = {year: water[f"{year}_change"] for year in (2022, 2023, 2024, 2025)}
    assert changes == {2022: "", 2023: "", 2024: "50", 2025: ""}
    assert (water["2024_change_percent"], water["2024_change_doubtful"]) == ("50.0", "0")
    assert "2021_change" not in water
    assert by_organ["石桥县水务局"]["2024_change"] == ""
    assert "+50 (+50.0 %)" in as_table(new(archive, BY_ORGAN), capsys, with_changes=True)


def test_years_in_json_hold_their_counts_and_nothing_where_there_is_no_report(archive):
    stone = as_json(new(archive, BY_ORGAN), with_changes=True)[-1]
    assert stone["years"]["2021"] is None
    year = stone["years"]["2024"]
    assert (year["sum"], year["state"], year["unread"], year["flags"], year["change"]) == (
        *("", "unread", 1, "unread"),
        None,
    )


def test_unknown_year_has_its_own_column(archive):
    nobody = as_csv(new(archive, BY_ORGAN))[0]
    assert (nobody["organ"], nobody["unknown"], nobody["2024"]) == ("", "5", "")


@pytest.mark.parametrize(
    ("where", "organs"),
    [
        (["change>49"], [WATER]),
        (["change>50"], []),
        (["change＞＝５０"], [WATER]),
        (["change_percent<-30"], []),
        (["change=50", "sum<100"], []),  # not of the same year
        (["sum<50"], ["", "石桥县水务局"]),
    ],
)
def test_conditions_on_sums_and_changes_hold_in_one_year(archive, where, organs):
    on_values, on_sums = split_conditions(where)
    assert on_values == ()
    found = chosen(new(archive, BY_ORGAN), on_sums)
    assert [line.name[0] for line in found.lines] == organs


def test_conditions_need_what_they_are_about():
    (change,), (total,) = split_conditions(["change>1"])[1], split_conditions(["sum>1"])[1]
    with pytest.raises(UsageError, match="--across year"):
        check([change], False, Grouping(("organ",)))
    with pytest.raises(UsageError, match="--by"):
        check([total], False, None)
    check([change, total], True, BY_ORGAN)


def test_grouping_of_options():
    assert grouping([], [], across=False) is None
    assert grouping(["organ,year", "row"], [], across=False) == Grouping(("organ", "year"))
    assert grouping([], [], across=True) == BY_ORGAN
    assert grouping(["year", "region"], ["column"], across=True) == Grouping(("region",), ("column",), True)
    for by, over in ((["nonsense"], []), ([], ["organ"]), (["row"], ["row"])):
        with pytest.raises(UsageError):
            grouping(by, over, across=False)


# Invariants


def fact(document: int, organ: str, year: int | None, row: str, state: str, value: str, flags: str) -> Fact:
    nowhere, part = (None,) * 5, 1
    return Fact(
        *(f"{document:03}", "s", organ, year, "2021", "requests", row, "total"),
        *(state, value, value if state == "read" else "", 0.9, flags, int(bool(flags)), *nowhere, part),
    )


FACT = st.builds(
    fact,
    st.integers(0, 9),
    st.sampled_from("甲乙"),
    st.sampled_from([None, 2021, 2022]),
    st.sampled_from(["new", "granted"]),
    st.sampled_from(list(State)),
    st.decimals(-(10**30), 10**30, places=2).map(lambda number: format(number, "f")),
    st.sampled_from(["", "low_confidence"]),
)


@given(st.lists(FACT, max_size=40).map(lambda facts: sorted(facts, key=lambda one: one.document)))
def test_sums_equal_those_over_the_export(facts):
    stream = io.StringIO()
    write_csv(facts, FACTS, stream)
    naive = defaultdict(int)
    inputs = defaultdict(lambda: defaultdict(int))
    for row in csv.DictReader(io.StringIO(stream.getvalue())):
        name = (row["organ"], row["year"], row["row"])
        inputs[name][row["state"]] += 1
        if row["state"] == "read":
            naive[name] += int(row["value"].replace(".", ""))  # in hundredths
    found = as_csv(summed(facts, Grouping(("organ", "year")), ReportStanding()))
    assert {(row["organ"], row["year"], row["row"]) for row in found} == set(inputs)
    for row in found:
        name = (row["organ"], row["year"], row["row"])
        assert {state: int(row[state]) for state in State} == {state: inputs[name][state] for state in State}
        if name in naive:
            assert int(row["sum"].replace(".", "")) == naive[name]
        else:
            assert row["sum"] == ""  # nothing that was not read is 0


@given(st.lists(FACT, max_size=20).map(lambda facts: sorted(facts, key=lambda one: one.document)))
def test_change_is_given_only_between_numbers_that_were_read(facts):
    for line in summed(facts, BY_ORGAN, ReportStanding()).lines:
        before, after = line.cells.get(2021), line.cells.get(2022)
        found = change_of(before, after)
        plain = all(
            cell and cell.read and not (cell.blank or cell.dash or cell.unread or cell.missing)
            for cell in (before, after)
        )
        assert (found is not None) == plain
        if found:
            assert Fraction(before.sum) + Fraction(found.change) == Fraction(after.sum)
            assert (found.percent is None) == (before.sum <= 0)


# Pictures


def test_picture_has_a_line_a_group_with_gaps_and_hollow_points(archive, monkeypatch, tmp_path):
    drawn = []
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", lambda figure, *_, **__: drawn.append(figure))
    assert draw(new(archive, BY_ORGAN), tmp_path / "out.png") == []
    (axes,) = drawn[0].axes
    lines = {line.get_label(): line for line in axes.get_lines() if not line.get_label().startswith("_")}
    assert list(lines) == [WATER, "石桥县水务局"]  # who reported on no known year is not drawn
    heights = [None if height != height else height for height in lines[WATER].get_ydata()]
    assert heights == [1203, None, 100, 150, None]
    marks = {
        (line.get_xdata()[0], line.get_ydata()[0]): line.get_markerfacecolor()
        for line in axes.get_lines()
        if line.get_marker() == "o"
    }
    assert {place for place, colour in marks.items() if colour == "white"} == {(2024, 150), (2023, 40)}
    assert axes.get_title().startswith("一、本年新收政府信息公开申请数量 · 总计")


@pytest.mark.parametrize(("ending", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("PNG", b"\x89PNG")])
def test_picture_is_a_file_of_its_ending(archive, tmp_path, ending, start):
    target = tmp_path / f"out.{ending}"
    draw(new(archive, BY_ORGAN), target)
    assert target.read_bytes().startswith(start)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_chinese_is_drawn_with_a_font_that_has_it(archive, tmp_path, recwarn):
    draw(new(archive, BY_ORGAN), tmp_path / "out.png")
    assert [str(warning.message) for warning in recwarn if "Glyph" in str(warning.message)] == []


def test_without_a_chinese_font_lines_are_numbered_and_a_remedy_is_named(
    archive, tmp_path, monkeypatch, recwarn
):
    monkeypatch.setattr("archive.export.plot.family_for", lambda text: None)
    told = draw(new(archive, BY_ORGAN), tmp_path / "out.png")
    assert "pip install" in told[0]
    assert told[1:] == [f"#1 = {WATER}", "#2 = 石桥县水务局"]
    assert [str(warning.message) for warning in recwarn if "Glyph" in str(warning.message)] == []


def test_what_cannot_be_drawn_is_refused(archive, tmp_path):
    with pytest.raises(UsageError, match="must end in"):
        draw(new(archive, BY_ORGAN), tmp_path / "out.gif")
    with pytest.raises(UsageError, match="nothing to draw"):
        draw(new(archive, BY_ORGAN, state="blank"), tmp_path / "out.png")
