"""Pictures inside the terminal, where the terminal can: the protocols of kitty and of iTerm2."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from pathlib import Path

_KITTY_PIECE = 4096
# A multiplexer swallows what it does not know.
_MULTIPLEXERS = ("TMUX", "STY")


def inline_image(picture: Path, environment: Mapping[str, str] = os.environ) -> str | None:
    """What to print so that the terminal shows a PNG; None where it is not known to be able to."""
    content = base64.standard_b64encode(picture.read_bytes()).decode("ascii")
    protocol = protocol_of(environment)
    if protocol == "kitty":
        return _kitty(content)
    if protocol == "iterm":
        return f"\x1b]1337;File=inline=1;preserveAspectRatio=1:{content}\x07\n"
    return None


def protocol_of(environment: Mapping[str, str]) -> str | None:
    """The protocol that the terminal of this environment knows: kitty, iterm or none."""
    if any(environment.get(name) for name in _MULTIPLEXERS):
        return None
    program = environment.get("TERM_PROGRAM", "")
    if environment.get("KITTY_WINDOW_ID") or program == "ghostty":
        return "kitty"
    if program in ("iTerm.app", "WezTerm") or environment.get("LC_TERMINAL") == "iTerm2":
        return "iterm"
    return None


def _kitty(content: str) -> str:
    """Send and show (`a=T`) a PNG (`f=100`) in pieces; `m` says whether more follow."""
    pieces = [content[start : start + _KITTY_PIECE] for start in range(0, len(content), _KITTY_PIECE)]
    last = len(pieces) - 1
    heads = ("a=T,f=100," if n == 0 else "" for n in range(len(pieces)))
    return (
        "".join(
            f"\x1b_G{head}m={int(n < last)};{piece}\x1b\\"
            for n, (head, piece) in enumerate(zip(heads, pieces, strict=True))
        )
        + "\n"
    )
