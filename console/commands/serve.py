"""`guidang serve`: the archive in a browser."""

from __future__ import annotations

import getpass
import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.options import DEFAULT_ARCHIVE, ArchiveOption, LogOption, WhoOption
from console.output import show
from core.errors import UsageError
from core.streams import talk

if TYPE_CHECKING:
    from web.access.guard import Guard

_SHORTEST_TOKEN = 32


def serve(
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at; 0 for any.")] = 8470,
    people: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, help="Who may come, with passwords and roles (TOML)."),
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", help="A name that this page is asked for by, besides the address."),
    ] = None,
    token: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, help="A file with the token that lets programs in."
        ),
    ] = None,
    log: LogOption = None,
    who: WhoOption = None,
    hash_password: Annotated[
        bool, typer.Option("--hash-password", help="Ask for a password, print its hash for FILE, and end.")
    ] = False,
) -> None:
    """Show the archive in a browser: look at scans, settle doubtful values.

    At this machine's own address nobody logs in, and what you say is kept with your name. Any other
    address needs --people, or --token for programs alone. --log keeps who asked for what. Ctrl-C ends it.

    \b
    Example:
      guidang serve --archive ./reports
    """
    if hash_password:
        from web.access.people import hashed

        show([hashed(getpass.getpass("password: "))])
        return
    import uvicorn

    from archive.archive import Archive
    from ingest.monitoring.logs import logging_to
    from ingest.reading.thread_pool import ReaderThreads
    from ocr.output.page_picture import page_picture
    from web.application import application

    guard = _guard(host, names or [], people, token, who)
    with (
        Archive.open(archive) as opened,
        ReaderThreads(2, page_picture) as draw,
        logging_to(log, "serve") as guard.log,
    ):
        talk(f"http://{host}:{port}/ shows {opened.location}; Ctrl-C ends it")
        uvicorn.run(
            application(opened, draw, guard), host=host, port=port, log_level="warning", server_header=False
        )


def _guard(host: str, names: list[str], people: Path | None, token: Path | None, who: str | None) -> Guard:
    """Who may come. Raises UsageError for an address of others without people or a token."""
    from archive import reviewer
    from web.access.guard import Guard
    from web.access.people import People, Person, Role, read_people

    if not (_is_own(host) or people or token):
        raise UsageError(
            f"{host} can be reached by others: say who may come with --people FILE (programs: --token FILE)"
        )
    known = {host, *names} | ({"127.0.0.1", "localhost", "::1"} if _is_own(host) else set())
    known_people = read_people(people) if people else None if _is_own(host) else People({})
    local = Person(reviewer.who(who), Role.REVIEWER)
    return Guard(frozenset(known), local, known_people, _token(token) if token else "")


def _token(path: Path) -> str:
    """The token of a file. Raises UsageError for one that could be guessed."""
    token = path.read_text(encoding="utf-8").strip()
    if len(token) < _SHORTEST_TOKEN or not token.isascii():
        raise UsageError(
            f"{path} holds no token of {_SHORTEST_TOKEN} letters and more: `openssl rand -hex 32` makes one"
        )
    return token


def _is_own(host: str) -> bool:
    """Tell an address that nobody but this machine reaches."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
