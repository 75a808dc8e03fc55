"""What lies in deploy/ goes with the program: the settings load, and every option it uses is there."""

from __future__ import annotations

import re
from configparser import ConfigParser

import pytest
from typer.main import get_command

import cli
from ingest.crawl import config
from tests.support.paths import ROOT

DEPLOY = ROOT / "deploy"
USERS = ("guidang-crawl.service", "guidang-crawl.cron", "Containerfile")


def unit(name: str) -> ConfigParser:
    parsed = ConfigParser(strict=False, interpolation=None, delimiters="=", comment_prefixes="#")
    parsed.optionxform = str
    parsed.read_string((DEPLOY / name).read_text(encoding="utf-8").replace("\\\n", " "))
    return parsed


def test_the_example_of_the_settings_loads():
    plan = config.load(DEPLOY / "SITES.toml")
    assert len(plan.site) == 5
    assert all("example.invalid" in start for site in plan.site for start in site.start)


@pytest.mark.parametrize("name", USERS)
def test_the_options_that_are_used_exist(name):
    known = {option for one in get_command(cli.application()).commands["crawl"].params for option in one.opts}
    used = set(re.findall(r"(?<![\w-])--[a-z-]+", _command(name)))
    assert "--until" in used
    assert used <= known


def _command(name: str) -> str:
    """The lines that start a crawl."""
    text = (DEPLOY / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return "\n".join(line for line in text.splitlines() if "SITES.toml" in line and line[0] != "#")


def test_the_timer_the_service_and_the_alarm_belong_together():
    service, timer = unit("guidang-crawl.service"), unit("guidang-crawl.timer")
    assert service["Unit"]["OnFailure"] == "guidang-crawl-alarm.service"
    assert (DEPLOY / service["Unit"]["OnFailure"]).is_file()
    assert "Unit" not in timer["Timer"]  # the service of the same name


def test_a_round_with_alarms_is_no_success_of_the_unit():
    assert "3" not in unit("guidang-crawl.service")["Service"]["SuccessExitStatus"].split()


def test_the_alarm_knows_each_end_of_a_round():
    said = unit("guidang-crawl-alarm.service")["Service"]["ExecStart"]
    assert {"3)", "4)", "5)", "*)"} <= set(said.split())
