"""A page of a small archive made by hand, asked as a browser asks."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.testclient import TestClient

from archive.archive import Archive
from ingest.reading.pipeline import DocumentReading, process
from ocr.output.page_picture import page_picture
from reconcile.model import Finding, Flag, Key, Volume
from tests.support import handmade
from tests.support.paths import SAMPLES
from web.access.guard import Guard
from web.access.people import People, Person, Role, hashed
from web.application import application

LOCAL = Person("李", Role.REVIEWER)
HOST = "http://localhost"
WAIT = 10_000.0
Asks = Callable[..., TestClient]
SAMPLE = "onepage-scan300.pdf"
MISREAD = Key("requests", "new", "total")
MISREAD_NAME = "requests/new/total"


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


@pytest.fixture(scope="session")
def reading() -> DocumentReading:
    return process(SAMPLES / SAMPLE)


def misread(reading: DocumentReading) -> Volume:
    """The report with one total a digit too long, as reading goes wrong: its sum does not hold."""
    (report,) = reading.volume.reports
    sums = tuple(Key("requests", "new", column) for column in ("natural_person", "business", "total"))
    values = tuple(
        replace(value, raw=value.raw + "1", value=value.value + "1", flags=(Flag.UNBALANCED,))
        if value.key == MISREAD
        else replace(value, flags=(Flag.UNBALANCED,))
        if value.key in sums
        else value
        for value in report.values
    )
    finding = Finding("unbalanced", "一行之和不等于总计", "R1", sums, 1)
    return Volume((replace(report, values=values, findings=(finding,)),))


def archive_misread(archive: Archive, reading: DocumentReading) -> None:
    """Archive the scanned sample with one value misread."""
    kept = archive.documents.keep(SAMPLE, io.BytesIO((SAMPLES / SAMPLE).read_bytes()), "application/pdf")
    archive.documents.record(kept.document, handmade.RUN, reading.pages, misread(reading))


@contextmanager
def serving(archive: Archive, people: People | None = None) -> Iterator[str]:
    """Serve an archive on loopback, to these people only if any are named; give its address."""
    guard = Guard(frozenset({"127.0.0.1"}), LOCAL, people)
    served = application(archive, page_picture, guard)
    server = uvicorn.Server(uvicorn.Config(served, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Debian's chromium is not installed (`.ci/run` installs it)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def troubles() -> list[str]:
    """What a page should not do: open a dialog, throw, break its own policy."""
    return []


@pytest.fixture
def opened(chromium: Browser, served: str, troubles: list[str]) -> Iterator[Any]:
    """Open a page of the archive in a browser of its own."""
    contexts = []

    def go(path: str = "/", locale: str = "zh-CN", **more: Any) -> Page:
        context = chromium.new_context(locale=locale, viewport={"width": 1400, "height": 1000}, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: said.type == "error" and troubles.append(said.text))
        page.goto(served + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert troubles == []


def serious(page: Page) -> list[Any]:
    """What axe finds on a page that keeps somebody from using it."""
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], [node["html"] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
