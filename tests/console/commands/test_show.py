"""`guidang show`: a report, a page, pictures."""

from __future__ import annotations

from dataclasses import replace

from archive.archive import Archive
from reconcile.model import Flag, JoinedTable
from tests.support import handmade


def test_show_draws_the_tables_with_their_printed_labels(guidang, home):
    shown = guidang("show", "a.pdf").out
    assert "一、本年新收政府信息公开申请数量" in shown
    assert "自然人" in shown
    assert "0*" in shown  # printed so, and wrong in the report
    assert "-3?" in shown  # doubtful
    assert "总计 is printed 0" in shown
    assert "@x" in shown  # the table of no known form
    assert "requests/granted/total" in shown


def test_show_page_gives_its_text_and_where_its_values_stand(guidang, home):
    shown = guidang("show", "a.pdf", "--page", 2).out
    assert "三、收到和处理政府信息公开申请情况" in shown
    assert "150 220 200 240" in shown
    assert "一、总体情况" not in shown


def test_show_of_a_failed_document_says_why(guidang, home):
    assert "open: HTML" in guidang("show", "bad.pdf").out


def test_show_image_prints_the_path_of_the_picture(guidang, home, batch):
    assert guidang("show", "a.pdf", "--page", 3, "--image").out.endswith("-3.png\n")


def test_show_stages_prints_the_path_of_each_picture(guidang, home, batch):
    assert guidang("show", "a.pdf", "--page", 2, "--stages", "debug").out == "debug/01-page2.png\n"


def with_table(home, table: JoinedTable) -> None:
    with Archive.open(home, write=True) as archive:
        handmade.archive_one(archive, "t.pdf", reading=replace(handmade.report(), tables=(table,), values=()))


def test_show_draws_a_table_of_no_known_form_with_what_is_known_of_it(guidang, home):
    cells = (
        replace(handmade.cell(0, 0, "类别"), row_span=2, confidence=1.0),
        replace(handmade.cell(0, 1, "本年"), column_span=2, confidence=1.0),
        *(
            replace(handmade.cell(1, column, text), confidence=1.0)
            for column, text in ((1, "新设"), (2, "撤销"))
        ),
        replace(handmade.cell(2, 0, "机构"), confidence=1.0),
        replace(handmade.cell(2, 1, "4"), confidence=0.5),
        replace(handmade.cell(2, 2, ""), inked=True),
    )
    flags = (Flag.UNKNOWN_FORM, Flag.DOUBTFUL_STRUCTURE)
    with_table(home, JoinedTable("", "", (2,), 3, 3, cells, flags, "表1 机构变动", 0.625))
    shown = guidang("show", "t.pdf").out
    assert "table 1, page 2: 表1 机构变动\n" in shown
    assert "3 rows, 3 columns  structure 0.62  doubtful_structure, unknown_form\n" in shown
    assert [line for line in shown.splitlines() if line[:1] in "┌│├└" and line] == [
        "┌────┬─────────┐",
        "│类别│本年     │",
        "│    ├────┬────┤",
        "│    │新设│撤销│",
        "├────┼────┼────┤",
        "│机构│  4?│未识│",
        "└────┴────┴────┘",
    ]


def test_show_says_how_to_get_the_rows_of_a_long_table(guidang, home):
    cells = tuple(handmade.cell(row, 0, str(row)) for row in range(45))
    with_table(home, JoinedTable("", "", (1,), 45, 1, cells, (), None, None))
    shown = guidang("show", "t.pdf").out
    assert "45 rows, 1 columns  structure unknown" in shown
    assert "… 5 more rows: guidang export tables " in shown


def test_show_tells_a_doubtful_structure_of_a_form(guidang, home):
    table = JoinedTable("2021", "review", (4,), 1, 1, (), (Flag.DOUBTFUL_STRUCTURE,), "", 0.5)
    with_table(home, table)
    assert "review, page 4, structure 0.50  doubtful_structure" in guidang("show", "t.pdf").out
