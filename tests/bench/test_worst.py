"""The page of worst pages shows what was misread, and keeps what people wrote."""

from __future__ import annotations

import io
import shutil
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.accuracy.compare import Row
from bench.accuracy.truth import COLUMNS, Fact, read_truth
from bench.accuracy.worst import LARGEST, Page, pages, picture, places, said, save
from tests.support.paths import SAMPLES

BOX = {"page": "2", "left": "300", "top": "400", "right": "340", "bottom": "420"}
SIDES = ("left", "top", "right", "bottom")
RED = (217, 32, 32)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A sample of two pages or more with its truth, in a folder of its own."""
    for name in ("form2021.pdf", "form2021.truth.csv"):
        shutil.copy(SAMPLES / name, tmp_path / name)
    return tmp_path / "form2021.pdf"


def rows_of(report: Path, **wrong: str) -> list[Row]:
    """What the archive would give if it read all as printed, but for the number that stands third."""
    rows = []
    for fact in read_truth(report.with_suffix(".truth.csv")):
        row = dict(zip(COLUMNS, astuple(fact), strict=True)) | {"source": str(report), "flags": ""}
        rows.append(
            row | {"needs_review": "0", "page": "1", "left": "9", "top": "9", "right": "9", "bottom": "9"}
        )
    rows[2] |= BOX | {"state": "read", "raw": "888", "value": "888"} | wrong
    return rows


def texts_of(report: Path) -> list[dict[str, object]]:
    return [{"source": str(report), "page": n, "route": "digital", "text": ""} for n in (1, 2)]


def worst_of(report: Path, **wrong: str) -> list[Page]:
    found = pages(rows_of(report, **wrong), texts_of(report))
    return sorted(found, key=lambda page: page.badness, reverse=True)


def test_the_page_with_the_wrong_value_is_the_worst(report: Path) -> None:
    worst, sound = worst_of(report)
    assert (worst.number, len(worst.misses), worst.badness) == (2, 1, (1, 0))
    assert (sound.number, sound.misses) == (1, ())
    assert said(worst.misses[0]).endswith(" → 888")


def facts(table: str, columns: str) -> list[Fact]:
    return [Fact("2021", table, "r", column, "read", "1", "1") for column in columns]


def test_a_value_that_was_not_found_is_counted_where_its_neighbour_is() -> None:
    known = {"a": "", "b": "2", "d": "3"}
    rows = [{"table": "requests", "row": "r", "column": c, "page": page} for c, page in known.items()]
    found = places(facts("requests", "abcd"), rows, [])
    assert [found["requests", "r", column] for column in "abcd"] == [2, 2, 2, 3]


@pytest.mark.parametrize(("below", "page"), [("行政复议行政诉讼结果维持结果纠正其他结果", 2), ("-2-", 3)])
def test_a_table_of_which_nothing_was_read_is_looked_for_below_its_heading(below: str, page: int) -> None:
    heading = "四、政府信息公开行政复议、行政诉讼情况"
    printed = ["本报告包括四个部分", heading + below, "五、存在的主要问题"]
    assert set(places(facts("review", "ab"), [], printed).values()) == {page}


def test_the_picture_is_small_and_has_a_red_box_where_the_value_stands(report: Path) -> None:
    packed = picture(worst_of(report)[0])
    image = Image.open(io.BytesIO(packed)).convert("RGB")
    assert len(packed) <= LARGEST
    assert image.width <= 900
    red = np.argwhere((np.asarray(image) == RED).all(axis=2)) * 595.3 / image.width
    assert red.min(axis=0) == pytest.approx((400, 300), abs=12)
    assert red.max(axis=0) == pytest.approx((420, 340), abs=20)


def test_what_people_wrote_stays_when_the_page_is_made_again(report: Path, tmp_path: Path) -> None:
    output, notes = tmp_path / "docs" / "worst.md", tmp_path / "worst.yaml"
    output.parent.mkdir()
    save(worst_of(report)[:1], 2, output, notes)
    assert notes.read_text(encoding="utf-8") == "form2021.pdf:\n  2:\n    looks: ''\n    wrong: ''\n"
    assert "| what went wrong | — |" in output.read_text(encoding="utf-8")
    notes.write_text(
        "form2021.pdf:\n  2:\n    wrong: 墨迹\nother.pdf:\n  1: {wrong: gone}\n", encoding="utf-8"
    )
    (tmp_path / "docs" / "worst" / "old-1.png").touch()
    save(worst_of(report)[:1], 2, output, notes)
    assert "| what went wrong | 墨迹 |" in output.read_text(encoding="utf-8")
    assert "gone" in notes.read_text(encoding="utf-8")
    assert [path.name for path in (tmp_path / "docs" / "worst").iterdir()] == ["form2021-2.png"]


def test_a_misreading_is_listed_with_its_flags(report: Path, tmp_path: Path) -> None:
    worst = worst_of(report, raw="8|8", flags="unread;weak_match", needs_review="1", state="unread", value="")
    save(worst[:1], 2, tmp_path / "worst.md", tmp_path / "worst.yaml")
    text = (tmp_path / "worst.md").read_text(encoding="utf-8")
    assert "→ 8\\|8 | 1 | unread, weak_match |" in text
    assert "1; 0 without a flag, 0 made up" in text
    assert "(worst/form2021-2.png)" in text


def test_the_half_that_is_only_scored_is_not_shown() -> None:
    source = {"source": "build/corpus/0/held/report-01.fax.pdf", "page": 1, "route": "scanned", "text": ""}
    with pytest.raises(SystemExit, match="held"):
        list(pages([], [source]))
