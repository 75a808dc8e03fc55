"""Reports whose values stand in form fields: with an appearance, without one, or with one that is stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from bench.cases.base import Case
from bench.cases.lifting import Box, Lifted, add_annotations, appearance, font, lifted, truth

FEW, SOME, ALL = (lambda n: n % 60 == 7), (lambda n: n % 9 == 2), (lambda n: True)
_HIDDEN, _NO_VIEW = 2, 32

Field = Callable[[pikepdf.Pdf, Lifted, int], pikepdf.Object]


def draw(folder: Path) -> Iterator[Case]:
    """24 ways to fill a form in: kinds of fields by how many values stand in them."""
    for number, (name, wanted, field, needs) in enumerate(_variants()):
        pdf, values = lifted(wanted)
        add_annotations(pdf, *(field(pdf, value, n) for n, value in enumerate(values)))
        pdf.Root.AcroForm = Dictionary(
            Fields=Array(list(pdf.pages[0].Annots)),
            DA=String("/Helv 0 Tf 0 g"),
            DR=Dictionary(Font=Dictionary(Helv=font(pdf), Song=_song(pdf))),
        )
        if needs is not None:
            pdf.Root.AcroForm.NeedAppearances = needs
        target = folder / f"{number:02d}-{name}.pdf"
        _save(pdf, target, number)
        yield Case(target, truth())


def _variants() -> Iterator[tuple[str, Callable[[int], bool], Field, bool | None]]:
    for name, field, needs in (
        ("drawn", _drawn, False),
        ("undrawn", _text, True),
        ("undrawn-unsaid", _text, None),
        ("stale", _stale, True),
        ("framed", partial(_text, extra={"MK": Dictionary(BC=Array([0.6]), BG=Array([0.95]))}), True),
        ("beside-hidden", _beside_hidden, False),
    ):
        for share, wanted in (("few", FEW), ("some", SOME), ("all", ALL)):
            yield f"{name}-{share}", wanted, field, needs
    yield "centred", SOME, partial(_text, extra={"Q": 1}), True
    yield "read-only", SOME, partial(_text, extra={"Ff": 1}), True
    yield "several-lines", SOME, partial(_text, extra={"Ff": 1 << 12}), True
    yield "type-to-fit", SOME, partial(_text, style="/Helv 0 Tf 0 g"), True
    yield "hanzi-type", SOME, partial(_text, style="/Song 8 Tf 0 g"), True
    yield "blue", SOME, partial(_text, style="/Helv 8 Tf 0 0 0.6 rg"), True


def _save(pdf: pikepdf.Pdf, target: Path, number: int) -> None:
    """Save as one program or another does."""
    if number % 4 == 1:
        pdf.save(target, encryption=pikepdf.Encryption(owner="owner", user=""))
    elif number % 4 == 2:
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    else:
        pdf.save(target)


def _widget(value: Lifted, number: int, box: Box | None = None, **more: object) -> pikepdf.Object:
    said = {"Type": Name.Annot, "Subtype": Name.Widget, "FT": Name.Tx, "T": String(f"f{number}"), "F": 4}
    rect = Array([round(side, 2) for side in box or value.room()])
    return Dictionary({f"/{key}": held for key, held in {**said, "Rect": rect, **more}.items()})


def _text(
    pdf: pikepdf.Pdf,
    value: Lifted,
    number: int,
    style: str = "/Helv 8 Tf 0 g",
    extra: dict[str, object] | None = None,
) -> pikepdf.Object:
    return _widget(value, number, V=String(value.text), DA=String(style), **(extra or {}))


def _drawn(pdf: pikepdf.Pdf, value: Lifted, number: int) -> pikepdf.Object:
    looks = Dictionary(N=appearance(pdf, value.room(), value.text))
    return _widget(value, number, V=String(value.text), DA=String("/Helv 8 Tf 0 g"), AP=looks)


def _stale(pdf: pikepdf.Pdf, value: Lifted, number: int) -> pikepdf.Object:
    """A value that was changed by a program that leaves the drawing to the viewer."""
    looks = Dictionary(N=appearance(pdf, value.room(), "5"))
    return _widget(value, number, V=String(value.text), DA=String("/Helv 8 Tf 0 g"), AP=looks)


def _beside_hidden(pdf: pikepdf.Pdf, value: Lifted, number: int) -> pikepdf.Object:
    """A drawn field, and in its place another one that no viewer shows."""
    flags = _HIDDEN if number % 2 else _NO_VIEW
    looks = Dictionary(N=appearance(pdf, value.room(), "9"))
    add_annotations(pdf, _widget(value, number + 500, V=String("9"), F=flags, AP=looks))
    return _drawn(pdf, value, number)


def _song(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """A type of hanzi that is not in the file, as Chinese forms name it."""
    system = Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=2)
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0,
        BaseFont=Name("/STSong-Light"),
        CIDSystemInfo=system,
        DW=1000,
    )
    outer = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/STSong-Light"))
    outer.Encoding, outer.DescendantFonts = Name("/UniGB-UCS2-H"), Array([inner])
    return pdf.make_indirect(outer)
