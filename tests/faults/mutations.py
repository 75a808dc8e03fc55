"""Read thousands of damaged copies of the samples; each must end with a status and a reason in words.

    .venv/bin/python -m tests.faults.mutations [--count N] [--seed S] [--workers N] [--pixels N] [--log FILE]

Number N of seed S is always the same file. What was read stands in the log, one JSON object a line; the
same command again goes on after it. Nothing is recognised ($GUIDANG_ENGINE=null), and pages are drawn with
a million pixels, as damage is met when files are opened and pages drawn, not in how large they are drawn
(`--pixels 40000000` draws them as the service does, in three times the time).

Exit code 1 if one took longer than its limit, an original changed, a failure has no reason of ours, or,
where strace is installed, a program was started or a connection asked for (the calls stand beside the log);
children that died and limits that were reached are counted.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.calls import STRACE, strange, traced
from tests.support.disposable import LIMIT, Ended, read_all
from tests.support.paths import SAMPLES

SUFFIXES = (".pdf", ".jpg", ".html", ".mhtml")
# What no status tells: these are findings.
UNEXPLAINED = ("error",)
_TRACED = "TRIAL_IS_TRACED"
Mutation = Callable[[bytearray, random.Random], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged copy: number, sample and what was done to it."""

    number: int
    source: str
    how: str
    data: bytes


def mutant(number: int, seed: int, sources: Sequence[Path]) -> Mutant:
    """Return damaged copy `number`; one to four things are done to it."""
    rng = random.Random(f"{seed}/{number}")
    source = rng.choice(sources)
    data, done = bytearray(source.read_bytes()), []
    for _ in range(rng.choice((1, 1, 2, 4))):
        mutation = rng.choice(MUTATIONS)
        if len(data) > 16:
            mutation(data, rng)
        done.append(mutation.__name__.strip("_"))
    return Mutant(number, source.name, "+".join(done), bytes(data))


def _flip(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 5, 50, 500))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _cut(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    end = len(data) if rng.random() < 0.3 else start + rng.randrange(1, 5_000)
    del data[max(start, 8) : end]


def _insert(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(8, len(data))
    data[start:start] = rng.choice(
        (rng.randbytes(rng.randrange(1, 2_000)), bytes(rng.randrange(1, 500)), data[:5_000])
    )


def _swap_objects(data: bytearray, rng: random.Random) -> None:
    found = [match.span(1) for match in re.finditer(rb"\d+ 0 obj\s(.*?)endobj", data, re.S)]
    if len(found) < 2:
        return _flip(data, rng)
    (a, b), (c, d) = sorted(rng.sample(found, 2))
    data[a:d] = data[c:d] + data[b:c] + data[a:b]
    return None


def _huge_number(data: bytearray, rng: random.Random) -> None:
    _replace(
        data, rng, rb"(?<=[\s\[/])\d{1,6}(?=[\s\]/>])", (b"2147483647", b"99999999999", b"-1", b"0", b"1e9")
    )


def _other_number(data: bytearray, rng: random.Random) -> None:
    _replace(data, rng, rb"(?<=[\s\[])\d{1,3}(?= 0 R)", tuple(b"%d" % n for n in range(1, 40)))


def _other_key(data: bytearray, rng: random.Random) -> None:
    keys = sorted(set(re.findall(rb"/[A-Z][A-Za-z0-9]{1,15}", data))) or [b"/X"]
    _replace(data, rng, rb"/[A-Z][A-Za-z0-9]{1,15}", keys)


def _replace(data: bytearray, rng: random.Random, pattern: bytes, words: Sequence[bytes]) -> None:
    found = [match.span() for match in re.finditer(pattern, data)]
    for start, end in sorted(rng.sample(found, min(len(found), rng.choice((1, 3)))), reverse=True):
        data[start:end] = rng.choice(words)


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _cut, _insert, _swap_objects, _huge_number, _other_number, _other_key,
)  # fmt: skip


def unpacked_samples(folder: Path) -> list[Path]:
    """Return the samples and, in a folder, the small digital ones with all streams and objects unpacked."""
    import pikepdf

    found = sorted(path for path in SAMPLES.iterdir() if path.suffix in SUFFIXES)
    for path in [one for one in found if one.suffix == ".pdf" and one.stat().st_size < 300_000]:
        target = folder / f"plain-{path.name}"
        with pikepdf.open(path) as pdf:
            generate, no_objects = pikepdf.StreamDecodeLevel.generalized, pikepdf.ObjectStreamMode.disable
            pdf.save(target, stream_decode_level=generate, object_stream_mode=no_objects,
                     compress_streams=False, static_id=True)  # fmt: skip
        found.append(target)
    return found


def read_mutants(
    numbers: Sequence[int], seed: int, limit: float = LIMIT, workers: int = 1
) -> Iterator[tuple[Mutant, Ended]]:
    """Make and read damaged copies one by one; none is left."""
    with TemporaryDirectory(prefix="mutants") as name:
        sources = unpacked_samples(Path(name))
        made: dict[Path, Mutant] = {}

        def written() -> Iterator[Path]:
            for number in numbers:
                one = mutant(number, seed, sources)
                path = Path(name, f"{number}{Path(one.source).suffix}")
                path.write_bytes(one.data)
                made[path] = one
                yield path

        for ended in read_all(written(), limit, workers):
            yield made.pop(ended.path), ended
            ended.path.unlink()


def explained(ended: Ended, limit: float = LIMIT) -> bool:
    """Whether a document ended as it should, whatever was in it."""
    in_time = ended.seconds < limit + 5
    one_line = "\n" not in ended.reason and (ended.outcome == "archived" or bool(ended.reason))
    return ended.outcome not in UNEXPLAINED and in_time and one_line and ended.same


def main() -> int:
    """Read the copies, if possible under strace, and look at what was called."""
    options = _options()
    if STRACE is None or _TRACED in os.environ:
        return read_and_sum_up(options)
    calls: Path = options.log.with_suffix(".calls")
    # It runs from the root of the project, so all paths are whole ones; the last --log counts.
    words = (sys.executable, "-m", "tests.faults.mutations", *sys.argv[1:], "--log", options.log)
    code = traced(words, calls, {_TRACED: "1"}).returncode
    called = list(strange(calls))
    print(*called, f"{len(called)} programs or connections", sep="\n")
    return 1 if code or called else 0


def read_and_sum_up(options: argparse.Namespace) -> int:
    """Read what the log does not tell yet, and sum up."""
    os.environ["GUIDANG_MAX_PAGE_PIXELS"] = str(options.pixels)
    log: Path = options.log
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    known = {line["number"]: line for line in map(json.loads, lines) if line["seed"] == options.seed}
    waiting = [number for number in range(options.count) if number not in known]
    with log.open("a", encoding="utf-8") as out:
        for made, ended in read_mutants(waiting, options.seed, workers=options.workers):
            told = {"seed": options.seed, "number": made.number, "source": made.source, "how": made.how}
            told |= asdict(ended) | {"path": "", "well": explained(ended)}
            known[made.number] = told
            print(json.dumps(told, ensure_ascii=False), file=out, flush=True)
            if not told["well"]:
                print(f"{made.number} {made.source} {made.how}: {ended.outcome} {ended.reason}")
    bad = sum(not line["well"] for line in known.values())
    print(
        f"{len(known)} copies, {bad} not as they should",
        dict(Counter(one["outcome"] for one in known.values())),
    )
    return 1 if bad else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=5_000, help="how many copies in all")
    parser.add_argument("--seed", type=int, default=1, help="which copies")
    parser.add_argument("--workers", type=int, default=2, help="how many are read at a time")
    parser.add_argument("--pixels", type=int, default=1_000_000, help="of a page, at most")
    parser.add_argument("--log", type=Path, default=Path("build/mutations.jsonl"), help="what became of them")
    chosen = parser.parse_args()
    chosen.log.parent.mkdir(parents=True, exist_ok=True)
    chosen.log = chosen.log.absolute()
    return chosen


if __name__ == "__main__":
    sys.exit(main())
