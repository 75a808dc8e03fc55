"""Which printed names may mean one organ: suggestions with their grounds, for a person to judge.

Nothing here links anything. Names are compared within their region only, so
that a province's hundred 水务局 are not all held against each other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein
from sqlalchemy import Connection

from archive.index.tokenizer import tokens
from archive.organs import aliases, reports_by_year
from archive.organs.name_variants import KINDS, RENAMED, SHORT_FORMS

# 自治州 before 州 and the like is not needed: the shortest run that ends in one of these is a region.
_REGION = re.compile(r"(.{2,9}?)(省|自治区|市|州|盟|地区|县|区|旗)")
# Grounds, and how much each is worth of 100.
SAME_FOLDED, SHORT_FORM, WITH_REGION, WAS_RENAMED = 98, 92, 85, 75
FUZZY_FROM, REGION_MISREAD = 85, 60
COMPLETING, OVERLAPPING = 10, -40


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two names that may be one organ: `score` of 100, the grounds, and the years each has reports on.

    `organ` is the one that people listed, or the one with the newest report.
    """

    score: int
    written: str
    organ: str
    written_years: tuple[int, ...]
    organ_years: tuple[int, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name cut into its leading regions, outermost first, and the rest; `short` is the rest shortened."""

    written: str
    folded: str
    regions: tuple[str, ...]
    rest: str
    short: str

    @property
    def region(self) -> str:
        return self.regions[-1] if self.regions else ""


def suggestions(years: Mapping[str, Collection[int]], listed: Collection[str] = ()) -> list[Suggestion]:
    """Pairs of names with grounds to be one organ, the best first; `years` has every name's reports."""
    names = [_cut(name) for name in sorted(years)]
    found: dict[tuple[str, str], Suggestion] = {}
    for one, other in _worth_comparing(names):
        score, ground = _grounds(one, other)
        if score:
            pair = _paired(one.written, other.written, years, listed)
            found[one.written, other.written] = _with_years(replace(pair, score=score, evidence=(ground,)))
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.organ, pair.written))


def of_archive(connection: Connection) -> list[Suggestion]:
    """The suggestions for an archive; names that are linked already count as the one they mean."""
    known = {organ.name for organ in aliases.listed(connection)}
    years: dict[str, set[int]] = {name: set() for name in known}
    for report in reports_by_year.held(connection):
        years.setdefault(report.organ, set()).update({report.year} if report.year else ())
    years.pop("", None)
    return suggestions(years, known)


def _cut(written: str) -> _Name:
    folded = "".join(token.text for token in tokens(written))
    rest, regions = folded, []
    while (match := _REGION.match(rest)) and match.end() < len(rest):
        regions.append(match[0])
        rest = rest[match.end() :]
    return _Name(written, folded, tuple(regions), rest, _shortened(rest))


def _shortened(rest: str) -> str:
    for long, short in SHORT_FORMS:
        rest = rest.replace(long, short)
    return rest


def _worth_comparing(names: Sequence[_Name]) -> Iterator[tuple[_Name, _Name]]:
    """Every pair with the same region or the same name without it, once."""
    groups: dict[tuple[str, str], list[_Name]] = {}
    for name in names:
        groups.setdefault(("region", name.region), []).append(name)
        groups.setdefault(("short", name.short), []).append(name)
        groups.setdefault(("folded", name.folded), []).append(name)
    seen: set[tuple[str, str]] = set()
    for group in groups.values():
        for one, other in combinations(group, 2):
            if (one.written, other.written) not in seen:
                seen.add((one.written, other.written))
                yield one, other


def _grounds(one: _Name, other: _Name) -> tuple[int, str]:
    """What speaks for one organ, and how much; 0 for nothing."""
    if one.folded == other.folded:
        return SAME_FOLDED, "differ only in width or script"
    if one.short == other.short:
        return _by_region(one, other)
    if one.region != other.region:
        return 0, ""
    if _was_renamed(one.short, other.short):
        return WAS_RENAMED, "organs of the one name were renamed to the other"
    score = round(fuzz.ratio(one.folded, other.folded))
    return (score, f"spelt {score}% alike") if score >= FUZZY_FROM else (0, "")


def _by_region(one: _Name, other: _Name) -> tuple[int, str]:
    """Grounds for two names that are the same behind their regions."""
    fewer, more = sorted((one.regions, other.regions), key=len)
    if fewer == more:
        return SHORT_FORM, "the one is a short form of the other"
    if not fewer or more[-len(fewer) :] == fewer:
        return WITH_REGION, "the one names the region, the other does not"
    if len(fewer) == len(more) and _misread(fewer, more):
        return REGION_MISREAD, "the regions differ in one character: perhaps misread"
    return 0, ""


def _misread(one: Sequence[str], other: Sequence[str]) -> bool:
    together = "".join(one), "".join(other)
    return len(together[0]) == len(together[1]) and Levenshtein.distance(*together) == 1


def _was_renamed(one: str, other: str) -> bool:
    """Say whether the names are of one office under two kinds (局, 委), or of two that a reform made one."""
    first, second = _stem(one), _stem(other)
    if not (first and second):
        return False
    return first == second or any({first, second} == {before, after} for before, after in RENAMED)


def _stem(name: str) -> str:
    """What an office is for, without what kind of office it is; empty for what is no office."""
    kind = next((kind for kind in KINDS if name.endswith(kind) and name != kind), None)
    return name.removesuffix(kind) if kind else ""


def _paired(
    one: str, other: str, years: Mapping[str, Collection[int]], listed: Collection[str]
) -> Suggestion:
    """The pair with the name that links should lead to: a listed one, else that of the newest report."""
    by_age = sorted((one, other), key=lambda name: (name in listed, max(years[name], default=0), name))
    written, organ = by_age
    return Suggestion(0, written, organ, tuple(sorted(years[written])), tuple(sorted(years[organ])), ())


def _with_years(pair: Suggestion) -> Suggestion:
    """The pair with what its years say for or against it."""
    both = sorted(set(pair.written_years) & set(pair.organ_years))
    if both:
        listed = ", ".join(map(str, both))
        ground = f"both have a report on {listed}: then they are rarely one organ"
        return replace(pair, score=max(0, pair.score + OVERLAPPING), evidence=(*pair.evidence, ground))
    if pair.written_years and pair.organ_years:
        score = min(100, pair.score + COMPLETING)
        return replace(pair, score=score, evidence=(*pair.evidence, "their years complete each other"))
    return pair
