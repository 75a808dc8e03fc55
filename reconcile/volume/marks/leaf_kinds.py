"""What a leaf is by its looks: cover, separator sheet, table of contents, blank, or a page of a report."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reconcile.report_title import title_runs
from reconcile.title_patterns import names_an_organ
from reconcile.volume.leaves import Leaf, PrintedLine
from reconcile.volume.marks.base import LeafKind, SectionMark, TitleMark

_COVER_LINES, _COVER_LENGTH = 14, 160
_SEPARATOR_LINES, _SEPARATOR_LENGTH = 4, 40
_UPPER = 0.12
_VOLUME = re.compile(r"汇编|汇集|合订|选编|合集|汇总本|(?:报告|年报)[集册卷]")
# Sheets that archives put into a file: its list, and what they note of it.
_OF_A_FILE = re.compile(r"卷内(?:文件)?(?:目录|备考表)|备考表$|案卷(?:目录|封面)")
_DATE = re.compile(r"\d{1,2}月|[一二三四五六七八九十]{1,3}月|\d{4}[.-]\d{1,2}")
_CONTENTS = re.compile(r"目[录次]|总目录?|contents", re.IGNORECASE)
_LEADER = re.compile(r"[.…·・‥⋯—_-]{2,}\(?\d{0,4}\)?$|(?<=\D)\d{1,3}$")
_ONLY_LEADER = re.compile(r"[.…·・‥⋯—_-]*\(?\d{0,4}\)?")
_LEAST_ENTRIES, _LEAST_SHARE, _MOSTLY = 2, 0.3, 0.5


def kind_of(
    leaf: Leaf, lines: Sequence[PrintedLine], sections: Sequence[SectionMark], titles: Sequence[TitleMark]
) -> LeafKind:
    """The kind of a leaf; `lines` are those of its body, without running head and page number."""
    if any(map(_OF_A_FILE.match, (line.text for line in lines[:2]))):
        return LeafKind.SEPARATOR
    if leaf.tables:
        return LeafKind.BODY
    if not lines:
        return LeafKind.BLANK
    if is_contents(lines):
        return LeafKind.CONTENTS if _is_of_a_volume(lines) else LeafKind.FRONT
    if any(mark.number for mark in sections) or any(line.is_sentence for line in lines):
        return LeafKind.BODY
    return _short_leaf(leaf, lines, titles)


def is_contents(lines: Sequence[PrintedLine]) -> bool:
    """Say whether the lines are a table of contents: headed so, or mostly with leaders and page numbers."""
    entries = [line.text for line in lines if not _ONLY_LEADER.fullmatch(line.text)]
    led = sum(_LEADER.search(text) is not None for text in entries)
    headed = any(_CONTENTS.fullmatch(text) for text in entries[:3])
    apart = sum(len(line.text) > 3 and _ONLY_LEADER.fullmatch(line.text) is not None for line in lines)
    if any(line.is_sentence for line in lines):
        return False
    return headed or (len(entries) > 3 and led + apart >= _MOSTLY * len(entries))


def _is_of_a_volume(lines: Sequence[PrintedLine]) -> bool:
    """Say whether a table of contents lists reports, not the sections of one."""
    entries = [_LEADER.sub("", line.text) for line in lines]
    named = [text for text in entries if names_an_organ(text) or any(title_runs([text], 0))]
    return len(set(named)) >= max(_LEAST_ENTRIES, _LEAST_SHARE * sum(map(bool, entries)))


def _short_leaf(leaf: Leaf, lines: Sequence[PrintedLine], titles: Sequence[TitleMark]) -> LeafKind:
    length = sum(len(line.text) for line in lines)
    texts = [line.text for line in lines]
    if length <= _COVER_LENGTH and len(lines) <= _COVER_LINES and any(map(_VOLUME.search, texts)):
        return LeafKind.SEPARATOR
    if titles:
        return LeafKind.COVER if length <= _COVER_LENGTH and len(lines) <= _COVER_LINES else LeafKind.BODY
    small = len(lines) <= _SEPARATOR_LINES and length <= _SEPARATOR_LENGTH
    if small and not any(map(_DATE.search, texts)) and lines[0].box.top > _UPPER * leaf.height:
        return LeafKind.SEPARATOR
    return LeafKind.BODY
