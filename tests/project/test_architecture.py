"""docs/architecture.md tells the truth, and every document names paths, programs and commands that exist."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

import cli
from tests.support.paths import ROOT

TEXT = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
PRODUCT = ("core", "ocr", "reconcile", "archive", "ingest", "console")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
DOCUMENTS = sorted(
    [*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs/decisions").glob("*.md")]
)

_PATH = re.compile(
    r"(?<![\w./-])((?:core|ocr|reconcile|archive|ingest|console|bench|samples|tests|docs|deploy)/(?:[\w./*-]*[\w*/])?)"
)


def paths_in(text: str) -> list[str]:
    quoted = " ".join(re.findall(r"`([^`\n]+)`", text))
    return sorted(set(_PATH.findall(quoted)))


def test_every_path_on_the_page_exists():
    named = sorted(set(_PATH.findall(TEXT)))
    assert len(named) > 50
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_folder_of_the_product_is_on_the_page():
    folders = {
        f"{path.parent.relative_to(ROOT)}/" for part in PRODUCT for path in (ROOT / part).rglob("__init__.py")
    }
    named = set(_PATH.findall(TEXT))
    assert sorted(folders - named) == []


def layers_of(contract: dict) -> str:
    container = contract.get("containers", ["guidang"])[0]
    return f"{container:<13} {' → '.join(contract['layers'])}"


@pytest.mark.parametrize(
    "contract", [one for one in CONTRACTS if one["type"] == "layers"], ids=lambda one: one["name"]
)
def test_layers_of_the_contracts_stand_on_the_page_in_their_order(contract):
    section = TEXT.partition("\n## Layers")[2].partition("\n## ")[0]
    assert layers_of(contract) in section.splitlines()


def test_changes_are_told_with_their_files():
    section = TEXT.partition("\n## Where to change what")[2]
    rows = re.findall(r"^\| (?!change |---)(.+?) \| (.+?) \|$", section, re.MULTILINE)
    assert len(rows) >= 15
    assert [change for change, where in rows if not _PATH.search(where)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_that_a_document_names_exist(document: Path):
    named = paths_in(document.read_text(encoding="utf-8"))
    assert [path for path in named if not list(ROOT.glob(path.rstrip("/")))] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_programs_that_a_document_names_exist(document: Path):
    named = re.findall(r"-m ((?:bench|samples|tests)[\w.]+)", document.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / f"{name.replace('.', '/')}.py").is_file()] == []


def test_programs_of_bench_say_what_they_do():
    """Each has a parser, and so a --help that measures nothing and imports what it names."""
    programs = [path for path in (ROOT / "bench").rglob("*.py") if "__main__" in path.read_text("utf-8")]
    assert len(programs) > 10
    for path in programs:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        assert "ArgumentParser" in path.read_text("utf-8"), module
        importlib.import_module(module)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_that_a_document_names_exist(document: Path):
    named = re.findall(r"`(?:\.venv/bin/)?guidang ([a-z]+)", document.read_text(encoding="utf-8"))
    assert sorted(set(named) - set(get_command(cli.application()).commands)) == []
