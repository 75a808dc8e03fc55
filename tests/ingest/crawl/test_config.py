"""SITES.toml: little must be said, nonsense is refused in one line, manners are said once for all sites."""

from __future__ import annotations

from datetime import time

import pytest

import cli
from core.errors import UsageError
from ingest.crawl.config import chosen, is_night, load, mark_of_rules, plan_to_check
from tests.support.paths import ROOT

LEAST = '[[site]]\nname = "清河县"\nstart = ["https://www.example.gov.cn/"]\n'


@pytest.fixture
def written(tmp_path):
    def write(text: str):
        path = tmp_path / "SITES.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_name_and_start_pages_are_enough(written):
    (site,) = load(written(LEAST)).site
    assert (site.name, site.start) == ("清河县", ("https://www.example.gov.cn/",))
    assert (site.delay, site.connections, site.robots, site.tls) == (1.0, 1, "obey", "verify")


def test_manners_of_all_sites_hold_unless_a_site_says_otherwise(written):
    plan = load(
        written(
            '[crawl]\ndelay = 3\nnight = "22:00-06:00"\n'
            + LEAST
            + LEAST.replace("清河", "松山")
            + "delay = 9"
        )
    )
    assert [(site.delay, site.night) for site in plan.site] == [(3.0, "22:00-06:00"), (9.0, "22:00-06:00")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "site: Tuple should have at least 1 item"),
        ("[[site]]\nname = 'a'", "site 1 start: Field required"),
        (LEAST + "strat = 1", "site 1 strat: Extra inputs are not permitted"),
        (LEAST.replace("https:", "ftp:"), "no address that begins with http:// or https://"),
        (LEAST + 'title = "("', "no regular expression"),
        (LEAST + 'night = "22"', "no window like 22:00-06:00"),
        (LEAST + LEAST, "two sites are called '清河县'"),
        ('[crawl]\nallow_private = ["loopback"]\n' + LEAST, "does not appear to be an IPv4 or IPv6 network"),
        (LEAST + "delay = -1", "site 1 delay: Input should be greater than or equal to 0"),
        ("[[site]\n", "is no TOML"),
    ],
)
def test_nonsense_is_refused_in_one_line_that_names_its_place(written, text, said):
    with pytest.raises(UsageError, match=r"SITES\.toml") as refused:
        load(written(text))
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_sites_are_chosen_by_name_and_an_unknown_one_names_the_known(written):
    plan = load(written(LEAST + LEAST.replace("清河", "松山")))
    assert [site.name for site in chosen(plan, ["松山县"])] == ["松山县"]
    assert len(chosen(plan, [])) == 2
    with pytest.raises(UsageError, match="there are 清河县, 松山县"):
        chosen(plan, ["青河县"])


def test_a_site_is_checked_by_its_address_alone(written):
    plan, site = plan_to_check(None, "https://www.example.gov.cn/zwgk/")
    assert site.start == ("https://www.example.gov.cn/zwgk/",)
    assert plan.site == (site,)
    _, known = plan_to_check(written("[crawl]\ndelay = 3\n" + LEAST), "http://other.example.gov.cn/")
    assert known.delay == 3
    with pytest.raises(UsageError, match="is no address"):
        plan_to_check(None, "清河县")


@pytest.mark.parametrize(
    ("window", "at", "inside"),
    [
        (None, "12:00", True),
        ("22:00-06:00", "23:30", True),
        ("22:00-06:00", "05:59", True),
        ("22:00-06:00", "06:00", False),
        ("22:00-06:00", "12:00", False),
        ("01:00-05:00", "03:00", True),
        ("01:00-05:00", "00:59", False),
    ],
)
def test_a_night_may_go_over_midnight(window, at, inside):
    assert is_night(window, time.fromisoformat(at)) is inside


def test_the_mark_of_rules_changes_with_what_decides_about_links_only(written):
    (site,) = load(written(LEAST)).site
    assert mark_of_rules(site) == mark_of_rules(site.model_copy(update={"delay": 7.0}))
    assert mark_of_rules(site) != mark_of_rules(site.model_copy(update={"depth": 2}))


def test_a_setting_that_makes_no_sense_stops_a_crawl_before_its_first_visit(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GUIDANG_FORMS", str(tmp_path / "nowhere"))
    plan = ROOT / "deploy" / "SITES.toml"
    assert cli.main(["crawl", str(plan), "--archive", str(tmp_path / "a")]) == 2
    assert "nowhere" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()
