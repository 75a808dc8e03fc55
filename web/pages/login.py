"""Logging in and out, where the page is open to others than whoever sits at this machine."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from web.access.guard import Guard, give_cookie
from web.access.sessions import COOKIE
from web.house import house_of

router = APIRouter()


async def _fields(request: Request) -> dict[str, list[str]]:
    return parse_qs((await request.body()).decode("utf-8", "replace"))


@router.get("/login")
def ask(request: Request, next: str = "/") -> Response:
    """Ask for a name and a password."""
    return house_of(request).page(request, "login.html", then=_own(next), trouble="")


@router.post("/login")
def log_in(request: Request, fields: Annotated[dict[str, list[str]], Depends(_fields)]) -> Response:
    """Begin a session for somebody whose password is right; too many attempts have to wait."""
    guard: Guard = request.app.state.guard
    name, password, then = (fields.get(one, [""])[0] for one in ("name", "password", "next"))
    address = request.client.host if request.client else ""
    if not guard.attempts.may(address):
        return house_of(request).page(
            request, "login.html", 429, then=_own(then), trouble="too many attempts: wait five minutes"
        )
    person = guard.people.let_in(name, password) if guard.people else None
    if person is None:
        return house_of(request).page(
            request, "login.html", 401, then=_own(then), trouble="name or password is wrong"
        )
    answer = RedirectResponse(_own(then), 303)
    give_cookie(answer, guard.sessions.begin(person), secure=request.url.scheme == "https")
    return answer


@router.post("/logout")
def log_out(request: Request) -> Response:
    """End the session."""
    guard: Guard = request.app.state.guard
    guard.sessions.end(request.cookies.get(COOKIE, ""))
    answer = Response(status_code=204, headers={"HX-Redirect": "/login"})
    answer.delete_cookie(COOKIE)
    return answer


def _own(path: str) -> str:
    """An address of ours: whatever could lead elsewhere becomes the library."""
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if safe and path.isprintable() else "/"
