"""The house keeps its shape: small folders, files and functions, one name for one thing."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.paths import ROOT

PRODUCT = ("core", "ocr", "reconcile", "archive", "ingest", "console")
MODULES, COMMANDS = 15, 24
LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 400, 50
# Imports inside functions, commands aside: each keeps something heavy out of a process that does not need it.
LAZY_IMPORTS = 66
# Files of one name where the idea is one too: the seam of a folder, records, models, what can go wrong.
SAME_IDEA = {"__init__.py", "base.py", "records.py", "model.py", "errors.py"}


@cache
def files() -> tuple[Path, ...]:
    inside = (path for part in PRODUCT for path in (ROOT / part).rglob("*.py"))
    return (ROOT / "cli.py", *sorted(path for path in inside if "migrations" not in path.parts))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, Function]]:
    for path in files():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, Function):
                yield f"{name_of(path)}:{node.name}", node


def lines_of(name: str, function: Function) -> int:
    """A command's signature is as long as it has options: there the body counts."""
    first = function.body[0] if name.startswith("console/commands/") else function
    return (function.end_lineno or 0) - first.lineno + 1


def test_no_folder_has_more_modules_than_a_glance_takes_in():
    folders = Counter(name_of(path.parent) for path in files())
    allowed = {"console/commands": COMMANDS}
    assert {name: n for name, n in folders.items() if n > allowed.get(name, MODULES)} == {}


def test_no_file_is_long():
    lines = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in files()}
    assert {name: n for name, n in lines.items() if n > LINES_OF_A_FILE} == {}


def test_the_entry_is_an_entry_and_no_more():
    assert (ROOT / "cli.py").read_text(encoding="utf-8").count("\n") < 150


def test_no_function_is_long():
    assert {name: n for name, node in functions() if (n := lines_of(name, node)) > LINES_OF_A_FUNCTION} == {}


def test_imports_inside_of_functions_do_not_spread():
    lazy = {
        (name.partition(":")[0], inner.lineno)
        for name, node in functions()
        if not name.startswith("console/commands/")
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }
    assert len(lazy) <= LAZY_IMPORTS, sorted(lazy)


def test_no_two_public_classes_have_one_name():
    where = defaultdict(list)
    for path in files():
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(name_of(path))
    assert {name: paths for name, paths in where.items() if len(paths) > 1} == {}


def test_no_two_modules_have_one_name():
    """On the command line the name is the command's, and a view's that of what it shows."""
    where = defaultdict(list)
    for path in files():
        if not name_of(path).startswith(("console/", "archive/migrations/")) and path.name not in SAME_IDEA:
            where[path.name].append(name_of(path))
    assert {name: paths for name, paths in where.items() if len(paths) > 1} == {}
