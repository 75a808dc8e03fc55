"""Pictures of pages: drawn in children that may die of a document, and kept while there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ocr.output.page_picture import WantedPicture

# Widths that pictures are drawn at, in pixels: thumbnails, narrow screens, screens, zoomed in, small print.
WIDTHS = (160, 640, 960, 1400, 2000)
# Bytes of pictures that are kept.
_ROOM = 128 << 20
Draw = Callable[[Path, WantedPicture], Any]
_Key = tuple[str, WantedPicture]


@dataclass(slots=True)
class Pictures:
    """Draws by `draw`, and gives what was drawn before from memory."""

    draw: Draw
    _kept: OrderedDict[_Key, bytes] = field(default_factory=OrderedDict)
    _size: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def picture(self, document: str, path: Path, wanted: WantedPicture) -> bytes:
        """A picture of a document by its sha256, WebP. Raises UnreadableDocument if there is none."""
        key = document, wanted
        with self._lock:
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
                return found
        drawn = bytes(self.draw(path, wanted))
        with self._lock:
            self._keep(key, drawn)
        return drawn

    def _keep(self, key: _Key, drawn: bytes) -> None:
        self._size += len(drawn) - len(self._kept.get(key, b""))
        self._kept[key] = drawn
        self._kept.move_to_end(key)
        while self._size > _ROOM and len(self._kept) > 1:
            self._size -= len(self._kept.popitem(last=False)[1])


def nearest_width(asked: int) -> int:
    """The least width of `WIDTHS` that is no less than what is asked for, or the largest."""
    return next((width for width in WIDTHS if width >= asked), WIDTHS[-1])
