"""What is wrong: documents that failed, findings of `verify`, parts that `doctor` looked at."""

from __future__ import annotations

from archive.dataclass_tools import as_object, names_of
from archive.documents.records import DocumentFailure
from archive.export.columns.base import ExportLayout, plain_rows
from archive.maintenance.records import IntegrityProblem

CHECK_COLUMNS = ("part", "verdict", "found", "remedy")
CHECKS = ExportLayout(CHECK_COLUMNS, iter, dict)
FAILURES = ExportLayout(names_of(DocumentFailure), plain_rows, as_object)
TROUBLES = ExportLayout(names_of(IntegrityProblem), plain_rows, as_object)
