"""The pictures of the page that docs/ shows, taken in a real browser; the test takes them aside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archive.archive import Archive
from ingest.reading.pipeline import DocumentReading
from tests.support import charted
from tests.support.paths import ROOT
from tests.web.conftest import SAMPLE, archive_misread, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, reading: DocumentReading) -> Iterator[str]:
    home = tmp_path_factory.mktemp("pictured") / "archive"
    with Archive.open(home, create=True) as archive:
        charted.fill(archive)
        archive_misread(archive, reading)
    with Archive.open(home) as archive, serving(archive) as address:
        yield address


def test_pictures_of_the_page_are_taken(opened: Any, tmp_path: Path) -> None:
    """With DOCS_PICTURES they are those of docs/, as `make pictures` asks."""
    folder = ROOT / "docs" / "pictures" if os.environ.get("DOCS_PICTURES") else tmp_path
    page = opened(color_scheme="light")
    report = page.locator("table.list tr", has_text=SAMPLE).get_by_role("link").get_attribute("href")
    home = page.url.rstrip("/")
    views = {
        "library": "/",
        "report": str(report),
        "review": f"/review?document={SAMPLE}",
        "charts": f"/charts?organ={charted.ORGAN}",
        "coverage": "/coverage",
    }
    for name, path in views.items():
        page.goto(home + path)
        page.wait_for_load_state("networkidle")
        taken = folder / f"web-{name}.png"
        page.screenshot(path=taken, animations="disabled")
        with Image.open(taken) as picture:
            drawn = picture.convert("RGB")
        assert len(drawn.getcolors(1 << 24) or ()) > 20, name
        drawn.quantize(128).save(taken, optimize=True)
