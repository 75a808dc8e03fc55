"""The content of a page of a PDF as it is drawn, in millimetres from the top left corner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from fontTools.pens.basePen import BasePen
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from ocr.ofd.resources import Colour, Style

POINTS_PER_MM = 72 / 25.4
_FILLS = {1: "g", 3: "rg", 4: "k"}
_STROKES = {1: "G", 3: "RG", 4: "K"}


@dataclass(slots=True)
class Canvas:
    """One page: its size in millimetres, and what was drawn so far."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)
    fonts: set[str] = field(default_factory=set)
    pictures: dict[str, Object] = field(default_factory=dict)
    states: dict[str, Dictionary] = field(default_factory=dict)

    def put(self, *operators: str) -> None:
        """Draw by operators of PDF."""
        self.parts += operators

    @contextmanager
    def moved(self, *matrices: Sequence[float]) -> Iterator[None]:
        """Draw with everything turned and moved; the last matrix is applied first."""
        self.put("q", *(f"{plain(*matrix)} cm" for matrix in matrices))
        yield
        self.put("Q")

    def colours(self, style: Style) -> None:
        """Set colours, and how much they cover."""
        self.put(_toned(style.fill, _FILLS), _toned(style.stroke, _STROKES))
        if style.fill_alpha < 1 or style.stroke_alpha < 1:
            name = f"/A{plain(style.fill_alpha)}-{plain(style.stroke_alpha)}"
            self.state(name, Dictionary(ca=style.fill_alpha, CA=style.stroke_alpha))

    def state(self, name: str, wanted: Dictionary) -> None:
        """Set what operators have no name for, under a name that tells what it is."""
        self.states[name] = wanted
        self.put(f"{name} gs")

    def lines(self, style: Style) -> None:
        """Set how lines are drawn."""
        self.put(f"{plain(style.line_width)} w {style.cap} J {style.join} j")
        if any(length > 0 for length in style.dashes) and min(style.dashes) >= 0:
            self.put(f"[{plain(*style.dashes)}] 0 d")

    def picture(self, made: Object) -> None:
        """Draw a picture over the unit square, its first row at the top."""
        name = f"/I{made.objgen[0]}"
        self.pictures[name] = made
        self.put(f"1 0 0 -1 0 1 cm {name} Do")

    def add_to(self, pdf: Pdf, font: Callable[[str], Object]) -> None:
        """Add the page to a PDF; `font` gives the fonts by name."""
        scale = POINTS_PER_MM
        head = f"{plain(scale, 0, 0, -scale, 0, self.height * scale)} cm"
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, self.width * scale, self.height * scale]),
            Contents=pdf.make_stream("\n".join((head, *self.parts)).encode("ascii")),
            Resources=Dictionary(
                Font=Dictionary({f"/{name}": font(name) for name in sorted(self.fonts)}),
                XObject=Dictionary(self.pictures),
                ExtGState=Dictionary(self.states),
            ),
        )
        pdf.pages.append(Page(pdf.make_indirect(page)))


class PathPen(BasePen):  # type: ignore[misc]
    """A pen of fontTools that draws on a page."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self.canvas = canvas

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.canvas.put(f"{plain(*pt)} m")

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.canvas.put(f"{plain(*pt)} l")

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self.canvas.put(f"{plain(*pt1, *pt2, *pt3)} c")

    def _closePath(self) -> None:  # noqa: N802
        self.canvas.put("h")


def plain(*values: float) -> str:
    """Return numbers as PDF writes them. Raises ValueError for what is no number at all."""
    return " ".join(_plain(value) for value in values)


def _plain(value: float) -> str:
    if not abs(value) < 1e9:
        raise ValueError(f"{value} is no length")
    return f"{value:.5f}".rstrip("0").rstrip(".")


def _toned(colour: Colour, operators: dict[int, str]) -> str:
    return f"{plain(*colour)} {operators[len(colour)]}"
