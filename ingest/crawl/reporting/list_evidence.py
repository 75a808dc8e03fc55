"""What a night saw of lists: further pages that lead nowhere, fewer than declared, columns of none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from archive.crawl.records import Sighting, Task, TaskKind, VisitOutcome
from ingest.crawl.classify.link_rules import FURTHER, LISTED

BROUGHT = (VisitOutcome.NEW, VisitOutcome.DUPLICATE, VisitOutcome.REPLACED, VisitOutcome.SAME)
OF_USE = (*BROUGHT, VisitOutcome.UNMODIFIED, VisitOutcome.PAGE)
MOST_EXAMPLES = 50
# Rules by which a page leads to its own parts, and a column to its years and organs.
_PARTS = (FURTHER, LISTED, "a frame", "this page goes on", "a year", "is called", "an organ")


class VisitTally:
    """How often something was met, where first, and why; it only ever counts on.

    `examples` are the first addresses with their reasons; `starts` says of some where a list is.
    """

    def __init__(self) -> None:
        self.url = ""
        self.reasons: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.starts: dict[str, str] = {}

    def add(self, url: str, reason: str) -> None:
        """Count one more."""
        self.url = self.url or url
        self.reasons[reason] += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.setdefault(url, reason)

    @property
    def count(self) -> int:
        return self.reasons.total()

    @property
    def reason(self) -> str:
        """The reason given most often, the earlier one of two; empty if there is none."""
        return self.reasons.most_common(1)[0][0] if self.reasons else ""


def look_at_lists(nowhere: VisitTally, short: VisitTally, sightings: Sequence[Sighting]) -> None:
    """Count further pages that lead nowhere, and lists that declare more pages or rows than there were."""
    seen = {one.address: one for one in sightings}
    told = set[str]()
    for group in _groups(sightings, (FURTHER,)):
        there = [seen[one] for one in sorted(group) if one in seen]
        had = [one for one in there if one.outcome in OF_USE]
        for one in there:
            if len(group) > 1 and one.outcome not in OF_USE and one.outcome is not VisitOutcome.UNLINKED:
                nowhere.add(one.url, one.reason)
        declared = max((_said(one, "pages_declared") for one in had), default=0)
        pages = len(_unlike(had))
        if pages < declared:
            short.add(had[0].url, f"{declared} pages declared, {pages} seen")
            told |= group
    for group in _groups(sightings, (FURTHER, LISTED)):
        had = _unlike([seen[one] for one in sorted(group) if one in seen and seen[one].outcome in OF_USE])
        if not told & group and (words := _lacking_rows(had)):
            short.add(had[0].url, words)


def _unlike(had: Sequence[Sighting]) -> list[Sighting]:
    """Pages that are not the same, byte by byte: the first is often at index.html as well."""
    return list({one.sha256 or one.address: one for one in had}.values())


def _lacking_rows(had: Sequence[Sighting]) -> str:
    """How many rows the pages of a list declare and have, where they cannot be all; empty where they may be.

    Pages that have room for all that is declared are all of them: a site may count a row twice.
    """
    if not all("rows" in (one.shape or {}) for one in had):
        return ""  # seen by an earlier version, and unmodified since
    declared = max((_said(one, "rows_declared") for one in had), default=0)
    rows = [_said(one, "rows") for one in had]
    shows_reports = any(_said(one, "reports") or _said(one, "files") for one in had)
    if not shows_reports or len(rows) * max(rows) >= declared:
        return ""
    return f"{declared} rows declared, {sum(rows)} seen"


def look_at_columns(unread: VisitTally, sightings: Sequence[Sighting]) -> None:
    """Count columns of annual reports whose lists, frames and years show no report either."""
    seen = {one.address: one for one in sightings}
    for column in sightings:
        which = (column.shape or {}).get("column")
        parts = _parts(column, seen) if which is not None and column.outcome in OF_USE else []
        if not parts or any(map(_shows_reports, parts)):
            continue
        asks = next((str(asked) for one in parts if (asked := (one.shape or {}).get("asks"))), "")
        which = f"; a script asks {asks}" if asks else which
        unread.add(
            column.url, f"none of the lists of this column shows a report{which}: name its list in start"
        )
        unread.starts |= {column.url: asks} if asks else {}


def _shows_reports(one: Sighting) -> bool:
    return any(link.kind in (TaskKind.REPORT, TaskKind.FILE) for link in one.links) or bool(one.documents)


def _parts(column: Sighting, seen: Mapping[str, Sighting]) -> list[Sighting]:
    """A page and all that is part of it."""
    near, waiting, found = {column.address}, [column], list[Sighting]()
    while waiting:
        one = waiting.pop()
        found.append(one)
        parts = {link.address for link in one.links if link.kind is TaskKind.LIST and _is_part(link)} - near
        near |= parts
        waiting += [seen[address] for address in parts if address in seen]
    return found


def _is_part(link: Task) -> bool:
    """Whether a link leads to a part of a column, by the rule that was followed."""
    return link.why.startswith(_PARTS)


def _said(one: Sighting, name: str) -> int:
    return int((one.shape or {}).get(name, 0))


def _groups(sightings: Sequence[Sighting], ways: Collection[str]) -> list[set[str]]:
    """The addresses of every list: a page, and those that any of them leads to in one of these ways."""
    near: dict[str, set[str]] = {}
    for one in sightings:
        further = {link.address for link in one.links if link.why in ways}
        near.setdefault(one.address, set()).update(further)
        for leaf in further:
            near.setdefault(leaf, set()).add(one.address)
    lists, done = [], set[str]()
    for address in near:
        if address not in done:
            group, waiting = {address}, [address]
            while waiting:
                new = near[waiting.pop()] - group
                group |= new
                waiting.extend(new)
            done |= group
            lists.append(group)
    return lists
