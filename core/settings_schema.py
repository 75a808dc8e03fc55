"""Every setting with its default, unit and bounds; docs/operations.md is made from them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "GUIDANG_"
UNITS = {"": 1, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_SIZE = re.compile(r"([1-9][0-9]{0,12})([kMG]?)")
_TEXT = "text"
_SUCH_AS = ", such as 2000, 512M or 2G (k, M and G count in 1,024s)"


def _number(given: object) -> object:
    if isinstance(given, bool):  # `true` in a file would count as 1
        raise ValueError("no number")
    return given


def _size(given: object) -> object:
    found = _SIZE.fullmatch(str(given).strip())
    if found is None:  # what else Python takes for a number, `1_000` or `+5`, is none to other programs
        raise ValueError("no size")
    return int(found[1]) * UNITS[found[2]]


Number = Annotated[float, BeforeValidator(_number)]
Whole = Annotated[int, BeforeValidator(_number)]
Size = Annotated[int, BeforeValidator(_size)]


def _setting(default: Any, description: str, unit: str = "", **bounds: Any) -> Any:
    """A field; `unit` is what its number counts."""
    return Field(default, description=description, json_schema_extra={"unit": unit}, **bounds)


def _path(default: str | None, description: str) -> Any:
    """A folder, or an address; a relative one in a file is taken from that file's folder."""
    return Field(default, description=description, json_schema_extra={"path": True})


def _most(default: int, description: str, unit: str = "") -> Any:
    return _setting(default, description, unit, ge=1)


def _seconds(default: float, description: str, least: float) -> Any:
    return _setting(default, description, "seconds", ge=least, allow_inf_nan=False)


class DocumentLimits(BaseModel):
    """The most that is read of a document, its pages, a picture or a zip; whole numbers of at least 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_bytes: Size = _most(1 << 30, "a file, or a member of a zip", "bytes")
    pages: Size = _most(2_000, "pages, or frames of a TIFF")
    page_points: Size = _most(20_000, "a side of a page", "points")
    page_pixels: Size = _most(40_000_000, "a page when drawn; more are scaled down", "pixels")
    page_objects: Size = _most(200_000, "characters, or other objects, of a page")
    stream_bytes: Size = _most(512 << 20, "what a stream in a PDF unpacks to", "bytes")
    drawing_bytes: Size = _most(64 << 20, "what draws one page, forms in forms written out", "bytes")
    depth: Size = _most(80, "how deep pages and forms lie inside of each other")
    picture_pixels: Size = _most(178_956_970, "a picture", "pixels")
    zip_depth: Size = _most(3, "how deep zips in zips are opened; one beyond is kept unopened")
    zip_members: Size = _most(10_000, "members of a zip, those of the zips in it counted in")
    zip_bytes: Size = _most(16 << 30, "what a zip unpacks to, the zips in it counted in", "bytes")

    def changed(self) -> dict[str, int]:
        """Return the limits that are not the defaults, by name."""
        usual = DocumentLimits()
        return {name: value for name, value in self if value != getattr(usual, name)}


class Settings(BaseSettings):
    """All settings of a process; `settings()` gives them."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    archive: str = _path("guidang-archive", "the archive, where `--archive` is not given")
    models: str | None = _path(None, "a folder with other OCR models, see below")
    platforms: str | None = _path(
        None, "a folder with further files on platforms of sites (docs/crawling.md)"
    )
    forms: str | None = _path(
        None, "a folder with further form files (docs/forms.md); `guidang forms list` shows what is in use"
    )
    # For PP-OCRv6 small on cell crops; measured on the corpora `dev` and `held` of docs/accuracy.md.
    review_below: Number = _setting(
        0.90, "a confidence below this asks for review; kept with each reading", ge=0, le=1
    )
    who: str | None = _setting(None, "who gives verdicts and links names; unset, the login name")
    # Address space, not memory in use. A page of the most pixels that are drawn fits beside the samples'.
    memory_mb: Whole = _setting(
        4096, "address space of a child that reads (the samples reserve 2,340 and use 650)", "MB", ge=1024
    )
    page_seconds: Number = _seconds(180.0, "after so long on a page its child is ended: one death", 1)
    document_seconds: Number = _seconds(
        1800.0, "after so long on a document its child is ended: one death", 1
    )
    wait: Number = _seconds(60.0, "how long a busy or restarting database is waited for", 0)
    cache: str | None = _path(
        None, "the folder of all that can be made again; unset, `guidang` in `$XDG_CACHE_HOME` or `~/.cache`"
    )
    cache_mb: Whole = _setting(
        2048, "copies of originals that lie at an address, on this machine", "MiB", ge=0
    )
    engine: Literal["paddle", "paddleocr", "null"] = _setting(
        "paddle",
        "what recognises text; `paddleocr` runs the same models by PaddleOCR itself, slower to start; `null` "
        "recognises nothing and reads text layers only: for trials of a batch",
    )
    max: DocumentLimits = DocumentLimits()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but what is given: core/settings.py alone reads the environment and the file."""
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its variable, its place in the settings and in the file, and what it bounds."""

    variable: str
    place: tuple[str, ...]
    field: FieldInfo

    @property
    def key(self) -> str:
        """Its name in the file: `max.pages`."""
        return ".".join(self.place)

    @property
    def unit(self) -> str:
        """What its number counts, or nothing."""
        return str(self._extra.get("unit", ""))

    @property
    def is_path(self) -> bool:
        """Whether it names a folder (the archive may be an address instead)."""
        return bool(self._extra.get("path"))

    @property
    def is_text(self) -> bool:
        """Whether any text will do; an empty one leaves it unset."""
        return self.kind == _TEXT

    @property
    def _extra(self) -> dict[str, Any]:
        extra = self.field.json_schema_extra
        return extra if isinstance(extra, dict) else {}

    @property
    def bounds(self) -> str:
        """Like "from 0 to 1"; nothing for what is no number."""
        bounds = [f"from {one.ge}" for one in self.field.metadata if hasattr(one, "ge")]
        bounds += [f"to {one.le}" for one in self.field.metadata if hasattr(one, "le")]
        return " ".join(bounds)

    @property
    def kind(self) -> str:
        """What its value has to be, in words."""
        if self.field.annotation not in (int, float):
            choice = [one for one in get_args(self.field.annotation) if isinstance(one, str)]
            return f"choice of {' or '.join(choice)}" if choice else _TEXT
        whole = "whole " if self.field.annotation is int else ""
        of = f" of {self.unit}" if self.unit and not self.is_limit else ""
        return f"{whole}number{of} {self.bounds}{_SUCH_AS if self.is_limit else ''}"

    @property
    def is_limit(self) -> bool:
        """Whether it bounds what is read."""
        return len(self.place) > 1

    def of(self, held: Settings) -> Any:
        """Its value."""
        value: Any = held
        for name in self.place:
            value = getattr(value, name)
        return value


@cache
def known_settings() -> Mapping[str, Setting]:
    """Every setting by its variable, limits last."""
    flat = [(name,) for name in Settings.model_fields if name != "max"]
    limits = [("max", name) for name in DocumentLimits.model_fields]
    found = (Setting(variable_of(place), place, _field(place)) for place in (*flat, *limits))
    return {one.variable: one for one in found}


def variable_of(place: tuple[int | str, ...]) -> str:
    """The variable of a place in the settings: GUIDANG_MAX_PAGES of `max`, `pages`."""
    return PREFIX + "_".join(map(str, place)).upper()


def _field(place: tuple[str, ...]) -> FieldInfo:
    fields = Settings.model_fields if len(place) == 1 else DocumentLimits.model_fields
    return fields[place[-1]]
