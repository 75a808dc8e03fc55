"""Batches of documents that harm their readers: laying them, listening, looking for processes."""

from __future__ import annotations

import time
from pathlib import Path


class Silent:
    """Nobody listens; what would be said is kept."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.under_way: list[int] = []

    def started(self, documents: int) -> None: ...

    def more(self, documents: int) -> None: ...

    def page(self, pages_done: int, flagged: int) -> None: ...

    def finished(self, document: str, source: str, outcome: str, detail: str) -> None:
        self.said.append((source.rsplit("/", 1)[-1], outcome))

    def stopping(self, under_way: int) -> None:
        self.under_way.append(under_way)


def lay(folder: Path, **words: str) -> Path:
    """Files whose first words tell `poison.read` what to do."""
    folder.mkdir()
    for name, word in words.items():
        (folder / f"{name}.pdf").write_text(f"{word} {name}")
    return folder


def busy_children(parent: int) -> list[int]:
    """Children that hang in `sleep`; multiprocessing's own helper is none."""
    told = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    names = {int(one): Path(f"/proc/{one}/cmdline").read_bytes() for one in told}
    return [one for one, name in names.items() if b"spawn_main" in name]


def alive(process: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def until(look, enough, seconds: float = 20.0):
    """Look until it is enough or so many seconds have passed."""
    end = time.monotonic() + seconds
    while not enough(found := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return found
