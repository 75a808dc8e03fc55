"""RAR and 7z as candidates: their files are taken in as the members of zips are, as `NAME.rar!member`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePath, PurePosixPath

from core.errors import UnreadableDocument
from core.limits import document_limits
from core.programs.packed_files import PackedMember, unpacked
from core.zip_limits import Allowance
from ingest.sources.candidates import Candidate, is_part_of_page


def packed_members(
    candidate: Candidate, kind: str, folder: Path, depth: int, allowance: Allowance
) -> list[Candidate] | None:
    """Return the files of an archive as candidates, laid in a folder; None where it is not to be opened.

    It shares depth and `allowance` with zips around it.

    Raises:
        OSError: the archive cannot be read.
    """
    if depth > document_limits().zip_depth:
        return None
    whole, inside = folder / "archive", folder / "members"
    inside.mkdir()
    with candidate.open() as source, whole.open("wb") as target:
        shutil.copyfileobj(source, target)
    try:
        found = unpacked(whole, kind, inside, allowance)
    except UnreadableDocument:
        return None
    return [*_candidates(candidate, found)]


def _candidates(outer: Candidate, found: tuple[PackedMember, ...]) -> Iterator[Candidate]:
    names: set[PurePath] = {PurePosixPath(member.name) for member in found}
    for member in found:
        part = is_part_of_page(PurePosixPath(member.name), names.__contains__)
        yield Candidate(
            f"{outer.name}!{member.name}", partial(member.path.open, "rb"), asked_for=False, part_of_page=part
        )
