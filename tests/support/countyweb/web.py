"""What a site of the county is made of: addresses, what each answers, and what of it is a report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Facts = Mapping[tuple[str, str, str], str]


class Validators(StrEnum):
    """How a page helps who asks again: by ETag, by date, not at all, or by an ETag that it then ignores."""

    ETAG = "etag"
    DATE = "date"
    NONE = "none"
    DEAF = "deaf"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as an answer may depend on it; `times` counts requests for its address, this one too."""

    method: str
    path: str
    times: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answers, and how slowly; `headers` may hold bytes of GBK, decoded as Latin-1."""

    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    validators: Validators = Validators.ETAG
    gzip: bool = False
    seconds: float = 0.0


Reply = Answer | Callable[[Asked], Answer]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that is there: `addresses` that give it, of which one is enough.

    `sha256` is that of the file, empty for a page, which is kept with its pictures;
    `facts` are values of a page's tables, as (table, row, column): what is printed.
    """

    site: str
    kind: str
    addresses: tuple[str, ...]
    title: str
    sha256: str = ""
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edit:
    """What a site changed, as `guidang changes` must tell it; `kind` as in WebChange."""

    kind: str
    address: str


@dataclass(slots=True)
class Web:
    """A site under construction; `root` is its address up to the port, without a slash at the end."""

    name: str
    root: str
    night: int
    replies: dict[str, Reply] = field(default_factory=dict)
    wanted: list[Wanted] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)

    def page(self, path: str, html: str, encoding: str = "utf-8", **rest: object) -> None:
        """A page; its charset is in the header unless `media_type` says otherwise."""
        answer = {"media_type": f"text/html; charset={encoding}"} | rest
        self.replies[path] = Answer(html.encode(encoding), **answer)  # type: ignore[arg-type]

    def file(self, path: str, body: bytes, media_type: str = "application/pdf", **rest: object) -> None:
        """A file, which may be a report or not."""
        self.replies[path] = Answer(body, media_type, **rest)  # type: ignore[arg-type]

    def moved(self, path: str, target: str, status: int = 302) -> None:
        """A redirect."""
        self.replies[path] = Answer(status=status, headers={"Location": target})

    def want(self, kind: str, title: str, body: bytes, *paths: str) -> None:
        """Expect these bytes from any of these addresses."""
        addresses = tuple(self.at(path) for path in paths)
        self.wanted.append(Wanted(self.name, kind, addresses, title, hashlib.sha256(body).hexdigest()))

    def want_page(self, title: str, facts: Facts, *paths: str) -> None:
        """Expect a page with these facts."""
        addresses = tuple(self.at(path) for path in paths)
        self.wanted.append(Wanted(self.name, "page", addresses, title, facts=facts))

    def edit(self, kind: str, path: str) -> None:
        """Expect this change, if this is the third night."""
        if self.night >= 3:
            self.edits.append(Edit(kind, self.at(path)))

    def at(self, path: str) -> str:
        """The whole address of a path."""
        return path if "://" in path else self.root + path
