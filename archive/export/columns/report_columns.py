"""Reports in documents, and what people said of them: a column a field."""

from __future__ import annotations

from archive.dataclass_tools import as_object, kinds_of, names_of
from archive.export.columns.base import ExportLayout, plain_rows
from archive.reports.records import ListedReport, SaidOfReport

REPORTS = ExportLayout(names_of(ListedReport), plain_rows, as_object, kinds_of(ListedReport))
REPORT_WORDS = ExportLayout(names_of(SaidOfReport), plain_rows, as_object, kinds_of(SaidOfReport))
