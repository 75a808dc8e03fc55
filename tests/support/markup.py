"""Markup for tests, and what is read in it."""

from __future__ import annotations

from hypothesis import strategies as st

from ocr.html.block_builder import content_of
from ocr.html.blocks import HtmlTable, Paragraph

# Row, column, rows, columns and text of a cell.
CellAt = tuple[int, int, int, int, str]


def tables(markup: str) -> list[list[CellAt]]:
    """The cells of each table."""
    return [
        [(c.row, c.column, c.row_span, c.column_span, c.text) for c in block.cells]
        for block in content_of(markup).blocks
        if isinstance(block, HtmlTable)
    ]


def texts(markup: str) -> list[str]:
    """The lines outside of tables."""
    return [block.text for block in content_of(markup).blocks if isinstance(block, Paragraph)]


LABEL = st.text("政府信息公开一二0123456789/,.-", min_size=1, max_size=6)


@st.composite
def grids(draw: st.DrawFn) -> tuple[list[CellAt], str]:
    """The cells of a grid, and its markup. They cover it; at least one begins in each row and column."""
    n_rows, n_columns = draw(st.integers(1, 6)), draw(st.integers(2, 6))
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(n_rows):
        for column in range(n_columns):
            if (row, column) in taken:
                continue
            free = next((n for n in range(column, n_columns) if (row, n) in taken), n_columns) - column
            down, across = draw(st.integers(1, n_rows - row)), draw(st.integers(1, free))
            taken |= {(row + r, column + c) for r in range(down) for c in range(across)}
            cells.append((row, column, down, across, draw(LABEL)))
    markup = "".join(
        "<tr>"
        + "".join(f"<td rowspan={c[2]} colspan={c[3]}>{c[4]}</td>" for c in cells if c[0] == row)
        + "</tr>"
        for row in range(n_rows)
    )
    return cells, f"<table>{markup}</table>"
