"""Which row of a block a printed row is: by its code, or by its label without the number before it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import takewhile

from ocr.model import Cell
from reconcile.forms.form_model import FormBlock, FormRow
from reconcile.labels import half_width, normalised_label, similarity

# A label this like one of the form is that row; from `SURE` on beyond doubt.
LIKE, SURE = 0.8, 0.9
_ORDINAL = re.compile(
    r"^\s*(?:其中[:：]?)?\s*(?:[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[)）]|[、.．,，:：])+\s*)*"
    r"(?:[\[【]?\d{3}[\]】]?\s*(?=[\u4e00-\u9fff]))?"
)
_NOTE = re.compile(r"(?<=.)[(（〔【\[][^)）〕】\]]*[)）〕】\]]?$")
_CODE = re.compile(r"[\[【(]?(\d{3,12})[\]】)]?[-－—]?\s*(?=\D|$)")
# What stands among labels and is none: a piece of a code, the headers of its columns.
_NO_LABEL = re.compile(r"\d{0,7}|[类款项]")
_PIECE = re.compile(r"\d{1,7}")
# 201 05 07 in columns of their own: a class of three digits, then two at a time.
_CLASS, _STEP, _PIECES = 3, 2, 3


def code_of(cells: Sequence[Cell], block: FormBlock, before: str) -> str:
    """The code printed in the label cells of a row, from left to right; empty where there is none.

    `before` is the code of the row above: of a code in several columns the first may be left out where
    it is the same.
    """
    pieces: list[str] = []
    for cell in cells:
        text = re.sub(r"\s+", "", half_width(cell.text))
        if text and not _PIECE.fullmatch(text):
            break
        pieces.append(text)
    code = _joined(pieces, before)
    if not code:
        first = next((half_width(cell.text).strip() for cell in cells if cell.text.strip()), "")
        match = _CODE.match(re.sub(r"(?<=\d)\s+(?=\d)", "", first))
        code = match[1] if match else ""
    fits = len(code) >= _CLASS and (not block.codes or code.startswith(block.codes))
    return code if fits and (not block.codes or len(code) % _STEP == 1) else ""


def _joined(pieces: Sequence[str], before: str) -> str:
    """The pieces of a code as one: of a lone digit the 0 before it was not printed."""
    first = next((n for n, piece in enumerate(pieces) if piece), 0)
    own = list(takewhile(bool, pieces[first:_PIECES]))
    if not own:
        return ""
    if first == 0:
        return own[0] + "".join(piece.zfill(_STEP) for piece in own[1:])
    kept = before[: _CLASS + _STEP * (first - 1)]
    is_rest = len(kept) == _CLASS + _STEP * (first - 1) and all(len(piece) == _STEP for piece in own)
    return kept + "".join(own) if is_rest else "".join(own)


def row_of(label: str, rows: Sequence[FormRow], seen: Collection[str], last: int) -> tuple[int, float]:
    """The place of the row in `rows` that a label names, and how like it is; (-1, 0) for none.

    Of rows of one label it is the first behind the `last` one that is not `seen`. A row of a group stands
    below what it is part of.
    """
    forms = _forms(label)
    if not forms or not any(forms):
        return -1, 0.0
    ranked = [
        (_likeness(forms, row), row.key not in seen, n > last, -n)
        for n, row in enumerate(rows)
        if not row.group or row.part_of in seen
    ]
    likeness, _, _, place = max(ranked, default=(0.0, False, False, 0))
    return (-place, likeness) if likeness >= LIKE else (-1, 0.0)


def _likeness(forms: Sequence[str], row: FormRow) -> float:
    known = (row.label, *row.aliases)
    return max(similarity(said, bare(label)) for said in forms for label in known)


def _forms(label: str) -> tuple[str, ...]:
    """A label as it is and without a note behind it, neither with its number."""
    plain = bare(label)
    return tuple(dict.fromkeys((plain, _NOTE.sub("", plain))))


def bare(label: str) -> str:
    """A label without the number before it."""
    return _ORDINAL.sub("", half_width(label)) or label


def texts_of(cells: Sequence[Cell]) -> Iterator[str]:
    """The texts of label cells that are no codes."""
    return (cell.text for cell in cells if not _NO_LABEL.fullmatch(normalised_label(cell.text)))
