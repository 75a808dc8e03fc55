"""The text of a value cell turned into a state and a plain decimal.

Nothing is corrected here: what is not printed as a number is `unread`, however
obvious it looks (o for 0, 一 for a dash), and the raw text stays with the value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reconcile.labels import half_width
from reconcile.model import State

_DASHES = "-‐‑‒–—―−﹣"
_DASH = re.compile(rf"[{_DASHES}/\\]+|无|不涉及|不适用")
_SIGN = rf"(?P<sign>[{_DASHES}+]?)"
_NUMBER = r"(?P<number>0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?P<fraction>\.[0-9]+)?"
_UNIT = r"\s*(?:%|(?:[百千万亿]|百万|千万)?(?:元|件|条|个|项|次|人|宗|份|起|例|家|件次|人次)?)"
# The mark of a note: raised digits, which the readers give for small raised print, and signs of its own.
_NOTE = r"(?:[¹²³⁰⁴-⁹]{1,2}|\*{1,3}|※)?"
_NUMERAL = re.compile(_SIGN + _NUMBER + _UNIT + _NOTE)


@dataclass(frozen=True, slots=True)
class Numeral:
    """What a value cell says; `value` is a plain decimal when `state` is READ, else empty."""

    state: State
    value: str = ""


def parse(raw: str, *, inked: bool) -> Numeral:
    """Read the text of a value cell.

    White space inside a number, a leading zero or a misplaced separator may be
    two cells run together or a misreading, so such texts are `unread`. A unit
    is left out of the value and no amount is converted (12.5万元 gives 12.5), and so is the
    mark of a note behind it (185¹ gives 185).
    """
    text = half_width(raw).strip()
    if not text:
        return Numeral(State.UNREAD if inked else State.BLANK)
    if _DASH.fullmatch(re.sub(r"\s", "", text)):
        return Numeral(State.DASH)
    match = _NUMERAL.fullmatch(text)
    value = _plain(match) if match else ""
    return Numeral(State.READ, value) if value not in ("", "-0") else Numeral(State.UNREAD)


def _plain(match: re.Match[str]) -> str:
    sign = "-" if match["sign"] and match["sign"] != "+" else ""
    return sign + match["number"].replace(",", "") + (match["fraction"] or "")
