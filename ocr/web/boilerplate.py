"""Telling a report from the site around it: menus are blocks that hold nothing but links."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from ocr.web.blocks import Block, Grid, Paragraph

# Nothing but links: so much of the text is inside of them.
_LINKED = 0.8
# A single link as long as this may be a title, or an attachment by its title.
_TITLE = 15
# The report begins with a heading, a table, or a line with so much text outside of links.
_OWN_TEXT = 20
# Up to its first heading or table, so many lines of links one after the other are a menu still.
_MENU = 8


def without_menus(blocks: Sequence[Block]) -> list[Block]:
    """Leave out lines of links before the report begins, and long runs of them in its first part."""
    start = _first(blocks, _begins)
    inner = max(start, _first(blocks, _parts))
    before = [block for block in blocks[:start] if not _is_menu(block)]
    return [*before, *_without_runs(blocks[start:inner]), *blocks[inner:]]


def _first(blocks: Sequence[Block], wanted: Callable[[Block], bool]) -> int:
    return next((index for index, block in enumerate(blocks) if wanted(block)), 0)


def _without_runs(blocks: Sequence[Block]) -> Iterator[Block]:
    for is_menu, run in groupby(blocks, _is_menu):
        found = list(run)
        if not (is_menu and len(found) >= _MENU):
            yield from found


def _begins(block: Block) -> bool:
    own = len(block.text) - block.linked if isinstance(block, Paragraph) else 0
    return own >= _OWN_TEXT or _parts(block)


def _parts(block: Block) -> bool:
    is_heading = isinstance(block, Paragraph) and bool(block.level) and not _is_menu(block)
    return is_heading or isinstance(block, Grid)


def _is_menu(block: Block) -> bool:
    if not isinstance(block, Paragraph) or block.linked < _LINKED * len(block.text):
        return False
    return block.links > 1 or len(block.text) < _TITLE
