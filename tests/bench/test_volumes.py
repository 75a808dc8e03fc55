"""Volumes to measure with: their truth is what is bound, and a value under a wrong organ is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from bench.volumes import sheets
from bench.volumes.binding import Bound, BoundVolume, TrueReport, bind, side_by_side
from bench.volumes.members import Member, member
from bench.volumes.score import score
from ocr.model import Box, Cell
from reconcile.model import Flag, Key, Report, State, Value, Volume

pytest.importorskip("typst")


@pytest.fixture(scope="module")
def two() -> tuple[Member, Member]:
    return member(2, "云溪县水利局", 2022), member(3, "云溪县民政局", 2023)


def texts(path: Path) -> list[str]:
    return ["".join(page.get_textpage().get_text_range().split()) for page in pdfium.PdfDocument(path)]


@pytest.mark.parametrize("backwards", [False, True])
def test_the_truth_of_a_volume_is_where_its_titles_stand(
    tmp_path: Path, two: tuple[Member, Member], backwards: bool
) -> None:
    parts = [Bound(sheets.blank())]
    for one in two:
        parts += [Bound(sheets.separator("县直单位")), Bound(sheets.cover(one), one), Bound(one.pdf, one)]
    volume = bind(tmp_path / "volume.pdf", parts, numbered=True, backwards=backwards)
    printed = texts(volume.path)
    for one in volume.reports:
        cover = one.last if backwards else one.first
        assert one.member.title in printed[cover - 1]
        assert one.last - one.first == one.member.n_pages
    assert [one.member.organ for one in volume.reports] == [m.organ for m in two[:: -1 if backwards else 1]]


def test_a_report_may_begin_on_the_right_of_a_spread(tmp_path: Path, two: tuple[Member, Member]) -> None:
    volume = side_by_side(bind(tmp_path / "volume.pdf", [Bound(one.pdf, one) for one in two]))
    printed = texts(volume.path)
    assert all(one.member.title in printed[one.first - 1] for one in volume.reports)


def test_a_value_under_a_wrong_organ_is_wrong_unless_flagged(two: tuple[Member, Member]) -> None:
    first, second = (replace(one, facts=()) for one in two)
    volume = BoundVolume(Path("v.pdf"), (TrueReport(first, 1, 2), TrueReport(second, 3, 4)))
    cell = Cell(0, 0, 1, 1, "5", Box(0, 0, 9, 9), 1.0, 3, "text", True)
    value = Value(Key("proactive", "fees", "amount"), "2021", State.READ, "5", "5", 1.0, (), (cell,))

    def told(*flags: Flag) -> Volume:
        values = (replace(value, flags=flags),)
        return Volume((Report("", first.organ, first.year, (), values, (), (1, 2, 3, 4)),))

    silent, notes = score(volume, told())
    assert (silent.reports, silent.found, silent.named, silent.ranges, silent.wrong) == (2, 1, 1, 0, 1)
    assert any(note.startswith("WRONG ORGAN proactive/fees/amount on page 3") for note in notes)
    assert score(volume, told(Flag.DOUBTFUL_BORDER))[0].wrong == 0
