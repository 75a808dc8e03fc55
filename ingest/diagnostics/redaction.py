"""Passwords and keys, taken out of what is handed to others."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

HIDDEN = "***"
_NAMES = "password|passwd|secret|token|signature|credential|api_?key|access_?key"
# Who logs in at an address, and with what.
_LOGIN = re.compile(r"(?<=://)[^/\s]*@")
_NAMED = re.compile(rf"(?i)((?:{_NAMES})\w*=)[^&\s;,'\"]+")
_SECRET_NAME = re.compile(rf"(?i)^AWS_|PASS|{_NAMES}|_KEY")
# A shorter value of a variable would be found in every other word.
_LEAST = 6


def is_secret(name: str) -> bool:
    """Whether an environment variable of this name is likely to hold a secret."""
    return bool(_SECRET_NAME.search(name))


def without_secrets(content: Any, environment: Mapping[str, str] = os.environ) -> Any:
    """Texts, and all texts in mappings and sequences, without logins in addresses and secret values.

    Of the environment, the values of variables with a telling name (AWS_…, PGPASSWORD) are secret.
    """
    values = {value for name, value in environment.items() if is_secret(name) and len(value) >= _LEAST}
    return _cleaned(content, sorted(values, key=len, reverse=True))


def _cleaned(content: Any, values: Sequence[str]) -> Any:
    if isinstance(content, str):
        for value in values:
            content = content.replace(value, HIDDEN)
        return _NAMED.sub(rf"\1{HIDDEN}", _LOGIN.sub(f"{HIDDEN}@", content))
    if isinstance(content, Mapping):
        return {name: _cleaned(part, values) for name, part in content.items()}
    if isinstance(content, list | tuple):
        return [_cleaned(part, values) for part in content]
    return content
