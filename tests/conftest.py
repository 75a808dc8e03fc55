"""Shared by all tests: the real engine, loaded once, and the places of real files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings

import cli
from ocr.engine.base import Engine
from ocr.engine.paddle import PaddleEngine
from ocr.engine.threads import use_one_thread
from tests.support.paths import REAL, TESTS
from tests.support.places import DATABASES, Place, Server, new_place, new_server

# The folders whose files take long, for the first places: so no worker ends with a long one alone.
LONG = ("ocr", "ingest", "archive")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folders = {item: item.path.relative_to(TESTS).parts[0] for item in items}
    items.sort(key=lambda item: LONG.index(folders[item]) if folders[item] in LONG else len(LONG))


# How long an example takes says more of the machine, and of what else runs on it, than of the program.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
use_one_thread()  # as in every process that reads: there is one a core


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than there are cores: many tests wait for children, servers or the clock."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def engine() -> Engine:
    return PaddleEngine()


@pytest.fixture(scope="session")
def hzq2023() -> Path:
    """The real report; it lies beside the project, not in it."""
    path = REAL / "hzq2023.pdf"
    if not path.is_file():
        pytest.skip("../shared/real is not present")
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL that lives as long as the tests do."""
    with new_server() as started:
        yield started


@pytest.fixture(params=DATABASES)
def place(request, tmp_path, server) -> Place:
    """A place for an archive, in each kind of database."""
    return new_place(request.param, tmp_path, server)


@pytest.fixture(scope="module", params=DATABASES)
def module_place(request, tmp_path_factory, server) -> Place:
    """The same for all tests of a file."""
    return new_place(request.param, tmp_path_factory.mktemp("place"), server)


@pytest.fixture
def guidang(capsys):
    """Run a command in this process; its exit code, stdout and stderr."""

    def run(*arguments: object) -> SimpleNamespace:
        code = cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return SimpleNamespace(code=code, out=printed.out, err=printed.err)

    return run
