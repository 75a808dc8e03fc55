"""Who is at the keyboard: what people decide is kept with a name."""

from __future__ import annotations

import getpass

from archive.db.text_values import storable
from core.errors import UsageError
from core.settings import settings

WHO = "GUIDANG_WHO"


def who(named: str | None = None) -> str:
    """The one named, else $GUIDANG_WHO, else the login name. Raises UsageError for nobody."""
    name = (named or settings().who or _login()).strip()
    if not name:
        raise UsageError(f"what people decide is kept with a name: set ${WHO} or give --who")
    return storable(name)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container whose user has no name
        return ""
