"""Facts: a column a field of `Fact`, in its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from archive.dataclass_tools import kinds_of, names_of
from archive.export.columns.base import ExportLayout, Row
from archive.values.records import Fact


def _fact_object(fact: Fact) -> Row:
    return {name: getattr(fact, name) for name in FACT_COLUMNS}


def _fact_rows(facts: Iterable[Fact]) -> Iterator[Row]:
    return (_fact_object(fact) for fact in facts)


FACT_COLUMNS = names_of(Fact)


FACTS = ExportLayout(FACT_COLUMNS, _fact_rows, _fact_object, {**kinds_of(Fact), "value": Decimal})
