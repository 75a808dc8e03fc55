"""Flags lie in one column, joined by `;`: how a query asks for one of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, literal


def among(flag: str, flags: Any) -> ColumnElement[bool]:
    """The condition that a flag is one of those in a column or expression."""
    joined: ColumnElement[str] = literal(";") + flags + ";"
    return joined.contains(f";{flag};", autoescape=True)
