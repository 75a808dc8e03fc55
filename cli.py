"""The entry: all commands in the order of the help, and the exit code of whatever happened.

Data goes to stdout, talk to stderr.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Sequence
from pkgutil import resolve_name

import typer

from console.exits import INTERRUPTED, Interrupted
from console.options import ConfigOption
from console.output import prepare_streams
from core.errors import GuidangError
from core.streams import talk

# In the order of the help: the file in console/commands/, and what of it is the command or the group.
COMMANDS = {
    "ingest": "ingest:ingest",
    "worker": "worker:worker",
    "crawl": "crawl:app",
    "status": "status:status",
    "failures": "failures:failures",
    "retry": "failures:retry",
    "changes": "changes:changes",
    "search": "search:search",
    "show": "show:show",
    "facts": "facts:facts",
    "export": "export:export",
    "across": "across:across",
    "coverage": "coverage:coverage",
    "rerun": "rerun:rerun",
    "verify": "verify:verify",
    "init": "setup:init",
    "upgrade": "setup:upgrade",
    "doctor": "doctor:doctor",
    "forms": "forms:app",
    "review": "review:app",
    "serve": "serve:serve",
    "organs": "organs:app",
    "reports": "reports:app",
}


def application(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with all commands, or with those that are named."""
    app = typer.Typer(
        help="guidang (归档): an OCR archive for government annual disclosure reports.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(with_settings)
    for name in names:
        found = resolve_name(f"console.commands.{COMMANDS[name]}")
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


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
    words = sys.argv[1:] if arguments is None else list(arguments)
    # The other commands are loaded for help and for what is misspelt: a search does not wait for them.
    asked = words[:1] if words[:1] and words[0] in COMMANDS else COMMANDS
    try:
        application(asked)(args=words, prog_name="guidang")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except Interrupted as stop:
        talk(str(stop))
        return INTERRUPTED
    except GuidangError as error:
        talk(f"guidang: {error}")
        return error.exit_code
    return 0
