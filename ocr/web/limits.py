"""How large a web page may be: what goes beyond is refused with the limit named, not read in part."""

from __future__ import annotations

from ocr.errors import UnreadableDocument

# A page saved with its pictures, in bytes; without them.
MOST_BYTES, MOST_MARKUP = 128 << 20, 32 << 20
# Elements inside of each other: word processors nest about fifty.
DEEPEST = 1_000
# Of a whole page: cells of tables, and characters of text.
MOST_CELLS, MOST_TEXT = 200_000, 2_000_000
# Of one table. No browser spans a cell over more columns or rows.
MOST_COLUMNS, MOST_ROWS = 1_000, 65_534
# Cells times the columns that they span, of one table.
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
