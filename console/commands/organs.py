"""`guidang organs`: organs and the names under which reports print them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.delivery import deliver
from console.exits import problems_told
from console.options import DEFAULT_ARCHIVE, ArchiveOption, Format, FormatOption, OrganOption
from core.errors import UsageError
from core.streams import data_stream, talk

app = typer.Typer(
    help="Organs and the names under which reports print them; only people link names.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_organs(
    archive: ArchiveOption = DEFAULT_ARCHIVE, organ: OrganOption = None, form: FormatOption = Format.TABLE
) -> None:
    """List the organs with the names that reports print, and the years of their reports.

    \b
    Example:
      guidang organs list --organ 水务局
    """
    from archive.archive import Archive
    from archive.export.columns import organ_columns
    from console.views import organs

    with Archive.open(archive) as opened:
        names = [
            one
            for one in opened.organs.printed_names()
            if not organ or organ in one.organ or organ in one.written
        ]
    deliver(names, form, organ_columns.ORGANS, lambda: [organs.organs(names)])
    named = [one for one in names if one.written]
    talk(f"{len({one.organ for one in named})} organs under {len(named)} names")


@app.command("suggest")
def suggest_organs(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    score: Annotated[int, typer.Option(min=1, max=100, help="Only from this score up.")] = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """Suggest names that may mean one organ, with the grounds; nothing is linked.

    \b
    Example:
      guidang organs suggest --score 80
    """
    from archive.archive import Archive
    from archive.export.columns import organ_columns
    from console.views import organs

    with Archive.open(archive) as opened:
        found = [one for one in opened.organs.suggest() if one.score >= score]
    deliver(found, form, organ_columns.SUGGESTIONS, lambda: [organs.suggestions(found)] if found else [])
    talk(f"{len(found)} suggestions; `guidang organs link WRITTEN ORGAN` links those that are right")


@app.command("link")
def link_organs(
    names: Annotated[list[str], typer.Argument(metavar="WRITTEN... ORGAN", help="The last is the organ.")],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Say that names in reports mean one organ.

    Kept with who ($GUIDANG_WHO, else the login name) and when.

    \b
    Example:
      guidang organs link 清河县水利局 清河县水务局
    """
    from archive.archive import Archive

    *written, organ = names
    if not written:
        raise UsageError("give the names as reports print them, then the organ that they mean")
    with Archive.open(archive, write=True) as opened:
        new = opened.organs.link(written, organ)
        printed = {one.written for one in opened.organs.printed_names() if one.reports}
    for name in (*new, organ):
        if name not in printed:
            talk(f"note: no report prints {name}")
    talk(f"{len(new)} names linked to {organ}, {len(set(written)) - len(new)} were already")


@app.command("unlink")
def unlink_organs(
    names: Annotated[list[str], typer.Argument(metavar="WRITTEN...", help="Names that mean another organ.")],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Let names mean nothing but themselves again.

    \b
    Example:
      guidang organs unlink 清河县水利局
    """
    from archive.archive import Archive

    with Archive.open(archive, write=True) as opened:
        opened.organs.unlink(names)
    talk(f"{len(set(names))} names unlinked")


@app.command("load")
def load_organs(
    file: Annotated[Path, typer.Argument(metavar="LIST.toml", exists=True, dir_okay=False)],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    whole: Annotated[
        bool, typer.Option("--whole", help="The list is all there is: drop organs that are not on it.")
    ] = False,
) -> None:
    """Take organs, regions, supervisors and other names from a list.

    For an organ on the list, the list is right: names that it no longer gives are
    unlinked. How a list is written: docs/coverage.md.

    \b
    Example:
      guidang organs load county.toml --whole
    """
    from archive.archive import Archive
    from archive.organs import organ_list_file

    with problems_told(), Archive.open(archive, write=True) as opened:
        done = opened.organs.load(organ_list_file.read(file), whole)
    for word, changed in (("linked", done.linked), ("unlinked", done.unlinked), ("dropped", done.dropped)):
        if changed:
            talk(f"{word}: {'、'.join(changed)}")
    talk(f"{done.organs} organs loaded")


@app.command("export")
def export_organs(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    printed: Annotated[
        bool, typer.Option("--printed", help="Also the names that reports print and nobody listed.")
    ] = False,
    output: Annotated[Path | None, typer.Option(help="File to write instead of stdout.")] = None,
) -> None:
    """Write the organs and their names as a list, to be edited and loaded again.

    \b
    Example:
      guidang organs export --printed --output organs.toml
    """
    from archive.archive import Archive

    with Archive.open(archive) as opened, data_stream(output) as stream:
        stream.write(opened.organs.listed(printed))
