"""How photographed pages were laid flat, where two pages side by side part, and which cell is which."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NEW: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
    "page": {"warp": sa.JSON(none_as_null=True), "gutter": sa.JSON(none_as_null=True)},
    "grid_cell": {"page_table": sa.Integer(), "rows_before": sa.Integer()},
    "value_place": {"grid": sa.Integer(), "cell": sa.Integer()},
}
_BOX = ("page", '"left"', "top", '"right"', "bottom")
# Min is that of one cell, as there is no other.
_LINK = """
    UPDATE value_place SET grid = one.grid, cell = one.cell
    FROM (
        SELECT min(grid) AS grid, min(ordinal) AS cell, {same} FROM grid_cell
        WHERE run_id = :run GROUP BY {same} HAVING count(*) = 1
    ) AS one
    WHERE value_place.run_id = :run AND value_place.cell IS NULL AND {on}
"""


def upgrade() -> None:
    """Add the columns; of readings that are there only the cells of values can be told, by their boxes."""
    for table, columns in _NEW.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
    connection = op.get_bind()
    for (run,) in connection.execute(sa.text("SELECT DISTINCT run_id FROM value_place")).all():
        _name_cells(connection, run)


def _name_cells(connection: sa.Connection, run: int) -> None:
    """Say of the values of a run which cells they were read from: those with the very same box.

    Where cells share a box, text and confidence tell; what is the same in them too stays unknown.
    """
    for same in (_BOX, (*_BOX, "text", "confidence")):
        connection.execute(sa.text(_LINK.format(same=", ".join(same), on=_equal(same))), {"run": run})


def _equal(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"value_place.{name} = one.{name}" for name in columns)


def downgrade() -> None:
    """Drop the columns."""
    for table, columns in _NEW.items():
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.drop_column(name)
