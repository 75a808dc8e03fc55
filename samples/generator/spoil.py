"""Files that go wrong: a scrambled text layer, and files that are no readable PDF.

Needs pikepdf, which only the making of samples needs and the project does not depend on.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pikepdf

_ERROR_PAGE = """<!DOCTYPE html>
<html><head><title>页面不存在</title></head>
<body><p>您访问的页面不存在或已删除。</p></body></html>
"""
_ENTRY = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]{4})>(?=\s)")


def scramble_text(source: Path, target: Path, seed: int) -> None:
    """Copy a PDF with its ToUnicode maps permuted: it looks the same and reads as clean nonsense.

    Digits trade places with digits and hanzi with hanzi of the same font; no character of those keeps
    its own place as long as its font holds two or more.
    """
    rng = np.random.default_rng(seed)
    with pikepdf.open(source) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and "/ToUnicode" in item:
                table = item["/ToUnicode"]
                table.write(_permute(table.read_bytes(), rng))
        pdf.save(target, deterministic_id=True)


def _permute(cmap: bytes, rng: np.random.Generator) -> bytes:
    codes = [int(code, 16) for _, code in _ENTRY.findall(_characters(cmap))]
    swaps = _derange([c for c in codes if chr(c).isdecimal()], rng)
    swaps |= _derange([c for c in codes if 0x4E00 <= c <= 0x9FFF], rng)

    def swap(entry: re.Match[bytes]) -> bytes:
        code = int(entry[2], 16)
        return b"<%s> <%04X>" % (entry[1], swaps.get(code, code))

    return re.sub(rb"beginbfchar.*?endbfchar", lambda part: _ENTRY.sub(swap, part[0]), cmap, flags=re.S)


def _characters(cmap: bytes) -> bytes:
    return b"\n".join(re.findall(rb"beginbfchar.*?endbfchar", cmap, re.S))


def _derange(codes: Sequence[int], rng: np.random.Generator) -> dict[int, int]:
    """Each distinct code moved on to the next of a shuffled round."""
    order = [int(code) for code in rng.permutation(sorted(set(codes)))]
    return dict(zip(order, order[1:] + order[:1], strict=True))


def write_broken(folder: Path, source: Path, password: str) -> None:
    """Write files that must be kept, listed as failed, and not stop a batch; one opens with `password`."""
    folder.mkdir(exist_ok=True)
    whole = source.read_bytes()
    (folder / "html.pdf").write_text(_ERROR_PAGE, encoding="utf-8")
    (folder / "truncated.pdf").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "zero-pages.pdf").write_bytes(_no_pages())
    with pikepdf.open(source) as pdf:
        # Old RC4 encryption, the only kind without random bytes in it: the file stays the same.
        lock = pikepdf.Encryption(owner=password, user=password, R=3, aes=False, metadata=False)
        pdf.save(folder / "encrypted.pdf", encryption=lock, static_id=True)


def _no_pages() -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(buffer, static_id=True)
    return buffer.getvalue()
