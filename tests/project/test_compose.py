"""The compose file holds together: its settings are explained, its commands parse, no secret is in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from typer.main import get_command

import cli
from core.limits import child_limits
from tests.support.paths import ROOT

DEPLOY = ROOT / "deploy"
TEXT = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
OURS = ("init", "worker", "crawl")
SECRETS = ("PGPASSWORD", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*)|:\?)?\}")
UNITS = {"s": 1 / 60, "m": 1}


def settings() -> dict[str, str]:
    """The environment file as compose reads it."""
    lines = (DEPLOY / "compose.env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def services() -> dict[str, dict[str, Any]]:
    """The services, with the settings of the environment file put in."""
    filled = _VARIABLE.sub(lambda found: settings()[found[1]] or "filled-in", TEXT)
    return yaml.safe_load(filled)["services"]


def minutes(span: str) -> float:
    return int(span[:-1]) * UNITS[span[-1]]


def test_every_variable_is_explained_and_has_the_default_it_has_without():
    used = {found[1]: found[2] for found in _VARIABLE.finditer(TEXT)}
    assert used.keys() == settings().keys()
    assert {name: default for name, default in used.items() if default} == {
        name: settings()[name] for name, default in used.items() if default
    }


def test_no_secret_is_in_the_files():
    assert all(settings()[name] == "" for name in SECRETS)
    for name, service in yaml.safe_load(TEXT)["services"].items():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|ACCESS_KEY", key):
                assert re.fullmatch(r"\$\{\w+:\?\}", value), (name, key)


@pytest.mark.parametrize("name", OURS)
def test_commands_are_what_the_command_line_takes(name):
    service = services()[name]
    mounted = dict(volume.split(":")[1::-1] for volume in service["volumes"])
    assert "/settings/SITES.toml" in mounted or name != "crawl"
    called, *arguments = (word.replace("/settings/", f"{DEPLOY}/") for word in service["command"])
    command = get_command(cli.application()).commands[called]
    context = command.make_context(called, arguments)
    assert context.params["archive"] is not None
    assert context.args == []


def test_all_services_of_the_program_are_tried_here():
    image = settings()["GUIDANG_IMAGE"]
    assert {name for name, service in services().items() if service["image"] == image} == set(OURS)


def test_the_check_of_health_is_a_command_too():
    kind, program, called, *arguments = services()["worker"]["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "guidang")
    assert get_command(cli.application()).commands[called].make_context(called, arguments).args == []


def test_every_service_is_limited_restarts_and_is_asked_how_it_is():
    for name, service in services().items():
        if name == "init":
            assert service["profiles"] == ["setup"]
            continue
        assert service["restart"] == "unless-stopped", name
        assert service["mem_limit"], name
        assert service["healthcheck"]["test"], name


@pytest.mark.parametrize("name", ["worker", "crawl"])
def test_a_stop_leaves_time_for_the_document_under_way(name):
    assert minutes(services()[name]["stop_grace_period"]) > child_limits().document_seconds / 60
    assert services()[name]["stop_signal"] == "SIGTERM"


def test_workers_reach_nothing_but_the_database_and_the_store():
    assert yaml.safe_load(TEXT)["networks"]["inside"]["internal"] is True
    assert [name for name, service in services().items() if service["networks"] != ["inside"]] == ["crawl"]


def test_what_must_last_is_in_a_volume():
    named = yaml.safe_load(TEXT)["volumes"].keys()
    kept = {volume.split(":")[0] for name in ("database", "store") for volume in services()[name]["volumes"]}
    assert kept == {"database", "objects"}
    assert kept <= named


def test_the_image_can_reach_an_object_store():
    built = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert "'.[s3]'" in built
