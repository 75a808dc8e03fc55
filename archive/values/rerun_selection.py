"""Which documents to read again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, literal, select
from sqlmodel import col

from archive.db.schema import DocumentRow, RunRow, ValueRow
from archive.documents import documents
from archive.judged import verdict_overlay
from archive.records import short
from core.errors import UsageError


@dataclass(frozen=True, slots=True)
class RerunSelection:
    """The documents named, or of all that were read those that fit.

    `flagged` ones have values to look at; `older_than` is a version of this program.
    """

    named: tuple[str, ...] = ()
    flagged: bool = False
    older_than: str | None = None


def chosen(connection: Connection, wanted: RerunSelection) -> Iterator[tuple[str, str, str]]:
    """Sha256, first source and media type of the documents to read again, oldest first.

    Raises UsageError for a name that means none or several or what is set aside, and for a version
    that is none.
    """
    if wanted.named:
        named = {documents.find(connection, name) for name in wanted.named}
        for digest in sorted(named):
            if documents.has_status(connection, digest, documents.SET_ASIDE):
                raise UsageError(f"{short(digest)} is set aside: `guidang show` names what it is a part of")
        found = connection.execute(documents.described().where(col(DocumentRow.sha256).in_(named)))
        yield from ((digest, source, kind) for digest, source, kind in found)
        return
    limit = None if wanted.older_than is None else _numbers(wanted.older_than)
    read = (
        documents.described()
        .add_columns(col(RunRow.version))
        .join(RunRow, (col(RunRow.document_id) == col(DocumentRow.id)) & col(RunRow.is_current))
    )
    if wanted.flagged:
        read = read.where(_has_doubts())
    for digest, source, kind, version in connection.execute(read):
        if limit is None or _numbers(version) < limit:
            yield digest, source, kind


def _has_doubts() -> Any:
    """Whether the run of a query has values that ask for a look, after what people said of them."""
    return exists(
        verdict_overlay.overlaid(select(literal(1)).select_from(ValueRow))
        .where(col(ValueRow.run_id) == col(RunRow.id), verdict_overlay.NEEDS_REVIEW == 1)
        .correlate(RunRow)
    )


def _numbers(version: str) -> tuple[int, ...]:
    """A version for comparison: 0.10 is newer than 0.9, and 1.0 is 1."""
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    if not numbers:
        raise UsageError(f"{version!r} is no version: write it like 0.2.0")
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
