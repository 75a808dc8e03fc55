"""Coverage: every expected organ and year is in one state, and whatever else there is, is told too."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

import cli
from archive.archive import Archive
from archive.comparison.coverage import EXPECTED, CoverageFilter, CoverageState
from archive.organs.names_in_sources import Names
from archive.organs.organ_list_file import ListedOrgan, ListError, OrganList, parse
from tests.support import county

LISTED = parse(county.LIST)


@pytest.fixture(scope="module")
def filled(module_place):
    with module_place.open() as archive:
        county.fill(archive)
        yield archive


def states(found, organ: str) -> dict[int, str]:
    return {cell.year: cell.state.value for cell in found.cells if cell.organ == organ}


def test_each_expected_cell_has_the_state_that_was_planted(filled):
    found = filled.comparison.coverage(LISTED)
    assert states(found, county.GOVERNMENT) == {
        2021: "present",
        2022: "present",
        2023: "pending",
        2024: "missing",
    }
    assert states(found, county.WATER) == dict.fromkeys(county.YEARS, "present")
    assert states(found, county.HEALTH) == {2022: "present", 2023: "present", 2024: "unreadable"}
    assert states(found, county.EDUCATION) == {
        2021: "present",
        2022: "replaced",
        2023: "present",
        2024: "missing",
    }


def test_totals_add_up_and_values_to_review_are_counted(filled):
    found = filled.comparison.coverage(LISTED)
    assert sum(found.counts.values()) == len(found.cells) == 15
    assert len(found.lacking) == 4
    assert {(cell.organ, cell.year): cell.needs_review for cell in found.cells if cell.needs_review} == {
        (county.WATER, 2024): 1
    }


def test_newest_document_stands_for_the_replaced_cell(filled):
    (cell,) = (
        cell for cell in filled.comparison.coverage(LISTED).cells if cell.state is CoverageState.REPLACED
    )
    older = filled.documents.find(f"{county.EDUCATION}2022年报告.pdf")
    assert cell.source.endswith("（更正）.pdf")
    assert (cell.documents, cell.note) == (2, f"in place of {older[:12]}")


def test_report_that_nobody_expected_is_told(filled):
    found = [
        cell for cell in filled.comparison.coverage(LISTED).others if cell.state is CoverageState.NOT_EXPECTED
    ]
    assert [(cell.organ, cell.year) for cell in found] == [
        *((county.TRANSPORT, year) for year in county.YEARS),
        (county.HEALTH, 2021),
    ]


def test_document_of_which_nobody_knows_the_place_is_told_with_its_hint(filled):
    found = {
        c.source: c for c in filled.comparison.coverage(LISTED).others if c.state is CoverageState.NOT_PLACED
    }
    assert found["scans/page3.pdf"].note == "organ not read"
    assert found["scans/page3.pdf"].year == 2023
    assert found["scans/扫描0007.pdf"].note == "unreadable: not a PDF"
    education = found[f"site/2024/{county.EDUCATION}.pdf"].note
    assert education == f"unreadable: not a PDF; its source says {county.EDUCATION} 2024"
    assert len(found) == 3


def test_every_document_of_the_archive_is_somewhere(filled):
    found = filled.comparison.coverage(LISTED)
    told = " ".join(f"{cell.document[:12]} {cell.note}" for cell in (*found.cells, *found.others))
    documents = [document.document for document in filled.documents.pending()]
    documents += [failure.document for failure in filled.documents.failures()]
    documents += [page.document for page in filled.export.pages()]
    assert len(set(documents)) == 22
    assert [document for document in set(documents) if document[:12] not in told] == []


def test_without_a_list_all_known_organs_are_expected_in_all_years(filled):
    found = filled.comparison.coverage()
    assert len(found.cells) == 6 * 4
    assert not [cell for cell in found.others if cell.state is CoverageState.NOT_EXPECTED]
    assert states(found, county.OLD_WATER) == {
        2021: "present",
        2022: "present",
        2023: "missing",
        2024: "missing",
    }


def test_filters_keep_a_part_and_what_may_belong_to_it(filled):
    found = filled.comparison.coverage(LISTED, CoverageFilter(organ="水利"))
    assert {cell.organ for cell in found.cells} == {county.WATER}
    assert found.others == ()
    found = filled.comparison.coverage(LISTED, CoverageFilter("教育", 2024))
    assert [(cell.organ, cell.year) for cell in found.cells] == [(county.EDUCATION, 2024)]
    assert [cell.source for cell in found.others] == [f"site/2024/{county.EDUCATION}.pdf"]


def test_loaded_list_is_expected_where_none_is_given(place):
    with place.open() as archive:
        county.fill(archive)
        expected = archive.comparison.coverage(LISTED)
        archive.organs.load(LISTED)
        found = archive.comparison.coverage()
    listed = {organ.name for organ in LISTED.organs}
    assert {c for c in found.cells if c.organ in listed} == set(expected.cells)
    assert {c.organ for c in found.cells} - listed == {county.TRANSPORT}


def test_address_that_brought_other_bytes_makes_the_report_replaced(place):
    with place.open() as archive:
        source = "https://example.org/a/2022.pdf"
        first = county.add(archive, county.WATER, 2022, [], source)
        again = county.fail(archive, source, b"<html>")
        found = archive.comparison.coverage()
        (cell,), (other,) = found.cells, found.others
        assert (cell.state, cell.document) == (CoverageState.REPLACED, first)
        assert cell.note == f"its address has since brought {again[:12]}, of which nothing was read"
        assert (other.state, other.document) == (CoverageState.NOT_PLACED, again)


def test_address_used_again_for_the_next_year_replaces_nothing(place):
    with place.open() as archive:
        for year in (2022, 2023):
            county.add(archive, county.WATER, year, [], "https://example.org/latest.pdf")
        assert [cell.state for cell in archive.comparison.coverage().cells] == [
            CoverageState.PRESENT,
            CoverageState.PRESENT,
        ]


def test_report_that_failed_when_read_anew_is_still_present(place):
    with place.open() as archive:
        county.add(archive, county.WATER, 2022, [], "a.pdf")
        document = archive.documents.find("a.pdf")
        archive.documents.fail(document, county.handmade.RUN, "ocr", "out of memory", "memory")
        found = archive.comparison.coverage()
        assert [cell.state for cell in found.cells] == [CoverageState.PRESENT]
        assert found.others == ()


def test_list_that_contradicts_the_links_is_refused_with_its_line(place):
    with place.open() as archive:
        archive.organs.link([county.OLD_WATER], county.HEALTH)
        with pytest.raises(ListError) as caught:
            archive.comparison.coverage(LISTED)
    line = county.LIST.splitlines().index(f'aliases = ["{county.OLD_WATER}"]') + 1
    assert tuple(map(str, caught.value.problems)) == (
        f"list:{line}: {county.OLD_WATER} is linked to {county.HEALTH} in the archive",
    )


ORGANS = ("甲县水务局", "甲县教育局", "乙县水务局", "水务局")
PLACES = st.tuples(st.sampled_from(ORGANS), st.integers(2020, 2023))


@settings(max_examples=25, deadline=None)
@given(
    read=st.lists(st.tuples(PLACES, st.booleans()), max_size=6),
    failed=st.lists(PLACES, max_size=3),
    listed=st.dictionaries(
        st.sampled_from(ORGANS), st.lists(st.integers(2019, 2024), max_size=4, unique=True)
    ),
)
def test_cells_are_what_is_expected_and_every_document_is_told_once(read, failed, listed):
    organs = tuple(ListedOrgan(name, years=tuple(sorted(years))) for name, years in listed.items())
    with TemporaryDirectory() as folder, Archive.open(Path(folder) / "a", create=True) as archive:
        for n, ((organ, year), has_year) in enumerate(read):
            county.add(archive, organ, year if has_year else None, [], f"{n}.pdf")
        for n, (organ, year) in enumerate(failed):
            county.fail(archive, f"{n}/{organ}{year}年.pdf")
        found = archive.comparison.coverage(OrganList(organs))
    assert [(c.organ, c.year) for c in found.cells] == [(o.name, y) for o in organs for y in o.years or ()]
    assert {cell.state for cell in found.cells} <= set(EXPECTED)
    held = Counter(place for place, has_year in read if has_year)
    for cell in found.cells:
        there = held[cell.organ, cell.year]
        lost = (cell.organ, cell.year) in failed
        expected = (
            ("replaced" if there > 1 else "present") if there else ("unreadable" if lost else "missing")
        )
        assert cell.state == expected
    assert sum(cell.documents for cell in (*found.cells, *found.others)) == len(read) + len(failed)


# What a source tells


NAMES = Names({"清河县水务局": "清河县水务局", "清河县水利局": "清河县水务局", "清河县": "清河县"})


@pytest.mark.parametrize(
    "source",
    [
        "scans/清河县水务局2022年政府信息公开工作年度报告.pdf",
        "scans/2023/清河县水利局2022年报告.pdf",
        "清河县水务局/2022.pdf",
        "2022年度清河县水务局信息公开年报.pdf",
        "all.zip!清河县水务局/年报（２０２２）.pdf",
        "https://example.org/%E6%B8%85%E6%B2%B3%E5%8E%BF%E6%B0%B4%E5%8A%A1%E5%B1%80/2022%E5%B9%B4%E6%8A%A5.html",
    ],
)
def test_source_that_plainly_tells_organ_and_year(source):
    assert NAMES.place([source])[0] == ("清河县水务局", 2022)


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("2022/清河县水务局.pdf", "清河县水务局 2022"),  # perhaps the year of publication
        ("清河县水务局2021-2022.pdf", "清河县水务局 2021 or 2022"),
        ("清河县水务局20220131.pdf", "清河县水务局"),
        ("清河县水务局2022-01-31.pdf", "清河县水务局"),
        ("清河县水务局2022年1月31日发布.pdf", "清河县水务局"),
        ("清河县/清河县水务局2022.pdf", "清河县 or 清河县水务局 2022"),
        ("东山县水务局2022年.pdf", "2022"),
        ("大清河县水务局2022年.pdf", "清河县水务局 2022"),  # the name of another organ holds this one's
        ("清河县水务局水政监察大队2022年.pdf", "清河县水务局 2022"),
        ("scan.pdf", ""),
    ],
)
def test_source_that_does_not_plainly_tell_gives_a_hint(source, hint):
    assert NAMES.place([source]) == (None, hint)


# Commands


@pytest.fixture
def guidang(filled, module_place, tmp_path, capsys):
    file = tmp_path / "county.toml"
    file.write_text(county.LIST, encoding="utf-8")

    def run(*arguments: object):
        code = cli.main(["coverage", *map(str, arguments), "--archive", module_place.location])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    run.list = file
    return run


def test_matrix_lines_up_and_totals_are_those_of_the_cells(guidang):
    code, out, err = guidang(guidang.list)
    matrix = out.split("有 present")[0].splitlines()
    assert code == 0
    assert len({cell_len(line) for line in matrix if line.strip()}) == 1
    (total,) = (line.split() for line in matrix if line.split()[-1:] == ["11/15"])
    assert total == ["3/3", "4/4", "3/4", "1/4", "11/15"]
    assert "15 expected: 10 present, 1 replaced, 1 unreadable, 1 pending, 2 missing" in out
    assert err == "11 of 15 there; 8 more not expected or not placed\n"


def test_csv_and_json_hold_every_cell_and_all_the_rest(guidang):
    rows = list(csv.DictReader(io.StringIO(guidang(guidang.list, "--format", "csv")[1])))
    assert len(rows) == 15 + 5 + 3
    assert Counter(row["state"] for row in rows)["not_expected"] == 5
    assert len(json.loads(guidang(guidang.list, "--format", "json")[1])) == len(rows)


def test_missing_lists_only_what_is_not_there(guidang):
    rows = list(csv.DictReader(io.StringIO(guidang(guidang.list, "--missing", "--format", "csv")[1])))
    assert [row["state"] for row in rows] == ["pending", "missing", "unreadable", "missing"]
    assert county.HEALTH in guidang(guidang.list, "--missing")[1]


def test_missing_reports_fail_the_command_only_if_asked(guidang):
    assert guidang(guidang.list)[0] == 0
    code, _, err = guidang(guidang.list, "--fail-on-missing")
    assert (code, err.splitlines()[-1]) == (3, "guidang: 4 reports are not there; --missing lists them")
    assert guidang(guidang.list, "--organ", "水务局", "--fail-on-missing")[0] == 0


def test_bad_list_ends_with_2_and_a_line_a_problem(guidang):
    guidang.list.write_text('years = "always"\n[[organ]]\nnmae = "甲局"\n', encoding="utf-8")
    code, out, err = guidang(guidang.list)
    assert (code, out) == (2, "")
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        f"{guidang.list}:1",
        f"{guidang.list}:2",
        f"{guidang.list}:3",
        "guidang",
    ]
