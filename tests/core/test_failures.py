"""Codes of documents that cannot be read, on their way from a child to the archive."""

from __future__ import annotations

import pickle

from core.errors import ReadingDied
from core.failure_codes import Failure


def test_failure_survives_the_way_from_a_child_and_is_stored_as_plain_text():
    came = pickle.loads(pickle.dumps(ReadingDied(Failure.MEMORY, "too much", "page 3")))
    assert (came.code, came.reason, came.stage) == ("memory", "too much", "page 3")
    assert type(came.code) is str  # databases take an enum by its name
