"""What was checked: the installation, the archive, and the forms that are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from archive.maintenance.records import IntegrityProblem, Verification
from console.views.base import grid, printable

if TYPE_CHECKING:
    from reconcile.forms.form_model import Form


def checks(found: Iterable[tuple[str, str, str, str]]) -> Table:
    """What a check-up found: name, verdict (ok, warn, bad), what was seen, and the remedy if not ok."""
    styles = {"ok": "", "warn": "yellow", "bad": "red"}
    rows = (
        [Text(verdict, styles[verdict]), name, detail, "" if verdict == "ok" else remedy]
        for name, verdict, detail, remedy in found
    )
    return grid(("", "part", "found", "what to do"), rows)


def troubles(found: Verification) -> Iterator[Text]:
    """What is damaged and what is merely odd, a line each, behind its kind."""
    for one in (*found.damages, *found.oddities):
        yield Text(printable(f"{one.kind:<10}  {one.message}"), style="red" if one in found.damages else "")


def kinds(found: Iterable[IntegrityProblem]) -> str:
    """How many there are of each kind, in words."""
    return ", ".join(f"{count:,} {kind}" for kind, count in Counter(one.kind for one in found).items())


def forms(known: Iterable[Form]) -> Table:
    """The known forms: what each is called, its tables, its size, and where it comes from."""
    columns = ("form", "title", "since", "tables", "values", "relations", "from")
    return grid(columns, (_form_line(form) for form in known))


def _form_line(form: Form) -> tuple[object, ...]:
    tables, relations = ", ".join(form.tables), ", ".join(dict.fromkeys(r.id for r in form.relations))
    return form.name, form.title, form.since or None, tables, form.n_values, relations, form.origin
