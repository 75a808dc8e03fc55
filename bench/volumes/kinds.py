"""Kinds of volumes, a function each: it draws some into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium

from bench.volumes import sheets
from bench.volumes.binding import Bound, BoundVolume, TrueReport, bind, scanned, side_by_side
from bench.volumes.members import NUMBERS, SPOILT, TITLES, Member, member, set_together

Draw = Callable[[Path], Iterator[BoundVolume]]
# Organs that differ by one character, or of which one name holds the other.
NEAR = (
    "东湖区民政局",
    "西湖区民政局",
    "云溪县人民政府",
    "云溪县人民政府办公室",
    "云溪县水利局",
    "云溪县水务局",
)
PLACES = (
    "云溪县",
    "临泽市",
    "白石区",
    "江浦市",
    "东屏县",
    "北岭区",
    "沅清市",
    "河源口县",
    "洛南县",
    "青阳区",
)
OFFICES = (
    "财政局",
    "水利局",
    "民政局",
    "教育局",
    "人民政府办公室",
    "审计局",
    "司法局",
    "自然资源局",
    "档案馆",
)


def plain(folder: Path) -> Iterator[BoundVolume]:
    """Twenty reports, one behind the other, and three with titles of all wordings."""
    yield bind(folder / "plain-0.pdf", _bound(_members(20)))
    for n in range(1, 4):
        yield bind(folder / f"plain-{n}.pdf", _bound(_members(5, start=5 * n, title=TITLES[n])))


def singles(folder: Path) -> Iterator[BoundVolume]:
    """Documents of one report: with a cover, blank leaves, a notice behind, the same pages from the last."""
    for n, one in enumerate(_members(8, start=3)):
        before = [Bound(sheets.cover(one, ("above", "below")[n % 2], n % 3 == 0), one)] if n % 2 else []
        parts = [*before, Bound(one.pdf, one), *([Bound(sheets.notice(one), one)] if n % 3 == 1 else [])]
        yield bind(folder / f"single-{n}.pdf", parts, heads=n % 4 == 2, numbered=n % 4 == 3, backwards=n == 5)


def covers(folder: Path) -> Iterator[BoundVolume]:
    """Covers before the reports, some sealed, some with a blank back; inside a title or none."""
    for n in range(6):
        own = _members(5, start=4 * n, title=TITLES[n % 4] if n < 4 else "")
        how = ("above", "below")[n % 2]
        parts = [
            part
            for one in own
            for part in (
                Bound(sheets.cover(one, how, n % 3 == 0), one),
                *([Bound(sheets.blank())] if n % 2 else []),
                Bound(one.pdf, one),
            )
        ]
        yield bind(folder / f"covers-{n}.pdf", parts)


def blanks(folder: Path) -> Iterator[BoundVolume]:
    """Blank leaves before, behind and between the reports."""
    for n in range(3):
        own = _members(5, start=7 * n)
        gap = [Bound(sheets.blank())] * (1 + n % 2)
        parts = [part for one in own for part in (*gap, Bound(one.pdf, one))]
        yield bind(folder / f"blanks-{n}.pdf", [*parts, *gap], numbered=n == 2)


def contents(folder: Path) -> Iterator[BoundVolume]:
    """Volumes with a cover, a table of contents and separators; pages numbered through, or not."""
    for n in range(4):
        own = _members(8, start=5 * n, footer="" if n % 2 else "- 1 -")
        opening = [Bound(sheets.volume_cover(PLACES[n], 2023))]
        starts = [3 + sum(one.n_pages for one in own[:k]) for k in range(len(own))]
        opening.append(Bound(sheets.contents(own, starts, organs_only=n % 2 == 1)))
        parts = [part for one in own for part in (*_separators(one, n), Bound(one.pdf, one))]
        yield bind(folder / f"contents-{n}.pdf", [*opening, *parts], numbered=n % 2 == 1, heads=n == 3)


def running(folder: Path) -> Iterator[BoundVolume]:
    """Running heads and page numbers through the whole volume; in two the reports have no other title."""
    for n in range(4):
        title = TITLES[0] if n < 2 else ""
        own = _members(6, start=6 * n, title=title, footer="")
        yield bind(folder / f"running-{n}.pdf", _bound(own), heads=True, numbered=n % 2 == 0)


def backwards(folder: Path) -> Iterator[BoundVolume]:
    """Bound from the last page to the first."""
    for n in range(3):
        own = _members(5, start=8 * n)
        parts = [part for one in own for part in (Bound(sheets.cover(one), one), Bound(one.pdf, one))]
        yield bind(folder / f"backwards-{n}.pdf", parts if n == 1 else _bound(own), backwards=True)


def twice(folder: Path) -> Iterator[BoundVolume]:
    """One report twice, and one organ's reports on several years."""
    for n in range(4):
        (one,) = _members(1, start=n)
        other = replace(one) if n % 2 else member(NUMBERS[n], one.organ, one.year - 1)
        third = member(NUMBERS[n + 9], one.organ, one.year + 1)
        yield bind(folder / f"twice-{n}.pdf", _bound([one, other, third]))


def near(folder: Path) -> Iterator[BoundVolume]:
    """Organs whose names differ by one character, or hold one another, all on one year."""
    for n in range(3):
        own = [member(NUMBERS[(n + k) % 20], organ, 2023, TITLES[n]) for k, organ in enumerate(NEAR)]
        yield bind(folder / f"near-{n}.pdf", _bound(own))


def spoilt(folder: Path) -> Iterator[BoundVolume]:
    """The title of every second report is spoilt, or not there: what begins again parts them."""
    for n in range(4):
        titles = (TITLES[0], SPOILT if n % 2 else "")
        own = [replace(_member(5 * n + k, title=titles[k % 2])) for k in range(6)]
        yield bind(folder / f"spoilt-{n}.pdf", _bound(own), numbered=n > 1)


def beheaded(folder: Path) -> Iterator[BoundVolume]:
    """Reports whose first page is missing, behind whole ones: nothing names their organ."""
    for n in range(4):
        own = _members(4, start=4 * n, footer="" if n % 2 else "- 1 -")
        yield _without_first_pages(folder / f"beheaded-{n}.pdf", own)


def shared(folder: Path) -> Iterator[BoundVolume]:
    """The last page of a report and the first of the next are one."""
    for n in range(4):
        own = _members(3, start=3 * n)
        pdf = set_together(own)
        yield BoundVolume(pdf, tuple(_found(pdf, own)))


def spread(folder: Path) -> Iterator[BoundVolume]:
    """Two pages side by side on each sheet."""
    for n in range(2):
        yield side_by_side(bind(folder / f"spread-{n}.pdf", _bound(_members(4, start=9 * n))))


def long(folder: Path) -> Iterator[BoundVolume]:
    """A volume of 300 pages, with all that volumes have."""
    own = [_member(k, title=TITLES[k % 4], footer="") for k in range(85)]
    parts = [Bound(sheets.volume_cover("全市", 2023)), Bound(sheets.contents(own[:40], range(40)))]
    parts.append(Bound(sheets.contents(own[40:], range(45))))
    for n, one in enumerate(own):
        parts += [Bound(sheets.cover(one), one)] if n % 3 == 0 else _separators(one, n % 4)
        parts.append(Bound(one.pdf, one))
    yield bind(folder / "long.pdf", parts, numbered=True)


def scans(folder: Path) -> Iterator[BoundVolume]:
    """Scanned volumes: with covers, with separators, plain, spoilt titles, near organs."""
    drawn = (covers, contents, plain, near, spoilt)
    for n, kind in enumerate(drawn):
        volume = list(kind(folder))[n % 2 + (kind is plain)]
        yield scanned(volume, ("grey200", "jpeg150", "seal", "grey200", "soft")[n], n)


def mixed(folder: Path) -> Iterator[BoundVolume]:
    """Digital and scanned reports in turn."""
    own = _members(6, start=11)
    parts = []
    for n, one in enumerate(own):
        volume = bind(folder / f"mixed-part-{n}.pdf", [Bound(one.pdf, one)])
        parts.append(Bound(scanned(volume, "grey200", n).path if n % 2 else one.pdf, one))
    yield bind(folder / "mixed.pdf", parts)


KINDS: dict[str, Draw] = {
    draw.__name__: draw
    for draw in (
        *(singles, plain, covers, blanks, contents, running, backwards, twice, near),
        *(spoilt, beheaded, shared, spread, long, scans, mixed),
    )
}


def _member(n: int, **how: str) -> Member:
    """The nth of ever new organs, over the reports of the corpus in turn."""
    organ = PLACES[n % len(PLACES)] + OFFICES[n // len(PLACES) % len(OFFICES)]
    return member(NUMBERS[n % len(NUMBERS)], organ, 2019 + n % 6, **how)


def _members(count: int, start: int = 0, **how: str) -> list[Member]:
    return [_member(n, **how) for n in range(start, start + count)]


def _bound(members: Sequence[Member]) -> list[Bound]:
    return [Bound(one.pdf, one) for one in members]


def _separators(one: Member, how: int) -> list[Bound]:
    """A sheet with the organ's name, with a blank back, or none."""
    sheet = Bound(sheets.separator(one.organ))
    return ([sheet], [sheet, Bound(sheets.blank())], [], [sheet])[how]


def _without_first_pages(target: Path, own: Sequence[Member]) -> BoundVolume:
    """Every second report without its first page; what is printed on that is in no truth."""
    document, reports = pdfium.PdfDocument.new(), []
    for n, one in enumerate(own):
        source = pdfium.PdfDocument(one.pdf)
        pages = list(range(n % 2, len(source)))
        document.import_pages(source, pages=pages)
        first = len(document) - len(pages) + 1
        known = one if n % 2 == 0 else replace(one, organ="", year=0, facts=())
        reports.append(TrueReport(known, first, len(document)))
    document.save(target)
    return BoundVolume(target, tuple(reports))


def _found(pdf: Path, own: Sequence[Member]) -> Iterator[TrueReport]:
    """Where reports that were set together begin: on the pages that print their titles."""
    document = pdfium.PdfDocument(pdf)
    texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    firsts = [next(n for n, text in enumerate(texts, 1) if one.title in text) for one in own]
    for n, one in enumerate(own):
        last = firsts[n + 1] if n + 1 < len(own) else len(texts)
        yield TrueReport(one, firsts[n], last)
