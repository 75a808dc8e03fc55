"""Ink is what is darker than its surroundings, whatever the light."""

from __future__ import annotations

import numpy as np

from ocr.image.binarise import binarise, faint_lines


def test_print_is_ink_in_the_light_and_in_the_shade_and_paper_is_none() -> None:
    light = np.tile(np.linspace(120, 250, 400), (200, 1))
    grey = light.copy()
    grey[90:110, 40:60] -= 60
    grey[90:110, 340:360] -= 60
    ink = binarise(grey.astype(np.uint8), 200.0)
    assert set(np.unique(ink)) == {0, 255}
    assert ink[95:105, 45:55].all()
    assert ink[95:105, 345:355].all()
    assert not ink[:60].any()


def test_a_tinted_band_is_no_ink_within() -> None:
    grey = np.full((400, 400), 250, np.uint8)
    grey[150:250] = 200
    assert not binarise(grey, 200.0)[180:220].any()


def test_a_line_of_one_pixel_keeps_its_contrast_and_noise_is_no_line() -> None:
    grey = np.full((300, 300), 250.0)
    grey[150, 20:280] -= 10
    lines, _ = faint_lines(grey.astype(np.uint8), 96.0, hairlines=True)
    assert lines[150, 30:270].all()
    noisy = np.clip(grey + np.random.default_rng(1).normal(0, 2.0, grey.shape), 0, 255).astype(np.uint8)
    across, _ = faint_lines(noisy, 96.0, hairlines=True)
    assert across[:140].mean() < 0.03 * 255
