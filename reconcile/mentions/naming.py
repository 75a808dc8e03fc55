"""Who reports on which year: the title, and where it does not tell, what else is sure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ocr.model import Page, Route
from reconcile.labels import similarity
from reconcile.matching.printed_tables import TablePart
from reconcile.mentions import sources
from reconcile.mentions.organ_names import is_compiler, is_place
from reconcile.model import DOUBTFUL_ORGAN, DOUBTFUL_YEAR, Finding, Mention, Named
from reconcile.report_title import Title, title_of
from reconcile.title_patterns import is_generic, names_an_organ
from reconcile.volume.leaves import Leaf, leaves_of, without_lines
from reconcile.volume.marks.running_heads import running_heads

# An organ that compiles for others stands only where two places name it.
_ENOUGH = 2
_ALIKE = 0.8
# What is left of a misread name may be a character: it is no organ unless it ends as one.
_SHORTEST = 4
_MISREAD = 1


@dataclass(frozen=True, slots=True)
class Naming:
    """The title with the organ and year that stand, every mention, the surest first, and what contradicts."""

    title: Title
    mentions: tuple[Mention, ...]
    findings: tuple[Finding, ...] = ()


def naming_of(pages: Sequence[Page], parts: Sequence[TablePart], headed: Collection[int] = ()) -> Naming:
    """Name a report by its title; what that leaves open, by all other mentions if they do not contradict.

    `headed` are the parts, by index, that are tables told by their heading.
    """
    leaves = leaves_of(pages, parts)
    bodies: Sequence[Page] = _without_heads(pages, leaves)
    title = title_of(bodies)
    if not title.text:
        bodies, title = pages, title_of(pages)
    found = [
        *sources.of_titles(bodies),
        *sources.of_covers(leaves),
        *sources.of_labels(leaves, headed),
        *sources.of_table_headings(leaves, headed),
        *sources.of_heads(leaves),
        *sources.of_sentences(leaves),
        *sources.of_period(pages, leaves),
        *sources.of_seals(leaves),
        *sources.of_documents(leaves[: 0 if title.text else None]),
    ]
    organ = title.organ if _is_named(title) else _organ(found, title)
    if any(page.number == title.page and page.route is not Route.DIGITAL for page in pages):
        organ = _spelt(replace(title, organ=organ), found)
    year = title.year or _year(found)
    mentions = sorted(found, key=lambda mention: -mention.confidence)
    return Naming(replace(title, organ=organ, year=year), tuple(mentions), tuple(_findings(title, found)))


def _without_heads(pages: Sequence[Page], leaves: Sequence[Leaf]) -> list[Page]:
    """The pages without their running heads, which may be those of a whole volume."""
    heads = zip(leaves, running_heads(leaves), strict=True)
    gone = {(leaf.number, head.index) for leaf, head in heads if head}
    return without_lines(pages, gone)


def _is_named(title: Title) -> bool:
    """Say whether a title names an organ: of a department's budget, a place is none."""
    departmental = re.search("部门|单位", title.subject) is not None
    if is_generic(title.organ) or (departmental and is_place(title.organ)):
        return False
    return len(title.organ) >= _SHORTEST or names_an_organ(title.organ)


def _spelt(title: Title, found: Sequence[Mention]) -> str:
    """The organ of the title, as two other places spell it that do not differ by more than a misreading."""
    others = {one.text: set[str]() for one in found if _is_misreading(one, title.organ)}
    for one in found:
        if one.text in others and one.kind != sources.TITLE:
            others[one.text].add(one.kind)
    own = any(one.text == title.organ and one.kind != sources.TITLE for one in found)
    spelt = [text for text, kinds in others.items() if len(kinds) >= _ENOUGH]
    return spelt[0] if len(spelt) == 1 and not own else title.organ


def _is_misreading(one: Mention, organ: str) -> bool:
    """Say whether a mention differs from an organ by one character, as misread ones do."""
    if one.named is not Named.ORGAN or len(one.text) != len(organ):
        return False
    unlike = sum(left != right for left, right in zip(one.text, organ, strict=True))
    return 0 < unlike <= _MISREAD


def _organ(found: Sequence[Mention], title: Title) -> str:
    """The organ that the other mentions agree on; empty where they contradict or only a compiler is named."""
    named = [one for one in found if one.named is Named.ORGAN and sources.is_whole(one)]
    named = [one for one in named if one.text != title.organ or one.kind != sources.TITLE]
    sure = [one for one in named if not is_compiler(one.text)] or _repeated(named)
    best = max(sure, key=lambda one: one.confidence, default=None)
    if best is None or any(not _agree(best.text, one.text) for one in sure):
        return ""
    return best.text


def _repeated(named: Sequence[Mention]) -> list[Mention]:
    kinds = {text: {one.kind for one in named if one.text == text} for text in {one.text for one in named}}
    return [
        one for one in named if len(kinds[one.text]) >= _ENOUGH or one.kind in (sources.COVER, sources.LABEL)
    ]


def _year(found: Sequence[Mention]) -> int | None:
    years = {one.text for one in found if one.named is Named.YEAR}
    return int(years.pop()) if len(years) == 1 else None


def _findings(title: Title, found: Sequence[Mention]) -> list[Finding]:
    """What a cover or running head says against the title, or years against each other."""
    findings = []
    for one in found:
        strong = one.kind in (sources.COVER, sources.HEAD)
        unlike = _is_named(title) and one.named is Named.ORGAN and not _agree(one.text, title.organ)
        if (strong and unlike) or (_is_named(title) and _is_misreading(one, title.organ)):
            words = f"题名的机关为“{title.organ}”，第 {one.page} 页另见“{one.text}”；机关依题名"
            findings.append(Finding(DOUBTFUL_ORGAN, words, page=one.page))
        if strong and one.named is Named.YEAR and title.year and int(one.text) != title.year:
            words = f"题名为 {title.year} 年，第 {one.page} 页另见 {one.text} 年；年度依题名"
            findings.append(Finding(DOUBTFUL_YEAR, words, page=one.page))
    return list(dict.fromkeys(findings))


def _agree(one: str, other: str) -> bool:
    return one in other or other in one or similarity(one, other) >= _ALIKE
