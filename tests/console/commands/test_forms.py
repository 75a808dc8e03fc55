"""`guidang forms draft`: the beginning of a form, from a table of the archive."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.archive import Archive
from reconcile.model import Flag, JoinedTable
from tests.support import handmade

TEXTS = (("类别", "收到", "办结"), ("建议", "31", "29"), ("提案", "44", "/"))


@pytest.fixture
def tables(home):
    cells = tuple(handmade.cell(r, c, text) for r, row in enumerate(TEXTS) for c, text in enumerate(row))
    table = JoinedTable("", "", (2,), 3, 3, cells, (Flag.UNKNOWN_FORM,), "建议提案办理情况表")
    with Archive.open(home, write=True) as archive:
        reading = replace(handmade.report(), tables=(*handmade.report().tables, table), values=())
        handmade.archive_one(archive, "t.pdf", reading=reading)
    return home


def test_draft_is_a_form_as_it_is(guidang, tables, tmp_path):
    file = tmp_path / "forms" / "proposals.yaml"
    file.parent.mkdir()
    drafted = guidang("forms", "draft", "t.pdf", 3, "-o", file)
    assert (drafted.code, drafted.out) == (0, "")
    assert "4 values, to be named" in drafted.err
    assert guidang("forms", "check", file).code == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith(
        "# From table 3 of t.pdf, made by `guidang forms draft`.\ntitle: 建议提案办理情况表\n"
    )
    assert guidang("forms", "draft", "t.pdf", 3).out == text


def test_draft_says_that_a_form_cannot_have_the_name_of_the_file(guidang, tables, tmp_path):
    file = tmp_path / "my form.yaml"
    shown = guidang("forms", "draft", "t.pdf", 3, "-o", file)
    assert (shown.code, file.exists()) == (2, False)
    assert "the file name 'my form' may hold only letters" in shown.err


def test_draft_never_takes_the_place_of_a_form(guidang, tables, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("mine", encoding="utf-8")
    assert guidang("forms", "draft", "t.pdf", 3, "--output", file).code == 2
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("table", "told"), [(4, "has 3 tables; there is no table 4"), (2, "no form can be made of table 2")]
)
def test_draft_says_why_there_is_none(guidang, tables, table, told):
    shown = guidang("forms", "draft", "t.pdf", table)
    assert (shown.code, shown.out) == (2, "")
    assert told in shown.err
