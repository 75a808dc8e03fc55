# ruff: noqa: E501 (markup is told from its parts in one line)
"""Word files (DOCX): read as they show; what is not understood is left to LibreOffice, or said."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from core.errors import UnreadableDocument
from ocr.document_opener import open_document
from ocr.engine.base import Engine
from ocr.model import Page
from ocr.reader import read_document
from reconcile.model import State
from reconcile.reconciliation import volume_of
from samples.generator.fixed_documents import packed
from samples.generator.word_files import W
from tests.support.office_files import MERGED_HEADS, relations, written
from tests.support.paths import SAMPLES

_SPACES = f'xmlns:w="{W}" xmlns:a="a" xmlns:r="r" xmlns:mc="mc" xmlns:v="v"'


class _NoEngine:
    name = "none"

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"the engine was asked to {name}")


NO_ENGINE: Engine = _NoEngine()  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def _no_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("GUIDANG_CACHE", str(tmp_path / "cache"))


def docx(body: str, told: tuple[tuple[str, str], ...] = (), **parts: bytes) -> bytes:
    held = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>".encode(),
        "word/_rels/document.xml.rels": relations(*told),
    }
    return packed(held | {f"word/{name.replace('_', '.')}": data for name, data in parts.items()})


def p(*runs: str, looks: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{looks}</w:pPr>' if looks else ''}{''.join(runs)}</w:p>"


def r(text: str, looks: str = "") -> str:
    return f"<w:r><w:rPr>{looks}</w:rPr><w:t>{text}</w:t></w:r>"


def table(*rows: tuple[str, ...]) -> str:
    lines = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def pages_of(folder: Path, data: bytes) -> list[Page]:
    return list(read_document(written(folder, data), NO_ENGINE))


def page_of(folder: Path, data: bytes) -> Page:
    (page,) = pages_of(folder, data)
    return page


def test_the_sample_is_read_without_libreoffice(tmp_path: Path) -> None:
    (report,) = volume_of(pages_of(tmp_path, (SAMPLES / "word.docx").read_bytes())).reports
    assert {value.state for value in report.values} <= {State.READ, State.BLANK, State.DASH}
    assert not any(value.flags for value in report.values)


def test_what_was_deleted_or_is_hidden_is_left_out_and_said(tmp_path: Path) -> None:
    gone = (
        "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>去</w:t></w:r></w:moveFrom>"
    )
    body = p(
        r("甲"), gone, f"<w:ins>{r('新')}</w:ins>", r("密", "<w:vanish/>"), r("明", '<w:vanish w:val="0"/>')
    )
    page = page_of(tmp_path, docx(body))
    assert page.text == "甲新明"
    assert page.left_out == (
        "文档带有修订：删除的文字未列入",
        "文档带有修订：插入的文字已列入",
        "隐藏的文字未列入",
    )


def test_cells_span_columns_and_rows(tmp_path: Path) -> None:
    wide, first, on = (
        '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>',
        '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>',
        "<w:tcPr><w:vMerge/></w:tcPr>",
    )
    body = table(
        (first + p(r("项目")), wide + p(r("数量"))),
        (on + p(), p(r("上年")), p(r("本年"))),
        (p(r("规章")), p(r("1")), p()),
    )
    (made,) = page_of(tmp_path, docx(body)).tables
    spans = [(cell.text, cell.row_span, cell.column_span) for cell in made.cells]
    assert spans == MERGED_HEADS


@pytest.mark.parametrize(
    "cell",
    [
        p(r("5", "<w:strike/>")),
        p(r("5"), r("1", '<w:vertAlign w:val="superscript"/>')),
        p(r("5", '<w:color w:val="FFFFFF"/>')),
        p(r("5"), looks='<w:numPr><w:numId w:val="1"/></w:numPr>'),
    ],
)
def test_what_may_be_shown_otherwise_is_doubted(cell: str, tmp_path: Path) -> None:
    (made,) = page_of(tmp_path, docx(table((p(r("项目")), p(r("数量"))), (p(r("规章")), cell)))).tables
    assert [made.cells[-1].confidence, made.cells[0].confidence] == [0.5, 0.999]


def test_numbers_that_word_would_count_are_said_to_be_left_out(tmp_path: Path) -> None:
    listed = p(r("总体情况"), looks='<w:numPr><w:numId w:val="1"/></w:numPr>')
    assert page_of(tmp_path, docx(listed)).left_out == ("自动编号未列入",)
    assert page_of(tmp_path, docx(listed.replace('"1"', '"0"'))).left_out == ()


def test_running_heads_are_text_and_page_numbers_are_not(tmp_path: Path) -> None:
    told = (("header", "h.xml"), ("footer", "f.xml"))
    head = f"<w:hdr {_SPACES}>{p(r('甲县水利局'))}</w:hdr>".encode()
    foot = f"<w:ftr {_SPACES}>{p(r('— 1 —'))}</w:ftr>".encode()
    assert page_of(tmp_path, docx(p(r("正文")), told, h_xml=head, f_xml=foot)).text == "甲县水利局\n正文"


def test_text_boxes_are_text_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p(r('框内'))}</w:txbxContent>"
    shape = f'<a:graphicData uri="http://x/wordprocessingShape">{box}</a:graphicData>'
    both = f"<mc:AlternateContent><mc:Choice><w:drawing>{shape}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    assert page_of(tmp_path, docx(p(r("框外"), f"<w:r>{both}</w:r>"))).text == "框外\n框内"


def _drawn(tmp_path: Path, side: int) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (side, side), 255).save(stream, "PNG")
    drawing = '<w:r><w:drawing><a:graphicData uri="http://x/picture"><a:blip r:embed="rId1"/></a:graphicData></w:drawing></w:r>'
    body = table((p(r("项目")), p(r("数量"))), (p(r("规章")), p(drawing)))
    return docx(body, (("image", "a.png"),), a_png=stream.getvalue())


def test_pictures_of_pages_are_pages_and_those_in_cells_are_not_read(tmp_path: Path) -> None:
    with open_document(written(tmp_path, _drawn(tmp_path, 600))) as document:
        assert [document.sheet(number).typeset is None for number in (1, 2)] == [False, True]
    (made,) = page_of(tmp_path, _drawn(tmp_path, 90)).tables
    assert (made.cells[-1].text, made.cells[-1].inked) == ("", True)


@pytest.mark.parametrize(
    "body",
    [
        p("<w:oMath/>"),
        p("<w:r><w:object/></w:r>"),
        p("<w:r><w:footnoteReference/></w:r>"),
        p('<w:r><w:drawing><a:graphicData uri="http://x/diagram"/></w:drawing></w:r>'),
        p(
            '<w:r><w:drawing><a:graphicData uri="http://x/picture"><a:blip r:embed="rId7"/></a:graphicData></w:drawing></w:r>'
        ),
        p(r("a"), looks="<w:framePr/>"),
        table(('<w:tcPr><w:hMerge w:val="restart"/></w:tcPr>' + p(),)),
        table((table((p(r("a")),)) + p(),)),
        "<w:altChunk/>",
    ],
)
def test_what_is_not_understood_is_left_to_libreoffice(body: str, tmp_path: Path) -> None:
    with (
        pytest.raises(UnreadableDocument) as refused,
        open_document(written(tmp_path, docx(p(r("a")) + body))),
    ):
        pass
    assert refused.value.code == "needs_libreoffice"
    assert "install LibreOffice" in refused.value.reason


def test_a_pdf_that_was_made_before_is_read_on(tmp_path: Path) -> None:
    """Boxes of earlier readings refer to it."""
    import hashlib

    data = docx(p(r("甲")))
    kept = tmp_path / "cache" / "office" / f"{hashlib.sha256(data).hexdigest()}.pdf"
    kept.parent.mkdir(parents=True)
    kept.write_bytes((SAMPLES / "onepage.pdf").read_bytes())
    with open_document(written(tmp_path, data)) as document:
        assert document.sheet(1).pdf_page is not None


def _cut(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        return packed({name: whole.read(name)[:90] for name in whole.namelist()})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (docx(""), "no_pages"),
        (_cut(docx(p(r("a")))), "damaged"),
        (docx("<w:p>" * 5_000 + "</w:p>" * 5_000), "damaged"),
        (docx(table(('<w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr>' + p(),))), "too_large"),
        (docx(table(('<w:tcPr><w:gridSpan w:val="x"/></w:tcPr>' + p(),))), "damaged"),
        (docx(p(r("a" * 2_100_000))), "too_large"),
        (docx("<w:p/>" * 2_000_001), "too_large"),
    ],
)
def test_what_is_no_sound_word_file_ends_with_a_reason(data: bytes, code: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as refused, open_document(written(tmp_path, data)):
        pass
    assert refused.value.code == code
