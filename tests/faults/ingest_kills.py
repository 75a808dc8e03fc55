"""Kill a batch at random moments, go on with it, and see whether anything is lost, doubled or torn.

    .venv/bin/python -m tests.faults.ingest_kills [--kills N] [--documents N] [--minutes N] [--real]

Folders of tiny documents go into one archive (with `GUIDANG_ENGINE=null`; `--real` takes a few samples and
the real engine). SIGKILL goes to a child, to the batch itself or to all of its processes; a dead batch
is started again, until the kills of its folder are spent; then it is left in peace. Exit code 1 if anything
is not as it must be, with a line for each.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from archive.archive import Archive
from tests.faults.batches import Batch, start
from tests.faults.tinydocs import FAILED, NOT_KEPT, PASSED_OVER, Submitted, write_corpus
from tests.support.paths import SAMPLES
from tests.support.places import Place, rows

Told = Callable[[str], None]
FEW = ("onepage.pdf", "fragment.pdf", "onepage-image.jpg")
FILES_A_FOLDER = 50
# How long a batch may take for anything before it counts as hung, in seconds.
PATIENCE = 180.0
# How long children may go on after their batch was killed.
LAST_WORDS = 60.0
# A third of the kills come while documents are taken in, some while children start, the rest among readings.
INTAKE, STARTING = 0.35, 0.55
INTAKE_SECONDS, START_SECONDS, MOST_DOCUMENTS, JITTER = 0.4, 3.0, 2, 0.1
REAL_SECONDS, KILLS_A_ROUND = 15.0, 8
VERIFY_EVERY = 50


@dataclass
class Campaign:
    """Kills over the folders of one archive: what was spent, on whom, and what was wrong."""

    place: Place
    rng: random.Random
    told: Told
    real: bool = False
    deadline: float = float("inf")
    spent: Counter[str] = field(default_factory=Counter)
    batches: int = 0
    wrong: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    @property
    def kills(self) -> int:
        """How many processes, or groups of them, were killed."""
        return self.spent.total()

    def spend(self, path: Path, kills: int) -> None:
        """Take a folder in, with so many kills; the last batch of it is left in peace."""
        until = self.kills + kills
        while not self.wrong:
            self.batches += 1
            batch = start(("ingest", path, "--archive", self.place.location), self._as_command())
            try:
                while batch.is_running and self.kills < until and monotonic() < self.deadline:
                    self._await_moment(batch)
                    self._kill(batch)
                code = batch.wait(PATIENCE)
            finally:
                batch.end()
            self.wrong += [*self._strays(batch), *self._rows_without_objects(), *self._forgotten()]
            if code is None:
                self.wrong.append(f"a batch hung: {batch.said()[-500:]}")
            elif code != -signal.SIGKILL:
                if code not in (0, 3):
                    self.wrong.append(f"a batch ended with code {code}: {batch.said()[-500:]}")
                self.wrong += self._leftovers()
                return

    def _as_command(self) -> bool:
        """A few batches start as a command does; the others are forks of this process, which is faster."""
        return self.real or self.rng.random() < 0.1

    def _await_moment(self, batch: Batch) -> None:
        luck = self.rng.random()
        if self.real:
            batch.wait(self.rng.uniform(0, REAL_SECONDS))
        elif luck < INTAKE:
            batch.wait(self.rng.uniform(0, INTAKE_SECONDS))
        elif luck < STARTING:
            batch.wait(self.rng.uniform(0, START_SECONDS))
        else:
            batch.wait_for_documents(self.rng.randint(1, MOST_DOCUMENTS), PATIENCE)
            batch.wait(self.rng.uniform(0, JITTER))

    def _kill(self, batch: Batch) -> None:
        whom = self.rng.choice(("child", "batch", "group"))
        children = [one for one in batch.processes() if one != batch.pid]
        if whom == "child" and not children:
            whom = "batch"
        if not batch.is_running:
            return
        with suppress(ProcessLookupError):  # it came to its end by itself just now
            if whom == "group":
                os.killpg(batch.pid, signal.SIGKILL)
            else:
                os.kill(self.rng.choice(children) if whom == "child" else batch.pid, signal.SIGKILL)
            self.spent[whom] += 1
            if self.kills % VERIFY_EVERY == 0:
                self._report()
        if whom != "child":
            batch.wait(PATIENCE)

    def _report(self) -> None:
        self.told(f"{self.kills} kills, {self.batches} batches, {len(self.known)} documents known")

    def _strays(self, batch: Batch) -> Iterator[str]:
        """Processes of a batch that outlive it."""
        until = monotonic() + LAST_WORDS
        while (left := batch.processes()) and monotonic() < until:
            sleep(0.05)
        if left:
            yield f"{len(left)} processes are left of a batch {LAST_WORDS:.0f} s after its end"

    def _rows_without_objects(self) -> Iterator[str]:
        if not self._is_made():
            return
        with Archive.open(self.place.location) as archive:
            for digest, size in rows(archive, "SELECT sha256, size FROM document"):
                path = archive.documents.path(digest)
                if not path.is_file() or path.stat().st_size != size:
                    yield f"document {digest} has no original, or not all of it"

    def _forgotten(self) -> Iterator[str]:
        """Documents that were archived before this batch and are not now; `known` is brought up to date."""
        if not self._is_made():
            return
        with Archive.open(self.place.location) as archive:
            now = dict(rows(archive, "SELECT sha256, status FROM document"))
        for digest, status in self.known.items():
            if digest not in now or (status == "archived" and now[digest] != status):
                yield f"document {digest} was {status} and is {now.get(digest, 'gone')}"
        self.known = now

    def _is_made(self) -> bool:
        """Whether the first batch came so far as to make the tables of the archive."""
        if self.place.kind != "sqlite":
            return True
        return bool(self.known) or _has_tables(Path(self.place.location) / "guidang.db")

    def _leftovers(self) -> Iterator[str]:
        for path in self.place.objects.glob("*.part"):
            yield f"{path.name} is left after a batch that came to its end"

    def settle(self) -> None:
        """Read again, in peace, what failed only because its child was killed."""
        with Archive.open(self.place.location) as archive:
            died = rows(
                archive,
                "SELECT DISTINCT d.sha256 FROM document d JOIN run r ON r.document_id = d.id WHERE "
                "d.status IN ('failed', 'quarantined') AND (r.code = 'crashed' OR r.outcome = 'died')",
            )
        if died:
            self.told(f"{len(died)} documents failed because their child was killed; they are read again")
            here = ("--archive", self.place.location)
            for words in (("retry", *(digest for (digest,) in died), *here), ("ingest", *here)):
                batch = start(words, as_command=True)
                if (code := batch.wait(PATIENCE)) not in (0, 3):
                    self.wrong.append(f"{words[0]} in peace ended with code {code}: {batch.said()[-500:]}")
                batch.end()

    def judge(self, submitted: Sequence[Submitted]) -> None:
        """Every submitted path must be exactly one of archived, duplicate, failed and not kept."""
        with Archive.open(self.place.location) as archive:
            found = rows(
                archive,
                "SELECT s.name, s.ordinal, d.sha256, d.status FROM source s JOIN document d "
                "ON d.id = s.document_id",
            )
            self.wrong += list(_misjudged(submitted, found))
            said = archive.verify()
        self.wrong += [*said.problems, *said.notes]


def _has_tables(database: Path) -> bool:
    import sqlite3

    if not database.is_file():
        return False
    with sqlite3.connect(database) as connection:
        return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'document'").fetchone())


def _misjudged(submitted: Sequence[Submitted], found: Sequence[tuple[str, int, str, str]]) -> Iterator[str]:
    expected = {one.source: one for one in submitted if one.outcome not in (NOT_KEPT, PASSED_OVER)}
    times = Counter(name for name, *_ in found)
    yield from (f"{name} is there {n} times" for name, n in times.items() if n > 1)
    yield from (f"{name} is lost" for name in expected if name not in times)
    yield from (f"{name} was never submitted" for name in times if name not in expected)
    firsts = Counter(digest for _, ordinal, digest, _ in found if ordinal == 0)
    yield from (f"{digest} has {n} first sources" for digest, n in firsts.items() if n > 1)
    for name, _, digest, status in found:
        if (one := expected.get(name)) and (digest, status) != (one.sha256, one.outcome):
            yield f"{name} is {status} as {digest[:12]}, should be {one.outcome} as {one.sha256[:12]}"


def tally(submitted: Sequence[Submitted]) -> str:
    """What was submitted, in words."""
    kinds = Counter(one.outcome for one in submitted)
    duplicates = sum(kinds.values()) - len({one.sha256 for one in submitted})
    return f"{len(submitted)} paths ({duplicates} duplicates): " + ", ".join(
        f"{n} {kind}" for kind, n in sorted(kinds.items())
    )


def spend_kills(
    place: Place, folder: Path, kills: int, files: int, seed: int, told: Told, minutes: float = 600.0
) -> tuple[Campaign, list[Submitted]]:
    """Take `files` tiny files into an archive with so many kills, or as many as the time allows."""
    os.environ["GUIDANG_ENGINE"] = "null"
    campaign = Campaign(place, random.Random(seed), told, deadline=monotonic() + 60 * minutes)
    submitted: list[Submitted] = []
    folders = max(files // FILES_A_FOLDER, 1)
    # A folder may come to its end before its kills are spent: then there are more of them.
    for number in count():
        if campaign.wrong or (number >= folders and campaign.kills >= kills):
            break
        path = folder / f"scans-{number:02}"
        submitted += write_corpus(path, number, files // folders)
        campaign.spend(path, (kills - campaign.kills) // max(folders - number, 1))
        if monotonic() > campaign.deadline:
            break
    _conclude(campaign, submitted)
    return campaign, submitted


def spend_kills_on_samples(
    place: Place, kills: int, seed: int, told: Told
) -> tuple[Campaign, list[Submitted]]:
    """The same with the real engine and a few samples, broken ones too, until the kills are spent."""
    campaign = Campaign(place, random.Random(seed), told, real=True)
    broken = [path for path in sorted((SAMPLES / "broken").iterdir()) if path.is_file()]
    submitted: list[Submitted] = []
    for number in count():
        if campaign.wrong or campaign.kills >= kills:
            break
        folder = Path(place.location).parent / f"samples-{number}"
        folder.mkdir()
        # What follows the end of a file makes another document of it, with the same pages.
        files = {SAMPLES / name: b"\n%% %d\n" % number for name in FEW} | dict.fromkeys(broken, b"")
        for path, tail in files.items():
            data = path.read_bytes() + tail
            (folder / path.name).write_bytes(data)
            outcome = "archived" if tail else FAILED
            submitted.append(Submitted(str(folder / path.name), sha256(data).hexdigest(), outcome))
        campaign.spend(folder, min(KILLS_A_ROUND, kills - campaign.kills))
    _conclude(campaign, submitted)
    return campaign, submitted


def _conclude(campaign: Campaign, submitted: Sequence[Submitted]) -> None:
    if not campaign.wrong:
        campaign.settle()
        campaign.judge(submitted)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--documents", type=int, default=1000, help="files; zips hold more")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=600.0, help="no kills after so long")
    parser.add_argument("--real", action="store_true", help="the real engine and a few samples")
    options = parser.parse_args()
    began = monotonic()
    with TemporaryDirectory() as name:
        place = Place("sqlite", str(Path(name) / "a"), Path(name) / "a" / "objects")
        if options.real:
            campaign, submitted = spend_kills_on_samples(place, options.kills, options.seed, _tell)
        else:
            campaign, submitted = spend_kills(
                place, Path(name), options.kills, options.documents, options.seed, _tell, options.minutes
            )
    for line in campaign.wrong:
        print(line)
    whom = ", ".join(f"{n} of a {who}" for who, n in sorted(campaign.spent.items()))
    print(tally(submitted))
    print(
        f"{campaign.kills} kills ({whom}) over {campaign.batches} batches, {monotonic() - began:.0f} s: ",
        end="",
    )
    print(f"{len(campaign.wrong)} wrong" if campaign.wrong else "all is as it must be")
    return 1 if campaign.wrong else 0


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
