"""Files inside of PDFs as candidates: attachments and portfolios are taken in as the members of zips are."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryFile
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO

from core.limits import document_limits, exceeded
from core.zip_limits import AGAIN, Allowance
from ingest.sources.candidates import Candidate

if TYPE_CHECKING:  # qpdf is loaded only where a PDF comes
    from ocr.documents.embedded_files import EmbeddedFile, PackedFile


def embedded_members(
    candidate: Candidate, depth: int = 1, allowance: Allowance | None = None
) -> tuple[Candidate, ...]:
    """Return the files in a PDF as candidates; it shares depth and `allowance` with zips around it.

    Raises:
        OSError: there are files in it, and they are beyond a limit.
    """
    with _sought(candidate) as stream:
        found: tuple[PackedFile, ...] = _reader().files_inside(stream)
    if not found:
        return ()
    what = f"{len(found)} files are embedded in it and not taken:"
    if depth > document_limits().zip_depth:
        raise OSError(exceeded("zip_depth", f"{what} they lie more than {{}} deep", AGAIN))
    if any(one.size > document_limits().file_bytes for one in found):
        raise OSError(exceeded("file_bytes", f"{what} one unpacks to more than {{}}", AGAIN))
    if not (allowance or Allowance()).takes([one.size for one in found]):
        raise OSError(exceeded("zip_members", f"{what} more than {{}}, or too large together", AGAIN))
    return tuple(_member(candidate, one.file) for one in found)


def _member(outer: Candidate, file: EmbeddedFile) -> Candidate:
    return Candidate(f"{outer.name}!{file.name}", partial(_opened, outer, file), asked_for=False)


@contextmanager
def _opened(outer: Candidate, file: EmbeddedFile) -> Iterator[BinaryIO]:
    with _sought(outer) as stream:
        content: bytes = _reader().read_file_inside(stream, file)
    yield io.BytesIO(content)


def _reader() -> ModuleType:
    from ocr.documents import embedded_files

    return embedded_files


@contextmanager
def _sought(candidate: Candidate) -> Iterator[BinaryIO]:
    """Open a candidate so that it is cheap to seek in: a member of a zip unpacks anew at every step back."""
    with candidate.open() as stream:
        if isinstance(stream, io.BufferedReader | io.BytesIO):
            yield stream
            return
        with TemporaryFile() as copy:
            shutil.copyfileobj(stream, copy)
            copy.seek(0)
            yield copy
