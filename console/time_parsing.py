"""Moments as people name them: 2026-11-01, yesterday, 7d."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from core.errors import UsageError

AGO = re.compile(r"(\d{1,5})([dh])")
_UNITS = {"d": "days", "h": "hours"}
_DAYS = {"today": 0, "yesterday": 1}


def moment(text: str, now: datetime) -> datetime:
    """The moment meant by a day (its midnight), a time, `today`, `yesterday`, `7d` or `12h` ago.

    `now` is aware; days and times without a zone are in its zone. Raises UsageError for anything else.
    """
    if text in _DAYS:
        day = now.date() - timedelta(days=_DAYS[text])
        return datetime.combine(day, time(), now.tzinfo)
    if match := AGO.fullmatch(text):
        return now - timedelta(**{_UNITS[match[2]]: int(match[1])})
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no moment: write 2026-11-01, 2026-11-01T06:00, today, yesterday, 7d or 12h"
        ) from error
    return given if given.tzinfo else given.replace(tzinfo=now.tzinfo)
