"""The known platforms: `ingest/crawl/platforms/known/*.yaml`, and those of the folder $GUIDANG_PLATFORMS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml
from pydantic import ValidationError

from core.errors import UsageError
from core.settings import place_of, settings
from core.yaml_loader import SAFE_LOADER
from ingest.crawl.platforms.model import AnswerRule, Platform

PLATFORMS = "GUIDANG_PLATFORMS"


def platforms() -> Mapping[str, Platform]:
    """Every platform by name: a user's file stands before the shipped ones, and in the place of its namesake.

    Raises:
        UsageError: the folder is not there, or a file in it describes no platform.
    """
    return _platforms(settings().platforms or "")


def answer_rule(address: str) -> tuple[str, AnswerRule] | None:
    """The platform whose list answers at an address, with the rule that reads it."""
    return _answer_rule(settings().platforms or "", address)


def mark_of_platforms() -> str:
    """What all files together say, for telling whether a page must be looked at anew."""
    return "".join(f"{name}{one.model_dump_json()}" for name, one in platforms().items())


@cache
def _platforms(folder: str) -> Mapping[str, Platform]:
    own = dict(_own(folder)) if folder else {}
    shipped = files("ingest").joinpath("crawl", "platforms", "known")
    known = {name: one for name, one in map(_read, _yaml_files(shipped)) if name not in own}
    return own | known


def _answer_rule(folder: str, address: str) -> tuple[str, AnswerRule] | None:
    for name, one in _platforms(folder).items():
        for rule in one.answers:
            if re.search(rule.at, address):
                return name, rule
    return None


def _own(folder: str) -> Iterator[tuple[str, Platform]]:
    if not Path(folder).is_dir():
        raise UsageError(f"{place_of(PLATFORMS)}: there is no folder {folder}")
    return map(_read, _yaml_files(Path(folder)))


def _yaml_files(folder: Traversable | Path) -> list[Traversable]:
    found = (source for source in folder.iterdir() if source.name.endswith(".yaml"))
    return sorted(found, key=lambda source: source.name)


def _read(source: Traversable) -> tuple[str, Platform]:
    try:
        said = yaml.load(source.read_text(encoding="utf-8"), Loader=SAFE_LOADER)
        return source.name.removesuffix(".yaml"), Platform.model_validate(said)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{source}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = " ".join(map(str, first["loc"]))
        raise UsageError(f"{source}: {place}: {first['msg'].removeprefix('Value error, ')}") from error
