"""Reports that are files inside of another PDF: portfolios, attachments, files pinned to a page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Object, String

from bench.accuracy.truth import Fact, read_truth
from bench.cases.base import Case, Outcome
from bench.cases.lifting import SAMPLES, font

# A file's name in the PDF, and the sample that it is.
REPORTS = (("2023年报告.pdf", "form2021.pdf"), ("报告(1).pdf", "onepage.pdf"), ("年报.html", "webpage.html"))
# What is carried along and is no document.
OTHERS = (("invoice.xml", b"<a/>"), ("sRGB.icc", b"\0\0\2\x0capplmntr"), ("song.ttf", b"\0\1\0\0\0\x10"))

Wrap = Callable[[str, bytes], bytes]


def draw(folder: Path) -> Iterator[Case]:
    """21 files: ways to carry a report by its kind; what is no document besides is not taken."""
    wraps: Sequence[Wrap] = (_portfolio, _attached, _pinned, _nested, _old_name, _in_zip, _among_others)
    for wrap in wraps:
        for number, (name, sample) in enumerate(REPORTS):
            suffix = ".zip" if wrap is _in_zip else ".pdf"
            target = folder / f"{wrap.__name__.strip('_')}-{number}{suffix}"
            # The same bytes would be one document, of the first file that holds them.
            unlike = f"\n<!-- %{target.name} -->\n".encode()
            target.write_bytes(wrap(name, (SAMPLES / sample).read_bytes() + unlike))
            yield Case(target, _truth(sample), _only_documents)


def _truth(sample: str) -> tuple[Fact, ...]:
    return tuple(read_truth((SAMPLES / sample).with_suffix(".truth.csv")))


def _only_documents(outcome: Outcome) -> str:
    others = [
        page["source"] for page in outcome.pages if page["source"].endswith(tuple(n for n, _ in OTHERS))
    ]
    return f"taken in: {others}" if others else ""


def _letter() -> pikepdf.Pdf:
    """A page that says that something is enclosed."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Resources = Dictionary(Font=Dictionary(F=font(pdf)))
    page.Contents = pdf.make_stream(b"BT /F 12 Tf 72 740 Td (Please find the report enclosed.) Tj ET")
    return pdf


def _bytes(pdf: pikepdf.Pdf) -> bytes:
    stream = io.BytesIO()
    pdf.save(stream)
    return stream.getvalue()


def _attached(name: str, data: bytes) -> bytes:
    pdf = _letter()
    pdf.attachments[name] = AttachedFileSpec(pdf, data, filename=name)
    return _bytes(pdf)


def _portfolio(name: str, data: bytes) -> bytes:
    pdf = _letter()
    pdf.attachments[name] = AttachedFileSpec(pdf, data, filename=name)
    pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)
    return _bytes(pdf)


def _pinned(name: str, data: bytes) -> bytes:
    pdf = _letter()
    box = Array([500, 740, 520, 760])
    named = _specification(pdf, name, data)
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=box, FS=named, F=4)
    pdf.pages[0].Annots = Array([pdf.make_indirect(note)])
    return _bytes(pdf)


def _old_name(name: str, data: bytes) -> bytes:
    """A file that is named in one way only, and whose stream says nothing of itself."""
    pdf = _letter()
    tree = Dictionary(Names=Array([String("1"), _specification(pdf, name, data)]))
    pdf.Root.Names = Dictionary(EmbeddedFiles=tree)
    return _bytes(pdf)


def _specification(pdf: pikepdf.Pdf, name: str, data: bytes) -> Object:
    return Dictionary(F=String(name), EF=Dictionary(F=pdf.make_stream(data)))


def _nested(name: str, data: bytes) -> bytes:
    return _attached("来文.pdf", _portfolio(name, data))


def _in_zip(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("来文.pdf", _attached(name, data))
    return stream.getvalue()


def _among_others(name: str, data: bytes) -> bytes:
    pdf = _letter()
    for other, content in (*OTHERS, (name, data)):
        pdf.attachments[other] = AttachedFileSpec(pdf, content, filename=other)
    return _bytes(pdf)
