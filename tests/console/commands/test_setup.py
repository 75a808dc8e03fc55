"""`guidang init` and `guidang upgrade`."""

from __future__ import annotations


def test_init_and_upgrade_leave_a_good_archive(guidang, tmp_path):
    for command in ("init", "upgrade", "init", "verify"):
        assert guidang(command, "--archive", tmp_path / "new").code == 0
    assert guidang("init", "--archive", tmp_path / "new").out == ""
    assert guidang("upgrade", "--archive", tmp_path / "new").code == 0
