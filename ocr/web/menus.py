"""Telling a report from the site around it: menus are blocks that hold nothing but links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ocr.web.blocks import Block, Grid, Paragraph

# Nothing but links: so much of the text is inside of them.
_LINKED = 0.8
# A single link as long as this may be a title, or an attachment by its title.
_TITLE = 15
# The report begins with a heading, a table, or a line with so much text outside of links.
_OWN_TEXT = 20
# After that, so many lines of links one after the other are a menu still.
_MENU = 8


def without_menus(blocks: Sequence[Block]) -> list[Block]:
    """Leave out lines of links before the report begins, and long runs of them anywhere."""
    start = next((index for index, block in enumerate(blocks) if _begins(block)), 0)
    before = [block for block in blocks[:start] if not _is_menu(block)]
    return [*before, *_without_runs(blocks[start:])]


def _without_runs(blocks: Sequence[Block]) -> Iterator[Block]:
    for is_menu, run in groupby(blocks, _is_menu):
        found = list(run)
        if not (is_menu and len(found) >= _MENU):
            yield from found


def _begins(block: Block) -> bool:
    if isinstance(block, Paragraph):
        return not _is_menu(block) and (bool(block.level) or len(block.text) - block.linked >= _OWN_TEXT)
    return isinstance(block, Grid)


def _is_menu(block: Block) -> bool:
    if not isinstance(block, Paragraph) or block.linked < _LINKED * len(block.text):
        return False
    return block.links > 1 or len(block.text) < _TITLE
