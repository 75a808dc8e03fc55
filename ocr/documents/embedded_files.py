"""Files that a PDF carries: attachments, the members of a portfolio, files pinned to a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import pikepdf
from pikepdf import Dictionary, Name, Object

from core.limits import document_limits
from ocr.documents.pdf_streams import ODD, bounded, filters_of, unpacked_size

# Where a file specification has its file; those of old systems last.
_PLACES = (Name.UF, Name.F, Name.Unix, Name.DOS, Name.Mac)


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file in a PDF: its name, and the number of the object that holds its bytes."""

    name: str
    number: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file in a PDF with the bytes that it unpacks to, or some number beyond the limit of a file."""

    file: EmbeddedFile
    size: int


def files_inside(stream: BinaryIO) -> tuple[PackedFile, ...]:
    """Return the files in a PDF, given as a file that can be sought in; none where qpdf cannot open it."""
    with bounded():
        try:
            with pikepdf.open(stream) as pdf:
                return tuple(PackedFile(file, _size(pdf, file)) for file in embedded_files(pdf))
        except ODD:
            return ()


def read_file_inside(stream: BinaryIO, file: EmbeddedFile) -> bytes:
    """Return the bytes of a file in a PDF. Raises OSError where they cannot be had."""
    with bounded():
        try:
            with pikepdf.open(stream) as pdf:
                return pdf.get_object(file.number).read_bytes()
        except ODD as error:
            raise OSError(f"it cannot be taken out of the PDF ({error})") from error


def _size(pdf: pikepdf.Pdf, file: EmbeddedFile) -> int:
    held = pdf.get_object(file.number)
    return unpacked_size(held, filters_of(held), document_limits().file_bytes)


def embedded_files(pdf: pikepdf.Pdf) -> tuple[EmbeddedFile, ...]:
    """Return the files in a PDF, each once, in the order of their names in the file, pinned ones last."""
    found: dict[tuple[int, int], EmbeddedFile] = {}
    for key, specification in _specifications(pdf):
        held = specification.get(Name.EF, Dictionary())
        stream = next((held[place] for place in _PLACES if place in held), None)
        if isinstance(stream, pikepdf.Stream):
            name = specification.get(Name.UF) or specification.get(Name.F) or key
            found.setdefault(stream.objgen, EmbeddedFile(str(name) or key, stream.objgen))
    return tuple(found.values())


def _specifications(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Object]]:
    for key, attached in pdf.attachments.items():
        yield str(key), attached.obj
    for page in pdf.pages:
        for note in page.get(Name.Annots, []):
            specification = note.get(Name.FS)
            if note.get(Name.Subtype) == Name.FileAttachment and isinstance(specification, Dictionary):
                yield "attachment", specification
