"""The pictures of a page's image steps show what each step did."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archive.archive import Archive
from bench.corpus.degrade import RECIPES, scan_pdf
from bench.corpus.steps import turn
from core.errors import UsageError
from ingest.rendering.page_pictures import save_stages
from ocr.engine.base import Engine
from ocr.model import Box
from ocr.output.overlay import BoxLayer, draw_boxes
from ocr.output.step_pictures import StepPicture, step_pictures
from tests.support.paths import SAMPLES

GREEN = (29, 154, 60)


def pictures(path: Path, page: int, engine: Engine) -> dict[str, np.ndarray]:
    return {stage.name: np.asarray(stage.picture) for stage in step_pictures(path, page, engine)}


@pytest.fixture(scope="module")
def scan(engine: Engine) -> dict[str, np.ndarray]:
    return pictures(SAMPLES / "form2021-scan.pdf", 2, engine)


def test_a_straightened_scan_shows_what_was_done_to_it_and_nothing_else(scan: dict[str, np.ndarray]) -> None:
    assert list(scan) == [
        "01-stored",
        "05-straight",
        "08-ink",
        "09-rulings",
        "10-grid",
        "11-clean",
        "12-readings",
    ]


def test_the_grid_is_drawn_along_the_rules_that_were_found(scan: dict[str, np.ndarray]) -> None:
    drawn = (scan["10-grid"] == GREEN).all(axis=2)
    near = np.asarray(scan["09-rulings"]) > 0
    for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
        near |= np.roll(near, step, axis)
    assert drawn.sum() > 20_000
    assert (drawn & near).sum() > 0.9 * drawn.sum()


def test_the_clean_page_has_its_print_and_no_rules(scan: dict[str, np.ndarray]) -> None:
    rules = scan["09-rulings"] > 0
    straight, clean = (scan[name].mean(axis=2) for name in ("05-straight", "11-clean"))
    assert (straight[rules] < 128).mean() > 0.2
    assert (clean[rules] < 200).mean() < 0.01
    assert (clean[~rules] < 100).sum() > 0.9 * (straight[~rules] < 100).sum()


def test_a_sealed_page_fed_in_sideways_is_shown_upright_and_bleached(tmp_path: Path, engine: Engine) -> None:
    recipe = replace(RECIPES["seal"], steps=(*RECIPES["seal"].steps, turn(1)))
    scan_pdf(SAMPLES / "onepage.pdf", tmp_path / "seal.pdf", recipe, seed=3)
    found = pictures(tmp_path / "seal.pdf", 1, engine)
    assert (np.rot90(found["01-stored"]) == found["04-upright"]).all()
    before, after = (found[name].astype(int) for name in ("05-straight", "07-without-colour"))
    assert (np.ptp(before, axis=2) > 80).sum() > 1000
    assert np.ptp(after, axis=2).max() == 0
    readings = found["12-readings"]
    assert readings.shape[0] > readings.shape[1]


def test_labels_are_written_into_their_boxes() -> None:
    paper = np.full((60, 200, 3), 255, np.uint8)
    box = Box(20, 10, 180, 50)
    bare, labelled = (
        np.asarray(draw_boxes(paper, [BoxLayer((box,), "#1d9a3c", labels=labels)]))
        for labels in ((), ("192",))
    )
    changed = np.argwhere((bare != labelled).any(axis=2))
    assert len(changed) > 20
    assert (changed.min(axis=0) >= (10, 20)).all()
    assert (changed.max(axis=0) <= (50, 180)).all()


def test_stages_of_an_archived_digital_page_are_saved_in_order(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive", create=True) as archive:
        with (SAMPLES / "form2021.pdf").open("rb") as stream:
            kept = archive.documents.keep("form2021.pdf", stream, "application/pdf")
        paths = list(save_stages(archive, kept.document, 2, tmp_path / "new" / "stages"))
        steps = ["stored", "characters", "ink", "rulings", "grid", "clean", "readings"]
        assert [path.name for path in paths] == [f"{n:02d}-{step}.png" for n, step in enumerate(steps, 1)]
        characters = np.asarray(Image.open(paths[1]).convert("RGB"))
        assert (characters == GREEN).all(axis=2).sum() > 5000


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blank = StepPicture("01-stored", Image.new("RGB", (2, 2)))
    monkeypatch.setattr("ocr.output.step_pictures.step_pictures", lambda path, page, engine: (blank,))
    (tmp_path / "file").touch()
    with Archive.open(tmp_path / "archive", create=True) as archive:
        kept = archive.documents.keep("a.pdf", BytesIO(b"%PDF"), "application/pdf")
        with pytest.raises(UsageError, match="file"):
            list(save_stages(archive, kept.document, 1, tmp_path / "file"))
