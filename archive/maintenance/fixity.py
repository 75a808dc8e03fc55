"""Whether the originals are still what was put into the archive, and whether nothing else lies among them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from heapq import merge
from itertools import groupby, islice
from operator import attrgetter

from sqlalchemy import Connection, func, select
from sqlmodel import col

from archive.db.schema import FIRST_SOURCE, DocumentRow, SourceRow
from archive.maintenance.records import IntegrityProblem
from archive.maintenance.subset import Subset
from archive.objects.base import LEFTOVER, ObjectStore, digest_of, name_of
from core.errors import ArchiveUnavailable
from core.listeners import Counted

CHANGED, MISSING, UNREADABLE, UNTRACKED = "changed", "missing", "unreadable", "untracked"
# No damage: bytes that came to be safe, though no document came of them.
UNCLAIMED = "unclaimed"

OBJECT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{62}")
# On two cores two threads hash 1.3 times as fast as one, and four no faster than two.
HASHERS = 2
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class StoreEntry:
    """A name in the object store: one that a document should have there, or one that is there."""

    name: str
    document: str = ""
    source: str = ""


def count(connection: Connection, subset: Subset) -> int:
    """How many documents a part of the archive has."""
    within = (col(DocumentRow.sha256) >= subset.lower) & (col(DocumentRow.sha256) < subset.upper)
    return connection.execute(select(func.count()).select_from(DocumentRow).where(within)).scalar_one()


def problems(
    connection: Connection, objects: ObjectStore, subset: Subset, told: Counted
) -> Iterator[IntegrityProblem]:
    """What is wrong with the originals, in the order of their names.

    The bytes of those in the subset are hashed; that all are there, and nothing
    else, is seen from the list of the names. `told` hears of the hashed ones.
    """
    done, total = 0, count(connection, subset)
    # Two sorted lists run side by side: none is ever held whole.
    names = groupby(
        merge(_known(connection), map(StoreEntry, objects.names()), key=attrgetter("name")),
        attrgetter("name"),
    )
    pairs = (tuple(sides) for _, sides in names)
    with ThreadPoolExecutor(HASHERS) as pool:
        while batch := list(islice(pairs, AT_ONCE)):
            yield from filter(None, pool.map(partial(_examine, objects, subset), batch))
            done += sum(sides[0].document in subset for sides in batch if sides[0].document)
            told(done, total)


def _known(connection: Connection) -> Iterator[StoreEntry]:
    """The object of every document, and where it first came from."""
    documents = (
        select(col(DocumentRow.sha256), col(SourceRow.name))
        .join_from(DocumentRow, SourceRow, FIRST_SOURCE, isouter=True)
        .order_by(col(DocumentRow.sha256))
        .execution_options(yield_per=AT_ONCE)
    )
    for digest, source in connection.execute(documents):
        yield StoreEntry(name_of(digest), digest, source or "")


def _examine(objects: ObjectStore, subset: Subset, sides: tuple[StoreEntry, ...]) -> IntegrityProblem | None:
    """The trouble with a name; `sides` are the document that should be there, the file that is, or both."""
    entry, is_listed = sides[0], not sides[-1].document
    if not entry.document:
        return _stranger(objects, entry.name)
    if is_listed and entry.document not in subset:
        return None
    try:
        found = digest_of(objects, entry.document)
    except ArchiveUnavailable as error:
        return _damage(UNREADABLE, entry, f"cannot be read ({error})")
    if found is None:
        return _damage(MISSING, entry, "is gone")
    return _damage(CHANGED, entry, "has changed") if found != entry.document else None


def _damage(kind: str, entry: StoreEntry, what: str) -> IntegrityProblem:
    again = f", or ingest {entry.source} again" if entry.source else ""
    message = f"original {entry.document} {what}: restore {entry.name} from a copy{again}"
    return IntegrityProblem(kind, entry.document, entry.name, message)


def _stranger(objects: ObjectStore, name: str) -> IntegrityProblem:
    """A file that no document has: an original whose intake was cut short, or nothing of the archive's."""
    shown = _printable(name)
    if "/" not in name and name.endswith(LEFTOVER):
        message = f"object {shown} is half written: an intake was cut short, or is under way"
        return IntegrityProblem(UNCLAIMED, "", shown, message)
    if OBJECT.fullmatch(name) and _is_intact(objects, name):
        message = f"object {shown} belongs to no document: an intake was cut short, or is under way"
        return IntegrityProblem(UNCLAIMED, "", shown, message)
    return IntegrityProblem(UNTRACKED, "", shown, f"object {shown} is none of the archive's: move it away")


def _is_intact(objects: ObjectStore, name: str) -> bool:
    digest = name.replace("/", "")
    try:
        return digest_of(objects, digest) == digest
    except ArchiveUnavailable:
        return False


def _printable(name: str) -> str:
    """A file name as it can be shown: odd bytes and control characters as escapes."""
    readable = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in readable
    )
