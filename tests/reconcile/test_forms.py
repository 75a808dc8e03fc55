"""Forms are data: shipped ones, a budget with two sides, and one that a user writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.accuracy.truth import read_truth
from core.errors import UsageError
from ingest.reading.pipeline import process
from ocr.model import Reading
from reconcile.forms.parser import FormError, parse_form
from reconcile.forms.registry import expected_keys, forms, load_form, table_names
from reconcile.model import Flag, Report
from reconcile.reconciliation import reconcile
from reconcile.second_reading import apply_second_readings
from samples.generator import finances
from tests.support.paths import ROOT
from tests.support.reconcile_grids import PROACTIVE_2021, balanced, page, requests, table

EXAMPLE = re.search(r"```yaml\n(.*?)```", (ROOT / "docs" / "forms.md").read_text("utf-8"), re.DOTALL)[1]  # type: ignore[index]
PROPOSALS = """建议提案类别|收到件数|办结件数|未办结件数
人大代表建议|31|29|2
政协委员提案|44|40|4
合计|75|69|6"""

BUDGET = """收入|<|支出|<
项目|预算数|项目（按功能分类）|预算数
一、一般公共预算拨款收入|900.50|一、一般公共服务支出|700.00
二、政府性基金预算拨款收入||十三、农林水支出|150.50
九、其他收入|99.50|二十、住房保障支出|140.00
||二十五、其他支出|
本年收入合计|1,000.00|本年支出合计|990.50
上年结转结余|10.00|结转下年|19.50
收入总计|1,010.00|支出总计|1,010.00"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of forms with the example of docs/forms.md in it."""
    (tmp_path / "proposals.yaml").write_text(EXAMPLE, encoding="utf-8")
    monkeypatch.setenv("GUIDANG_FORMS", str(tmp_path))
    return tmp_path


def budget(text: str = BUDGET, *before: str) -> Report:
    return reconcile([page(1, *before, "收支预算总表", table(text, widths=(4, 2, 5, 2)))])


def read(report: Report) -> dict[str, str]:
    return {value.key.row: value.raw for value in report.values}


def settled(report: Report) -> Report:
    """Read again, everything the same."""
    cells = (cell for value in report.values for cell in value.cells)
    return apply_second_readings(report, {c.place: Reading(c.text, 0.999, "again") for c in cells})


def test_public_keys_of_the_statutory_forms_are_as_many_as_ever() -> None:
    counts = {
        (form, name): len(expected_keys(form, name))
        for form in ("2019", "2021")
        for name in load_form(form).tables
    }
    assert list(counts.values()) == [22, 161, 15, 10, 175, 15]
    assert table_names()[:3] == ("proactive", "requests", "review")


def test_budget_sample_is_read_as_it_is_printed() -> None:
    report = process(ROOT / "samples" / "budget.pdf").volume.reports[0]
    truth = read_truth(ROOT / "samples" / "budget.truth.csv")
    assert [(v.form, v.key.table, v.key.row, v.key.column, v.state, v.raw) for v in report.values] == [
        (f.form, f.table, f.row, f.column, f.state, f.raw) for f in truth
    ]
    assert (report.organ, report.year) == ("云溪县水务和河湖局", 2024)
    assert report.findings == ()
    assert not any(value.flags for value in report.values)


def test_committed_truth_of_the_budget_is_what_the_generator_sets() -> None:
    assert list(finances.facts()) == read_truth(ROOT / "samples" / "budget.truth.csv")


def test_both_sides_of_a_budget_are_read_and_rows_not_printed_are_not_missing() -> None:
    found = read(budget())
    assert found["income.general"] == "900.50"
    assert found["income.fund"] == ""
    assert found["spending.agriculture"] == "150.50"
    assert found["income.total"] == found["spending.total"] == "1,010.00"
    assert "spending.education" not in found
    assert budget().findings == ()


@pytest.mark.parametrize(
    ("printed", "wrong", "relation"),
    [
        ("900.50|", "900.53|", {"B1"}),
        ("|10.00|", "|11.00|", {"B2"}),
        ("|150.50", "|150.05", {"B3"}),
        ("|19.50", "|19.00", {"B4"}),
        ("|支出总计|1,010.00", "|支出总计|1,010.01", {"B5"}),
        ("|支出总计|1,010.00", "|支出总计|1,010.02", {"B4", "B5"}),
    ],
)
def test_a_sum_printed_wrong_is_found_and_is_the_reports(
    printed: str, wrong: str, relation: set[str]
) -> None:
    assert printed in BUDGET
    text = BUDGET.replace("||二十五、其他支出|\n", "").replace(
        "二、政府性基金预算拨款收入|", "二、政府性基金预算拨款收入|0.00"
    )
    found = settled(budget(text.replace(printed, wrong)))
    assert {finding.relation for finding in found.findings} == relation
    assert {finding.kind for finding in found.findings} == {Flag.SOURCE_ANOMALY}


def test_a_row_that_the_form_lacks_keeps_the_report_from_being_accused() -> None:
    text = BUDGET.replace("||二十五、其他支出|", "||（上缴上级的各类款项）|5.00").replace("990.50", "995.50")
    text = text.replace("19.50", "14.50")
    kinds = {finding.kind for finding in settled(budget(text)).findings}
    assert kinds == {"extra_row", Flag.UNBALANCED}


def test_a_required_row_that_is_not_there_is_missing() -> None:
    found = budget(BUDGET.replace("收入总计|1,010.00|", "||"))
    assert [v.key.row for v in found.values if Flag.MISSING in v.flags] == ["income.total"]


def test_a_table_like_another_is_told_by_its_heading_and_headers() -> None:
    text = """收入|<|支出|<|<
项目|预算数|项目|合计|一般公共预算财政拨款
一、本年收入|900.50|一、本年支出|890.50|890.50
（一）一般公共预算资金|900.50|（一）外交事务|890.50|890.50
（二）政府性基金资金||（二）国防事务||
二、上年结余||二、年终结余|10.00|10.00
收入总计|900.50|支出总计|900.50|900.50"""
    found = reconcile([page(1, "财政拨款收支总表", table(text))])
    assert [one.key for one in found.tables] == ["budget_appropriation"]
    other = reconcile([page(1, "收支预算总表", table(text))])
    assert [one.key for one in other.tables] == [""]


def test_forms_of_one_kind_of_report_are_not_asked_of_another() -> None:
    disclosure = reconcile(
        [
            page(1, table(PROACTIVE_2021)),
            page(2, table(requests("2021", balanced("2021", [[1, 0, 0, 0, 0, 2]])), page=2)),
        ]
    )
    assert {value.key.table for value in disclosure.values} == {"proactive", "requests"}
    assert [finding.kind for finding in disclosure.findings] == ["absent"]
    assert {value.key.table for value in budget().values} == {"budget_summary"}


def test_a_form_that_a_user_writes_works_without_code(folder: Path) -> None:
    report = reconcile([page(1, "某市2024年建议提案办理情况报告", table(PROPOSALS))])
    assert [value.raw for value in report.values] == ["31", "29", "2", "44", "40", "4", "75", "69", "6"]
    assert {value.form for value in report.values} == {"proposals"}
    assert (report.organ, report.year) == ("某市", 2024)
    assert report.findings == ()


def test_two_forms_of_one_table_are_told_apart_by_what_is_printed(folder: Path) -> None:
    newer = EXAMPLE.replace("since: 2020", "since: 2025").replace(
        "          - {key: total,",
        "          - {key: hotline, label: 市民热线转办事项}\n          - {key: total,",
    )
    newer = newer.replace("sum: [deputies, members]", "sum: [deputies, members, hotline]")
    (folder / "proposals2025.yaml").write_text(newer, encoding="utf-8")
    printed = PROPOSALS.replace("合计|75|69|6", "市民热线转办事项|5|5|0\n合计|80|74|6")
    old, new = (reconcile([page(1, table(text))]) for text in (PROPOSALS, printed))
    assert {value.form for value in old.values} == {"proposals"}
    assert {value.form for value in new.values} == {"proposals2025"}
    assert (old.findings, new.findings) == ((), ())


def test_relations_of_a_users_form_are_checked(folder: Path) -> None:
    report = reconcile([page(1, table(PROPOSALS.replace("|69|", "|68|")))])
    assert sorted(finding.relation for finding in report.findings) == ["P1", "P2"]


def test_without_the_folder_the_form_is_not_known() -> None:
    assert "proposals" not in forms()
    assert reconcile([page(1, table(PROPOSALS))]).values == ()


def test_list_names_shipped_forms_and_the_users(folder: Path, guidang) -> None:
    done = guidang("forms", "list")
    assert done.code == 0
    for name in ("2019", "2021", "budget", "proposals", str(folder / "proposals.yaml")):
        assert name in "".join(done.out.split())


@pytest.mark.parametrize("name", ["2019", "2021", "budget"])
def test_shipped_forms_pass_their_own_check(name: str, guidang) -> None:
    done = guidang("forms", "check", ROOT / "reconcile" / "forms" / f"{name}.yaml")
    assert (done.code, done.out) == (0, "")


def mistaken(old: str, new: str) -> tuple[str, int]:
    """The example with one line changed, and the number of that line."""
    assert EXAMPLE.count(old) == 1, old
    return EXAMPLE.replace(old, new), EXAMPLE[: EXAMPLE.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("key: closed,", "kee: closed,", "is no field of a form file here"),
        ("{key: closed, path: [办结件数]}", "{path: [办结件数]}", "columns[2].key must be given"),
        ("key: closed,", "key: 办结,", "may hold only a-z"),
        ("key: closed,", "key: received,", "there is a column received already"),
        ("key: members,", "key: deputies,", "two values have the key proposals/deputies/closed"),
        ("label: 政协委员提案", "label: 人大代表建议", "needs a label of its own"),
        ("over: columns", "over: row", "must be 'rows', 'columns', 'codes' or 'document'"),
        ("sum: [deputies, members]", "sum: [deputies, others]", "others is no row of table proposals"),
        ("sum: [closed, open]", "sum: []", "needs a sum"),
        ("sum: [closed, open]", "sum: [closed, received]", "on both sides"),
        ("title: 建议提案办理情况\n", "title: [建议提案办理情况]\n", "must be a text"),
        ("since: 2020", "since: lately", "must be a year"),
        ("since: 2020", "since: 2020\nsince: 2021", "since is written twice"),
        ("since: 2020", "since: [2020", "no valid YAML"),
    ],
)
def test_check_tells_the_line_of_a_mistake(tmp_path: Path, guidang, old: str, new: str, message: str) -> None:
    text, line = mistaken(old, new)
    file = tmp_path / "proposals.yaml"
    file.write_text(text, encoding="utf-8")
    done = guidang("forms", "check", file)
    assert done.code == 2
    places = [re.match(rf"{re.escape(str(file))}:(\d+): (.+)", found) for found in done.out.splitlines()]
    assert all(places)
    told = [(int(place[1]), place[2]) for place in places if place]
    near = range(line, line + 3)
    assert any(message in words and at in near for at, words in told), told


def test_check_tells_all_mistakes_at_once() -> None:
    text, _ = mistaken("key: closed,", "key: 办结,")
    with pytest.raises(FormError) as error:
        parse_form("proposals", text, "")
    assert len(error.value.problems) > 1
    assert list(error.value.problems) == sorted(error.value.problems)


@pytest.mark.parametrize("text", ["", "a text", "- a\n- list", "{", "title: 表\ntables: []", "\x00"])
def test_what_is_no_form_is_refused(tmp_path: Path, guidang, text: str) -> None:
    file = tmp_path / "empty.yaml"
    file.write_text(text, encoding="utf-8")
    done = guidang("forms", "check", file)
    assert done.code == 2
    assert done.out.startswith(f"{file}:")


def test_a_name_that_is_taken_is_refused(tmp_path: Path, monkeypatch, guidang) -> None:
    file = tmp_path / "2021.yaml"
    file.write_text(EXAMPLE, encoding="utf-8")
    assert "already" in guidang("forms", "check", file).out
    monkeypatch.setenv("GUIDANG_FORMS", str(tmp_path))
    with pytest.raises(UsageError, match="already"):
        forms()


def test_a_wrong_form_stops_a_batch_before_any_document(folder: Path, tmp_path: Path, guidang) -> None:
    (folder / "wrong.yaml").write_text("title: 表\n", encoding="utf-8")
    done = guidang("ingest", ROOT / "samples" / "onepage.pdf", "--archive", tmp_path / "archive")
    assert done.code == 2
    assert "wrong.yaml:1: tables must be given" in done.err
    assert not (tmp_path / "archive").exists()


def test_a_folder_that_is_not_there_is_said(monkeypatch, guidang) -> None:
    monkeypatch.setenv("GUIDANG_FORMS", "/nowhere")
    done = guidang("forms", "list")
    assert (done.code, "no folder /nowhere" in done.err) == (2, True)


def test_commands_on_forms_have_an_example_in_their_help(guidang) -> None:
    for command in ("list", "check"):
        assert "Example:" in guidang("forms", command, "--help").out
