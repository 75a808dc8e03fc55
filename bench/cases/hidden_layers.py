"""Layers (optional content) that are off, with other digits in the place of values or beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

from bench.cases.base import Case
from bench.cases.lifting import REPORT, Lifted, appearance, font, lifted, truth

Group = Callable[[pikepdf.Pdf], Object]


def draw(folder: Path) -> Iterator[Case]:
    """21 reports: ways in which a layer is off, by what stands on it and how it is drawn."""
    for way in (_off, _off_by_base, _off_on_screen, _member_of_off, _all_on, _not, _any_off):
        for name, put in (("over", _over), ("beside", _beside), ("form", _as_form)):
            _, values = lifted(lambda n: n % 11 == 3)
            target = folder / f"{way.__name__.strip('_')}-{name}.pdf"
            with pikepdf.open(REPORT) as pdf:
                group = way(pdf)
                pdf.pages[0].Resources.Font[Name("/GdF")] = font(pdf)
                put(pdf, group, values)
                pdf.save(target)
            yield Case(target, truth())


def _layers(pdf: pikepdf.Pdf, usual: dict[str, object], **more: object) -> tuple[Object, Object]:
    """Make two layers, one on, and the configuration; `usual` is given the one that is meant to be off."""
    on = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("终稿")))
    off = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("草稿"), **more))
    listed = {key: Array([off if one == "off" else on for one in value]) if isinstance(value, list) else value
              for key, value in usual.items()}  # fmt: skip
    settings = Dictionary(Order=Array([on, off]), **listed)
    pdf.Root.OCProperties = Dictionary(OCGs=Array([on, off]), D=settings)
    return on, off


def _off(pdf: pikepdf.Pdf) -> Object:
    return _layers(pdf, {"OFF": ["off"]})[1]


def _off_by_base(pdf: pikepdf.Pdf) -> Object:
    return _layers(pdf, {"BaseState": Name.OFF, "ON": ["on"]})[1]


def _off_on_screen(pdf: pikepdf.Pdf) -> Object:
    used = Dictionary(View=Dictionary(ViewState=Name.OFF), Print=Dictionary(PrintState=Name.ON))
    return _layers(pdf, {"ON": ["on", "off"]}, Usage=used)[1]


def _member_of_off(pdf: pikepdf.Pdf) -> Object:
    _, off = _layers(pdf, {"OFF": ["off"]})
    return pdf.make_indirect(Dictionary(Type=Name.OCMD, OCGs=off))


def _all_on(pdf: pikepdf.Pdf) -> Object:
    on, off = _layers(pdf, {"OFF": ["off"]})
    return pdf.make_indirect(Dictionary(Type=Name.OCMD, OCGs=Array([on, off]), P=Name.AllOn))


def _not(pdf: pikepdf.Pdf) -> Object:
    on, _ = _layers(pdf, {"OFF": ["off"]})
    return pdf.make_indirect(Dictionary(Type=Name.OCMD, OCGs=on, VE=Array([Name.Not, on])))


def _any_off(pdf: pikepdf.Pdf) -> Object:
    on, _ = _layers(pdf, {"OFF": ["off"]})
    return pdf.make_indirect(Dictionary(Type=Name.OCMD, OCGs=Array([on]), P=Name.AnyOff))


def _over(pdf: pikepdf.Pdf, group: Object, values: list[Lifted]) -> None:
    _marked(pdf, group, [(one.box[0], one.box[1], "958") for one in values])


def _beside(pdf: pikepdf.Pdf, group: Object, values: list[Lifted]) -> None:
    _marked(pdf, group, [(one.box[0] - 6, one.box[1], "1") for one in values])


def _marked(pdf: pikepdf.Pdf, group: Object, texts: list[tuple[float, float, str]]) -> None:
    """Draw texts as marked content of the page."""
    page = pdf.pages[0]
    page.Resources.Properties = Dictionary(Gd0=group)
    drawn = "".join(f"BT /GdF 8 Tf {x:.2f} {y:.2f} Td ({text}) Tj ET\n" for x, y, text in texts)
    page.contents_add(f"q /OC /Gd0 BDC\n{drawn}EMC Q".encode())


def _as_form(pdf: pikepdf.Pdf, group: Object, values: list[Lifted]) -> None:
    """Draw every text as a form that is on the layer."""
    page = pdf.pages[0]
    things = page.Resources.get(Name.XObject, Dictionary())
    drawn = []
    for number, one in enumerate(values):
        form = appearance(pdf, one.room(), "1")
        form.OC = group
        things[Name(f"/Gd{number}")] = form
        drawn.append(f"q 1 0 0 1 {one.box[0] - 10:.2f} {one.box[1] - 2:.2f} cm /Gd{number} Do Q")
    page.Resources.XObject = things
    page.contents_add("\n".join(drawn).encode())
