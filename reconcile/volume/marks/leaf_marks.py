"""All marks of all leaves, collected in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reconcile.volume.leaves import Leaf, PrintedLine
from reconcile.volume.marks.base import LeafKind, LeafMarks, SectionMark, TitleMark, TitlePlace
from reconcile.volume.marks.leaf_kinds import kind_of
from reconcile.volume.marks.page_numbers import is_number, page_number
from reconcile.volume.marks.running_heads import running_heads
from reconcile.volume.marks.section_headings import section_marks
from reconcile.volume.marks.table_starts import table_marks
from reconcile.volume.marks.title_marks import title_marks

# So many headings on lines that follow each other are a list of the sections, not the sections.
_A_LIST = 3


def marks_of(leaves: Sequence[Leaf], names: Sequence[str]) -> tuple[LeafMarks, ...]:
    """The marks of every leaf; `names` tell of each table which one of a form it is, "" for none."""
    heads = running_heads(leaves)
    return tuple(
        _marks(leaf, place, head, names) for place, (leaf, head) in enumerate(zip(leaves, heads, strict=True))
    )


def _marks(leaf: Leaf, place: int, head: PrintedLine | None, names: Sequence[str]) -> LeafMarks:
    lines = [line for line in leaf.lines if line is not head and not is_number(leaf, line)]
    sections = tuple(_without_lists(list(section_marks(leaf, place)), lines))
    tables = tuple(table_marks(leaf, place, names))
    titles = tuple(title_marks(leaf, place, lines, sections, tables))
    kind = kind_of(leaf, lines, sections, titles)
    listed = kind in (LeafKind.CONTENTS, LeafKind.FRONT, LeafKind.SEPARATOR)
    return LeafMarks(
        kind,
        sum(line.is_sentence for line in lines),
        head.text if head else "",
        page_number(leaf),
        () if listed else tuple(_placed(titles, kind)),
        () if listed else sections,
        tables,
    )


def _placed(titles: Sequence[TitleMark], kind: LeafKind) -> Iterator[TitleMark]:
    for title in titles:
        yield replace(title, where=TitlePlace.COVER) if kind is LeafKind.COVER else title


def _without_lists(marks: Sequence[SectionMark], lines: Sequence[PrintedLine]) -> Iterator[SectionMark]:
    """The headings but for those that stand in lists, one directly below the other."""
    order = {line.index: n for n, line in enumerate(lines)}
    run: list[SectionMark] = []
    for mark in marks:
        follows = bool(run) and order.get(mark.place.line, 0) == order.get(run[-1].place.line, 0) + 1
        if not (follows and mark.number > run[-1].number):
            yield from _unless_a_list(run)
            run = []
        run.append(mark)
    yield from _unless_a_list(run)


def _unless_a_list(run: Sequence[SectionMark]) -> Sequence[SectionMark]:
    return () if len(run) >= _A_LIST else run
