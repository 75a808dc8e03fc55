"""The review page as people use it, in a real browser: Debian's Chromium."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from archive.archive import Archive
from ingest.reading.pipeline import DocumentReading
from ocr.arrays import Pixels
from ocr.engine.base import Engine
from tests.support import handmade
from tests.support.paths import SAMPLES
from tests.web.conftest import MISREAD, MISREAD_NAME, SAMPLE, archive_misread, serious, serving
from tests.web.test_pages import INJECTIONS


@pytest.fixture(scope="module")
def printed(reading: DocumentReading) -> str:
    """What is printed where the archive has another number."""
    return next(value.raw for value in reading.volume.reports[0].values if value.key == MISREAD)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, reading: DocumentReading) -> Iterator[str]:
    """The address of an archive with a scanned sample, and with documents that would do harm."""
    home = tmp_path_factory.mktemp("served") / "archive"
    with Archive.open(home, create=True) as archive:
        archive_misread(archive, reading)
        harmless = (SAMPLES / "displaced.pdf").read_bytes()
        for number, bad in enumerate(INJECTIONS):
            report = replace(handmade.report(organ=bad), title=bad)
            pages = (*handmade.PAGES, handmade.page(4, f"有害{bad}"))
            handmade.archive_one(archive, f"in/{bad}", pages, report, harmless + b"%% %d" % number)
    with Archive.open(home) as archive, serving(archive) as address:
        yield address


def asked(page: Page) -> str:
    """The value that the review asks about."""
    return str(page.locator(".question").get_attribute("data-card"))


def test_the_box_over_a_value_shows_that_value(opened: Any, engine: Engine) -> None:
    page = opened()
    page.get_by_role("searchbox").fill("复议")
    page.keyboard.press("Enter")
    page.locator(".hits").wait_for()
    page.goto(page.url.partition("/search")[0])
    page.locator("table.list tr", has_text=SAMPLE).get_by_role("link").click()
    pixels, scale = _picture(page)
    boxes = page.locator("rect.box").all()
    told = {str(box.get_attribute("data-key")): box for box in boxes}
    assert told.pop(MISREAD_NAME).get_attribute("data-state") == "read"
    numbers = [box for box in told.values() if len(str(box.get_attribute("data-value"))) > 1][:15]
    assert len(numbers) > 5
    for box in numbers:
        sides = [float(str(box.get_attribute(side))) for side in ("x", "y", "width", "height")]
        assert engine.recognise(_print(pixels, scale, *sides)).numeral == box.get_attribute("data-value")


def _picture(page: Page) -> tuple[Pixels, float]:
    """The picture of the page as the browser gets it, and its pixels a point."""
    source = str(page.locator("svg.page image").get_attribute("href")).replace("1400", "2000")
    fetched = page.request.get(page.url.partition("/documents")[0] + source)
    pixels = np.asarray(Image.open(io.BytesIO(fetched.body())).convert("RGB"))
    return pixels, pixels.shape[1] / float(str(page.locator("svg.page").get_attribute("viewBox")).split()[2])


def _print(pixels: Pixels, scale: float, left: float, top: float, wide: float, high: float) -> Pixels:
    """What is printed inside of a box, without the rules at its edges."""
    edge = 2.0
    rows = slice(round((top + edge) * scale), round((top + high - edge) * scale))
    crop = pixels[rows, round((left + edge) * scale) : round((left + wide - edge) * scale)]
    ink = np.argwhere(crop.min(axis=2) < 128)
    (up, near), (down, far) = ink.min(axis=0), ink.max(axis=0)
    tight = crop[up : down + 1, near : far + 1]
    return np.pad(tight, ((4, 4), (4, 4), (0, 0)), constant_values=255)


def test_a_value_is_corrected_its_relation_turns_sound_and_it_is_taken_back(
    opened: Any, printed: str
) -> None:
    page = opened(f"/review?document={SAMPLE}")
    page.locator(".question").wait_for()
    while (shown := asked(page)) != MISREAD_NAME:
        page.keyboard.press("ArrowRight")
        expect(page.locator(".question")).not_to_have_attribute("data-card", shown)
    left = page.locator("#question [role=status]").inner_text()
    expect(page.locator(".relation.fails")).to_have_count(2)  # its row, and its column
    page.keyboard.type(printed)
    expect(page.locator(".relation.sound").first).to_be_visible()
    expect(page.locator(".relation.fails")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#question [role=status]")).not_to_have_text(left)
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator("#question [role=status]")).to_have_text(left)
    assert asked(page) == MISREAD_NAME


def test_two_people_before_one_queue_are_asked_about_different_values(opened: Any) -> None:
    first, second = opened("/review"), opened("/review")
    places = [page.locator(".question a").first.get_attribute("href") for page in (first, second)]
    assert places[0] != places[1]


def test_nothing_that_is_shown_does_anything(opened: Any) -> None:
    page = opened()
    links = page.locator("table.list a")
    for address in [links.nth(n).get_attribute("href") for n in range(links.count())]:
        page.goto(page.url.split("/documents")[0].rstrip("/") + str(address))
        if page.locator("td a").count():
            page.locator("td a").first.click()
    page.goto(page.url.split("/documents")[0] + "/search?q=有害")
    expect(page.locator(".hits li").first).to_be_visible()


@pytest.mark.parametrize(("locale", "word"), [("zh-CN", "馆藏"), ("en-GB", "Library")])
def test_the_page_speaks_the_language_of_the_browser(opened: Any, locale: str, word: str) -> None:
    expect(opened("/", locale).get_by_role("heading", level=1)).to_have_text(word)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_every_page(opened: Any, scheme: Any) -> None:
    page = opened(color_scheme=scheme)
    report = page.locator("table.list tr", has_text=SAMPLE).get_by_role("link").get_attribute("href")
    home = page.url.rstrip("/")
    for path in ("/", "/search?q=复议", str(report), "/review", "/login"):
        page.goto(home + path)
        assert serious(page) == [], path
