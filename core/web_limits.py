"""How large a web page may be: what goes beyond is refused with the limit named, not read in part."""

from __future__ import annotations

from core.errors import UnreadableDocument

# A page saved with its pictures, in bytes; without them.
MOST_BYTES, MOST_MARKUP = 128 << 20, 32 << 20
# Elements inside of each other: word processors nest about fifty.
DEEPEST, DEEPEST_TABLE = 1_000, 100
# Of all elements, whether shown or not.
MOST_TAGS = 1_000_000
# Of a whole page: cells of tables, characters and lines of text, files saved with it.
MOST_CELLS, MOST_TEXT, MOST_LINES, MOST_FILES = 100_000, 2_000_000, 100_000, 2_000
# Of one table; and over so many columns a cell spans at most, as in browsers.
MOST_COLUMNS, MOST_ROWS, WIDEST_SPAN = 5_000, 65_534, 1_000
# Cells times the columns that they span or find taken, of one table.
MOST_UNITS = 2_000_000
# Pages that it would be laid out on.
MOST_PAGES = 1_000


def within(count: int, limit: int, what: str) -> None:
    """Refuse what is more than a limit.

    Raises:
        UnreadableDocument: `count` is more than `limit`; `what` names its unit.
    """
    if count > limit:
        reason = f"the web page has more than {limit:,} {what}, which no report needs"
        raise UnreadableDocument("too_large", reason)
