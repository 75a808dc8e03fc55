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


def upgrade() -> None:
    """Add the columns; of readings that are there only the cells of values can be told, by their boxes."""
    for table, columns in _NEW.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
    connection = op.get_bind()
    for (run,) in connection.execute(sa.text("SELECT DISTINCT run_id FROM value_place")).all():
        _name_cells(connection, run)


def _name_cells(connection: sa.Connection, run: int) -> None:
    """Say of the values of a run which cells they were read from: those with the very same box."""
    box = 'page, "left", top, "right", bottom'
    of_run = {"run": run}
    cells = connection.execute(
        sa.text(f"SELECT grid, ordinal, {box} FROM grid_cell WHERE run_id = :run"), of_run
    )
    at = {tuple(place): {"grid": grid, "cell": cell} for grid, cell, *place in cells}
    places = connection.execute(
        sa.text(f"SELECT value, ordinal, {box} FROM value_place WHERE run_id = :run"), of_run
    )
    named = [
        {**of_run, "value": value, "ordinal": ordinal, **at[tuple(place)]}
        for value, ordinal, *place in places
        if tuple(place) in at
    ]
    if named:
        connection.execute(
            sa.text(
                "UPDATE value_place SET grid = :grid, cell = :cell "
                "WHERE run_id = :run AND value = :value AND ordinal = :ordinal"
            ),
            named,
        )


def downgrade() -> None:
    """Drop the columns."""
    for table, columns in _NEW.items():
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.drop_column(name)
