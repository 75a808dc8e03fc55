"""`guidang forms`: the forms that tables are laid beside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.options import DEFAULT_ARCHIVE, ArchiveOption, DocumentArgument, check_settings
from console.output import show
from core.errors import UsageError
from core.streams import data_stream, talk

app = typer.Typer(
    help="The forms that tables are laid beside; $GUIDANG_FORMS names a folder of your own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_forms() -> None:
    """List the forms that are known: the shipped ones and those of $GUIDANG_FORMS.

    \b
    Example:
      GUIDANG_FORMS=./forms guidang forms list
    """
    from console.views import checks
    from reconcile.forms.registry import forms

    show([checks.forms(forms().values())])


@app.command("check")
def check_form(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A form file (YAML).")],
) -> None:
    """Check a form file; every problem is one line, FILE:LINE: what is wrong.

    Exit code 2 if there is any. docs/forms.md says how a form is written.

    \b
    Example:
      guidang forms check forms/village.yaml
    """
    check_settings()
    from reconcile.forms import registry
    from reconcile.forms.parser import FormError

    try:
        form = registry.check_form(file)
    except FormError as error:
        for one in error.problems:
            show([f"{file}:{one.line}: {one.message}"])
        raise UsageError(f"{len(error.problems)} problems in {file}") from None
    talk(
        f"form {form.name} is sound: {len(form.tables)} tables, {form.n_values} values, "
        f"{len(form.relations)} relations"
    )


@app.command("draft")
def draft_form(
    document: DocumentArgument,
    table: Annotated[int, typer.Argument(min=1, help="Its number, as `guidang show` gives it.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A new file in your folder of forms, else stdout.")
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Begin a form file with the printed labels of a table that was read.

    It is a form as it is, with keys r1, r2, … and c1, c2, … beside the labels.
    Give them names that speak, and add the sums: docs/forms.md.

    \b
    Example:
      guidang forms draft 3fa9c1 2 --output forms/proposals.yaml
    """
    from archive.archive import Archive
    from reconcile.forms.drafting import draft_form as drafted
    from reconcile.forms.parser import FormError, parse_form

    if output and output.exists():
        raise UsageError(f"{output} is there already; a draft never takes the place of a form")
    with Archive.open(archive) as opened:
        stored = opened.export.table(document, table)
    try:
        text = drafted(stored.table, f"t_{stored.document[:6]}_{stored.number}")
        source = " ".join(stored.source.split())
        text = f"# From table {stored.number} of {source}, made by `guidang forms draft`.\n{text}"
        form = parse_form(output.stem if output else "draft", text, "draft")
    except (UsageError, FormError) as error:
        raise UsageError(f"no form can be made of table {table}: {error}") from None
    with data_stream(output) as stream:
        stream.write(text)
    talk(f"{form.n_values} values, to be named; then: guidang forms check {output or 'FILE'}")
