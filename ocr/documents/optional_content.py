"""Layers of a PDF (optional content) that viewers do not show, taken out of what draws its pages.

pdfium draws none of them, yet gives their text. After PDF 32000-1, 8.11, with the state of a layer told
as pdfium tells it for a screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Operator

# What paints a path: the path still ends, and may still clip.
_PAINTS_PATH = frozenset(map(Operator, ("f", "F", "f*", "S", "s", "B", "B*", "b", "b*")))
_PAINTS = frozenset(map(Operator, ("Tj", "TJ", "Do", "sh", "INLINE IMAGE")))
# These show text on the next line: it is still the next line for what follows.
_PAINTS_NEXT_LINE = frozenset(map(Operator, ("'", '"')))
# An expression of layers is followed no deeper.
_DEEPEST = 20

Instruction = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage


@dataclass(frozen=True, slots=True)
class HiddenLayers:
    """The layers that are off when a document is opened on a screen, by object number."""

    groups: frozenset[tuple[int, int]]

    def __bool__(self) -> bool:
        return bool(self.groups)

    def hide(self, membership: Object | None, depth: int = 0) -> bool:
        """Tell whether what belongs to a layer, or to an expression of layers, is not shown."""
        if not isinstance(membership, Dictionary) or depth > _DEEPEST:
            return False
        if membership.get(Name.Type) != Name.OCMD:
            return membership.objgen in self.groups
        if isinstance(expression := membership.get(Name.VE), Array):
            return not self._holds(expression, depth + 1)
        groups = membership.get(Name.OCGs)
        listed = list(groups) if isinstance(groups, Array) else [groups]
        off = [self.hide(group, depth + 1) for group in listed if isinstance(group, Dictionary)]
        return bool(off) and not _is_shown(str(membership.get(Name.P, Name.AnyOn)), off)

    def _holds(self, expression: Object, depth: int) -> bool:
        if isinstance(expression, Dictionary) or depth > _DEEPEST:
            return not self.hide(expression, depth)
        first, *rest = expression
        terms = [self._holds(term, depth + 1) for term in rest]
        if first == Name.Not:
            return not all(terms)
        return all(terms) if first == Name.And else any(terms)


def _is_shown(policy: str, off: list[bool]) -> bool:
    shown = {"/AllOn": not any(off), "/AnyOff": any(off), "/AllOff": all(off)}
    return shown.get(policy, not all(off))


def hidden_layers(pdf: pikepdf.Pdf) -> HiddenLayers:
    """Return the layers that are off by the default configuration, or by what they say of the screen."""
    properties = pdf.Root.get(Name.OCProperties, Dictionary())
    usual = properties.get(Name.D, Dictionary())
    on, off = (
        {group.objgen for group in usual.get(key, Array()) if isinstance(group, Dictionary)}
        for key in (Name.ON, Name.OFF)
    )
    hidden = set()
    for group in properties.get(Name.OCGs, Array()):
        said = group.get(Name.Usage, Dictionary()).get(Name.View, Dictionary()).get(Name.ViewState)
        by_default = group.objgen in off or (usual.get(Name.BaseState) == Name.OFF and group.objgen not in on)
        if said == Name.OFF if said is not None else by_default:
            hidden.add(group.objgen)
    return HiddenLayers(frozenset(hidden))


def take_out(pdf: pikepdf.Pdf, layers: HiddenLayers) -> None:
    """Take what hidden layers draw out of all pages and forms."""
    for page in pdf.pages:
        drawn = _drawn_without(page, page.resources, layers)
        if drawn is not None:
            page.Contents = pdf.make_stream(drawn)
    for found in pdf.objects:
        if isinstance(found, pikepdf.Stream) and found.get(Name.Subtype) == Name.Form:
            drawn = _drawn_without(found, found.get(Name.Resources, Dictionary()), layers)
            if drawn is not None:
                found.write(drawn)


def _drawn_without(holder: pikepdf.Page | Object, resources: Object, layers: HiddenLayers) -> bytes | None:
    """Return the content of a page or form without hidden layers; None where it draws none."""
    properties, things = (resources.get(key, Dictionary()) for key in (Name.Properties, Name.XObject))
    marks = {name for name, layer in properties.items() if layers.hide(layer)}
    drawn = {name for name, thing in things.items() if layers.hide(thing.get(Name.OC))}
    if not marks and not drawn:
        return None
    return pikepdf.unparse_content_stream(list(_kept(pikepdf.parse_content_stream(holder), marks, drawn)))


def _kept(content: list[Instruction], marks: set[str], things: set[str]) -> Iterator[Instruction]:
    hidden = [False]
    for one in content:
        operator, operands = one.operator, one.operands
        if operator in (Operator("BDC"), Operator("BMC")):
            is_off = len(operands) == 2 and operands[0] == Name.OC and str(operands[1]) in marks
            hidden.append(hidden[-1] or is_off)
        elif operator == Operator("EMC") and len(hidden) > 1:
            hidden.pop()
        is_thing = operator == Operator("Do") and str(operands[0]) in things
        yield from _unpainted(one) if hidden[-1] or is_thing else (one,)


def _unpainted(one: Instruction) -> Iterator[Instruction]:
    """Give what an instruction does beside painting."""
    if one.operator in _PAINTS_PATH:
        yield pikepdf.ContentStreamInstruction([], Operator("n"))
    elif one.operator in _PAINTS_NEXT_LINE:
        yield pikepdf.ContentStreamInstruction([], Operator("T*"))
    elif one.operator not in _PAINTS:
        yield one
