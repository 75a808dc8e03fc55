# ruff: noqa: N818 (the names say what is the case, as in core/errors.py)
"""What can be wrong with a download in our own words; each message is one line in plain words."""

from __future__ import annotations

from core.errors import GuidangError


class Refused(GuidangError):
    """Our own rules forbid it, or cut it off; the message names the rule."""


class Broken(GuidangError):
    """The answer is not what it says it is, or no sound answer at all."""


class BrokenChain(Broken):
    """The certificate or the TLS handshake is not sound."""


def megabytes(size: float) -> str:
    """A size in bytes as people write it in SITES.toml: `200`."""
    return f"{size / (1 << 20):.3g}"
