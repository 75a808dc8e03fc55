"""Values typed over a page with a typewriter or a stamp, and annotations that change no value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

from bench.cases.base import Case
from bench.cases.lifting import Box, Lifted, add_annotations, appearance, lifted, truth

Note = Callable[[pikepdf.Pdf, Lifted], Object]
FEW, SOME = (lambda n: n % 60 == 7), (lambda n: n % 9 == 2)


def draw(folder: Path) -> Iterator[Case]:
    """22 reports: values that are annotations, few or some, and notes beside values that are print."""
    for note in (_typed, _typed_undrawn, _stamped, _turned, _watermark, _invisible_flag):
        for name, wanted in (("few", FEW), ("some", SOME)):
            pdf, values = lifted(wanted)
            add_annotations(pdf, *(note(pdf, value) for value in values))
            yield _saved(pdf, folder / f"{note.__name__.strip('_')}-{name}.pdf")
    for note in (
        _link,
        _hidden,
        _no_view,
        _popup,
        _highlight,
        _far_ink,
        _frame,
        _note_in_margin,
        _file,
    ):
        _, values = lifted(SOME)
        pdf, _ = lifted(lambda n: False)
        add_annotations(pdf, *(note(pdf, value) for value in values))
        yield _saved(pdf, folder / f"{note.__name__.strip('_')}.pdf")
    pdf, values = lifted(SOME)
    add_annotations(pdf, *(_typed(pdf, value) for value in values))
    pdf.pages[0].Rotate = 180
    yield _saved(pdf, folder / "typed-and-turned.pdf")


def _saved(pdf: pikepdf.Pdf, target: Path) -> Case:
    pdf.save(target)
    return Case(target, truth())


def _note(kind: str, box: Box, flags: int = 4, **more: object) -> Object:
    said = {"Type": Name.Annot, "Subtype": Name(f"/{kind}"), "F": flags}
    rect = Array([round(side, 2) for side in box])
    return Dictionary({f"/{key}": held for key, held in {**said, "Rect": rect, **more}.items()})


def _drawn(pdf: pikepdf.Pdf, value: Lifted, kind: str, text: str = "", flags: int = 4) -> Object:
    looks = Dictionary(N=appearance(pdf, value.room(), text or value.text))
    said = {"Contents": String(value.text), "DA": String("/Helv 8 Tf 0 g")}
    return _note(kind, value.room(), flags, AP=looks, **said)


def _typed(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    return _drawn(pdf, value, "FreeText")


def _typed_undrawn(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    said = {"Contents": String(value.text), "DA": String("/Helv 8 Tf 0 g"), "BS": Dictionary(W=0)}
    return _note("FreeText", value.room(), IT=Name.FreeTextTypeWriter, **said)


def _stamped(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    return _drawn(pdf, value, "Stamp")


def _watermark(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    return _drawn(pdf, value, "Watermark")


def _invisible_flag(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    """The flag is for kinds that a viewer does not know; all know this one."""
    return _drawn(pdf, value, "FreeText", flags=5)


def _turned(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    """An appearance that lies in its own space and is stood up by its matrix."""
    left, bottom, right, top = value.room()
    form = appearance(pdf, (0, 0, top - bottom, right - left), value.text)
    form.write(f"BT /F 8 Tf 0 1 -1 0 {(top - bottom) / 2 + 2.8:.2f} 2 Tm ({value.text}) Tj ET".encode())
    form.Matrix = Array([0, -1, 1, 0, 0, 0])
    return _note("Stamp", value.room(), AP=Dictionary(N=form))


def _link(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    return _note("Link", value.room(), Border=Array([0, 0, 0]))


def _hidden(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    return _drawn(pdf, value, "FreeText", "958", flags=2)


def _no_view(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    return _drawn(pdf, value, "Stamp", "958", flags=36)


def _popup(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    return _note("Popup", value.room(), 0, Open=False, Contents=String("958"))


def _highlight(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    left, bottom, right, top = value.room(1, 1)
    corners = Array([left, top, right, top, left, bottom, right, bottom])
    return _note("Highlight", (left, bottom, right, top), C=Array([1, 1, 0]), QuadPoints=corners)


def _far_ink(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    """A tick of a pen in the margin."""
    strokes = Array([Array([20, value.box[1], 24, value.box[1] - 4, 32, value.box[3]])])
    box = (18, value.box[1] - 6, 34, value.box[3] + 2)
    return _note("Ink", box, InkList=strokes, C=Array([0, 0, 1]), BS=Dictionary(W=1))


def _frame(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    """A frame round the whole page, outside of all print."""
    return _note("Square", (8, 8, 587, 834), C=Array([1, 0, 0]), BS=Dictionary(W=1))


def _note_in_margin(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    return _note("Text", (10, value.box[1], 26, value.box[1] + 16), Contents=String("核对过"))


def _file(pdf: pikepdf.Pdf, value: Lifted) -> Object:
    """A file pinned to the margin, which is no document."""
    packed = pdf.make_stream(b"<a>958</a>")
    named = Dictionary(Type=Name.Filespec, F=String("data.xml"), EF=Dictionary(F=packed))
    return _note("FileAttachment", (10, value.box[1], 20, value.box[1] + 10), FS=named)
