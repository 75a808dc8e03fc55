"""Text layers that say what is not printed: codes exchanged, merged, missing; by font, glyph and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium

from bench.accuracy.text import plain
from bench.accuracy.truth import Fact, read_truth
from bench.cases.base import Case, Check, Outcome
from bench.corpus import garble
from bench.corpus.garble import Block, Change, Kind, is_hanzi, of_digits, of_hanzi, remapped

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
# Text read from a picture is as printed if no more of its characters than this is wrong.
WRONG_SHARE = 0.02


def merged(belongs: Callable[[str], bool], names: int) -> Change:
    """All characters that belong go by so many names."""

    def change(known: Sequence[str]) -> dict[str, str | None]:
        chosen = [c for c in known if belongs(c)]
        return {c: chosen[n % names] for n, c in enumerate(chosen)}

    return change


def nth_becomes(belongs: Callable[[str], bool], n: int, other: str | None) -> Change:
    """One character that belongs goes by another name, or by none."""

    def change(known: Sequence[str]) -> dict[str, str | None]:
        chosen = [c for c in known if belongs(c)]
        return {chosen[n % len(chosen)]: other} if chosen else {}

    return change


def pair_swapped(belongs: Callable[[str], bool], n: int) -> Change:
    """Two neighbours among those that belong trade places."""

    def change(known: Sequence[str]) -> dict[str, str | None]:
        chosen = [c for c in known if belongs(c)]
        if len(chosen) < 2:
            return {}
        one, other = chosen[n % (len(chosen) - 1) :][:2]
        return {one: other, other: one}

    return change


def shifted(belongs: Callable[[str], bool], by: int) -> Change:
    """Those that belong are read as others so far on in Unicode; digits go round."""

    def moved(c: str) -> str:
        return str((int(c) + by) % 10) if c.isdecimal() else chr(ord(c) + by)

    return lambda known: {c: moved(c) for c in known if belongs(c)}


def doubled(known: Sequence[str]) -> dict[str, str | None]:
    """A digit goes by two."""
    return {c: f"{c}0" for c in known if c in "135"}


def in_one_line(change: Change, nth: int) -> Kind:
    """One line has a font of its own with other names: all else of the page is sound."""

    def spoil(source: Path, target: Path) -> None:
        with pikepdf.open(source) as pdf:
            page = pdf.pages[0]
            blocks = garble.blocks_of(page)
            height = sorted({block.y for block in blocks if block.is_text}, reverse=True)[nth]
            line = [block for block in blocks if block.is_text and block.y == height]
            fonts = {garble.font_of(block): _changed_font(pdf, page, block, change) for block in line}
            renamed = [_in_font(block, fonts) if block in line else block for block in blocks]
            garble.write_page(pdf, page, renamed)
            pdf.save(target, deterministic_id=True)

    return spoil


def _changed_font(pdf: pikepdf.Pdf, page: Any, block: Block, change: Change) -> str:
    name = garble.font_of(block)
    font = pikepdf.Dictionary(page.Resources.Font[name])
    known = sorted(set(garble.known_characters(font)))
    font.ToUnicode = pdf.make_stream(garble.rewritten(font.ToUnicode.read_bytes(), change(known)))
    page.Resources.Font[f"{name}other"] = pdf.make_indirect(font)
    return f"{name}other"


def _in_font(block: Block, fonts: Mapping[str, str]) -> Block:
    steps = tuple(
        pikepdf.ContentStreamInstruction(
            [pikepdf.Name(fonts[str(step.operands[0])]), step.operands[1]], step.operator
        )
        if str(step.operator) == "Tf"
        else step
        for step in block.steps
    )
    return replace(block, steps=steps)


def with_ghosts(draw: Callable[[Block], Block], chosen: Callable[[str], bool]) -> Kind:
    """Words of fonts so chosen stand a second time on the page, lower, where nobody sees them."""

    def spoil(source: Path, target: Path) -> None:
        with pikepdf.open(source) as pdf:
            page = pdf.pages[0]
            blocks, texts = _blocks_and_texts(page, chosen)
            garble.write_page(pdf, page, [*(draw(_lowered(block)) for block in texts), *blocks])
            pdf.save(target, deterministic_id=True)

    return spoil


def _blocks_and_texts(page: Any, chosen: Callable[[str], bool]) -> tuple[list[Block], list[Block]]:
    """All blocks of a page, and those of text in the fonts whose known characters are so chosen."""
    blocks = garble.blocks_of(page)
    fonts = {str(n) for n, f in page.Resources.Font.items() if chosen(garble.known_characters(f))}
    return blocks, [block for block in blocks if block.is_text and garble.font_of(block) in fonts]


def _lowered(block: Block, by: float = 9.0) -> Block:
    steps = []
    for step in block.steps:
        operands = [*step.operands]
        if str(step.operator) == "cm":
            operands[5] = round(float(operands[5]) - by, 3)
        steps.append(pikepdf.ContentStreamInstruction(operands, step.operator))
    return replace(block, steps=tuple(steps), y=block.y - by)


def painted_over(chosen: Callable[[str], bool]) -> Kind:
    """All text so set has another one under it, painted over in white before it was set."""

    def spoil(source: Path, target: Path) -> None:
        with pikepdf.open(source) as pdf:
            page = pdf.pages[0]
            blocks, texts = _blocks_and_texts(page, chosen)
            under = [_at(old, new) for old, new in zip(texts[1:] + texts[:1], texts, strict=True)]
            paint = b"".join(b"q 1 g 0 %.2f 600 17 re f Q\n" % (block.y - 4) for block in texts)
            old = pikepdf.unparse_content_stream([step for block in under for step in block.steps])
            garble.write_page(pdf, page, blocks, before=old + b"\n" + paint)
            pdf.save(target, deterministic_id=True)

    return spoil


def _at(block: Block, place: Block) -> Block:
    steps = [
        pikepdf.ContentStreamInstruction([*list(step.operands)[:4], place.x, place.y], step.operator)
        if str(step.operator) == "cm"
        else step
        for step in block.steps
    ]
    return Block(tuple(steps), True, place.x, place.y)


def _hanzi(c: str) -> bool:
    return is_hanzi(c)


def _known_hanzi(c: str) -> bool:
    return is_hanzi(c) and c in "政府信息公开行政复议诉讼结果维持纠正其他尚未审总计存在的问题改进情况"


# What is done to every kind of page; the page has hanzi and digits, in fonts of their own.
OF_PAGES: dict[str, Kind] = {
    "digits-exchanged": remapped(garble.permuted(str.isdecimal, 3)),
    "digits-pair": remapped(pair_swapped(str.isdecimal, 2)),
    "digits-merged2": remapped(merged(str.isdecimal, 2)),
    "digits-merged1": remapped(merged(str.isdecimal, 1)),
    "digits-shifted": remapped(shifted(str.isdecimal, 1)),
    "digit-missing": remapped(nth_becomes(str.isdecimal, 1, None)),
    "digit-other": remapped(nth_becomes(str.isdecimal, 2, "7")),
    "digit-doubled": remapped(doubled),
    "digits-named-hanzi": remapped(
        lambda known: dict(zip("0123456789", "零一二三四五六七八九", strict=True))
    ),
    "hanzi-exchanged": remapped(garble.permuted(is_hanzi, 5)),
    "hanzi-pair": remapped(pair_swapped(_known_hanzi, 3)),
    "hanzi-pair-b": remapped(pair_swapped(_known_hanzi, 11)),
    "hanzi-merged2": remapped(merged(_hanzi, 2)),
    "hanzi-merged10": remapped(merged(_hanzi, 10)),
    "hanzi-shifted": remapped(shifted(is_hanzi, 1)),
    "hanzi-shifted-far": remapped(shifted(is_hanzi, 256)),
    "hanzi-one-missing": remapped(nth_becomes(_known_hanzi, 4, None)),
    "hanzi-one-other": remapped(nth_becomes(_known_hanzi, 7, "龙")),
    "hanzi-one-known": remapped(nth_becomes(_known_hanzi, 9, "报")),
    "hanzi-one-private": remapped(nth_becomes(_known_hanzi, 6, "\ue001")),
    "hanzi-third-missing": remapped(garble.partly(None)),
    "all-named-one": remapped(lambda known: dict.fromkeys(known, "的")),
    "no-maps": garble.without_maps,
    "line-exchanged": in_one_line(garble.permuted(is_hanzi, 2), -4),
    "line-shifted": in_one_line(shifted(is_hanzi, 3), -6),
    "line-merged": in_one_line(merged(_hanzi, 2), -5),
    "line-digits": in_one_line(garble.permuted(str.isdecimal, 2), -9),
    "ghosts-hidden": with_ghosts(lambda block: garble.with_mode(block, 3), of_digits),
    "ghosts-white": with_ghosts(garble.whitened_block, of_digits),
    "ghosts-white-hanzi": with_ghosts(garble.whitened_block, of_hanzi),
    "painted-over": painted_over(of_digits),
    "painted-over-hanzi": painted_over(of_hanzi),
}
# What is done to a page of one line or two.
OF_LINES = [
    *("digits-exchanged", "digits-merged1", "digits-shifted", "hanzi-exchanged", "hanzi-merged2"),
    *("hanzi-shifted", "hanzi-third-missing", "all-named-one", "no-maps"),
]


def draw(folder: Path) -> Iterator[Case]:
    """Two pages, each lying in 32 ways, and three short ones, in up to nine."""
    for name, report, page, rows in (
        ("song", "form2021", 2, None),
        ("kai", "form2019", 2, None),
        ("title", "form2021", 0, 3),
        ("short", "form2019", 0, 1),
        ("count", "oldform", 1, 2),
    ):
        base = folder / f"lying-{name}.pdf"
        _cut_out(SAMPLES / f"{report}.pdf", page, rows, base)
        truth = [] if name in {"title", "short", "count"} else _review_facts(report)
        for kind in OF_PAGES if truth else OF_LINES:
            if name == "short" and kind.startswith("digit"):
                continue
            target = folder / f"lying-{name}-{kind}.pdf"
            OF_PAGES[kind](base, target)
            yield Case(target, tuple(truth), _prints(_text(base)))


def _cut_out(report: Path, number: int, rows: int | None, target: Path) -> None:
    """Make a page, or its first lines, a document."""
    with pikepdf.open(report) as pdf:
        del pdf.pages[number + 1 :]
        del pdf.pages[:number]
        page = pdf.pages[0]
        if rows:
            blocks = garble.blocks_of(page)
            kept = sorted({block.y for block in blocks if block.is_text}, reverse=True)[:rows]
            garble.write_page(pdf, page, [block for block in blocks if block.is_text and block.y in kept])
        pdf.save(target, deterministic_id=True)


def _review_facts(report: str) -> list[Fact]:
    return [fact for fact in read_truth(SAMPLES / f"{report}.truth.csv") if fact.table == "review"]


def _text(path: Path) -> str:
    document = pdfium.PdfDocument(path)
    text = plain(document[0].get_textpage().get_text_range())
    document.close()
    return text


def _prints(printed: str) -> Check:
    """Check that the text is what is printed; tables may be told in another order."""

    def check(outcome: Outcome) -> str:
        read = plain("".join(page["text"] for page in outcome.pages))
        lost, added = Counter(printed) - Counter(read), Counter(read) - Counter(printed)
        wrong = max(lost.total(), added.total()) / max(len(printed), 1)
        told = f"{''.join(lost.elements())[:20]!r} not read, {''.join(added.elements())[:20]!r} not printed"
        return f"{100 * wrong:.1f} % wrong: {told}" if wrong > WRONG_SHARE else ""

    return check
