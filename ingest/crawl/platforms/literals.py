"""Literals of scripts, strings and objects like `{columnid: 111}`, read without running anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

# Fields of a request that are read of one literal; honest ones have a dozen.
_MOST = 100
_PAIR = re.compile(
    r"""["']?([A-Za-z_$][\w$.-]{0,60})["']?\s{0,9}:\s{0,9}"""
    r"""(?:"((?:[^"\\\n]|\\.){0,2000})"|'((?:[^'\\\n]|\\.){0,2000})'|(-?\d{1,15}|true|false|null)(?![\w.])|"""
    r"""([A-Za-z_$][\w$.]{0,60}))"""
)
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)", re.S)
_PAGE_NAME = re.compile(
    r"(?:cur(?:rent)?|now|to|this)?_?(?:p|pg|page)_?(?:no|num|number|index|now|cur(?:rent)?)?|pagenum", re.I
)


def pairs(literal: str, constants: Mapping[str, str]) -> dict[str, str]:
    """The fields of an object literal; those whose value nobody can tell are empty, a page's number is 1."""
    found: dict[str, str] = {}
    for match in islice(_PAIR.finditer(literal), _MOST):
        name, double, single, plain, variable = match.groups()
        said = double if double is not None else single
        if said is not None:
            value = unescaped(said)
        elif plain is not None:
            value = "" if plain == "null" else plain
        else:
            value = constants.get(variable, "1" if is_page_name(name) else "")
        found.setdefault(name, value)
    return found


def is_page_name(name: str) -> bool:
    """Whether a field of a request is called like the number of a page."""
    return bool(_PAGE_NAME.fullmatch(name))


def unescaped(text: str) -> str:
    """The value of a string as a script writes it."""
    return _ESCAPED.sub(lambda match: _character(match[1]), text)


def _character(escape: str) -> str:
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    return {"n": "\n", "r": "\r", "t": "\t", "\n": ""}.get(escape, escape)
