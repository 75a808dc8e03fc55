"""The known forms: `reconcile/forms/*.yaml`, and those of the folder that $GUIDANG_FORMS names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from core.errors import UsageError
from core.problems import Problem
from core.settings import place_of, settings
from reconcile.forms.form_model import Form, FormColumn, FormTable
from reconcile.forms.parser import FormError, parse_form
from reconcile.model import Key

SHIPPED = "guidang"
FORMS = "GUIDANG_FORMS"


def check_settings() -> None:
    """Raise UsageError for a setting that makes no sense: that stops a batch, not every document in it."""
    if _own_folder():  # the shipped ones need no look: a batch can do without them
        forms()


def forms() -> Mapping[str, Form]:
    """Every known form by name: the shipped ones, then the user's, each in the order of names.

    Raises:
        UsageError: the folder is not there, a file in it is no form, or a name is taken.
    """
    return _forms(_own_folder())


def _own_folder() -> str:
    return settings().forms or ""


def load_form(name: str) -> Form:
    """Give the form `name` ("2019", "2021", …); KeyError for a name that is not known."""
    return forms()[name]


def forms_of(table: str) -> tuple[Form, ...]:
    """Every form that has the table, the oldest first."""
    found = (form for form in forms().values() if table in form.tables)
    return tuple(sorted(found, key=lambda form: form.since))


def table_names() -> tuple[str, ...]:
    """The key of every table of every form, each once."""
    return tuple(dict.fromkeys(table for form in forms().values() for table in form.tables))


def tables_told_by_rows() -> tuple[str, ...]:
    """The key of every table that is known by its rows and headers, wherever it stands."""
    return _told_by_rows(_own_folder())


def tables_told_by_heading() -> tuple[tuple[str, FormTable], ...]:
    """Every other table, with the name of its form; the same objects at every call."""
    return _told_by_heading(_own_folder())


def subjects() -> tuple[str, ...]:
    """The words by which titles of reports are known, beside those of 政府信息公开 reports."""
    return tuple(dict.fromkeys(word for form in forms().values() for word in form.subjects))


def expected_keys(form: str, table: str) -> tuple[Key, ...]:
    """Every key of one table of a form, row by row in printed order."""
    pairs = load_form(form).tables[table].pairs()
    return tuple(Key(table, row.key, column.key) for block, row in pairs for column in block.columns)


def required_keys(form: str, table: str) -> tuple[Key, ...]:
    """Those that no report may leave out."""
    pairs = load_form(form).tables[table].pairs()
    demanded = ((block, row) for block, row in pairs if not row.optional)
    return tuple(
        Key(table, row.key, column.key)
        for block, row in demanded
        for column in block.columns
        if not column.optional
    )


def optional_rows(form: str, table: str) -> frozenset[str]:
    """The keys of the rows that a report may leave out."""
    return frozenset(row.key for _, row in load_form(form).tables[table].pairs() if row.optional)


def labels_of(form: str, table: str, row: str, column: str) -> tuple[str, str]:
    """Return the Chinese row and column label of a key, for people; KeyError if there is none.

    A row that is known by its code has that for its label.
    """
    found = load_form(form).tables[table]
    for block in found.blocks:
        titles = {candidate.key: candidate.title for candidate in block.rows}
        if block.open_rows and row.isdecimal():
            titles[row] = row
        for place in block.columns:
            if row in titles and place.key == column:
                return titles[row], _column_title(place, whole=found.unlabelled)
    raise KeyError((form, table, row, column))


def _column_title(column: FormColumn, *, whole: bool) -> str:
    return " · ".join(column.path) if whole else column.path[-1]


def check_form(path: Path) -> Form:
    """Read one form file as it would be read from the folder of forms.

    Raises:
        FormError: with every problem and its line.
        OSError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FormError([Problem(1, "no UTF-8 text")]) from error
    form = parse_form(path.stem, text, str(path))
    shipped = files("reconcile").joinpath("forms", f"{form.name}.yaml")
    if form.name in _forms("") and path.resolve() != Path(str(shipped)).resolve():
        raise FormError([Problem(1, f"there is a form {form.name} already; give the file another name")])
    return form


@cache
def _told_by_rows(folder: str) -> tuple[str, ...]:
    tables = (table for form in _forms(folder).values() for table in form.tables.values())
    return tuple(dict.fromkeys(table.key for table in tables if not table.is_headed))


@cache
def _told_by_heading(folder: str) -> tuple[tuple[str, FormTable], ...]:
    pairs = ((form.name, table) for form in _forms(folder).values() for table in form.tables.values())
    return tuple((name, table) for name, table in pairs if table.is_headed)


@cache
def _forms(folder: str) -> Mapping[str, Form]:
    known: dict[str, Form] = {}
    for source, origin in _sources(folder):
        form = _read(source, origin)
        if form.name in known:
            raise UsageError(f"{origin}: there is a form {form.name} already; give the file another name")
        known[form.name] = form
    return known


def _sources(folder: str) -> Iterator[tuple[Traversable, str]]:
    yield from ((source, SHIPPED) for source in _yaml_files(files("reconcile").joinpath("forms").iterdir()))
    if folder:
        if not Path(folder).is_dir():
            raise UsageError(f"{place_of(FORMS)}: there is no folder {folder}")
        yield from ((source, str(source)) for source in _yaml_files(Path(folder).iterdir()))


def _yaml_files(sources: Iterable[Traversable]) -> list[Traversable]:
    found = (source for source in sources if source.name.endswith(".yaml"))
    return sorted(found, key=lambda source: source.name)


def _read(source: Traversable, origin: str) -> Form:
    try:
        text = source.read_text(encoding="utf-8")
        return parse_form(source.name.removesuffix(".yaml"), text, origin)
    except UnicodeDecodeError as error:
        raise UsageError(f"{origin}: no UTF-8 text") from error
    except FormError as error:
        first = error.problems[0]
        raise UsageError(f"{origin}:{first.line}: {first.message}") from error
