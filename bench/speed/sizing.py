"""Pages a core-hour, memory and disk by kind of page: one batch a kind with one worker, as `guidang` runs it.

    .venv/bin/python -m bench.speed.sizing

makes fax and phone pages of a sample, and prints the table of docs/operations.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.corpus.degrade import scan_pdf

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
RUN = "import sys, cli; sys.exit(cli.main())"
SEED = 7


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    with TemporaryDirectory(prefix="sizing") as name:
        folder = Path(name)
        print(
            "| pages | read | s a page | pages a core-hour | largest process | original | database, index |"
        )
        print("|---|---|---|---|---|---|---|")
        for kind, files in _kinds(folder).items():
            print(_measured(kind, files, folder / f"archive-{kind[:5]}"), flush=True)


def _kinds(folder: Path) -> dict[str, list[Path]]:
    made = {}
    for recipe in ("fax", "phone"):
        made[recipe] = folder / f"{recipe}.pdf"
        scan_pdf(SAMPLES / "form2021.pdf", made[recipe], recipe, SEED)
    return {
        "digital": [SAMPLES / "form2021.pdf", SAMPLES / "form2019.pdf"],
        "scanned, grey, 200 dpi": [SAMPLES / "form2021-scan.pdf", SAMPLES / "form2019-scan.pdf"],
        "fax, 1 bit, 200 dpi": [made["fax"]],
        "photo (telephone)": [made["phone"]],
    }


def _measured(kind: str, files: list[Path], archive: Path) -> str:
    log = archive.with_suffix(".log")
    command = [sys.executable, "-c", RUN, "ingest", *files, "--workers", "1", "--archive", archive]
    timed = ["/usr/bin/time", "-f", "%M", *command, "--quiet", "--log", log]
    ran = subprocess.run(list(map(str, timed)), cwd=ROOT, capture_output=True, text=True, check=True)
    *_, peak = ran.stderr.split()
    told = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    read = [one for one in told if one["event"] == "document"]
    pages, seconds = sum(one["pages"] for one in read), sum(one["seconds"] for one in read)
    asked = [sys.executable, "-c", RUN, "status", "--format", "json", "--archive", str(archive)]
    size = json.loads(subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout)["size"]
    rate, kib = 3600 * pages / seconds, 1024 * pages
    return (
        f"| {kind} | {pages} | {seconds / pages:.1f} | {rate:,.0f} | {int(peak) / 1024:.0f} MiB "
        f"| {size['originals_bytes'] / kib:.0f} KiB | {size['database_bytes'] / kib:.0f} KiB |"
    )


if __name__ == "__main__":
    main()
