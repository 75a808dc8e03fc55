"""PDFs whose pages are a stand-in: what they are about is elsewhere in the file, and no page shows it."""

from __future__ import annotations

from collections.abc import Sequence

import pikepdf
from pikepdf import Dictionary, Name, Object

from core.errors import UnreadableDocument
from core.failure_codes import Failure
from ocr.documents.embedded_files import embedded_files


def look_for_stand_in(pdf: pikepdf.Pdf, pages: Sequence[Object]) -> None:
    """Refuse a PDF whose pages only say that another program is needed.

    An XFA form with fields on its pages shows its values there, and a portfolio of several pages is
    a document with files in it.

    Raises:
        UnreadableDocument: it is a dynamic XFA form, or the cover of a portfolio.
    """
    form = pdf.Root.get(Name.AcroForm)
    is_xfa = isinstance(form, Dictionary) and Name.XFA in form
    if is_xfa and (bool(pdf.Root.get(Name.NeedsRendering)) or not any(map(_has_fields, pages))):
        reason = "an XFA form: its content is drawn by Adobe's own programs only, its page is a placeholder"
        raise UnreadableDocument(Failure.XFA_FORM, f"{reason}; print it to a PDF there and ingest that")
    if Name.Collection in pdf.Root and len(pages) == 1 and (inside := len(embedded_files(pdf))):
        raise UnreadableDocument(Failure.PORTFOLIO, f"a PDF portfolio: a cover and {inside} embedded files")


def _has_fields(page: Object) -> bool:
    return any(note.get(Name.Subtype) == Name.Widget for note in page.get(Name.Annots, []))
