"""One catalogue of all that is said to people: English in the code, Chinese in `zh.po` (gettext)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.pofile import read_po

ENGLISH, CHINESE = "en", "zh"
Translate = Callable[[str], str]
_FOLDER = Path(__file__).parent


def translation(language: str) -> Translate:
    """What turns the English of the code into a language; English where it has no word."""
    known = _known(language)
    return lambda text: known.get(text, text)


def preferred(accepted: str) -> str:
    """The language for somebody who accepts these, most wanted first, as browsers say (`zh-CN,zh;q=0.9`)."""
    wanted = sorted((_weighed(one) for one in accepted.split(",") if one.strip()), reverse=True, key=_weight)
    names = [name for name, weight in wanted if weight > 0]
    return negotiate_locale(names, [CHINESE, ENGLISH], sep="-") or (CHINESE if not names else ENGLISH)


@cache
def _known(language: str) -> Mapping[str, str]:
    path = _FOLDER / f"{language}.po"
    if language == ENGLISH or not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}


def _weighed(one: str) -> tuple[str, float]:
    name, _, weight = one.strip().partition(";q=")
    try:
        return name.strip(), float(weight or 1)
    except ValueError:
        return name.strip(), 0.0


def _weight(one: tuple[str, float]) -> float:
    return one[1]
