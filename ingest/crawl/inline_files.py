"""Files that a page carries in its own source, as base64: in a script, a `data:` address or a text field."""

from __future__ import annotations

import re
from base64 import b64decode
from itertools import islice

# Of one page; an honest one shows one file.
_MOST = 20
# How PDF, zip (OFD, DOCX …) and older office files begin in base64. Shorter ones are no document.
_BEGINS = re.compile(
    rb"(?<![A-Za-z0-9+/])(?:JVBERi0|UEsDB[A-D]|0M8R4KGx)(?:[A-Za-z0-9+/]|\\[nr/]|[\r\n \t]|%2[BbFf]){400,}+"
)
_NOISE = re.compile(rb"\\[nr]|[\\\s]")


def inline_files(source: bytes) -> list[bytes]:
    """The files in a page's source, as received, each once, in their order; what is no base64 is none."""
    found = (_decoded(match[0]) for match in islice(_BEGINS.finditer(source), _MOST))
    return [body for body in dict.fromkeys(found) if body]


def _decoded(said: bytes) -> bytes:
    plain = _NOISE.sub(b"", re.sub(rb"%2[Bb]", b"+", re.sub(rb"%2[Ff]", b"/", said)))
    # Padding was left behind; a lone last character carries no byte.
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    return b64decode(plain + b"=" * (-len(plain) % 4))
