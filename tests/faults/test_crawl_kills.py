"""A crawl that is killed at any moment loses nothing and asks for nothing twice."""

from __future__ import annotations

import pytest

from tests.faults.crawl_kills import spend_kills
from tests.support.countyweb import County
from tests.support.places import DATABASES, new_place

KILLS = 8


@pytest.mark.long
@pytest.mark.parametrize("kind", DATABASES)
def test_a_killed_crawl_ends_like_an_undisturbed_one(kind, tmp_path, server):
    with County(("water", "education")) as county:
        plan = county.write_plan(tmp_path / "SITES.toml")
        spent = spend_kills(
            county, plan, lambda name: new_place(kind, _made(tmp_path / name), server), KILLS, 7, print
        )
    assert spent.kills == KILLS
    assert spent.differences == ()


def _made(folder):
    folder.mkdir()
    return folder
