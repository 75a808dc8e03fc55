"""Bytes of a web page as text: what they say, whatever is declared; county sites often declare it wrongly."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

# GB18030 has all of GB2312 and GBK, and what pages beyond them print.
_GB = frozenset({"gb2312", "gbk", "gb18030", "hz", "euc_cn", "cp936", "iso-ir-58"})
# Declared by servers that know no better, or impossible in a page that could be read so far.
_IDLE = frozenset({"ascii", "us-ascii", "cp1252", "latin-1", "iso8859-1", "iso-8859-1"})
_WIDE = ("utf-16", "utf-32", "utf_16", "utf_32")
_CHINESE = re.compile(r"[\u2000-\uffff]")
# The declaration stands in the first kilobytes; templates put long comments before it.
_HEAD = 8192
REPLACEMENT = "\ufffd"
# Share of bytes that may be wrong (a broken character in a frame) in an otherwise sound encoding.
_FEW = 0.002


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """Return the text of a page and the name of the encoding that it was read with.

    A byte order mark is believed. Text that is sound UTF-8 with Chinese in it is
    UTF-8, since GBK hardly ever looks so; then counts what the server and the
    page declare, in this order, if the bytes agree; then what they agree with best.
    """
    marked, bom = read_bom(body)
    if marked:
        return body[len(bom or b"") :].decode(marked, "replace"), marked
    plain = _as_utf8(body)
    if plain is not None and len(_CHINESE.findall(plain)) > 1:
        return plain, "utf-8"
    declared = (http_content_type_encoding(content_type), html_body_declared_encoding(body[:_HEAD]))
    candidates = [name for name in map(_usable, filter(None, declared)) if name]
    candidates = list(dict.fromkeys([*candidates, "utf-8", "gb18030"]))
    for name in candidates:
        text = _strictly(body, name)
        if text is not None:
            return text, name
    return _least_bad(body, candidates)


def _as_utf8(body: bytes) -> str | None:
    """Decode UTF-8, of which the last character may be cut; None if it is none."""
    try:
        return getincrementaldecoder("utf-8")().decode(body)
    except UnicodeError:
        return None


def _usable(name: str) -> str:
    """Give the encoding to try for a declared one; empty if the name says nothing."""
    known = resolve_encoding(name) or name.lower()
    if known in _IDLE or known.startswith(_WIDE):
        return ""
    return "gb18030" if known in _GB else known


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, LookupError):
        return None


def _least_bad(body: bytes, names: list[str]) -> tuple[str, str]:
    """Choose the encoding with the fewest broken characters; the declared one if there are only a few."""
    texts = [(body.decode(name, "replace"), name) for name in names if _exists(name)]
    text, name = texts[0]
    if text.count(REPLACEMENT) <= len(body) * _FEW:
        return text, name
    return min(texts, key=lambda pair: pair[0].count(REPLACEMENT))


def _exists(name: str) -> bool:
    try:
        b"".decode(name)
    except LookupError:
        return False
    return True
