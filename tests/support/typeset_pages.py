"""Pages set character by character, for tests of reading order: vertical print, columns, tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
import typst

from samples.generator.typeset import FONT_FOLDERS

SONG, HEI, KAI = "Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL UKai CN"
A4 = (595.28, 841.89)
PARAGRAPHS = (
    "二零二三年，本机关坚持以公开为常态、不公开为例外，全面推进决策、执行、管理、服务、结果公开。",
    "一是健全制度。明确责任分工，确保各项任务落到实处；二是突出重点。围绕社会关切，及时公开财政预算。",
    "三是规范流程。依申请公开件件有登记、事事有回音，均在法定期限内答复，未发生行政诉讼案件。",
)
needs_fonts = pytest.mark.skipif(
    not all(Path(folder).is_dir() for folder in FONT_FOLDERS), reason="needs Debian's CJK fonts"
)


def write_page(target: Path, marks: Iterable[str], size: tuple[float, float] = A4) -> Path:
    """Write one page that shows marks, as the functions below give them, at `target`."""
    head = f"#set page(width: {size[0]}pt, height: {size[1]}pt, margin: 0pt)\n"
    compiler = typst.Compiler(font_paths=list(FONT_FOLDERS), ignore_system_fonts=True)
    pdf = compiler.compile(input=(head + "".join(marks)).encode(), format="pdf", pdf_tags=False)
    assert isinstance(pdf, bytes)
    target.write_bytes(pdf)
    return target


def lying(text: str, left: float, top: float, size: float = 12.0, face: str = SONG) -> str:
    """A line of text."""
    words = f"text(font: {json.dumps(face)}, size: {size}pt, {_quoted(text)})"
    return f"#place(top + left, dx: {left:.2f}pt, dy: {top:.2f}pt, box(width: 600pt, {words}))\n"


def standing(
    text: str, left: float, top: float, size: float = 14.0, face: str = SONG, pitch: float = 1.05
) -> str:
    """A line that runs downwards, with the font's vertical forms of punctuation."""
    return "".join(
        f"#place(top + left, dx: {left:.2f}pt, dy: {top + place * pitch * size:.2f}pt, "
        f"box(width: {size}pt, height: {size}pt, align(center + horizon, text(font: {json.dumps(face)}, "
        f'size: {size}pt, features: ("vert",), {_quoted(character)}))))\n'
        for place, character in enumerate(text)
    )


def standing_text(
    paragraphs: Sequence[str], right: float, top: float, length: int, size: float = 14.0, face: str = SONG
) -> str:
    """Paragraphs set in standing lines of `length` characters, from the right."""
    lines = [text[start : start + length] for text in paragraphs for start in range(0, len(text), length)]
    step = size * 1.8
    return "".join(
        standing(line, right - size - step * place, top, size, face) for place, line in enumerate(lines)
    )


def ruled(rows: Sequence[Sequence[str]], left: float, top: float, width: float, height: float) -> str:
    """A table with rules, its columns `width` and its rows `height` points."""
    right, bottom = left + width * len(rows[0]), top + height * len(rows)
    across = [(left, top + height * n, right, top + height * n) for n in range(len(rows) + 1)]
    down = [(left + width * n, top, left + width * n, bottom) for n in range(len(rows[0]) + 1)]
    rules = "".join(
        f"#place(top + left, line(start: ({a}pt, {b}pt), end: ({c}pt, {d}pt), stroke: 0.7pt))\n"
        for a, b, c, d in across + down
    )
    return rules + "".join(
        lying(text, left + 6 + width * column, top + height / 2 - 7 + height * row)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
