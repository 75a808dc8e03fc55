"""Places at which reports name themselves, one function a kind."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ocr.model import Box, Page, TextLine
from reconcile.mentions.organ_names import is_announced_organ, is_organ_name, is_place
from reconcile.model import Mention, Named
from reconcile.report_title import Title, period_of, title_runs, titles_of, titles_on
from reconcile.title_patterns import is_date, is_generic, organ_of_a_document, year_alone
from reconcile.volume.leaves import Leaf, PrintedLine
from reconcile.volume.marks.page_numbers import is_number
from reconcile.volume.marks.running_heads import running_heads

TITLE, COVER, HEAD, SEAL, SENTENCE, PERIOD, LABEL, HEADING = (
    *("title", "cover", "running_head", "seal", "sentence", "period"),
    *("label", "table_heading"),
)
# How sure each makes: a title names what follows, a sentence may name who compiled it, a seal who printed it.
_WEIGHTS = {
    TITLE: 0.97,
    COVER: 0.9,
    LABEL: 0.9,
    HEAD: 0.85,
    SENTENCE: 0.8,
    PERIOD: 0.8,
    SEAL: 0.75,
    HEADING: 0.85,
}
_COVER_LENGTH = 160
_BRACKETED = re.compile(r"\([^()]+\)")
_FIRST_LEAVES = 3
_LINES_BELOW_A_TITLE = 2
_LABELLED = re.compile(
    r"(?:预算|决算)?(?:主管部门|编制部门|编制单位|编报单位|填报单位|填报部门|部门名称|单位名称|预算单位|预算部门|报告单位"
    r"|公开部门|公开单位|部门|单位)(?:[(（][^)）]*[)）])?[:：](?:[\[(（【]?\d{3,12}[\])）】]?[-—－]?)?"
    r"(?P<organ>[\u4e00-\u9fff()（）·]+?)(?:[(（](?:本级|部门|汇总|机关|本部)[)）])?"
    r"(?=$|(?:金额)?单位[:：]|公开\d|预算年度|20\d\d|[,，;；])"
)
_HEADED_YEAR = re.compile(r"20\d\d(?=年)|(?<=年度[:：])20\d\d")
_OF_A_TABLE = re.compile(r"表|单位[:：]|年度[:：]")
_COMPILED = re.compile(
    r"(?:本|此)(?:年度)?(?:年报|报告)(?:是)?由(?P<organ>[\u4e00-\u9fff()]{4,30}?)"
    r"(?:根据|按照|依据|依照|综合|组织|汇总|牵头|负责|编制|编写|撰写)"
)
_PUBLISHED = re.compile(
    r"现(?:将|向社会)?(?:公布|公开|发布)?(?P<organ>[\u4e00-\u9fff()]{4,30}?)(?P<year>20\d\d)年(?:度)?"
    r"(?:政府)?信息公开(?:工作)?(?:年度)?(?:情况|报告)"
)
_ISSUED = re.compile(
    r"(?:^|[。，,；])(?P<organ>[\u4e00-\u9fff()]{4,30}?)(?:现)?(?:编制|发布|公布)(?:并(?:公布|发布))?了?(?:本|此)(?:年度)?(?:年报|报告)"
)


def of_titles(pages: Sequence[Page]) -> Iterator[Mention]:
    """The title of every page that has one, with its organ and year."""
    titles = {title.page: title for title in titles_of(pages)}
    for page in pages:
        title = titles.get(page.number)
        run = next((run for run in titles_on(page) if run.title == title), None)
        if title is None or run is None:
            continue
        lines = page.lines[run.start : run.stop]
        yield _mention(Named.TITLE, title.text, TITLE, page, lines)
        if title.organ and not is_generic(title.organ):
            yield _mention(Named.ORGAN, title.organ, TITLE, page, lines)
        if title.year:
            yield _mention(Named.YEAR, str(title.year), TITLE, page, lines)


def of_covers(leaves: Sequence[Leaf]) -> Iterator[Mention]:
    """Organs and years on lines of their own, on a cover or right below a title that lacks them."""
    for leaf in leaves[:_FIRST_LEAVES]:
        titles = titles_on(leaf.page)
        lines = _body(leaf)
        if not titles or not lines:
            continue
        is_cover = sum(len(line.text) for line in lines) <= _COVER_LENGTH and not leaf.tables
        if not is_cover:
            last = max(run.stop for run in titles)
            lines = [line for line in lines if line.index >= last][:_LINES_BELOW_A_TITLE]
        yield from (_of_line(leaf, line, Named.ORGAN, line.text) for line in _only(lines))
        for line in lines:
            if year := year_alone(line.text):
                yield _of_line(leaf, line, Named.YEAR, str(year))


def _only(lines: Sequence[PrintedLine]) -> Sequence[PrintedLine]:
    """The line that names an organ, perhaps in brackets; none where several name different ones."""
    bare = (
        replace(line, text=line.text[1:-1]) if _BRACKETED.fullmatch(line.text) else line for line in lines
    )
    named = [line for line in bare if is_organ_name(line.text)]
    return named[:1] if len({line.text for line in named}) == 1 else ()


def of_heads(leaves: Sequence[Leaf]) -> Iterator[Mention]:
    """What the running head names, each once."""
    told: set[str] = set()
    for leaf, head in zip(leaves, running_heads(leaves), strict=True):
        if head is None or head.text in told:
            continue
        told.add(head.text)
        title = next((run.title for run in title_runs([head.text], leaf.number)), Title())
        organ = title.organ or head.text
        if is_organ_name(organ):
            yield _of_line(leaf, head, Named.ORGAN, organ, HEAD)
        if title.year:
            yield _of_line(leaf, head, Named.YEAR, str(title.year), HEAD)


def of_labels(leaves: Sequence[Leaf], headed: Collection[int] = ()) -> Iterator[Mention]:
    """Organs behind words that announce them: 预算主管部门：某局; on the first leaves, and above tables.

    `headed` are the parts, by index, that are told by their heading.
    """
    for n, leaf in enumerate(leaves):
        own = [table for table in leaf.tables if table.part.index in headed]
        last = max((table.index for table in own), default=0)
        for line in leaf.lines:
            if n >= _FIRST_LEAVES and line.index >= last:
                break
            match = _LABELLED.match(line.text)
            if match and (is_organ_name(match["organ"]) or (own and is_announced_organ(match["organ"]))):
                yield _of_line(leaf, line, Named.ORGAN, match["organ"], LABEL)


def of_table_headings(leaves: Sequence[Leaf], headed: Collection[int]) -> Iterator[Mention]:
    """The year in the heading of a table that is told by it, or alone above it: 2024年部门收入总表."""
    for leaf in leaves:
        own = [table for table in leaf.tables if table.part.index in headed]
        for line in leaf.lines if own else ():
            if line.index >= own[-1].index or line.is_sentence:
                continue
            years = _HEADED_YEAR.findall(line.text) if _OF_A_TABLE.search(line.text) else []
            if alone := year_alone(line.text):
                years = [str(alone)]
            if len(set(years)) == 1:
                yield _of_line(leaf, line, Named.YEAR, years[0], HEADING)


def of_sentences(leaves: Sequence[Leaf]) -> Iterator[Mention]:
    """The sentences of an introduction that say whose report it is."""
    for leaf in leaves[:_FIRST_LEAVES]:
        text = "".join(line.text for line in leaf.lines)
        for pattern in (_COMPILED, _PUBLISHED, _ISSUED):
            if match := pattern.search(text):
                line = _line_at(leaf, match.start("organ"))
                if is_organ_name(match["organ"]):
                    yield _of_line(leaf, line, Named.ORGAN, match["organ"], SENTENCE)
                if year := match.groupdict().get("year"):
                    yield _of_line(leaf, line, Named.YEAR, year, SENTENCE)


def of_period(pages: Sequence[Page], leaves: Sequence[Leaf]) -> Iterator[Mention]:
    """The year from the period that the figures are said to cover."""
    year = period_of(pages)
    for leaf in leaves if year else ():
        text = "".join(line.text for line in leaf.lines)
        if (start := text.find(f"{year}年1月1日")) >= 0:
            yield _of_line(leaf, _line_at(leaf, start), Named.YEAR, str(year), PERIOD)
            return


def of_seals(leaves: Sequence[Leaf]) -> Iterator[Mention]:
    """The organ that signs at the end, alone on a line by a date; the year of that is no report's."""
    for leaf in leaves[-2:]:
        tables = [table.index for table in leaf.tables]
        lines = [line for line in _body(leaf) if line.index > max(tables, default=-1)]
        for first, second in pairwise(lines):
            for organ, date in ((first, second), (second, first)):
                if is_organ_name(organ.text) and is_date(date.text):
                    yield _of_line(leaf, organ, Named.ORGAN, organ.text, SEAL)


def of_documents(leaves: Sequence[Leaf]) -> Iterator[Mention]:
    """The organ in the title of a notice or the like: 某局关于…的通知."""
    for leaf in leaves[:1]:
        lines = _body(leaf)[:8]
        for n in range(len(lines)):
            for stop in range(n + 1, min(n + 3, len(lines)) + 1):
                organ = organ_of_a_document("".join(line.text for line in lines[n:stop]))
                if organ and is_organ_name(organ):
                    yield _of_line(leaf, lines[n], Named.ORGAN, organ, TITLE)
                    return


def _body(leaf: Leaf) -> list[PrintedLine]:
    return [line for line in leaf.lines if not is_number(leaf, line)]


def _line_at(leaf: Leaf, place: int) -> PrintedLine:
    """The line in which a character of the text of a leaf stands."""
    for line in leaf.lines:
        if place < len(line.text):
            return line
        place -= len(line.text)
    return leaf.lines[-1]


def _of_line(leaf: Leaf, line: PrintedLine, named: Named, text: str, kind: str = COVER) -> Mention:
    return _mention(named, text, kind, leaf.page, [leaf.page.lines[line.index]])


def _mention(named: Named, text: str, kind: str, page: Page, lines: Sequence[TextLine]) -> Mention:
    box: Box = lines[0].box
    for line in lines[1:]:
        box = box.union(line.box)
    confidence = _WEIGHTS[kind] * min(line.confidence for line in lines)
    return Mention(named, text, kind, confidence, page.number, box)


def is_whole(mention: Mention) -> bool:
    """Say whether a mention of an organ names more than its place."""
    return mention.named is not Named.ORGAN or not is_place(mention.text)
