"""Bytes of a web page as text. A declared character set is a hint: what decodes is what it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

# The declaration stands in the first kilobytes; templates put long comments before it.
_HEAD = 8192
_DECLARED = re.compile(rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The Chinese national standards are contained in the last of them. Latin-1 is what servers say
# that were never told; it decodes anything.
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "cp936", "hz"})
_SAYS_NOTHING = frozenset({"iso8859-1", "cp1252", "ascii", "utf-7"})
REPLACEMENT = "\ufffd"


def decoded(page: bytes, declared: str = "") -> str:
    """Return the text of a page; `declared` is the character set that came with it, outside of it.

    What decodes as UTF-8 is UTF-8: text in any other set does so only by a freak. Then the
    declared sets are tried, then GB18030. Where nothing fits, the set that leaves the fewest
    characters unread stands, with U+FFFD for those.
    """
    for mark, name in _MARKS:
        if page.startswith(mark):
            return page[len(mark) :].decode(name, "replace")
    names = list(dict.fromkeys(_candidates(page, declared)))
    for name in names:
        try:
            return page.decode(name)
        except UnicodeDecodeError:
            continue
    attempts = [page.decode(name, "replace") for name in names]
    return min(attempts, key=lambda text: text.count(REPLACEMENT))


def _candidates(page: bytes, declared: str) -> Iterator[str]:
    yield "utf-8"
    meta = _DECLARED.search(page, 0, _HEAD)
    for name in (declared, meta[1].decode("ascii") if meta else ""):
        if codec := _codec(name):
            yield codec
    yield "gb18030"


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name.strip("\"' ")).name
    except LookupError:
        return None
    if found in _CHINESE:
        return "gb18030"
    # The declaration was read as ASCII, so the page is not what takes two bytes a character.
    return None if found in _SAYS_NOTHING or found.startswith(("utf-16", "utf-32")) else found
