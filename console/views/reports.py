"""The reports in documents, and what people said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.table import Table
from rich.text import Text

from archive.records import ReportName, short
from archive.reports.records import ListedReport, SaidOfReport
from console.views.base import grid, printable

_FIELDS = {
    "organ": "organ",
    "year": "year",
    "title": "title",
    "preferred": "this reading counts",
    "borders": "reports begin on pages",
    "members": "gathered of",
}


def reports(found: Iterable[ListedReport]) -> Table:
    """Reports, one a line; what a person said is marked ✓, a hint stands in brackets."""
    columns = ("report", "organ", "year", "form", "pages", "border", "values", "to review", "source", "")
    return grid(columns, (_line(report) for report in found))


def _line(report: ListedReport) -> tuple[object, ...]:
    said = set(report.said.split(";"))
    return (
        name_of(report),
        f"{report.organ}{' ✓' if 'organ' in said else ''}" or _hint(report),
        f"{'' if report.year is None else report.year}{' ✓' if 'year' in said else ''}",
        report.form,
        _pages(report),
        f"{report.confidence:.2f}",
        report.values,
        report.needs_review,
        report.source,
        "; ".join(_remarks(report, said)),
    )


def line(report: ListedReport) -> str:
    """A report in a line: name, organ, year, pages, and what there is to say of it."""
    named = f"{printable(report.organ) or '机关不详'} {report.year or '年份不详'}"
    told = "; ".join(("", *_remarks(report, set(report.said.split(";")))))
    return f"{name_of(report)}: {named}, page {_pages(report)}, {report.values} values{told}"


def _remarks(report: ListedReport, said: set[str]) -> list[str]:
    """What else there is to say: flags, which reading counts, what was read instead of what was said."""
    remarks = [report.flags.replace(";", ", ")] if report.flags else []
    if report.instead:
        remarks.append(f"{short(report.instead)} counts instead")
    if "preferred" in said:
        remarks.append("chosen to count ✓")
    read = {"organ": report.organ_read, "year": report.year_read, "title": report.title_read}
    for name, content in read.items():
        if name in said and content not in ("", None, getattr(report, name)):
            remarks.append(f"{name} read as {printable(content)}")
    return remarks


def counts_instead(report: ListedReport) -> Iterator[Text]:
    """That another reading of the same report counts, if it does."""
    if report.instead:
        yield Text(
            f"\n{short(report.instead)} counts for {printable(report.organ)} {report.year} in sums and "
            f"comparisons: fewer of its values are doubtful, or it came later, or a person chose it "
            f"(`guidang reports prefer`)"
        )


def _hint(report: ListedReport) -> str:
    return f"({report.hint}?)" if report.hint else ""


def _pages(report: ListedReport) -> str:
    first, last = report.first_page, report.last_page
    return str(first) if first == last else f"{first}–{last}"


def name_of(report: ListedReport) -> str:
    """The report as it is named on the command line."""
    return short(str(ReportName(report.document, report.part)))


def words(found: Iterable[SaidOfReport]) -> Table:
    """What people said, in order."""
    rows = (
        [
            word.id,
            _spoken_of(word),
            _FIELDS[word.field],
            f"took back {word.undoes}" if word.undoes else _shown(word.field, word.said),
            _shown(word.field, word.seen),
            "✓" if word.stands else "",
            word.who,
            word.at,
            word.note,
        ]
        for word in found
    )
    return grid(("", "report", "what", "said", "instead of", "stands", "who", "when", "note"), rows)


def _shown(field: str, said: str) -> str:
    return " ".join(map(short, said.split(","))) if field == "members" else said


def _spoken_of(word: SaidOfReport) -> str:
    """The report, or the document; or the pages where it was, where it is no more."""
    if word.part > 0:
        return short(str(ReportName(word.document, word.part)))
    return short(word.document) + ("" if word.part == 0 else f" page {word.page}–{word.last_page}")
