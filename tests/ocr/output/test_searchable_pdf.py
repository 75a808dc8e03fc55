"""A scan handed over as PDF/A looks as before, and its words are found where they are printed."""

from __future__ import annotations

import io
import shutil
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import ocrmypdf.font.system_font_provider as system_fonts
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf.pdfa import Flavour, validate_written
from PIL import Image, ImageDraw

import cli
from archive.archive import Archive
from core.errors import UnreadableDocument
from ocr.document_opener import open_document
from ocr.documents.base import Char
from ocr.model import Box, Page, Route, TextLine
from ocr.output.searchable_pdf import write_searchable
from ocr.output.text_placement import place_page_text, split_over_rows
from ocr.reader import read_document
from tests.support import handmade
from tests.support.paths import SAMPLES
from tests.support.typeset_pages import A4, needs_fonts, standing, write_page

# A word stands where it is printed if its characters are no farther off than this share of their height.
NEAR = 0.6
DPI = 200


@pytest.fixture(scope="module")
def photo(engine) -> Page:
    """The sample that is a picture, read by the real engine."""
    (page,) = read_document(SAMPLES / "onepage-image.jpg", engine)
    return page


@pytest.fixture(scope="module")
def printed(engine) -> Page:
    """A page whose lines, and the place of every character, are known from its text layer."""
    (page,) = read_document(SAMPLES / "onepage.pdf", engine)
    return replace(page, route=Route.SCANNED, tables=())


@pytest.fixture(scope="module")
def truth() -> tuple[Char, ...]:
    with open_document(SAMPLES / "onepage.pdf") as document:
        return document.sheet(1).chars


@pytest.fixture(scope="module")
def scan(tmp_path_factory) -> Path:
    """The same page as a scanner would store it: a JPEG on a page, nothing else."""
    with open_document(SAMPLES / "onepage.pdf") as document:
        picture = Image.fromarray(document.sheet(1).render(DPI))
    return saved(picture, tmp_path_factory.mktemp("scan") / "scan.pdf")


def saved(picture: Image.Image, path: Path) -> Path:
    picture.save(path, resolution=DPI)
    return path


def chars_of(path: Path, number: int = 1) -> list[Char]:
    with open_document(path) as document:
        return [char for char in document.sheet(number).chars if char.text.strip()]


def text_of(path: Path, number: int = 1) -> str:
    return "".join(char.text for char in chars_of(path, number))


def look_of(path: Path) -> np.ndarray:
    with open_document(path) as document:
        return document.sheet(1).render(100)


def greys_of(path: Path) -> np.ndarray:
    """A page as from afar, in greys of squares of a tenth of an inch."""
    with open_document(path) as document:
        picture = Image.fromarray(document.sheet(1).render(DPI)).convert("L")
    return np.asarray(picture.resize((80, 110), Image.Resampling.BOX)).astype(int)


def pictures_in(path: Path) -> list[bytes]:
    """The pictures of a PDF as they are stored, compressed."""
    with pikepdf.open(path) as pdf:
        return [image.read_raw_bytes() for page in pdf.pages for image in page.get_images().values()]


def turned_back(box: Box, turn: int, width: float, height: float) -> Box:
    """A box of an upright page on the same page laid so that the clockwise `turn` sets it upright."""
    for _ in range(turn // 90):
        box = Box(box.top, width - box.right, box.bottom, width - box.left)
        width, height = height, width
    return box


def share_in_place(found: Sequence[Char], wanted: Sequence[tuple[str, Box]]) -> float:
    """How many of the wanted characters have the same one near enough."""
    places = defaultdict(list)
    for char in found:
        places[char.text].append(char.box.centre)
    near = 0
    for text, box in wanted:
        reach = NEAR * max(box.width, box.height)
        near += any(max(abs(x - box.centre[0]), abs(y - box.centre[1])) <= reach for x, y in places[text])
    return near / len(wanted)


def letters(chars: Sequence[Char], turn: int, page: Page) -> list[tuple[str, Box]]:
    """Hanzi, figures and letters; marks of one stroke have no middle to speak of."""
    return [
        (char.text, turned_back(char.box, turn, page.width, page.height))
        for char in chars
        if char.text.isalnum()
    ]


def test_a_picture_becomes_a_pdf_a_with_its_words(photo, tmp_path):
    target = tmp_path / "out.pdf"
    assert write_searchable(SAMPLES / "onepage-image.jpg", [photo], target, "年度报告") is None
    assert "三、收到和处理政府信息公开申请情况" in text_of(target)
    assert validate_written(target, Flavour("2b")).verdict == "pass"
    with pikepdf.open(target) as pdf:
        claimed = pdf.open_metadata()
        assert (claimed["pdfaid:part"], claimed["pdfaid:conformance"]) == ("2", "B")
        assert claimed["dc:title"] == "年度报告"
        assert [intent.S for intent in pdf.Root.OutputIntents] == ["/GTS_PDFA1"]


def test_a_picture_is_kept_byte_for_byte_on_a_page_of_its_size(photo, tmp_path):
    source, target = SAMPLES / "onepage-image.jpg", tmp_path / "out.pdf"
    write_searchable(source, [photo], target, "")
    assert pictures_in(target) == [source.read_bytes()]
    with open_document(target) as document:
        sheet = document.sheet(1)
        assert (sheet.width, sheet.height) == pytest.approx((photo.width, photo.height), abs=0.01)


def test_every_character_stands_in_the_box_of_a_line_that_has_it(photo, tmp_path):
    target = tmp_path / "out.pdf"
    write_searchable(SAMPLES / "onepage-image.jpg", [photo], target, "")
    found = chars_of(target)
    assert sorted(char.text for char in found) == signs_of(photo)
    astray = [char for char in found if not any(holds(line, char) for line in photo.lines)]
    assert astray == []


def signs_of(page: Page) -> list[str]:
    return sorted("".join("".join(line.text.split()) for line in page.lines))


def holds(line: TextLine, char: Char) -> bool:
    x, y = char.box.centre
    margin = 0.1 * min(line.box.width, line.box.height)
    box = line.box
    return char.text in line.text and (
        box.left - margin <= x <= box.right + margin and box.top - margin <= y <= box.bottom + margin
    )


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_stand_where_they_are_printed_however_the_page_lies(turn, printed, truth, tmp_path):
    with open_document(SAMPLES / "onepage.pdf") as document:
        upright = document.sheet(1).render(DPI)
    lying = saved(Image.fromarray(np.ascontiguousarray(np.rot90(upright, turn // 90))), tmp_path / "in.pdf")
    lines = tuple(
        replace(line, box=turned_back(line.box, turn, printed.width, printed.height))
        for line in printed.lines
    )
    width, height = (printed.width, printed.height) if turn % 180 == 0 else (printed.height, printed.width)
    page = replace(printed, lines=lines, turned=turn, width=width, height=height)
    assert write_searchable(lying, [page], tmp_path / "out.pdf", "") is None
    assert share_in_place(chars_of(tmp_path / "out.pdf"), letters(truth, turn, printed)) > 0.98


def test_words_of_a_page_with_a_rotation_and_a_cut_edge_stand_where_they_are_seen(printed, truth, tmp_path):
    """The page object is turned by /Rotate and cropped: boxes are those of the page as it is shown."""
    with open_document(SAMPLES / "onepage.pdf") as document:
        upright = document.sheet(1).render(DPI)
    path = saved(Image.fromarray(np.ascontiguousarray(np.rot90(upright))), tmp_path / "in.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].Rotate = 90
        # Shown with a quarter turn, the foot of the page object is on the left: 30 points are cut off there.
        left, bottom, right, top = map(float, pdf.pages[0].mediabox)
        pdf.pages[0].cropbox = [left, bottom + 30, right, top]
        pdf.save(path)
    moved = [replace(line, box=shifted(line.box, -30)) for line in printed.lines]
    page = replace(printed, lines=tuple(moved), width=printed.width - 30)
    assert write_searchable(path, [page], tmp_path / "out.pdf", "") is None
    wanted = [(text, shifted(box, -30)) for text, box in letters(truth, 0, printed)]
    assert share_in_place(chars_of(tmp_path / "out.pdf"), wanted) > 0.98
    assert np.array_equal(look_of(path), look_of(tmp_path / "out.pdf"))


def shifted(box: Box, right: float) -> Box:
    return Box(box.left + right, box.top, box.right + right, box.bottom)


def test_words_of_a_skewed_page_follow_its_lines(printed, truth, scan, tmp_path):
    angle = 2.0
    with open_document(scan) as document:
        straight = document.sheet(1).render(DPI)
    tilted = Image.fromarray(straight).rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")
    path = saved(tilted, tmp_path / "in.pdf")
    lines = tuple(replace(line, box=tilted_box(line.box, angle, printed)) for line in printed.lines)
    page = replace(printed, lines=lines, skew=angle)
    assert write_searchable(path, [page], tmp_path / "out.pdf", "") is None
    wanted = [(text, tilted_box(box, angle, printed)) for text, box in letters(truth, 0, printed)]
    assert share_in_place(chars_of(tmp_path / "out.pdf"), wanted) > 0.95


def tilted_box(box: Box, degrees: float, page: Page) -> Box:
    """The upright box around a box turned to the left about the middle of the page."""
    middle = np.array([page.width / 2, page.height / 2])
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    corners = np.array([[x, y] for x in (box.left, box.right) for y in (box.top, box.bottom)]) - middle
    turned = corners @ np.array([[cos, -sin], [sin, cos]]) + middle
    return Box(*turned.min(axis=0).tolist(), *turned.max(axis=0).tolist())


@needs_fonts
def test_standing_lines_run_downwards(tmp_path):
    text = "本机关坚持以公开为常态全面推进决策执行管理服务结果公开"
    typeset = write_page(tmp_path / "typeset.pdf", [standing(text, 300, 100)])
    with open_document(typeset) as document:
        sheet = document.sheet(1)
        truth = [(char.text, char.box) for char in sheet.chars]
        path = saved(Image.fromarray(sheet.render(DPI)), tmp_path / "in.pdf")
        size = sheet.width, sheet.height
    line = TextLine(text, Box(298, 98, 316, 100 + 1.05 * 14 * len(text)), 1.0, "hand", vertical=True)
    page = Page(1, *size, Route.SCANNED, (line,), (), "hand", 0.0)
    assert write_searchable(path, [page], tmp_path / "out.pdf", "") is None
    assert text_of(tmp_path / "out.pdf") == text
    assert share_in_place(chars_of(tmp_path / "out.pdf"), truth) == 1.0


def test_a_garbled_text_layer_is_not_found_any_more_and_what_is_printed_is(engine, tmp_path):
    source, target = tmp_path / "in.pdf", tmp_path / "out.pdf"
    with pikepdf.open(SAMPLES / "form2021-scrambled.pdf") as pdf:
        del pdf.pages[1:]
        pdf.save(source)
    (read,) = read_document(source, engine)
    garbled = chars_of(source)
    assert read.route is Route.GARBLED
    assert write_searchable(source, [read], target, "") is None
    assert sorted(text_of(target)) == signs_of(read)
    assert "".join(char.text for char in garbled[:12]) not in text_of(target)
    # What the old layer said is wrong, but it stood where something is printed.
    found = [char.box.centre for char in chars_of(target) if char.text.isalnum()]
    astray = [place for place in found if not any(char.loose.contains(*place) for char in garbled)]
    assert len(astray) < 0.02 * len(found)
    assert np.abs(greys_of(source) - greys_of(target)).max() < 20


@pytest.mark.parametrize("hidden", ["3 Tr", "0 Tr"], ids=["invisible", "beneath the picture"])
def test_a_layer_hidden_behind_a_scan_goes_and_the_picture_stays_as_it_is(hidden, printed, scan, tmp_path):
    path, target = tmp_path / "in.pdf", tmp_path / "out.pdf"
    with_layer(scan, hidden, path, beneath=True)
    assert "GARBLED" in text_of(path)
    assert write_searchable(path, [replace(printed, route=Route.GARBLED)], target, "") is None
    assert "GARBLED" not in text_of(target)
    assert "政府信息公开" in text_of(target)
    assert pictures_in(target) == pictures_in(path)
    assert np.array_equal(look_of(path), look_of(target))


def test_a_page_number_printed_on_a_scan_stays_on_it(printed, scan, tmp_path):
    """Text that is seen, on a page that was read from its picture, belongs to the look of the page."""
    path, target = tmp_path / "in.pdf", tmp_path / "out.pdf"
    with_layer(scan, "0 Tr", path, beneath=False)
    reason = write_searchable(path, [printed], target, "")
    assert "GARBLED" in text_of(target)
    assert "政府信息公开" in text_of(target)
    assert np.array_equal(look_of(path), look_of(target))
    assert pictures_in(target) == pictures_in(path)
    assert "embedded" in str(reason)


def with_layer(scan: Path, mode: str, path: Path, *, beneath: bool) -> None:
    """A scan with a text beneath its picture or on it."""
    with pikepdf.open(scan) as pdf:
        page = pdf.pages[0]
        font = {
            "/Type": pikepdf.Name.Font,
            "/Subtype": pikepdf.Name.Type1,
            "/BaseFont": pikepdf.Name.Helvetica,
        }
        page.Resources.Font = pikepdf.Dictionary(F9=pikepdf.Dictionary(font))
        page.contents_add(b"q", prepend=True)
        page.contents_add(b"Q")
        text = f"BT {mode} /F9 20 Tf 90 700 Td (GARBLED) Tj ET".encode()
        page.contents_add(text, prepend=beneath)
        pdf.save(path)


def test_a_page_with_a_sound_layer_stays_as_it_is_beside_a_scanned_one(printed, scan, tmp_path):
    path, target = tmp_path / "in.pdf", tmp_path / "out.pdf"
    with pikepdf.open(scan) as pdf, pikepdf.open(SAMPLES / "onepage.pdf") as other:
        pdf.pages.append(other.pages[0])
        pdf.save(path)
    digital = replace(printed, number=2, route=Route.DIGITAL)
    write_searchable(path, [printed, digital], target, "")
    assert "政府信息公开" in text_of(target, 1)
    assert [char.box for char in chars_of(target, 2)] == [char.box for char in chars_of(path, 2)]
    assert text_of(target, 2) == text_of(path, 2)


def test_a_document_that_cannot_be_shown_to_be_pdf_a_is_written_and_says_why(tmp_path):
    """The fonts of this digital report are of a kind that the check does not know."""
    source, target = SAMPLES / "fragment.pdf", tmp_path / "out.pdf"
    pages = [Page(number, *A4, Route.DIGITAL, (), (), "hand", 0.0) for number in range(1, 5)]
    reason = write_searchable(source, pages, target, "")
    assert reason is not None
    assert "CFF" in reason
    assert text_of(target) == text_of(source)
    with pikepdf.open(target) as pdf:
        assert "pdfaid:part" not in pdf.open_metadata()


def test_every_page_of_a_tiff_becomes_one(printed, tmp_path):
    with open_document(SAMPLES / "onepage.pdf") as document:
        picture = Image.fromarray(document.sheet(1).render(DPI)).convert("1")
    path, target = tmp_path / "in.tif", tmp_path / "out.pdf"
    picture.save(path, save_all=True, append_images=[picture], dpi=(DPI, DPI), compression="group4")
    assert write_searchable(path, [printed, replace(printed, number=2)], target, "") is None
    assert "政府信息公开" in text_of(target, 1)
    assert text_of(target, 2) == text_of(target, 1)


def test_a_transparent_picture_is_laid_on_white_paper(printed, tmp_path):
    with open_document(SAMPLES / "onepage.pdf") as document:
        ink = Image.fromarray(document.sheet(1).render(DPI)).convert("L")
    picture = Image.new("RGBA", ink.size, (0, 0, 0, 0))
    picture.putalpha(ink.point(lambda tone: 255 - tone))
    path, target = tmp_path / "in.png", tmp_path / "out.pdf"
    picture.save(path, dpi=(DPI, DPI))
    assert write_searchable(path, [printed], target, "") is None
    assert np.abs(greys_of(path) - greys_of(target)).max() < 20


def test_a_machine_without_chinese_fonts_writes_the_same_words(photo, tmp_path, monkeypatch):
    monkeypatch.setattr(system_fonts.SystemFontProvider, "get_font", lambda self, name: None)
    monkeypatch.setattr(system_fonts.SystemFontProvider, "find_font_with_glyphs", lambda self, text: None)
    target = tmp_path / "out.pdf"
    assert write_searchable(SAMPLES / "onepage-image.jpg", [photo], target, "") is None
    assert sorted(text_of(target)) == signs_of(photo)
    with pikepdf.open(target) as pdf:
        fonts = {str(thing.BaseFont) for thing in pdf.objects if is_font(thing)}
    assert all("Noto" not in name or name.endswith("NotoSans") for name in fonts)


def is_font(thing: pikepdf.Object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font"


def test_nothing_is_said_and_stderr_stays_open(photo, tmp_path, capfd):
    before = sys.stderr
    write_searchable(SAMPLES / "onepage-image.jpg", [photo], tmp_path / "out.pdf", "")
    assert sys.stderr is before
    assert capfd.readouterr() == ("", "")


def test_a_blank_page_stays_blank(tmp_path):
    path, target = saved(Image.new("L", (400, 300), 255), tmp_path / "in.pdf"), tmp_path / "out.pdf"
    page = Page(1, 144.0, 108.0, Route.BLANK, (), (), "null", 0.0)
    assert write_searchable(path, [page], target, "") is None
    assert text_of(target) == ""


def test_what_is_no_document_cannot_be_handed_over(tmp_path):
    with pytest.raises(UnreadableDocument):
        write_searchable(SAMPLES / "broken" / "truncated.pdf", [], tmp_path / "out.pdf", "")
    assert not (tmp_path / "out.pdf").exists()


def test_a_line_in_an_empty_place_keeps_its_words(printed, scan):
    """Whatever the picture shows, no word is lost: it is then laid in the middle of its box."""
    line = TextLine("无处可寻", Box(20, 5, 120, 25), 1.0, "hand")
    with open_document(scan) as document:
        (piece,) = place_page_text(document.sheet(1), replace(printed, lines=(line,)))
    assert piece.text == "无处可寻"
    assert 20 <= piece.start[0] < piece.end[0] <= 121
    assert 5 <= piece.start[1] <= 25


def test_a_slanting_rule_in_the_box_of_a_line_is_not_taken_for_print(printed, tmp_path):
    """On a bent page the rules of a cell cross its upright box."""
    line = next(line for line in printed.lines if line.text.startswith("一、本年新收"))
    with open_document(SAMPLES / "onepage.pdf") as document:
        picture = Image.fromarray(document.sheet(1).render(DPI))
    box = [side * DPI / 72 for side in (line.box.left, line.box.top, line.box.right, line.box.bottom)]
    ends = {}
    for name in ("straight", "bent"):
        path = saved(picture, tmp_path / f"{name}.pdf")
        with open_document(path) as document:
            (piece,) = place_page_text(document.sheet(1), replace(printed, lines=(line,)))
        ends[name] = [*piece.start, *piece.end]
        ImageDraw.Draw(picture).line((box[0] - 30, box[3] - 3, box[2] + 30, box[3] - 10), "black", 3)
    assert ends["bent"] == pytest.approx(ends["straight"], abs=2)


@pytest.fixture(scope="module")
def home(printed, scan, tmp_path_factory) -> Path:
    """An archive of a scan, a picture, and a file that could not be read."""
    folder = tmp_path_factory.mktemp("home")
    picture = folder / "b.png"
    with open_document(SAMPLES / "onepage.pdf") as document:
        Image.fromarray(document.sheet(1).render(DPI)).save(picture, dpi=(DPI, DPI))
    with Archive.open(folder / "archive", create=True) as archive:
        for path, kind in ((scan, "application/pdf"), (picture, "image/png")):
            with path.open("rb") as stream:
                kept = archive.documents.keep(f"in/{path.name}", stream, kind)
            archive.documents.record(
                kept.document, handmade.RUN, [printed], handmade.alone(handmade.report("县水利局", 2024))
            )
        bad = archive.documents.keep("in/bad.pdf", io.BytesIO(b"<html>"), "text/html")
        archive.documents.fail(bad.document, handmade.RUN, "open", "an HTML page", "not_a_document")
    return folder / "archive"


def export_pdf(home: Path, *arguments: object) -> int:
    return cli.main(["export", "pdf", "--archive", str(home), *map(str, arguments)])


def test_one_document_goes_into_the_file_that_is_named(home, tmp_path, capsys):
    target = tmp_path / "out.pdf"
    assert export_pdf(home, "scan.pdf", "--output", target) == 0
    assert capsys.readouterr().out == f"{target}\n"
    assert "政府信息公开" in text_of(target)
    with pikepdf.open(target) as pdf:
        assert pdf.open_metadata()["dc:title"] == "县水利局政府信息公开工作年度报告"


def test_several_documents_go_into_a_folder_and_what_failed_is_told(home, tmp_path, capsys):
    folder = tmp_path / "out"
    assert export_pdf(home, "--output", folder) == 3
    said = capsys.readouterr()
    assert sorted(said.out.splitlines()) == sorted(map(str, folder.iterdir()))
    assert len(said.out.splitlines()) == 2
    assert "in/bad.pdf  failed, not read" in said.err
    assert all("政府信息公开" in text_of(path) for path in folder.iterdir())


def test_a_damaged_original_is_not_handed_over(home, tmp_path, capsys):
    shutil.copytree(home, tmp_path / "archive")
    with Archive.open(tmp_path / "archive") as archive:
        path = archive.documents.path(archive.documents.find("scan.pdf"))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"\n")
    assert export_pdf(tmp_path / "archive", "scan.pdf", "--output", tmp_path / "out.pdf") == 4
    assert path.name in capsys.readouterr().err
    assert not (tmp_path / "out.pdf").exists()


def test_a_place_that_cannot_be_written_is_a_wrong_use(home, tmp_path, capsys):
    assert export_pdf(home, "scan.pdf", "--output", tmp_path / "no" / "out.pdf") == 2
    assert export_pdf(home, "--output", SAMPLES / "onepage.pdf") == 2
    assert "cannot write" in capsys.readouterr().err


@given(st.text(min_size=1), st.lists(st.floats(1, 1000), min_size=1, max_size=9))
def test_no_character_is_lost_when_a_text_is_cut_over_rows(text, widths):
    parts = split_over_rows(text, widths)
    assert "".join(parts) == text
    assert len(parts) == len(widths)


def test_a_text_is_cut_where_its_rows_end():
    assert split_over_rows("申请人无正当理由逾期不补正", [9, 4]) == ["申请人无正当理由逾", "期不补正"]
    assert split_over_rows("共12345件", [2, 2.5]) == ["共12", "345件"]
    assert split_over_rows("三、本年", [9, 2, 9, 9]) == ["三", "、", "本", "年"]
