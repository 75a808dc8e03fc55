"""Texts, names and times as every database can hold them."""

from __future__ import annotations

from datetime import UTC, datetime


def storable(text: str) -> str:
    """Text that UTF-8 and every database can hold: lone surrogates and NUL become U+FFFD."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "\ufffd")
    return text


def readable(name: str) -> str:
    """A file name that is no UTF-8 keeps its odd bytes as \\xNN, so that two names stay two."""
    return (
        name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").replace("\x00", "\ufffd")
    )


def timestamp(moment: datetime) -> str:
    """An aware datetime as ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now() -> str:
    """The present moment, as it is stored."""
    return timestamp(datetime.now(UTC))
