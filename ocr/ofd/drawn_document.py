"""An OFD as a document: the PDF that is made of it, page by page, and looks the same.

All that is known of digital PDFs holds for it then: its text layer, its drawn rules, its pictures.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pikepdf import Dictionary, Name, Pdf

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from core.limits import within
from ocr.documents.base import Document
from ocr.documents.pdf import open_pdf
from ocr.documents.zipped_xml import DAMAGED_PACKAGE, Element, child, children, folder_of
from ocr.ofd.canvas import Canvas
from ocr.ofd.package import OfdPackage, text_of
from ocr.ofd.page_painter import A4, Atelier, PagePainter, box_of
from ocr.ofd.pictures import BAD_PICTURE, picture_of
from ocr.ofd.resources import Resources, Style
from ocr.ofd.seals import Stamp, is_ofd, stamps


@contextmanager
def open_ofd(path: Path) -> Iterator[Document]:
    """Open an OFD as the PDF that is made of it; the same file gives the same pages.

    Raises:
        UnreadableDocument: it is damaged, encrypted, without pages or beyond a limit.
    """
    with TemporaryDirectory(prefix="guidang-ofd-") as folder:
        made = Path(folder) / "drawn.pdf"
        _draw(path, made)
        with open_pdf(made) as document:
            yield document


def _draw(path: Path, target: Path) -> None:
    with Pdf.new() as pdf, path.open("rb") as stream:
        atelier = Atelier(pdf)
        try:
            canvases = [*_canvases(OfdPackage.of(stream), atelier)]
        except DAMAGED_PACKAGE as error:
            reason = f"the OFD is damaged and cannot be drawn ({error})"
            raise UnreadableDocument(Failure.DAMAGED, reason) from error
        if not canvases:
            raise UnreadableDocument(Failure.NO_PAGES, "the OFD has no pages")
        fonts = {font.name: font.to_pdf(pdf) for font in atelier.shelf}
        for canvas in canvases:
            canvas.add_to(pdf, fonts.__getitem__)
        pdf.save(target, deterministic_id=True)


def _canvases(package: OfdPackage, atelier: Atelier, deepest: int = 1) -> Iterator[Canvas]:
    """Draw the pages of all documents in a package; seals that are OFDs are drawn so deep."""
    root = package.find("OFD.xml")
    if root is None:
        raise KeyError("it has no OFD.xml")
    for body in children(package.xml(root), "DocBody"):
        name = package.find(text_of(child(body, "DocRoot")))
        if name is None:
            raise KeyError("its document is missing")
        yield from _OfdDocument.of(package, body, name, atelier.apart(), deepest).canvases()


@dataclass(frozen=True, slots=True)
class _OfdDocument:
    """One document of a package, with what its pages share."""

    package: OfdPackage
    root: Element
    folder: str
    resources: Resources
    atelier: Atelier
    templates: Mapping[str, str]
    stamps: tuple[Stamp, ...]
    deepest: int

    @classmethod
    def of(
        cls, package: OfdPackage, body: Element, name: str, atelier: Atelier, deepest: int
    ) -> _OfdDocument:
        root, folder = package.xml(name), folder_of(name)
        told = children(child(root, "CommonData"), "TemplatePage")
        templates = {one.get("ID", ""): one.get("BaseLoc", "") for one in told}
        resources = Resources.of(package, root, folder)
        sealed = tuple(stamps(package, body, folder)) if deepest else ()
        return cls(package, root, folder, resources, atelier, templates, sealed, deepest)

    def canvases(self) -> Iterator[Canvas]:
        pages = [*children(child(self.root, "Pages"), "Page")]
        within(len(pages), "pages", "the OFD has more than {} pages")
        notes = self._annotations()
        for number, page in enumerate(pages, 1):
            try:
                yield self._canvas(page, notes.get(page.get("ID", ""), []))
            except ValueError as error:
                stage = f"page {number}"
                reason = f"{stage} of the OFD is damaged and cannot be drawn ({error})"
                raise UnreadableDocument(Failure.DAMAGED, reason, stage) from error

    def _canvas(self, page: Element, notes: list[Element]) -> Canvas:
        name = self._part(page.get("BaseLoc", ""))
        content = self.package.xml(name)
        for told in children(content, "PageRes"):
            self.resources.add(text_of(told), folder_of(name))
        left, top, width, height = self._area(content)
        canvas = Canvas(width, height)
        painter = PagePainter(self.resources, self.atelier, canvas)
        with canvas.moved((1, 0, 0, 1, -left, -top)):
            self._templates(painter, content, front=False)
            painter.layers(child(content, "Content"))
            self._templates(painter, content, front=True)
            for note in notes:
                self._note(painter, note)
            for stamp in self.stamps:
                if stamp.page == page.get("ID"):
                    self._stamp(canvas, stamp)
        return canvas

    def _area(self, content: Element) -> tuple[float, float, float, float]:
        areas = (child(content, "Area"), child(self.root, "CommonData", "PageArea"))
        for area in areas:
            box = box_of(text_of(child(area, "PhysicalBox")))
            if box[2] > 0 and box[3] > 0:
                return box
        return A4

    def _templates(self, painter: PagePainter, content: Element, *, front: bool) -> None:
        for told in children(content, "Template"):
            if (told.get("ZOrder") == "Foreground") == front:
                name = self._part(self.templates.get(told.get("TemplateID", ""), ""))
                template = self.package.xml(name)
                for shared in children(template, "PageRes"):
                    self.resources.add(text_of(shared), folder_of(name))
                painter.layers(child(template, "Content"))

    def _part(self, place: str) -> str:
        name = self.package.find(place, (self.folder,)) if place else None
        if name is None:
            raise KeyError(f"a page or template is missing: {place or 'it is not told where'}")
        return name

    def _annotations(self) -> Mapping[str, list[Element]]:
        """Return the annotations by the ids of their pages."""
        name = self.package.find(text_of(child(self.root, "Annotations")), (self.folder,))
        found: dict[str, list[Element]] = {}
        for page in children(self.package.xml(name), "Page") if name else ():
            place = text_of(child(page, "FileLoc"))
            part = self.package.find(place, (folder_of(name or ""), self.folder)) if place else None
            if part is not None:
                notes = children(self.package.xml(part), "Annot")
                found.setdefault(page.get("PageID", ""), []).extend(notes)
        return found

    def _note(self, painter: PagePainter, note: Element) -> None:
        look = child(note, "Appearance")
        if look is not None and note.get("Visible") != "false":
            with painter.placed(look.get("Boundary")):
                painter.objects(look, Style())

    def _stamp(self, canvas: Canvas, stamp: Stamp) -> None:
        """Draw a seal so that print shines through it, as viewers do; without its picture there is none."""
        left, top, width, height = box_of(stamp.boundary)
        with canvas.moved((width, 0, 0, height, left, top)):
            canvas.state("/M", Dictionary(BM=Name.Multiply))
            if is_ofd(stamp.picture):
                self._nested(canvas, stamp.picture)
                return
            try:
                canvas.picture(picture_of(self.atelier.pdf, stamp.picture))
            except BAD_PICTURE:
                return

    def _nested(self, canvas: Canvas, picture: bytes) -> None:
        try:
            drawn = next(_canvases(OfdPackage.of(io.BytesIO(picture)), self.atelier, self.deepest - 1), None)
        except (UnreadableDocument, *DAMAGED_PACKAGE):
            return
        if drawn is not None and drawn.width > 0 and drawn.height > 0:
            with canvas.moved((1 / drawn.width, 0, 0, 1 / drawn.height, 0, 0)):
                canvas.put(*drawn.parts)
            canvas.fonts |= drawn.fonts
            canvas.pictures |= drawn.pictures
            canvas.states |= drawn.states
