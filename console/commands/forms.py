"""`guidang forms`: the forms that tables are laid beside."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.options import check_settings
from console.output import show
from core.errors import UsageError
from core.streams import talk

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
