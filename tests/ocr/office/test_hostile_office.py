"""Workbooks that mean harm end with a reason, in time, in the service's own children."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.disposable import Ended, read_all
from tests.support.hostile_files import Case, written
from tests.support.hostile_office import OFFICE_FILES


@pytest.mark.long
def test_every_hostile_office_file_ends_as_it_should(tmp_path: Path) -> None:
    ends = {ended.path.name: ended for ended in read_all(written(tmp_path, OFFICE_FILES))}
    assert [ended for name, ended in ends.items() if not _as_meant(OFFICE_FILES[name], ended)] == []
    assert len(ends) == len(OFFICE_FILES)


def _as_meant(case: Case, ended: Ended) -> bool:
    sound = ended.seconds < 60 and ended.same and not ended.died and "\n" not in ended.reason
    return sound and ended.outcome in case.outcomes and case.says in ended.reason
