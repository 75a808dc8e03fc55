"""The guard before every request: from which host, by whom, with which right; and what a browser may do.

A page of somebody else's cannot speak for a person: what changes something needs the token of the session,
which only our own pages know, and comes from the same origin. A name of somebody else's that leads here
(DNS rebinding) is refused by the host that the request names.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from ingest.monitoring.logs import Log
from web.access.people import People, Person
from web.access.sessions import COOKIE, Attempts, Session, Sessions

TOKEN_HEADER = "x-guidang-token"
_OPEN = ("/login", "/static/")
_API = "/api/"
# Whoever came may leave.
_LEAVE = "/logout"
_READS = ("GET", "HEAD")
# The most bytes that a request may bring: a verdict with its note.
_MOST_BYTES = 65_536
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
Next = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class Guard:
    """Lets requests through, or answers them itself.

    `hosts` are the names this page is asked for by. With `people` everybody logs in; without, whoever sits at
    this machine is `local`. A program that knows `token` is `local` too. Requests are told to `log`.
    """

    hosts: frozenset[str]
    local: Person
    people: People | None = None
    token: str = ""
    log: Log | None = None
    sessions: Sessions = field(default_factory=Sessions)
    attempts: Attempts = field(default_factory=Attempts)

    async def __call__(self, request: Request, go_on: Next) -> Response:
        """Answer a request; every answer has the headers that bind a browser, and is told to the log."""
        begun = time.perf_counter()
        response = self._refused(request) or await self._by_somebody(request, go_on)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        self._tell(request, response.status_code, time.perf_counter() - begun)
        return response

    def _tell(self, request: Request, status: int, seconds: float) -> None:
        """Tell who asked for what and got which answer; never what was searched for or sent."""
        if self.log is None:
            return
        person = getattr(request.state, "person", None)
        self.log.info(
            "request",
            who=person.name if person else "",
            client=request.client.host if request.client else "",
            method=request.method,
            path=request.url.path,
            status=status,
            ms=round(seconds * 1000, 1),
        )

    def _refused(self, request: Request) -> Response | None:
        """What no page of ours would ask."""
        if request.url.hostname not in self.hosts:
            return PlainTextResponse("not served under this name", 421)
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > _MOST_BYTES or "transfer-encoding" in request.headers:
            return PlainTextResponse("too much is sent", 413)
        return None

    async def _by_somebody(self, request: Request, go_on: Next) -> Response:
        by_token = self._has_token(request)
        session = None if by_token else self.sessions.of(request.cookies.get(COOKIE, ""))
        begun = None
        if session is None and not by_token and self.people is None:
            session = begun = self.sessions.begin(self.local)
        person = self.local if by_token else session.person if session else None
        request.state.person, request.state.session = person, session
        if answer := self._stopped(request, person, session):
            return answer
        response = await go_on(request)
        if begun:
            give_cookie(response, begun, secure=request.url.scheme == "https")
        return response

    def _has_token(self, request: Request) -> bool:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        return (
            bool(self.token)
            and kind.lower() == "bearer"
            and secrets.compare_digest(given.encode(), self.token.encode())
        )

    def _stopped(self, request: Request, person: Person | None, session: Session | None) -> Response | None:
        """Why a request is not answered: nobody known, not from our pages, no right."""
        path = request.url.path
        if path.startswith(_OPEN):
            return None if request.method in _READS or _same_origin(request) else _forbidden(request)
        if person is None:
            if path.startswith(_API) or request.method not in _READS:
                return JSONResponse({"detail": "log in first"}, 401)
            asked = f"{path}?{request.url.query}" if request.url.query else path
            return RedirectResponse(f"/login?next={quote(asked)}", 303)
        if request.method in _READS:
            return None
        if session and not _is_ours(request, session):
            return _forbidden(request)
        return None if person.may_judge or path == _LEAVE else _forbidden(request)


def give_cookie(response: Response, session: Session, *, secure: bool) -> None:
    """Let a browser keep its session; no script reads it, no other site sends it."""
    response.set_cookie(COOKIE, session.key, httponly=True, samesite="strict", secure=secure, path="/")


def _is_ours(request: Request, session: Session) -> bool:
    given = request.headers.get(TOKEN_HEADER, "")
    return _same_origin(request) and secrets.compare_digest(given.encode(), session.token.encode())


def _same_origin(request: Request) -> bool:
    """Tell whether a request comes from a page of ours; browsers say so of all that is no reading."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _forbidden(request: Request) -> Response:
    if request.url.path.startswith(_API):
        return JSONResponse({"detail": "not allowed"}, 403)
    return PlainTextResponse("not allowed", 403)
