"""The county as a whole: its sites, each on a host of loopback of its own, and its nights."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from tests.support.countyweb import certificates, education, government, health, restless, secure, water
from tests.support.countyweb.server import FIRST_DAY, Hit, Listener, Log
from tests.support.countyweb.web import Edit, Wanted, Web

CONTACT = "archive@example.invalid"


@dataclass(frozen=True, slots=True)
class Place:
    """A site: its host, what it is made of, and what SITES.toml says of it beyond name and start."""

    host: str
    build: Callable[[Web], None]
    says: tuple[str, ...] = ()
    tls: str = ""


PLACES: Mapping[str, Place] = {
    "government": Place("127.0.0.9", government.build),
    "water": Place("127.0.0.2", water.build),
    "education": Place("127.0.0.3", education.build, ('hosts = ["127.0.0.3", "localhost"]',)),
    "health": Place("127.0.0.4", health.build),
    "expired": Place("127.0.0.5", secure.expired, ('tls = "record"',), "expired"),
    "incomplete": Place("127.0.0.6", secure.incomplete, ('certificates = "{certificates}"',), "incomplete"),
    "stranger": Place("127.0.0.7", secure.stranger, (), "stranger"),
    "restless": Place("127.0.0.10", restless.build),
    "unready": Place("127.0.0.8", secure.unready),
}


class County:
    """Sites that are served until the end of a `with`; `only` names those wanted.

    The port is the same for all hosts, another one for TLS, and stays through the nights.
    """

    def __init__(self, only: Collection[str] = ()) -> None:
        self.places = {name: place for name, place in PLACES.items() if name in (only or PLACES)}
        self.log = Log()
        self.night = 1
        self._folder = TemporaryDirectory(prefix="county")
        self._listeners: dict[str, Listener] = {}

    def __enter__(self) -> Self:
        contexts = self._contexts(Path(self._folder.name))
        ports = {False: 0, True: 0}
        for name, place in self.places.items():
            secured = bool(place.tls)
            listener = Listener(place.host, ports[secured], self.log, contexts.get(place.tls))
            ports[secured] = listener.server_address[1]
            self._listeners[name] = listener
        if "education" in self.places:  # one of its files is at its other name
            self._listeners["localhost"] = Listener("127.0.0.1", ports[False], self.log)
        for listener in self._listeners.values():
            threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()
        self.go_to(1)
        return self

    def __exit__(self, *_: object) -> None:
        for listener in self._listeners.values():
            listener.shutdown()
            listener.server_close()
        self._folder.cleanup()

    def go_to(self, night: int) -> None:
        """Let the sites be as they are on a night, and forget what was asked so far."""
        self.night = night
        self._webs = {name: self._build(name) for name in self.places}
        for name, listener in self._listeners.items():
            listener.replies = self._webs["education" if name == "localhost" else name].replies
            listener.day = FIRST_DAY + night * 86_400
        self.forget()

    def forget(self, times: bool = False) -> None:
        """Begin an empty log; with `times` the sites forget too how often they were asked."""
        with self.log.changed:
            self.log.hits.clear()
            self.log.most_open.clear()
            if times:
                self.log.times.clear()

    @property
    def hits(self) -> list[Hit]:
        """What was asked since the night began, in the order of the answers."""
        with self.log.changed:
            return list(self.log.hits)

    @staticmethod
    def names() -> tuple[str, ...]:
        """What all the sites are called."""
        return tuple(PLACES)

    @property
    def webs(self) -> Sequence[Web]:
        """The sites as they are tonight."""
        return list(self._webs.values())

    def wanted(self) -> list[Wanted]:
        """Every document that is there tonight."""
        return [one for web in self.webs for one in web.wanted]

    def edits(self) -> list[Edit]:
        """What changed before the third night, as `guidang changes` must tell it."""
        return [edit for web in self.webs for edit in web.edits]

    def write_plan(self, path: Path, delay: float = 0, **settings: str) -> Path:
        """SITES.toml for a crawl of the county; `settings` are lines of `[crawl]` as TOML writes them."""
        given = {
            "contact": f'"{CONTACT}"',
            "allow_private": '["127.0.0.0/8", "::1/128"]',
            "delay": str(delay),
        } | settings
        lines = ["[crawl]", *(f"{name} = {value}" for name, value in given.items())]
        for name, place in self.places.items():
            lines += ["", "[[site]]", f'name = "{name}"', f'start = ["{self._root(name)}/"]']
            lines += [said.format(certificates=self.chain) for said in place.says]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    @property
    def chain(self) -> Path:
        """The certificates that one of the sites forgets to send."""
        return Path(self._folder.name) / "chain.pem"

    def _root(self, name: str) -> str:
        host, port = self._listeners[name].server_address[:2]
        return f"{'https' if self.places[name].tls else 'http'}://{host!s}:{port}"

    def _build(self, name: str) -> Web:
        web = Web(name, self._root(name), self.night)
        self.places[name].build(web)
        return web

    def _contexts(self, folder: Path) -> dict[str, ssl.SSLContext]:
        root = certificates.authority("栖禾县测试根")
        between = certificates.authority("栖禾县测试中间", root)
        (folder / "chain.pem").write_bytes(between.pem() + root.pem())
        shown = {
            "expired": certificates.server(PLACES["expired"].host, root, timedelta(days=-3)),
            "incomplete": certificates.server(PLACES["incomplete"].host, between),
            "stranger": certificates.server(PLACES["stranger"].host, None),
        }
        return {name: certificates.context(folder, signed) for name, signed in shown.items()}
