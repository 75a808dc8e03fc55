"""The entry: all commands in the order of the help, and the exit code of whatever happened.

Data goes to stdout, talk to stderr.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence

import typer

from console.commands import (
    across,
    changes,
    coverage,
    crawl,
    doctor,
    export,
    facts,
    failures,
    forms,
    ingest,
    organs,
    rerun,
    review,
    search,
    setup,
    show,
    status,
    verify,
    worker,
)
from console.exits import INTERRUPTED, Interrupted
from console.options import ConfigOption
from console.output import prepare_streams
from core.errors import GuidangError
from core.streams import talk

# In the order of the help.
COMMANDS = (
    ingest.ingest,
    worker.worker,
    crawl.crawl,
    status.status,
    failures.failures,
    failures.retry,
    changes.changes,
    search.search,
    show.show,
    facts.facts,
    export.export,
    across.across,
    coverage.coverage,
    rerun.rerun,
    verify.verify,
    setup.init,
    setup.upgrade,
    doctor.doctor,
)
GROUPS = {"forms": forms.app, "review": review.app, "organs": organs.app}

app = typer.Typer(
    help="guidang (归档): an OCR archive for government annual disclosure reports.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in COMMANDS:
    app.command()(command)
for name, group in GROUPS.items():
    app.add_typer(group, name=name)


@app.callback()
def with_settings(config: ConfigOption = None) -> None:
    """Take settings from a file."""
    if config is not None:
        from core.settings import use_file  # not at start-up: it loads pydantic

        use_file(config)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit code, which is that of the error class if it fails."""
    # What is loaded stays: to look through it for garbage again and again is 6 % of a search (0.05 s).
    gc.set_threshold(50_000)
    prepare_streams()
    try:
        app(args=arguments, prog_name="guidang")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except Interrupted as stop:
        talk(str(stop))
        return INTERRUPTED
    except GuidangError as error:
        talk(f"guidang: {error}")
        return error.exit_code
    return 0
