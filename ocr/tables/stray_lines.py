"""Lines that cross a table and belong to none: strokes of a pen, edges of stamps and of highlighter.

The rules of a table end at each other; what lies over it only crosses them. So lines are taken
together where one ends at the other, and of two that overlap the greater is the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocr.arrays import Pixels
from ocr.image.rules.rule_ends import REACH, Segment
from ocr.image.ruling_lines import WIDEST_GAP, Rulings

# Pieces of one rule lie in one line to the first, in inches, and a line ends as close as the second to
# another; highlighter keeps farther from the rules of its row.
_IN_LINE, _AT_END = 0.015, 0.02
# Where a page lies a little askew rules stop short of thick ones by up to this, in inches; so many of the
# lines of a part of a table do.
_NEAR_END, _MOST = 0.04, 0.5

Places = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Links = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def without_strays(rulings: Rulings, dpi: float) -> Rulings:
    """Leave out the lines that belong to no table; rulings that are broken come back as they are.

    Args:
        rulings: those of a page.
        dpi: its resolution.
    """
    if rulings.fragments or not (rulings.horizontal and rulings.vertical):
        return rulings
    lines = _places(rulings.horizontal), _places(rulings.vertical)
    labels = _together(_linked(*lines, dpi))
    boxes = np.concatenate([lines[0][:, [1, 0, 2, 0]], lines[1][:, [0, 1, 0, 2]]])
    kept = _kept(labels, boxes, dpi * REACH, _ended_near(*lines, dpi))
    if kept.all():
        return rulings
    across, down = np.split(kept, [len(rulings.horizontal)])
    horizontal = tuple(line for line, stays in zip(rulings.horizontal, across, strict=True) if stays)
    vertical = tuple(line for line, stays in zip(rulings.vertical, down, strict=True) if stays)
    masks = (
        _along(rulings.horizontal_mask, horizontal, dpi),
        _along(rulings.vertical_mask.T, vertical, dpi).T,
    )
    strays = (rulings.horizontal_mask | rulings.vertical_mask) & ~(masks[0] | masks[1])
    return replace(
        rulings,
        horizontal=horizontal,
        vertical=vertical,
        horizontal_mask=masks[0],
        vertical_mask=masks[1],
        strays=strays,
    )


def _places(lines: Sequence[Segment]) -> Places:
    """Return at, start and end of lines, shape (n, 3)."""
    return np.array([(line.at, line.start, line.end) for line in lines], np.float64)


def _linked(across: Places, down: Places, dpi: float) -> Links:
    """Tell which lines, first those across, belong together: (n, n)."""
    reach = dpi * _AT_END
    ends = _end_at(across, down, reach) | _end_at(down, across, reach).T
    same = [_in_line(lines, dpi) | _side_by_side(lines, reach) for lines in (across, down)]
    return np.block([[same[0], ends], [ends.T, same[1]]])


def _end_at(lines: Places, others: Places, reach: float) -> Links:
    """Tell which lines end at which of the other direction."""
    at, start, end = others.T
    meets = (start - reach <= lines[:, :1]) & (lines[:, :1] <= end + reach)
    at_an_end = (np.abs(lines[:, 1:2] - at) <= reach) | (np.abs(lines[:, 2:] - at) <= reach)
    return np.asarray(meets & at_an_end, np.bool_)


def _in_line(lines: Places, dpi: float) -> Links:
    """Tell which lines are pieces of one, with a gap or none between."""
    at, start, end = lines.T
    gap = np.maximum(start[:, None], start) - np.minimum(end[:, None], end)
    return np.asarray((np.abs(at[:, None] - at) <= _IN_LINE * dpi) & (gap <= WIDEST_GAP * dpi), np.bool_)


def _side_by_side(lines: Places, reach: float) -> Links:
    """Tell which lines start and end alike, as in a table open at its sides."""
    _, start, end = lines.T
    return np.asarray(
        (np.abs(start[:, None] - start) <= reach) & (np.abs(end[:, None] - end) <= reach), np.bool_
    )


def _together(linked: Links) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Number the groups that hang together, one number a line."""
    labels = np.arange(len(linked))
    while True:
        lowest = np.where(linked | np.eye(len(linked), dtype=bool), labels, len(linked)).min(axis=1)
        if np.array_equal(lowest, labels):
            return labels
        labels = lowest


def _ended_near(across: Places, down: Places, dpi: float) -> Links:
    """Tell which lines, first those across, end close to which others: (n, n)."""
    reach = dpi * _NEAR_END
    none = [np.zeros((len(lines), len(lines)), np.bool_) for lines in (across, down)]
    return np.block([[none[0], _end_at(across, down, reach)], [_end_at(down, across, reach), none[1]]])


def _kept(
    labels: np.ndarray[tuple[int, ...], np.dtype[np.intp]], boxes: Places, reach: float, near: Links
) -> Links:
    """Tell which lines are in groups that lie in no greater one; boxes as left, top, right, bottom.

    A group within a greater one belongs to it if most of its lines end close to rules of it.
    """
    lengths = (boxes[:, 2:] - boxes[:, :2]).sum(axis=1)
    groups = sorted(np.unique(labels), key=lambda label: -lengths[labels == label].sum())
    kept, taken = np.zeros(len(labels), dtype=bool), np.zeros((0, 4))
    for label in groups:
        own = boxes[labels == label]
        box = np.concatenate([own[:, :2].min(axis=0), own[:, 2:].max(axis=0)])
        overlaps = (box[:2] < taken[:, 2:] - reach).all(axis=1) & (taken[:, :2] + reach < box[2:]).all(axis=1)
        ends = near[np.ix_(labels == label, kept)].any(axis=1)
        if not overlaps.any() or ends.mean() > _MOST:
            kept[labels == label] = True
            taken = np.vstack([taken, box])
    return kept


def _along(mask: Pixels, lines: Sequence[Segment], dpi: float) -> Pixels:
    """Keep of a mask of lines along the rows what is close to one of these."""
    near = np.zeros_like(mask)
    reach = dpi * REACH
    for line in lines:
        rows = slice(max(0, round(line.at - reach)), round(line.at + reach) + 1)
        near[rows, max(0, round(line.start) - 1) : round(line.end) + 1] = 255
    return np.asarray(mask & near, np.uint8)
