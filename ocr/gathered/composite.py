"""Several documents as the pages of one, whatever each of them is."""

from __future__ import annotations

import io
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pikepdf

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.limits import within
from ocr.arrays import Pixels
from ocr.documents.base import Char, Document, PdfPage, Sheet
from ocr.documents.typeset import Typeset
from ocr.gathered.container import unpacked
from ocr.model import table_on_page

Opener = Callable[[Path], AbstractContextManager[Document]]


@contextmanager
def open_gathered(path: Path, opener: Opener) -> Iterator[Document]:
    """Open what was gathered, each member by `opener`.

    Raises:
        UnreadableDocument: the container or one of its members cannot be opened; it says which.
    """
    with TemporaryDirectory(prefix="guidang-gathered-") as folder, ExitStack() as stack:
        try:
            members = unpacked(path, Path(folder))
        except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
            raise UnreadableDocument(Failure.DAMAGED, f"what was gathered is damaged ({error})") from error
        if not members:
            raise UnreadableDocument(Failure.NO_PAGES, "nothing was gathered in it")
        counts = [_pages_of(number, member, opener) for number, member in enumerate(members, 1)]
        within(sum(counts), "pages", "what was gathered has more than {} pages")
        yield _GatheredDocument(members, (0, *accumulate(counts)), opener, stack)


def _pages_of(number: int, member: Path, opener: Opener) -> int:
    try:
        with opener(member) as document:
            return len(document)
    except UnreadableDocument as error:
        reason = f"file {number} in it: {error.reason}"
        raise UnreadableDocument(error.args[0], reason, error.stage) from error


@dataclass(frozen=True)
class _GatheredDocument:
    """`before` has the number of pages before each member, and of all.

    One member is open at a time, that of the sheet asked for last: a scan is decoded whole.
    """

    members: Sequence[Path]
    before: Sequence[int]
    opener: Opener
    stack: ExitStack
    opened: dict[int, Document] = field(default_factory=dict)

    def __len__(self) -> int:
        return self.before[-1]

    def sheet(self, number: int) -> Sheet:
        member = bisect_right(self.before, number - 1) - 1
        return _GatheredSheet(number, self._member(member).sheet(number - self.before[member]))

    def _member(self, index: int) -> Document:
        if index not in self.opened:
            self.opened.clear()
            self.stack.close()
            self.opened[index] = self.stack.enter_context(self.opener(self.members[index]))
        return self.opened[index]

    def as_pdf(self) -> BinaryIO:
        whole = io.BytesIO()
        with pikepdf.new() as pdf, ExitStack() as sources:
            for member in self.members:
                document = sources.enter_context(self.opener(member))
                one = sources.enter_context(pikepdf.open(sources.enter_context(document.as_pdf())))
                pdf.pages.extend(one.pages)
            pdf.save(whole)
        whole.seek(0)
        return whole


@dataclass(frozen=True)
class _GatheredSheet:
    """A sheet of a member under its number in the whole."""

    number: int
    own: Sheet

    @property
    def width(self) -> float:
        return self.own.width

    @property
    def height(self) -> float:
        return self.own.height

    @property
    def chars(self) -> tuple[Char, ...]:
        return self.own.chars

    @property
    def native_dpi(self) -> float | None:
        return self.own.native_dpi

    @property
    def picture_dpi(self) -> float | None:
        return self.own.picture_dpi

    @property
    def pdf_page(self) -> PdfPage | None:
        return self.own.pdf_page

    @property
    def typeset(self) -> Typeset | None:
        told = self.own.typeset
        return told and replace(told, tables=tuple(table_on_page(one, self.number) for one in told.tables))

    def render(self, dpi: float, *, text: bool = True) -> Pixels:
        return self.own.render(dpi, text=text)
