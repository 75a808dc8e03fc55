"""Make every sample: `.venv/bin/python samples/make.py [NAME…]`.

Needs typst and pikepdf (pip) and Debian's fonts-noto-cjk and fonts-arphic-*; what it makes is committed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

# Run as a script, only samples/ is on the path.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.degrade import scan_pdf
from bench.truth import Fact, truth_path, write_truth
from samples.reports import SAMPLES, Sample
from samples.typeset import set_report
from samples.values import addresses

HERE = Path(__file__).resolve().parent

# scan name: (digital sample, recipe, seed)
SCANS = {
    "form2021-scan": ("form2021", "grey200", 11),
    "form2019-scan": ("form2019", "grey200", 12),
    "blank2019-scan": ("blank2019", "grey200", 13),
    "stacked-scan": ("stacked", "grey200", 14),
    "openbreak-scan300": ("openbreak", "grey300", 16),
}


def main(names: list[str]) -> None:
    """Make the named samples, or all of them."""
    for sample in (make() for make in SAMPLES):
        if not names or sample.name in names:
            target = HERE / f"{sample.name}.pdf"
            target.write_bytes(set_report(sample.spec))
            write_truth(truth_path(target), facts(sample))
    for name, (source, recipe, seed) in SCANS.items():
        if not names or name in names:
            target = HERE / f"{name}.pdf"
            scan_pdf(HERE / f"{source}.pdf", target, recipe, seed)
            truth_path(target).write_bytes(truth_path(HERE / f"{source}.pdf").read_bytes())


def facts(sample: Sample) -> Iterator[Fact]:
    """What the sample prints, in the order of the forms; nothing for a table it leaves out."""
    for table, (form, values) in sample.facts.items():
        for row, column in addresses(table, form):
            cell = values[row, column]
            yield Fact(form, table, row, column, cell.state, cell.raw, cell.value)


if __name__ == "__main__":
    main(sys.argv[1:])
