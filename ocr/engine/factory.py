"""Which engines there are, and the one that this process reads with.

A new engine is one file that does what `Engine` says, and one line of `ENGINES`
(and its name at the setting, which refuses all others before anything is read).
Nothing of an engine is imported here before it is wanted: loading one takes
seconds, and the parent of a batch only names what is installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from core.settings import settings

if TYPE_CHECKING:
    from ocr.engine.base import Engine, TableModel


@dataclass(frozen=True, slots=True)
class Registered:
    """An engine by the place, module:name, of what makes it, and the packages whose versions tell it."""

    maker: str
    packages: tuple[str, ...] = ()


ENGINES: Mapping[str, Registered] = {
    "paddle": Registered(
        "ocr.engine.paddle:PaddleEngine", ("onnxruntime", "rapidocr", "rapidocr-onnxruntime")
    ),
    "paddleocr": Registered("ocr.engine.paddle_library:PaddleLibraryEngine", ("paddleocr",)),
    "null": Registered("ocr.engine.base:NullEngine"),
}
DEFAULT = "paddle"
# Gives the structure of tables; None where its weights are not installed.
_TABLES = "ocr.engine.slanet:table_model"
# Gives second opinions, whichever engine gives the first; None where its weights are not installed.
_SECOND = "ocr.engine.paddle:second_engine"


def engine() -> Engine:
    """Return the engine that this process is set to, one for all; its models are loaded on first use."""
    return _kept(settings().engine)


@cache
def second_engine() -> Engine | None:
    """Return this process's engine for second opinions, where its weights are installed."""
    maker: Callable[[], Engine | None] = resolve_name(_SECOND)
    return maker()


@cache
def _kept(name: str) -> Engine:
    return make(name)


@cache
def table_model() -> TableModel | None:
    """Return this process's model of the structure of tables, where its weights are installed."""
    maker: Callable[[], TableModel | None] = resolve_name(_TABLES)
    return maker()


def make(name: str = DEFAULT) -> Engine:
    """Make an engine of `ENGINES`."""
    maker: Callable[[], Engine] = resolve_name(ENGINES[name].maker)
    return maker()


def packages() -> tuple[str, ...]:
    """Name the packages of all engines, installed or not."""
    return tuple(dict.fromkeys(name for one in ENGINES.values() for name in one.packages))


def versions(names: tuple[str, ...]) -> dict[str, str]:
    """Return the versions of those packages that are installed."""
    return dict(_versions(names))


def _versions(names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in names:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def own_models() -> str | None:
    """Return the folder of other models than the installed ones that `$GUIDANG_MODELS` names, if it does."""
    return settings().models or None
