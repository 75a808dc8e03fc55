"""The font with hanzi that comes with pip: the package pylopdf-fonts-zh-cn (SIL Open Font License)."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

PACKAGE, PACKAGE_FILES = "pylopdf_fonts_zh_cn", "*Sans*.otf"


def packaged_fonts() -> tuple[Path, ...]:
    """The files of the sans serif fonts in the package, in order; none if it is not installed."""
    package = find_spec(PACKAGE)
    folders = (package.submodule_search_locations or []) if package else []
    return tuple(file for folder in folders for file in sorted(Path(folder).glob(PACKAGE_FILES)))
