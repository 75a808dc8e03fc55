"""The worst pages of a run of bench/accuracy/run.py as pictures, with what went wrong on them.

    .venv/bin/python -m bench.accuracy.run --corpus dev --archive DIR
    .venv/bin/python -m bench.accuracy.worst --archive DIR [--count 10]          (or: make worst ARCHIVE=DIR)

Pages are ranked by wrong values, then by wrong characters. Writes docs/worst.md and a picture a page
into docs/worst/: wrong values boxed in red, each with what is printed → what was read. What a page
looks like and what went wrong a person writes into bench/accuracy/worst.yaml, where every new page gets an
empty entry; nothing is ever taken out of it, so the words stay when the page is made again. The half `held`
is never shown.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from PIL import Image as Pillow
from PIL import ImageDraw

from bench.accuracy import text
from bench.accuracy.calibration import truth_of
from bench.accuracy.compare import Key, Miss, Row, compare
from bench.accuracy.run import guidang
from bench.accuracy.show import page_image
from bench.accuracy.truth import Fact
from ocr.output.overlay import label_font
from reconcile.forms.registry import load_form

ROOT = Path(__file__).resolve().parents[2]
PAGE, NOTES = ROOT / "docs" / "worst.md", Path(__file__).with_name("worst.yaml")
RED = "#d92020"
LARGEST = 120_000  # bytes of a picture
# Width in pixels and colours, tried in turn until a picture is small enough.
SIZES = ((900, 32), (900, 16), (900, 8), (800, 8), (700, 6), (600, 4), (450, 4))
LISTED = 8
TO_WRITE = "—"
AT_END = 20  # characters below a heading that are no table, but a page number


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a report: its misses, and its wrong and printed characters, both 0 if they are not known."""

    path: Path
    number: int
    route: str
    misses: tuple[Miss, ...]
    errors: int
    characters: int

    @property
    def name(self) -> str:
        return f"{self.path.stem}-{self.number}.png"

    @property
    def kind(self) -> str:
        """The kind of damage, for files of the corpus."""
        return self.path.suffixes[0].lstrip(".") if len(self.path.suffixes) > 1 else "none"

    @property
    def badness(self) -> tuple[int, int]:
        return len(self.misses), self.errors


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page, the pictures and the empty entries of the notes."""
    parser = argparse.ArgumentParser(description="The worst pages of a run as pictures.")
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--output", type=Path, default=PAGE, help="Markdown; the pictures go beside it")
    parser.add_argument("--notes", type=Path, default=NOTES, help="YAML with the words of people")
    options = parser.parse_args(arguments)
    export = guidang("export", "facts", "--format", "csv", archive=options.archive)
    rows = list(csv.DictReader(io.StringIO(export)))
    texts = json.loads(guidang("export", "text", "--format", "json", archive=options.archive))
    found = list(pages(rows, texts))
    worst = sorted(found, key=lambda page: page.badness, reverse=True)[: options.count]
    save(worst, len(found), options.output, options.notes)


def save(worst: Sequence[Page], of: int, output: Path, notes: Path) -> None:
    """Write everything about the worst pages `of` so many; pictures of an earlier run go."""
    folder = output.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for page in worst:
        (folder / page.name).write_bytes(picture(page))
    words = completed(notes, worst)
    output.write_text("".join(markdown(worst, of, folder.name, words)), encoding="utf-8")


def pages(rows: Iterable[Row], texts: Iterable[Mapping[str, Any]]) -> Iterator[Page]:
    """Every page that was read of the documents whose truth is known.

    SystemExit for an archive of the half that nobody should look at.
    """
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_source[row["source"]].append(row)
    read: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in texts:
        read[one["source"]].append(one)
    for source, found in read.items():
        if Path(source).parent.name == "held":
            raise SystemExit("the half `held` is only ever scored, never looked at")
        yield from _pages(Path(source), by_source[source], found)


def _pages(path: Path, rows: Sequence[Row], read: Sequence[Mapping[str, Any]]) -> Iterator[Page]:
    truth = truth_of(str(path))
    if truth is None:
        return
    misses: dict[int, list[Miss]] = defaultdict(list)
    printed = _printed(path)
    where = places(truth.values(), rows, printed)
    for miss in compare(path.name, list(truth.values()), rows).misses:
        misses[where.get(miss.key, 1)].append(miss)
    for one in read:
        number = one["page"]
        here = printed[number - 1 : number]
        errors = text.errors(here, {1: one["text"]}) if here else (0, 0)
        yield Page(path, number, one["route"], tuple(misses[number]), *errors)


def places(facts: Iterable[Fact], rows: Iterable[Row], printed: Sequence[str]) -> dict[Key, int]:
    """The page of each value: where it was read; else where the one before it, or after it, in its table was.

    Of a table of which nothing was read it is the page below the heading of its section.
    """
    known = {(row["table"], row["row"], row["column"]): int(row["page"]) for row in rows if row["page"]}
    found = dict(known)
    for table, group in groupby(facts, key=lambda fact: (fact.form, fact.table)):
        keys = [fact.key for fact in group]
        last = next((known[key] for key in keys if key in known), 0) or _headed(*table, printed)
        for key in keys:
            last = found[key] = known.get(key, last)
    return found


def _headed(form: str, table: str, printed: Sequence[str]) -> int:
    """The page with the heading of a table, or the next if it stands at the end; 1 if none has it."""
    heading = text.plain(load_form(form).tables[table].heading)
    pages = [text.plain(page) for page in printed]
    number = next((n for n in range(len(pages), 0, -1) if heading in pages[n - 1]), 0)
    if not number:
        return 1
    below = pages[number - 1].rpartition(heading)[2]
    return number + (len(below) < AT_END and number < len(pages))


def _printed(path: Path) -> list[str]:
    """The text of each page of a report of the corpus; none is known of others."""
    notes = path.with_name(path.name.split(".")[0]).with_suffix(".json")
    return list(json.loads(notes.read_text(encoding="utf-8"))["pages"]) if notes.exists() else []


def picture(page: Page) -> bytes:
    """The page with its wrong values boxed, as a PNG of at most `LARGEST` bytes."""
    image, scale = page_image(page.path, page.number)
    packed = b""
    for width, colours in SIZES:
        packed = _packed(page, image, scale, width, colours)
        if len(packed) <= LARGEST:
            break
    return packed


def _packed(page: Page, image: Pillow.Image, scale: float, width: int, colours: int) -> bytes:
    share = min(1.0, width / image.width)
    size = round(image.width * share), round(image.height * share)
    small = image.convert("RGB").resize(size, Pillow.Resampling.LANCZOS)
    # Quantised before anything is drawn, so that few colours do not take the red away.
    marked = small.quantize(colours, dither=Pillow.Dither.NONE)
    canvas = ImageDraw.Draw(marked)
    for miss in page.misses:
        if miss.read and miss.read["left"]:
            _mark(canvas, miss, scale * share)
    buffer = io.BytesIO()
    marked.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _mark(canvas: ImageDraw.ImageDraw, miss: Miss, scale: float) -> None:
    """Box a wrong value; what is said of it stands along the upper edge, so that the print stays in sight."""
    assert miss.read is not None
    left, top, right, bottom = (float(miss.read[side]) * scale for side in ("left", "top", "right", "bottom"))
    canvas.rectangle((left, top, right, bottom), outline=RED, width=2)
    at, label, font = (left + 3, top - 1), said(miss), label_font(11)
    canvas.rectangle(canvas.textbbox(at, label, font=font), fill="#ffffff")
    canvas.text(at, label, fill=RED, font=font)


def said(miss: Miss) -> str:
    """What is printed → what was read: the text, or the state in brackets where there is none."""
    read = miss.read or {"raw": "", "state": "not listed"}
    return f"{miss.truth.raw or f'({miss.truth.state})'} → {read['raw'] or '({})'.format(read['state'])}"


def completed(notes: Path, worst: Iterable[Page]) -> dict[str, dict[int, dict[str, str]]]:
    """The words of people by file and page; a page that has none gets an empty entry, and all is saved."""
    known = (yaml.safe_load(notes.read_text(encoding="utf-8")) if notes.exists() else None) or {}
    for page in worst:
        known.setdefault(page.path.name, {}).setdefault(page.number, {"looks": "", "wrong": ""})
    notes.write_text(yaml.safe_dump(known, allow_unicode=True, width=110), encoding="utf-8")
    return known


def markdown(
    worst: Sequence[Page], of: int, folder: str, words: Mapping[str, Mapping[int, Mapping[str, str]]]
) -> Iterator[str]:
    """The text of docs/worst.md."""
    yield (
        f"# The worst pages\n\nThe {len(worst)} worst of {of} pages that were read, by wrong values, then by "
        "wrong characters. Wrong values are boxed in red: printed → read.\n"
        "`make worst ARCHIVE=DIR` makes this page from the archive that "
        "`python -m bench.accuracy.run --corpus dev --archive DIR` left;\n"
        "the words are in `bench/accuracy/worst.yaml`.\n"
    )
    for rank, page in enumerate(worst, 1):
        yield from _section(rank, page, folder, words[page.path.name][page.number])


def _section(rank: int, page: Page, folder: str, words: Mapping[str, str]) -> Iterator[str]:
    title = f"{page.path.name}, page {page.number}"
    silent, made_up = (sum(getattr(miss, name) for miss in page.misses) for name in ("silent", "made_up"))
    lines = {
        "damage": f"`{page.kind}`, read as {page.route}",
        "looks": words.get("looks") or TO_WRITE,
        "wrong values": f"{len(page.misses)}; {silent} without a flag, {made_up} made up",
        "wrong characters": f"{page.errors:,} of {page.characters:,}",
        "what went wrong": words.get("wrong") or TO_WRITE,
    }
    yield f"\n## {rank}. {title}\n\n![{title}]({folder}/{page.name})\n\n| | |\n|---|---|\n"
    yield from (f"| {name} | {found} |\n" for name, found in lines.items())
    if page.misses:
        yield "\n| printed → read | times | flags | first of them |\n|---|---|---|---|\n"
        yield from _misreadings(page.misses)


def _misreadings(misses: Iterable[Miss]) -> Iterator[str]:
    """A line for each kind of misreading: those without a flag first, then the most frequent."""
    alike: dict[tuple[str, str], list[Miss]] = defaultdict(list)
    for miss in misses:
        alike[said(miss), (miss.read or {}).get("flags", "")].append(miss)
    ranked = sorted(alike.items(), key=lambda one: (not one[1][0].silent, -len(one[1])))
    for (told, flags), found in ranked[:LISTED]:
        shown, flagged = told.replace("|", "\\|").replace("\n", " "), flags.replace(";", ", ") or "none"
        yield f"| {shown} | {len(found)} | {flagged} | `{'/'.join(found[0].key)}` |\n"
    if more := sum(len(found) for _, found in ranked[LISTED:]):
        yield f"| … | {more} | | |\n"


if __name__ == "__main__":
    main()
