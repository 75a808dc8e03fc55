"""Titles on a leaf, wherever they stand; links to other reports and sentences that name one are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reconcile.labels import similarity
from reconcile.report_title import Title, TitleRun, best_title, title_runs
from reconcile.title_patterns import names_an_organ
from reconcile.volume.leaves import Leaf, PrintedLine
from reconcile.volume.marks.base import Place, SectionMark, TableMark, TitleMark, TitlePlace

_LINK = re.compile(r"上一?[篇条页]|下一?[篇条页]|相关|推荐|链接|返回|更多")
_LINES_OF_A_LINK = 2
_LINES_ABOVE_A_TITLE = 12
_SPOILT = "政府信息公开工作年度报告"
_SPOILT_END, _LEAST_END = "年度报告", 2
_SPOILT_ALIKE, _LONGEST_SPOILT = 0.7, 40
# Words without which no line is part of a title: most lines need no closer look.
_TELLING = re.compile(r"公开|年报|报告|预算|决算|\(20")


def title_marks(
    leaf: Leaf,
    place: int,
    lines: Sequence[PrintedLine],
    sections: Sequence[SectionMark],
    tables: Sequence[TableMark],
) -> Iterator[TitleMark]:
    """The titles among `lines` of a leaf, and lines that look like spoilt ones where there is none."""
    bodies = [mark.place.line for mark in sections] + [mark.place.line for mark in tables]
    bodies += [line.index for line in lines if line.is_sentence]
    for start, stop, title in _titles(lines, leaf.number):
        above = [line for line in lines if line.index < lines[start].index]
        at_top = len(above) <= _LINES_ABOVE_A_TITLE and not any(n < lines[start].index for n in bodies)
        where = TitlePlace.TOP if at_top else TitlePlace.MIDDLE
        yield TitleMark(Place(place, lines[start].index), title, where, lines[stop - 1].index + 1)


def _titles(lines: Sequence[PrintedLine], page: int) -> Iterator[tuple[int, int, Title]]:
    """(first line, line behind the last, title); of runs that overlap the one that says most."""
    taken = 0
    for group in _overlapping(_runs(lines, page)):
        best = best_title(group)
        if not _is_link(lines, best.start) and (not best.title.organ or names_an_organ(best.title.organ)):
            yield from _spoilt(lines, taken, best.start)
            yield best.start, best.stop, best.title
            taken = best.stop
    yield from _spoilt(lines, taken, len(lines))


def _runs(lines: Sequence[PrintedLine], page: int) -> list[TitleRun]:
    texts = ["。" if line.is_sentence else line.text for line in lines]
    if not any(map(_TELLING.search, texts)):
        return []
    return list(title_runs(texts, page, [line.box.height for line in lines]))


def _overlapping(runs: Sequence[TitleRun]) -> list[list[TitleRun]]:
    groups: list[list[TitleRun]] = []
    for run in sorted(runs, key=lambda run: (run.stop, run.start)):
        if groups and run.start < max(other.stop for other in groups[-1]):
            groups[-1].append(run)
        else:
            groups.append([run])
    return groups


def _is_link(lines: Sequence[PrintedLine], start: int) -> bool:
    above = lines[max(0, start - _LINES_OF_A_LINK) : start + 1]
    return any(_LINK.search(line.text) for line in above)


def _spoilt(lines: Sequence[PrintedLine], start: int, stop: int) -> Iterator[tuple[int, int, Title]]:
    for n in range(start, stop):
        text = lines[n].text
        whole = len(text) <= _LONGEST_SPOILT and not lines[n].is_sentence and not _is_link(lines, n)
        if whole and _looks_like_a_title(text):
            yield n, n + 1, Title()


def _looks_like_a_title(text: str) -> bool:
    end = sum(one in text[-len(_SPOILT_END) :] for one in _SPOILT_END)
    return end >= _LEAST_END and similarity(text[-len(_SPOILT) :], _SPOILT) >= _SPOILT_ALIKE
