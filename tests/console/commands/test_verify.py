"""`guidang verify`."""

from __future__ import annotations

from archive.archive import Archive


def test_verify_ends_with_4_when_an_original_has_changed(guidang, home):
    assert guidang("verify").code == 0
    with Archive.open(home) as archive:
        path = archive.status.document("a.pdf").path
    path.chmod(0o644)
    path.write_bytes(b"other")
    shown = guidang("verify")
    assert shown.code == 4
    assert "has changed" in shown.out
