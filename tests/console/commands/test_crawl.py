"""`guidang crawl`: what makes no sense is refused before anything is asked."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name SITES.toml, or a site to look at with --check"),
        (["--check", "清河县"], "'清河县' is no address"),
        (["--check", "https://"], "is no address that begins with http:// or https://"),
        (["SITES.toml", "--site", "松山县"], "no site is called '松山县'; there are 清河县"),
        (["SITES.toml", "--log", "nowhere/log.json"], "cannot write the log"),
        (["SITES.toml", "--format", "csv"], "a night's summary is a table or JSON"),
    ],
)
def test_a_crawl_that_makes_no_sense_is_refused_in_one_line(guidang, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    plan = '[[site]]\nname = "清河县"\nstart = ["https://www.example.gov.cn/"]\n'
    Path("SITES.toml").write_text(plan, encoding="utf-8")
    shown = guidang("crawl", *arguments)
    assert shown.code == 2
    assert said in shown.err
    assert len(shown.err.splitlines()) == 1
