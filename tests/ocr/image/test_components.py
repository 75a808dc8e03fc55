"""The pieces of a mask are those that OpenCV finds, in its order."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ocr.arrays import Pixels
from ocr.image.components import components_of

SIDES = st.tuples(st.integers(1, 24), st.integers(1, 24))
MASKS = arrays(np.uint8, SIDES, elements=st.sampled_from([0, 255]))


@given(mask=MASKS, margin=st.tuples(*[st.integers(0, 3)] * 4))
def test_pieces_have_the_places_sizes_and_order_that_opencv_gives_them(
    mask: Pixels, margin: tuple[int, int, int, int]
) -> None:
    mask = np.pad(mask, (margin[:2], margin[2:]))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask)
    found = components_of(mask)
    assert len(found) == count
    assert np.array_equal(found.stats[1:], stats[1:])
    assert np.array_equal(found.centres[1:], centres[1:])
    for index in range(1, count):
        left, top, width, height, _ = stats[index]
        inside = labels[top : top + height, left : left + width] == index
        assert np.array_equal(found.pixels(index), inside)
        assert np.array_equal(found.chosen(np.arange(count) == index), (labels == index).astype(np.uint8))


def test_pieces_under_another_mask() -> None:
    mask = np.zeros((20, 30), np.uint8)
    mask[4:6, 4:9] = mask[10:12, 20:25] = 255
    other = np.zeros_like(mask)
    other[11, 24] = 1
    assert components_of(mask).under(other).tolist() == [2]


def test_paper_has_no_pieces() -> None:
    for shape in ((0, 5), (7, 3)):
        found = components_of(np.zeros(shape, np.uint8))
        assert len(found) == 1
        assert found.chosen(np.array([True])).tolist() == np.zeros(shape).tolist()
