"""Files that a PDF carries: attachments, the members of a portfolio, files pinned to a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary, Name, Object

# Where a file specification has its file; those of old systems last.
_PLACES = (Name.UF, Name.F, Name.Unix, Name.DOS, Name.Mac)


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file in a PDF: its name, and the number of the object that holds its bytes."""

    name: str
    number: tuple[int, int]


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
