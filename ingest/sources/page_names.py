"""Files whose names count the pages of something: 001.jpg, 年报-2.png, 第3页.pdf."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby

# The last number in a file name, with what stands before and behind it.
_COUNTED = re.compile(r"(?P<before>.*?)(?P<number>\d{1,6})(?P<behind>[^\d/!\\]*)", re.DOTALL)


def counted_runs(sources: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Runs of two or more documents whose names differ in one number, which counts on from each to the next.

    `sources` are paths or addresses by the sha256 of documents. They lie in one folder, zip or place of the
    web; a number that two of them have proves nothing.
    """
    series: dict[tuple[str, str], dict[int, list[str]]] = {}
    for digest, source in sources.items():
        if match := _COUNTED.fullmatch(source):
            named = series.setdefault((match["before"], match["behind"]), {})
            named.setdefault(int(match["number"]), []).append(digest)
    for named in series.values():
        clear = sorted((number, held[0]) for number, held in named.items() if len(held) == 1)
        for _, run in groupby(enumerate(clear), lambda each: each[1][0] - each[0]):
            digests = tuple(digest for _, (_, digest) in run)
            if len(digests) > 1:
                yield digests
