"""Sheets bound to one PDF: joined, turned round, laid over, laid side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2 as pdfium

from bench.corpus.degrade import scan_pdf
from bench.volumes.members import Member, pages_in
from bench.volumes.sheets import overlay
from samples.generator.typeset import A4


@dataclass(frozen=True, slots=True)
class Bound:
    """Some pages of a volume; `of` is the report that they belong to, None where they belong to none.

    `cover` pages belong to the report that follows.
    """

    pdf: Path
    of: Member | None = None

    @property
    def n_pages(self) -> int:
        return pages_in(self.pdf)


@dataclass(frozen=True, slots=True)
class TrueReport:
    """What a volume holds of one report; pages count from 1."""

    member: Member
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class BoundVolume:
    """A volume as it lies in a file, and the reports in it in the order of their pages."""

    path: Path
    reports: tuple[TrueReport, ...]


def bind(
    target: Path,
    parts: Sequence[Bound],
    *,
    heads: bool = False,
    numbered: bool = False,
    backwards: bool = False,
) -> BoundVolume:
    """Join the parts; pages are numbered through, have running heads, or lie from the last to the first."""
    document = pdfium.PdfDocument.new()
    for part in parts:
        source = pdfium.PdfDocument(part.pdf)
        document.import_pages(source)
        source.close()
    if heads or numbered:
        _lay_over(document, _texts(parts, heads=heads, numbered=numbered))
    if backwards:
        document = _turned_round(document)
    document.save(target)
    document.close()
    return BoundVolume(target, _truth(parts, backwards=backwards))


def _texts(parts: Sequence[Bound], *, heads: bool, numbered: bool) -> list[tuple[str, str]]:
    owners = [part.of for part in parts for _ in range(part.n_pages)]
    return [
        (
            f"{one.organ}{one.year}年政府信息公开工作年度报告" if heads and one else "",
            f"{number}" if numbered else "",
        )
        for number, one in enumerate(owners, 1)
    ]


def _lay_over(document: pdfium.PdfDocument, texts: Sequence[tuple[str, str]]) -> None:
    source = pdfium.PdfDocument(overlay(texts))
    for number, page in enumerate(document):
        page.insert_obj(source.page_as_xobject(number, document).as_pageobject())
        page.gen_content()
    source.close()


def _turned_round(document: pdfium.PdfDocument) -> pdfium.PdfDocument:
    turned = pdfium.PdfDocument.new()
    turned.import_pages(document, pages=list(range(len(document)))[::-1])
    return turned


def _truth(parts: Sequence[Bound], *, backwards: bool) -> tuple[TrueReport, ...]:
    spans: dict[int, tuple[Member, list[int]]] = {}
    number = 0
    for part in parts:
        own = list(range(number + 1, number + part.n_pages + 1))
        number += part.n_pages
        if part.of is not None:
            spans.setdefault(id(part.of), (part.of, []))[1].extend(own)
    found = [(one, min(pages), max(pages)) for one, pages in spans.values()]
    if backwards:
        found = [(one, number + 1 - last, number + 1 - first) for one, first, last in reversed(found)]
    return tuple(TrueReport(*each) for each in found)


def scanned(volume: BoundVolume, recipe: str, seed: int) -> BoundVolume:
    """The volume printed and scanned."""
    target = volume.path.with_suffix(f".{recipe}.pdf")
    if not target.exists():
        scan_pdf(volume.path, target, recipe, seed)
    return replace(volume, path=target)


def side_by_side(volume: BoundVolume) -> BoundVolume:
    """Two pages on each sheet, as a book that lies open; a report may begin on the right of one."""
    target, source = volume.path.with_suffix(".spread.pdf"), pdfium.PdfDocument(volume.path)
    document = pdfium.PdfDocument.new()
    width, height = A4
    for left in range(0, len(source), 2):
        page = document.new_page(2 * width, height)
        for side, number in enumerate(range(left, min(left + 2, len(source)))):
            placed = source.page_as_xobject(number, document).as_pageobject()
            placed.transform(pdfium.PdfMatrix().translate(side * width, 0))
            page.insert_obj(placed)
        page.gen_content()
    document.save(target)
    reports = (TrueReport(one.member, (one.first + 1) // 2, (one.last + 1) // 2) for one in volume.reports)
    return BoundVolume(target, tuple(reports))
