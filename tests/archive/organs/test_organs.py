"""Organs and their names: lists that people edit, links that only people make, suggestions with grounds."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cli
from archive.organs.organ_list_file import ListedOrgan, ListError, parse, write
from archive.organs.suggestions import suggestions
from console.commands.organs import app as organs_app
from core.errors import UsageError
from tests.support import county

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8).map(str.strip)
YEARS = st.none() | st.lists(st.integers(1990, 2100), max_size=4, unique=True).map(lambda y: tuple(sorted(y)))


@st.composite
def organ_lists(draw) -> tuple[ListedOrgan, ...]:
    """Lists in which every name means one organ, with any text that can be a name."""
    names = draw(st.lists(TEXTS.filter(bool), min_size=1, max_size=8, unique=True))
    organs: list[ListedOrgan] = []
    while names:
        name, *rest = names
        taken = draw(st.integers(0, min(2, len(rest))))
        supervisor = draw(TEXTS.filter(lambda text, name=name: text != name))
        organs.append(ListedOrgan(name, draw(TEXTS), supervisor, tuple(rest[:taken]), draw(YEARS)))
        names = rest[taken:]
    return tuple(organs)


@given(organ_lists())
def test_list_that_was_written_is_read_as_it_was(organs):
    notes = {alias: "张三\n[[organ]]\x7f" for organ in organs for alias in organ.aliases}
    assert parse(write(organs, notes)).organs == organs


@given(organ_lists())
def test_years_that_all_share_are_written_once(organs):
    years = {organ.years for organ in organs}
    if None not in years and len(years) == 1:
        assert write(organs).count("years = ") == 1


def test_list_may_be_written_by_hand_in_several_ways():
    listed = parse(
        'years = [2023, 2021, 2021]\n[[organ]]\nname = " 甲局 "\n'
        '[[organ]]\nname = "乙局"\nyears = "2019-2021"\n'
        '[[organ]]\nname = "丙局"\nyears = []\n'
    )
    assert [(organ.name, organ.years) for organ in listed.organs] == [
        ("甲局", (2021, 2023)),
        ("乙局", (2019, 2020, 2021)),
        ("丙局", ()),
    ]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("years = [2021\n", ["1: no valid TOML: Unclosed array"]),
        ('[[organ]]\nname = "甲局"\nname = "乙局"\n', ["3: no valid TOML: Cannot overwrite a value"]),
        (
            'colour = 1\n[[organ]]\nname = "甲局"\nboss = "x"\n',
            [
                "1: colour is no field of a list; fields are years and [[organ]]",
                "4: boss is no field of an organ; fields are name, region, supervisor, aliases, years",
            ],
        ),
        ('[organ]\nname = "甲局"\n', ["1: write each organ as [[organ]]"]),
        ("[[organ]]\nregion = 3\n", ["1: an organ needs a name", "2: region must be a text"]),
        ('[[organ]]\nname = "  "\n', ["2: an organ needs a name"]),
        (
            '[[organ]]\nname = "甲局"\naliases = "乙局"\n',
            ['3: aliases must be a list of texts, like ["清河县水利局"]'],
        ),
        ("years = [3021]\n", ["1: 3021 is no year of reports"]),
        ("years = [true]\n", ['1: years must be a list like [2022, 2023] or a span like "2019-2023"']),
        (
            '[[organ]]\nname = "甲局"\n\nyears = "2023-2019"\n',
            ['4: years must be a list like [2022, 2023] or a span like "2019-2023"'],
        ),
        ('[[organ]]\nname = "甲局"\n[[organ]]\nname = "甲局"\n', ["4: there is an organ 甲局 already"]),
        (
            '[[organ]]\nname = "甲局"\naliases = ["丙局"]\n'
            '[[organ]]\nname = "乙局"\naliases = [\n  "丙局",\n]\n',
            ["7: 丙局 is a name of 甲局 and of 乙局"],
        ),
        (
            '[[organ]]\nname = "甲局"\n[[organ]]\nname = "乙局"\naliases = ["甲局"]\n',
            ["5: 甲局 is a name of 甲局 and of 乙局"],
        ),
        ('[[organ]]\nname = "甲局"\naliases = ["甲局"]\n', ["2: 甲局 is written twice"]),
        ('[[organ]]\nname = "甲局"\nsupervisor = "甲局"\n', ["3: 甲局 supervises itself"]),
    ],
)
def test_every_problem_of_a_list_is_told_with_its_line(text, problems):
    with pytest.raises(ListError) as caught:
        parse(text, "a.toml")
    assert list(map(str, caught.value.problems)) == [f"a.toml:{problem}" for problem in problems]


def test_problem_in_an_unusual_place_is_told_without_a_line():
    with pytest.raises(ListError) as caught:
        parse('organ = [{name = "甲局"}, {name = "乙局", boss = 1}]', "a.toml")
    (problem,) = caught.value.problems
    assert str(problem).startswith("a.toml: boss is no field")


# In the archive


@pytest.fixture
def archive(place, monkeypatch):
    monkeypatch.setenv("GUIDANG_WHO", "张三")
    with place.open() as opened:
        for organ, year in ((county.OLD_WATER, 2021), (county.OLD_WATER, 2022), (county.WATER, 2023)):
            county.add(opened, organ, year, [])
        yield opened


def links(archive) -> dict[str, str]:
    return {one.written: one.organ for one in archive.organs.printed_names() if one.linked_by}


def test_every_printed_name_means_itself_until_a_person_links_it(archive):
    assert [(one.organ, one.written, one.years) for one in archive.organs.printed_names()] == [
        (county.OLD_WATER, county.OLD_WATER, (2021, 2022)),
        (county.WATER, county.WATER, (2023,)),
    ]
    assert archive.organs.suggest()
    assert links(archive) == {}


def test_link_keeps_who_and_when_and_is_undone_by_unlink(archive):
    assert archive.organs.link([county.OLD_WATER], county.WATER) == [county.OLD_WATER]
    assert archive.organs.link([county.OLD_WATER], county.WATER) == []
    linked = next(one for one in archive.organs.printed_names() if one.written == county.OLD_WATER)
    assert (linked.organ, linked.linked_by, linked.linked_at[:2]) == (county.WATER, "张三", "20")
    assert archive.organs.suggest() == []
    archive.organs.unlink([county.OLD_WATER])
    assert links(archive) == {}


def test_mistyped_organ_goes_with_its_last_link(archive):
    archive.organs.link([county.OLD_WATER, "县水利局"], "错字局")
    archive.organs.unlink([county.OLD_WATER])
    assert "错字局" in {one.organ for one in archive.organs.printed_names()}
    archive.organs.unlink(["县水利局"])
    assert {one.organ for one in archive.organs.printed_names()} == {county.OLD_WATER, county.WATER}


def test_name_cannot_come_to_mean_two_organs(archive):
    archive.organs.link([county.OLD_WATER], county.WATER)
    for written, organ, said in (
        (county.OLD_WATER, county.HEALTH, "is linked to"),
        (county.HEALTH, county.OLD_WATER, "itself another name"),
        (county.WATER, county.HEALTH, "an organ of its own"),
        (county.HEALTH, county.HEALTH, "of itself"),
    ):
        with pytest.raises(UsageError, match=said):
            archive.organs.link([written], organ)
    with pytest.raises(UsageError, match="not linked"):
        archive.organs.unlink([county.HEALTH])
    assert links(archive) == {county.OLD_WATER: county.WATER}


def test_loaded_list_is_exported_as_it_was_and_loads_again(archive):
    archive.organs.load(parse(county.LIST))
    exported = archive.organs.listed()
    assert sorted(parse(exported).organs, key=lambda organ: organ.name) == sorted(
        parse(county.LIST).organs, key=lambda organ: organ.name
    )
    assert f'"{county.OLD_WATER}",  # 张三, 20' in exported
    done = archive.organs.load(parse(exported), whole=True)
    assert (done.linked, done.unlinked, done.dropped) == ((), (), ())
    assert archive.organs.listed() == exported


def test_loaded_list_is_right_about_its_own_organs_only(archive, monkeypatch):
    archive.organs.link(["县水务局"], county.WATER)
    archive.organs.link(["县教育局"], county.EDUCATION)
    monkeypatch.setenv("GUIDANG_WHO", "李四")
    done = archive.organs.load(
        parse(f'[[organ]]\nname = "{county.WATER}"\naliases = ["{county.OLD_WATER}"]\n')
    )
    assert (done.linked, done.unlinked) == ((county.OLD_WATER,), ("县水务局",))
    assert links(archive) == {county.OLD_WATER: county.WATER, "县教育局": county.EDUCATION}
    assert {one.linked_by for one in archive.organs.printed_names() if one.linked_by} == {"张三", "李四"}
    done = archive.organs.load(parse(f'[[organ]]\nname = "{county.WATER}"\n'), whole=True)
    assert (done.dropped, links(archive)) == ((county.EDUCATION,), {})


def test_names_may_change_hands_within_one_list(archive):
    archive.organs.load(
        parse('[[organ]]\nname = "甲局"\naliases = ["乙局", "丙局"]\n[[organ]]\nname = "丁局"\n')
    )
    archive.organs.load(parse('[[organ]]\nname = "乙局"\naliases = ["甲局"]\n'), whole=True)
    assert links(archive) == {"甲局": "乙局"}
    archive.organs.load(parse('[[organ]]\nname = "乙局"\n[[organ]]\nname = "丁局"\naliases = ["甲局"]\n'))
    assert links(archive) == {"甲局": "丁局"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[[organ]]\nname = "甲局"\naliases = ["清河县水利局"]\n',
            "x:3: 清河县水利局 is linked to 清河县水务局",
        ),
        ('[[organ]]\n\nname = "清河县水利局"\n', "x:3: 清河县水利局 is linked to 清河县水务局"),
        ('[[organ]]\nname = "甲局"\naliases = ["清河县水务局"]\n', "x:3: 清河县水务局 is listed as an organ"),
    ],
)
def test_list_that_contradicts_the_archive_changes_nothing(archive, text, said):
    archive.organs.load(parse(county.LIST))
    before = archive.organs.listed()
    with pytest.raises(ListError) as caught:
        archive.organs.load(parse(text, "x"))
    assert str(caught.value.problems[0]).startswith(said)
    assert archive.organs.listed() == before


def test_export_with_printed_names_lists_what_nobody_listed(archive):
    archive.organs.link(["县水务局"], county.WATER)
    names = [organ.name for organ in parse(archive.organs.listed(printed=True)).organs]
    assert names == [county.OLD_WATER, county.WATER]
    assert [organ.name for organ in parse(archive.organs.listed()).organs] == [county.WATER]


# Suggestions


@pytest.mark.parametrize(
    ("one", "other", "ground"),
    [
        ("清河县水务局", "清河縣水務局", "width or script"),
        ("ＡＢＣ公司", "ABC公司", "width or script"),
        ("清河县人民政府办公室", "清河县政府办", "short form"),
        ("清河县发展和改革委员会", "清河县发改委", "short form"),
        ("水务局", "清河县水务局", "names the region"),
        ("江北市清河县水务局", "清河县水务局", "names the region"),
        ("清河县水利局", "清河县水务局", "renamed"),
        ("清河县国土资源局", "清河县自然资源和规划局", "renamed"),
        ("清河县卫生和计划生育局", "清河县卫生健康委员会", "renamed"),
        ("清河县农业农村委员会", "清河县农业农村局", "renamed"),
        ("清苛县水务局", "清河县水务局", "perhaps misread"),
        ("清河县市场监督官理局", "清河县市场监督管理局", "alike"),
    ],
)
def test_names_of_one_organ_are_suggested_with_the_ground(one, other, ground):
    (pair,) = suggestions({one: [2021, 2022], other: [2023]})
    assert (pair.written, pair.organ) == (one, other)
    assert ground in pair.evidence[0]
    assert pair.evidence[1] == "their years complete each other"
    assert pair.score >= 60


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("清河县水务局", "清河县教育局"),
        ("清河县水务局", "东山县水务局"),
        ("清河县人民政府", "清河县人民政府办公室"),
        ("清河县水利局", "东山县水务局"),
    ],
)
def test_names_of_two_organs_are_not_suggested(one, other):
    assert suggestions({one: [2021], other: [2022]}) == []


def test_two_names_with_reports_on_one_year_are_rarely_one_organ():
    apart = suggestions({"清河县水利局": [2021], "清河县水务局": [2022]})[0]
    (both,) = suggestions({"清河县水利局": [2021, 2022], "清河县水务局": [2022, 2023]})
    assert both.evidence[1] == "both have a report on 2022: then they are rarely one organ"
    assert both.score < 50 < apart.score


def test_listed_name_is_the_organ_even_if_its_reports_are_older():
    (pair,) = suggestions({"清河县水利局": [2021], "清河县水务局": [2022]}, listed={"清河县水利局"})
    assert (pair.written, pair.organ) == ("清河县水务局", "清河县水利局")


@given(st.dictionaries(TEXTS.filter(bool), st.lists(st.integers(2019, 2024)), max_size=6))
def test_any_names_can_be_compared_and_each_pair_is_suggested_once(years):
    pairs = [frozenset((one.written, one.organ)) for one in suggestions(years)]
    assert len(pairs) == len(set(pairs))
    assert all(len(pair) == 2 for pair in pairs)


# Commands


@pytest.fixture
def guidang(archive, place, capsys):
    archive.close()

    def run(*arguments: object):
        code = cli.main([*map(str, arguments), "--archive", place.location])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_commands_suggest_link_list_and_unlink(guidang):
    (pair,) = json.loads(guidang("organs", "suggest", "--format", "json")[1])
    assert (pair["written"], pair["organ"]) == (county.OLD_WATER, county.WATER)
    assert "renamed" in guidang("organs", "suggest")[1]
    assert guidang("organs", "link", pair["written"], pair["organ"])[0] == 0
    rows = list(csv.DictReader(io.StringIO(guidang("organs", "list", "--format", "csv")[1])))
    assert [(row["organ"], row["written"], row["years"], row["linked_by"]) for row in rows] == [
        (county.WATER, county.OLD_WATER, "2021;2022", "张三"),
        (county.WATER, county.WATER, "2023", ""),
    ]
    shown = guidang("organs", "list", "--organ", "水利")
    assert "2021–2022" in shown[1]
    assert guidang("organs", "unlink", county.OLD_WATER)[0] == 0
    assert guidang("organs", "unlink", county.OLD_WATER)[0] == 2


def test_link_says_if_no_report_prints_a_name(guidang):
    code, out, err = guidang("organs", "link", "错字局", county.WATER)
    assert (code, out) == (0, "")
    assert "note: no report prints 错字局\n" in err
    assert guidang("organs", "link", "错字局")[0] == 2


def test_commands_load_and_export_the_same_list(guidang, tmp_path):
    file, again = tmp_path / "county.toml", tmp_path / "again.toml"
    file.write_text(county.LIST, encoding="utf-8")
    code, out, err = guidang("organs", "load", file)
    assert (code, out) == (0, "")
    assert f"linked: {county.OLD_WATER}\n4 organs loaded\n" == err
    assert guidang("organs", "export", "--output", again)[0] == 0
    assert guidang("organs", "load", again, "--whole")[2] == "4 organs loaded\n"
    assert again.read_text(encoding="utf-8") == guidang("organs", "export")[1]


def test_bad_list_ends_with_2_and_a_line_a_problem(guidang, tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text('[[organ]]\nname = "甲局"\nboss = 1\n\n[[organ]]\n', encoding="utf-8")
    code, out, err = guidang("organs", "load", file)
    assert (code, out) == (2, "")
    assert [line.split(": ")[0] for line in err.splitlines()] == [f"{file}:3", f"{file}:5", "guidang"]
    file.write_bytes(b"\xff\xfe")
    assert guidang("organs", "load", file)[2].startswith(f"{file}:1: no UTF-8 text")
    assert guidang("organs", "load", tmp_path / "none.toml")[0] == 2


@pytest.mark.parametrize("command", [one.name for one in organs_app.registered_commands])
def test_help_of_every_command_shows_an_example_that_parses(capsys, command):
    assert cli.main(["organs", command, "--help"]) == 0
    shown = capsys.readouterr().out
    example = shown.split("Example:\n")[1].splitlines()[0].split()
    assert example[:3] == ["guidang", "organs", command]
    named = [word for word in example if word.startswith("--")]
    assert all(f"{option} " in shown.split("Options:")[1] for option in named)
