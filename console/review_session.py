"""The walk through the queue of doubtful values: show one, ask, keep what the person says, go on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import RenderableType

from archive.archive import Archive
from archive.db.engine import LockedError
from archive.records import ReportName, VerdictKind
from archive.values import verdicts
from archive.values.facts import FactFilter
from archive.values.records import DoubtfulValue, PrintedValue, VerdictInput
from archive.values.review_queue import ReviewFilter
from console.inline_images import inline_image
from console.views import review
from core.errors import UnreadableDocument, UsageError
from core.streams import talk

KEYS = (
    "a accept the reading · c correct it (c 12 at once) · m the report's own mistake · "
    "n note · u undo the last · s skip · q quit"
)
PROMPT = "a c m n u s q > "
WHAT = "what is printed (a number, a dash; or: blank, unread, missing; nothing to go back) > "
NOTE = "note > "
STATES = {
    "blank": "blank",
    "空": "blank",
    "unread": "unread",
    "未识": "unread",
    "missing": "missing",
    "缺": "missing",
}
Name = tuple[ReportName, str]


class _Quit(Exception):  # noqa: N818 (nothing is wrong)
    """The person has had enough."""


@dataclass(slots=True)
class ReviewSession:
    """A walk through the values named (sha256 and key), for the person `who`.

    `ask` gives the answer to a prompt (EOFError where there are no more), `tell`
    shows something, `picture` draws the value. Each verdict is kept at once;
    `given` counts them.
    """

    archive: Archive
    names: Sequence[Name]
    who: str
    ask: Callable[[str], str]
    tell: Callable[[Iterable[RenderableType]], None]
    picture: Callable[[DoubtfulValue], Path | None]
    _at: int = 0
    _judged: list[int] = field(default_factory=list)
    _shown: DoubtfulValue | None = None

    @property
    def given(self) -> int:
        return len(self._judged)

    def run(self) -> None:
        """Go through all values, or until the person quits."""
        self.tell([KEYS])
        try:
            while self._at < len(self.names):
                self._visit(*self.names[self._at])
        except (EOFError, KeyboardInterrupt):
            return

    def _visit(self, report: ReportName, key: str) -> None:
        """Show a value, if it is not shown already, and ask once; pass by what needs no look any more."""
        doubt = look(self.archive, report, key)
        if doubt is None or not doubt.fact.needs_review:
            self._at += 1
            return
        if doubt != self._shown:
            self.tell(review.card(doubt, f"{self._at + 1} of {len(self.names)}", self.picture(doubt)))
            self._shown = doubt
        try:
            self._answer(doubt, self.ask(PROMPT).strip())
        except (UsageError, LockedError) as error:
            self.tell([str(error)])

    def _answer(self, doubt: DoubtfulValue, answer: str) -> None:
        key, _, rest = answer.partition(" ")
        acts: dict[str, Callable[[], None]] = {
            "a": lambda: self._judge(doubt, VerdictKind.ACCEPT),
            "c": lambda: self._correct(doubt, rest),
            "m": lambda: self._judge(doubt, VerdictKind.ANOMALY),
            "n": lambda: self._note(doubt, rest),
            "u": self._undo,
            "s": lambda: self._go(self._at + 1),
            "q": lambda: self._go(len(self.names)),
        }
        acts.get(key.lower(), lambda: self.tell([KEYS]))()

    def _judge(self, doubt: DoubtfulValue, kind: VerdictKind, printed: PrintedValue | None = None) -> None:
        self._keep(doubt.fact.report, doubt.key, VerdictInput(kind, self.who, "", printed, doubt.run))
        self._judged.append(self._at)
        self._go(self._at + 1)

    def _correct(self, doubt: DoubtfulValue, text: str) -> None:
        if text := text.strip() or self.ask(WHAT).strip():
            self._judge(doubt, VerdictKind.CORRECT, printed_as(text))

    def _note(self, doubt: DoubtfulValue, note: str) -> None:
        if note := note.strip() or self.ask(NOTE).strip():
            self._keep(doubt.fact.report, doubt.key, VerdictInput(VerdictKind.NOTE, self.who, note))

    def _undo(self) -> None:
        """Take back the last verdict of this walk, and go back to its value."""
        if not self._judged:
            raise UsageError("no verdict in this walk yet; `guidang review undo` takes back older ones")
        self._keep(*self.names[self._judged[-1]], VerdictInput(VerdictKind.UNDO, self.who))
        self._go(self._judged.pop())

    def _go(self, place: int) -> None:
        self._at = place
        self._shown = None

    def _keep(self, report: ReportName, key: str, said: VerdictInput) -> None:
        """Keep one verdict: the archive is open for writing no longer than that."""
        with Archive.open(self.archive.location, write=True) as writer:
            kept = writer.review.judge(report, key, said)
        self.tell([review.said(kept)])


def look(archive: Archive, report: ReportName, key: str) -> DoubtfulValue | None:
    """One value by its report and its name, judged or not; None if there is none."""
    table, row, column = verdicts.key_of(key)
    chosen = FactFilter(report.document, report.part, table=table, row=row, column=column)
    return next(archive.review.doubts(ReviewFilter(chosen, all=True)), None)


def printed_as(text: str) -> PrintedValue:
    """What a person says is printed: a number, a dash, or the name or sign of another state.

    Raises UsageError for anything else.
    """
    word = text.strip().lower()
    state = STATES.get(word, word)
    return PrintedValue(state, "", "") if state in STATES.values() else verdicts.printed(text)


def picture_of(archive: Archive, doubt: DoubtfulValue) -> Path | None:
    """The picture of a value, shown at once where the terminal can."""
    from ingest.rendering.page_pictures import draw_value  # loads what reads pages

    try:
        picture = draw_value(archive, doubt)
    except (UnreadableDocument, OSError) as error:  # the value can be judged without
        talk(f"no picture: {error}")
        return None
    if picture and sys.stdout.isatty() and (shown := inline_image(picture)):
        sys.stdout.write(shown)
    return picture
