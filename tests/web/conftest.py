"""A page of a small archive made by hand, asked as a browser asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from archive.archive import Archive
from tests.support import handmade
from web.access.guard import Guard
from web.access.people import People, Person, Role, hashed
from web.application import application

LOCAL = Person("李", Role.REVIEWER)
HOST = "http://localhost"
Asks = Callable[..., TestClient]


@pytest.fixture
def archive(place) -> Iterator[Archive]:
    with place.open() as made:
        handmade.archive_one(made)
    with place.open(create=False) as opened:
        yield opened


@pytest.fixture
def browser(archive: Archive) -> Asks:
    """Make browsers: of one that sits at this machine, or before a page with people or a token."""

    def made(people: People | None = None, token: str = "", accepts: str = "en") -> TestClient:
        guard = Guard(frozenset({"localhost"}), LOCAL, people, token)
        app = application(archive, lambda path, wanted: b"RIFF" + repr(wanted).encode(), guard)
        return TestClient(app, HOST, headers={"Accept-Language": accepts}, follow_redirects=False)

    return made


@pytest.fixture(scope="session")
def people() -> People:
    return People(
        {
            "wang": (Person("wang", Role.READER), hashed("reads")),
            "zhao": (Person("zhao", Role.REVIEWER), hashed("judges")),
        }
    )
