"""Alembic's entry: runs migrations on the connection that `archive.maintenance.schema_upgrade` hands over."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

from archive.db import crawl_schema, people_schema, schema  # noqa: F401  (all fill the metadata)
from archive.index.page_index import is_search_index


def _ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    return not (kind == "table" and is_search_index(name or ""))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    include_object=_ours,
    render_as_batch=True,
)
context.run_migrations()
