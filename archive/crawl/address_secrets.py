"""Addresses as they are shown: without the tokens, keys, passwords and states of forms that stand in them."""

from __future__ import annotations

import re

HIDDEN = "***"
_NAMES = (
    r"(?:[a-z]{1,12}[_-]?){0,2}token|(?:api|app|access|secret|private|subscription|oss)?[_-]?(?:access)?[_-]?key"
    r"(?:[_-]?id)?|(?:x-amz-|app[_-]?|client[_-]?)?(?:sign|signature|sig|secret|credential)|pass(?:word|wd)?|pwd|"
    r"auth|authorization|ticket|(?:j|php|asp)?sess(?:ion)?_?id|"
    r"__viewstate\w{0,20}|__eventvalidation|__previouspage"
)
# user:password@ before a host.
_USER = re.compile(r"(?<=://)[^/\s@?#\"'<>\\]{1,300}@")
# name=value in a query, a form's body or behind a semicolon.
_FIELD = re.compile(rf"(?<![\w%-])((?:{_NAMES})(?:=|%3D))(?!\*)[^&\s#\"'<>;,]+", re.I)
# "name": "value" in a body of JSON, plain or as it stands in a form.
_QUOTE = r"(?:\"|'|%22)"
_JSON = re.compile(
    rf"({_QUOTE}(?:{_NAMES}){_QUOTE}\s{{0,3}}(?::|%3A)\s{{0,3}}(?:\+|%20){{0,3}}{_QUOTE}?)(?:(?!%22)[^\"'&,}}\s])+",
    re.I,
)


def without_secrets(text: str) -> str:
    """A text, an address or one that names some, with `***` for what only those may know who were given it.

    For logs, tables and exports; what is asked for, and what tells addresses apart, is never this.
    """
    if "@" in text:
        text = _USER.sub(f"{HIDDEN}@", text)
    if "=" in text or "%3" in text:
        text = _FIELD.sub(rf"\1{HIDDEN}", text)
    return _JSON.sub(rf"\1{HIDDEN}", text) if ":" in text or "%3" in text else text
