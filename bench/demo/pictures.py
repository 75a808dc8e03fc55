"""Make the pictures of the README: `.venv/bin/python -m bench.demo.pictures`, or `make pictures`.

The samples are ingested into an archive made for the purpose and thrown away; the commands run in a
terminal of `COLUMNS` columns and what they print is drawn as it is, but for lines left out at a ⋮.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from io import StringIO
from itertools import accumulate, chain
from pathlib import Path

from PIL import Image
from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.style import Style
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
GUIDANG = Path(sys.executable).with_name("guidang")
COLUMNS, LINES = 100, 60
FINISHED = (0, 3)  # 3: the broken samples failed, as they should
LEFT_OUT = "  ⋮"

# The page is shown at the width of a README; with this many colours it stays small.
PAGE_WIDTH, PAGE_COLOURS = 800, 48

# The width of a column for a height of 1, and what rich's own frame lacks: fonts that are at hand, CJK
# ones too, and nothing to be fetched.
ASPECT = 0.61
FRAME = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px "DejaVu Sans Mono", Menlo, Consolas,
  "Noto Sans Mono CJK SC", "PingFang SC", "Microsoft YaHei", monospace; }}
.{unique_id}-title {{ font: bold 18px sans-serif; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/>
</clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""
WIDE = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uff60]+")
DRAWN_TEXT = re.compile(r'(<text [^>]*textLength=")[\d.]+("[^>]*>)([^<]*)<')
PIXELS_A_COLUMN = 20 * ASPECT


@dataclass(frozen=True, slots=True)
class Shot:
    """A command line to show, and which of its lines: the first `head` and the last `tail`; all if None."""

    command: str
    head: int | None = None
    tail: int = 0


INGEST = Shot("guidang ingest samples")
SHOTS = (
    Shot("guidang search 复议 --limit 3"),
    Shot("guidang facts --table requests --row new --column total --where 'value>100'"),
    Shot("guidang show mixed-scan.pdf", head=34, tail=10),
)
PAGE = ("show", "form2021-scan.pdf", "--page", "2", "--image")


def main() -> None:
    """Make both pictures."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="guidang-") as folder:
        archive = Path(folder) / "archive"
        # A plain terminal for the ingest: its progress bar would be drawn over and over.
        shown = [transcript(INGEST, archive, "dumb")]
        shown += [transcript(shot, archive, "xterm-256color") for shot in SHOTS]
        (PICTURES / "terminal.svg").write_text(drawn(Text("\n").join(shown)), encoding="utf-8")
        page = subprocess.run([GUIDANG, *PAGE], env=environment(archive), stdout=subprocess.PIPE, check=True)
        small_page(Path(page.stdout.decode().strip())).save(PICTURES / "page.png", optimize=True)


def transcript(shot: Shot, archive: Path, terminal: str) -> Text:
    """Run a command in the project's folder; its prompt, its output and its colours."""
    printed = run_in_terminal(shot.command, archive, terminal).replace("\r\n", "\n").strip("\n")
    lines = list(chain.from_iterable(cut(line) for line in Text.from_ansi(printed).split("\n")))
    if shot.head is not None:
        lines = [*lines[: shot.head], Text(LEFT_OUT), *lines[-shot.tail :]]
    return Text("\n").join(chain([Text(f"$ {shot.command}", style="bold green")], lines, [Text()]))


def cut(line: Text) -> Iterable[Text]:
    """The line cut as a terminal does it: at its last column, through words."""
    pieces = chop_cells(line.plain, COLUMNS)
    return line.divide(list(accumulate(map(len, pieces)))[:-1])


def run_in_terminal(command: str, archive: Path, terminal: str) -> str:
    """What a command prints to a terminal of `COLUMNS` × `LINES`; SystemExit if it fails."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    variables = environment(archive) | {"TERM": terminal}
    child = subprocess.Popen(
        command, shell=True, cwd=ROOT, env=variables, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    printed = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    if child.wait() not in FINISHED:
        raise SystemExit(f"{command} ended with exit code {child.returncode}")
    return printed.decode()


def _read(terminal: int) -> bytes:
    """Read some bytes; none at the end, which Linux reports as an error of a terminal."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def environment(archive: Path) -> dict[str, str]:
    """The variables of a shell in which `guidang` is on the path and knows its archive."""
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    path = f"{GUIDANG.parent}{os.pathsep}{kept.get('PATH', '')}"
    return kept | {"PATH": path, "GUIDANG_ARCHIVE": str(archive), "LC_ALL": "C.UTF-8"}


def drawn(text: Text) -> str:
    """The text as SVG, every run of wide characters exactly as wide as the columns it takes."""
    for found in WIDE.finditer(text.plain):
        text.stylize(Style(meta={"wide": True}), *found.span())  # a run of its own in the picture
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="256")
    console.print(text, no_wrap=True, overflow="ignore", highlight=False)
    picture = console.export_svg(
        title="guidang", code_format=FRAME, font_aspect_ratio=ASPECT, unique_id="guidang"
    )
    return DRAWN_TEXT.sub(_set_length, picture)


def _set_length(match: re.Match[str]) -> str:
    """Rich counts characters where columns are meant, so wide ones come out at half their length."""
    opening, middle, content = match.groups()
    return f"{opening}{cell_len(unescape(content)) * PIXELS_A_COLUMN:g}{middle}{content}<"


def small_page(picture: Path) -> Image.Image:
    """A drawn page at the size of a README, in few colours."""
    page = Image.open(picture).convert("RGB")
    height = round(page.height * PAGE_WIDTH / page.width)
    small = page.resize((PAGE_WIDTH, height), Image.Resampling.LANCZOS)
    return small.quantize(PAGE_COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
