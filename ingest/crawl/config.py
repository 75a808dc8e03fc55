"""SITES.toml: which sites are visited, and how; a `[[site]]` with `name` and `start` is enough."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from hashlib import sha256
from importlib.metadata import version
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from core.errors import UsageError
from core.problems import InvalidInputError, Problem

MEGABYTE = 1 << 20


def _web_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{address!r} is no address that begins with http:// or https://")
    return address


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error
    return text


def _window(text: str) -> str:
    hours_of(text)
    return text


def _network(text: str) -> str:
    ip_network(text, strict=False)
    return text


def _beside(path: Path, info: ValidationInfo) -> Path:
    """A file that SITES.toml names is looked for beside it."""
    found = Path((info.context or {}).get("folder", ".")) / path
    if not found.is_file():
        raise ValueError(f"there is no file {found}")
    return found


WebAddress = Annotated[str, AfterValidator(_web_address)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Window = Annotated[str, AfterValidator(_window)]
Network = Annotated[str, AfterValidator(_network)]
FileBeside = Annotated[Path, AfterValidator(_beside)]


class _Settings(BaseModel):
    """A misspelt name is an error, not a setting that does nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Politeness(_Settings):
    """What may be said once for all sites, and otherwise for each.

    Seconds, megabytes and counts; a `night` is like 22:00-06:00 in local time.
    """

    # Pauses: the least between two requests to a host; AutoThrottle makes it longer where a site is slow.
    delay: float = Field(default=1.0, ge=0)
    connections: int = Field(default=1, ge=1, le=8)
    night: Window | None = None
    # Limits on one download, and on one host in one round.
    download_megabytes: float = Field(default=200, gt=0)
    download_seconds: float = Field(default=300, gt=0)
    budget_megabytes: float = Field(default=2000, gt=0)
    pages: int = Field(default=3000, ge=1)
    # How many links a page may be away from a start page; paging through a list does not count.
    depth: int = Field(default=5, ge=0)
    robots: Literal["obey", "ignore"] = "obey"
    # verify: the chain must be sound. record: take the page all the same and note what is wrong with it.
    tls: Literal["verify", "record"] = "verify"
    # A PEM file with certificates that the site forgets to send or that nobody else trusts.
    certificates: FileBeside | None = None


class Site(Politeness):
    """One site: where it begins, and what on it is a report."""

    name: str = Field(min_length=1)
    start: tuple[WebAddress, ...] = Field(min_length=1)
    # Hosts to go to, with those below them; by default those of the start pages and their registered domain.
    hosts: tuple[str, ...] = ()
    # Regular expressions. What a link to a report says, and where one must or must not lead.
    title: Pattern = (
        r"信息公开.{0,12}(年度报告|年报)|(年度报告|年报).{0,12}信息公开|信息公开.{0,8}工作.{0,4}报告"
    )
    report: Pattern | None = None
    listing: Pattern | None = None
    skip: Pattern | None = None
    # Words of links that lead to where reports are.
    way: Pattern = r"信息公开|政务公开|政府公开|年度报告|年报"
    years: str = Field(default="", pattern=r"^(\d{4}(-\d{4})?)?$")


class CrawlConfig(Politeness):
    """The table `[crawl]`: manners of every site that does not say otherwise, and the crawler itself."""

    # Whom a site may write to; it stands in the user agent.
    contact: str = ""
    allow_private: tuple[Network, ...] = ()


class Plan(_Settings):
    """All of SITES.toml."""

    crawl: CrawlConfig = CrawlConfig()
    site: tuple[Site, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _spread_manners(cls, given: dict[str, object]) -> dict[str, object]:
        """Give every site what `[crawl]` says of manners, unless it says so itself."""
        common = given.get("crawl", {})
        sites = given.get("site", [])
        if not isinstance(common, dict) or not isinstance(sites, list):
            return given
        shared = {name: value for name, value in common.items() if name in Politeness.model_fields}
        spread = [shared | site if isinstance(site, dict) else site for site in sites]
        return given | {"site": spread}

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [site.name for site in self.site]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two sites are called {twice!r}")
        return self


def load(path: Path) -> Plan:
    """Read SITES.toml; files that it names are looked for beside it.

    Raises:
        UsageError: it cannot be read, or says something senseless; the message names each place.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        return Plan.model_validate(given, context={"folder": path.parent})
    except (OSError, UnicodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is no TOML: {error}") from error
    except ValidationError as error:
        problems = [Problem(0, _why(one["msg"]), _place(one["loc"])) for one in _told(error)]
        raise InvalidInputError(problems, f"{path}: {'; '.join(map(str, problems))}") from error


def plan_to_check(path: Path | None, wanted: str) -> tuple[Plan, Site]:
    """The site to look at, by its name in SITES.toml or by its address, with the plan that it is part of.

    Raises:
        UsageError: there is no such site, or nothing says where it is.
    """
    if not wanted.startswith(("http://", "https://")):
        if path is None:
            raise UsageError(f"{wanted!r} is no address: give SITES.toml too, or http://… or https://…")
        plan = load(path)
        return plan, chosen(plan, [wanted])[0]
    manners = load(path).crawl.model_dump() if path else {}
    try:
        plan = Plan.model_validate({"crawl": manners, "site": [{"name": wanted, "start": [wanted]}]})
    except ValidationError as error:
        raise UsageError(f"{wanted!r}: {_why(error.errors()[0]['msg'])}") from error
    return plan, plan.site[0]


def chosen(plan: Plan, names: Sequence[str]) -> list[Site]:
    """The sites with these names, all if none is given. Raises UsageError for a name that is not there."""
    known = {site.name: site for site in plan.site}
    missing = next((name for name in names if name not in known), None)
    if missing is not None:
        raise UsageError(f"no site is called {missing!r}; there are {', '.join(known)}")
    return [known[name] for name in names] if names else list(plan.site)


def _place(location: tuple[int | str, ...]) -> str:
    """A place in the file as people count: `site 2 start`."""
    return " ".join(str(part + 1) if isinstance(part, int) else part for part in location) or "file"


def _told(error: ValidationError) -> list[Any]:
    """The errors but for the one that says of the list what was said of its members."""
    told = error.errors()
    return [one for one in told if one["loc"] != ("site",) or len(told) == 1 or one["type"] != "too_short"]


def _why(message: str) -> str:
    return message.removeprefix("Value error, ")


def hours_of(window: str) -> tuple[time, time]:
    """The first and the last time of a window like `22:00-06:00`. Raises ValueError if it is none."""
    first, dash, last = window.partition("-")
    if not dash:
        raise ValueError(f"{window!r} is no window like 22:00-06:00")
    return time.fromisoformat(first.strip()), time.fromisoformat(last.strip())


def is_night(window: str | None, now: time) -> bool:
    """Whether a time of day is inside a window, which may go over midnight; it always is without one."""
    if window is None:
        return True
    first, last = hours_of(window)
    return first <= now < last if first <= last else now >= first or now < last


def stop_at(until: time | None, now: datetime) -> datetime | None:
    """The next moment at which the clock shows `until`; None if it is not given."""
    if until is None:
        return None
    today = now.replace(hour=until.hour, minute=until.minute, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def mark_of_rules(site: Site) -> str:
    """A short mark of what decides about links, the site's own rules and this program.

    Where it has changed, an unchanged page is looked at anew.
    """
    said = site.model_dump_json(include=_RULES)
    return sha256(f"{version('guidang')} {said}".encode()).hexdigest()[:16]


_RULES = {"title", "report", "listing", "skip", "way", "years", "hosts", "depth"}
