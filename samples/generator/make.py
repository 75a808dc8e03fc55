"""Make every sample: `.venv/bin/python -m samples.generator.make`.

Needs typst and pikepdf (pip) and Debian's fonts-noto-cjk and fonts-arphic-*; what it makes is committed.
"""

from __future__ import annotations

from pathlib import Path

from bench.accuracy.truth import truth_path, write_truth
from bench.corpus.degrade import scan_image, scan_pdf
from samples.generator import finances
from samples.generator.reports import PASSWORD, SAMPLES, facts, form2019
from samples.generator.typeset import set_report

HERE = Path(__file__).resolve().parents[1]

# name: (digital sample, recipe, seed)
SCANS = {
    "form2021-scan": ("form2021", "grey200", 11),
    "form2019-scan": ("form2019", "grey200", 12),
    "blank2019-scan": ("blank2019", "grey200", 13),
    "stacked-scan": ("stacked", "grey200", 14),
    "mixed-scan": ("mixed", "grey200", 15),
    "onepage-scan300": ("onepage", "grey300", 16),
}
SCRAMBLED = {"form2021-scrambled": ("form2021", 17)}
IMAGES = {"onepage-image": ("onepage", "soft", 18)}
OFDS = {"ofd-glyphs": ("form2021", "glyphs"), "ofd-lines": ("blank2019", "lines")}
# The scan of this one is published as pictures on a web page.
PICTURED = "form2021"


def main() -> None:
    """Make every sample and every broken file."""
    # Imported here, for pikepdf is no dependency of the project.
    from samples.generator.fixed_documents import set_ofd
    from samples.generator.spoil import scramble_text, write_broken
    from samples.generator.webpages import WEBPAGES, set_images
    from samples.generator.word_files import set_docx
    from samples.generator.workbooks import workbooks

    for sample in (make() for make in SAMPLES):
        report = HERE / f"{sample.name}.pdf"
        report.write_bytes(set_report(sample.spec))
        write_truth(truth_path(report), facts(sample))
    _write_budget()
    for name, (source, recipe, seed) in SCANS.items():
        scan_pdf(_like(source, name, ".pdf"), HERE / f"{name}.pdf", recipe, seed)
    for name, (source, seed) in SCRAMBLED.items():
        scramble_text(_like(source, name, ".pdf"), HERE / f"{name}.pdf", seed)
    for name, (source, recipe, seed) in IMAGES.items():
        scan_image(_like(source, name, ".jpg"), HERE / f"{name}.jpg", recipe, seed)
    for make, set_page in WEBPAGES:
        sample = make()
        report = HERE / f"{sample.name}.html"
        report.write_bytes(set_page(sample))
        write_truth(truth_path(report), facts(sample))
    original = _like(PICTURED, "webpage-images", ".mhtml")
    title = "云溪县青禾镇人民政府2022年政府信息公开工作年度报告"
    pages = set_images(original.with_name(f"{PICTURED}-scan.pdf"), title)
    (HERE / "webpage-images.mhtml").write_bytes(pages)
    for name, (source, way) in OFDS.items():
        (HERE / f"{name}.ofd").write_bytes(set_ofd(_like(source, name, ".ofd"), way))
    for sample, suffix, data in workbooks():
        report = HERE / f"{sample.name}{suffix}"
        report.write_bytes(data)
        write_truth(truth_path(report), facts(sample))
    (HERE / "word.docx").write_bytes(set_docx(form2019()))
    _like("form2019", "word", ".docx")
    write_broken(HERE / "broken", HERE / "onepage.pdf", PASSWORD)


def _write_budget() -> None:
    """Make the sample whose form is not one of the statutory two."""
    report = HERE / f"{finances.NAME}.pdf"
    report.write_bytes(set_report(finances.spec()))
    write_truth(truth_path(report), finances.facts())


def _like(source: str, name: str, suffix: str) -> Path:
    """Give a copy the truth of the digital sample it is made from; returns that sample's path."""
    original = HERE / f"{source}.pdf"
    truth_path(HERE / f"{name}{suffix}").write_bytes(truth_path(original).read_bytes())
    return original


if __name__ == "__main__":
    main()
