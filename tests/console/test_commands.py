"""The commands: data on stdout, talk on stderr, one exit code a kind of trouble."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

import cli
from archive.archive import Archive
from tests.support import handmade
from tests.support.paths import ROOT

COMMANDS = sorted(command.name or command.callback.__name__ for command in cli.app.registered_commands)
PDF = "application/pdf"


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "archive"
    with Archive.open(folder, create=True) as archive:
        handmade.archive_one(archive)
        bad = archive.keep("scans/bad.pdf", io.BytesIO(b"<html>"), "text/html")
        archive.fail(bad.document, handmade.RUN, "open", "HTML, \x1b[31mnot a PDF", "not_pdf")
    monkeypatch.setenv("GUIDANG_ARCHIVE", str(folder))
    return folder


@pytest.fixture
def batch(monkeypatch):
    """Ingestion that keeps files and reads nothing, in the place of the real one."""
    calls = SimpleNamespace(failed=0, paths=None, raises=None)

    def ingest_paths(paths, archive, *, workers=None, report, stop=None, watch=False, defer=False):
        if calls.raises:
            raise calls.raises
        calls.paths = paths
        kept = [archive.keep(str(path), path.open("rb"), PDF) for path in paths]
        report.started(len(kept))
        for one, path in zip(kept, paths, strict=True):
            report.page(2)
            report.finished(one.document, str(path), "failed" if calls.failed else "archived", "2 pages")
        return SimpleNamespace(
            found=len(kept),
            new=len(kept),
            duplicate=0,
            unkept=(),
            passed_over=0,
            archived=len(kept) - calls.failed,
            failed=calls.failed,
            quarantined=0,
            stopped=False,
            pending=0,
            pages=2,
            flagged=0,
            seconds=1.0,
        )

    def diagnose(archive):
        verdict = "bad" if calls.failed else "ok"
        return [SimpleNamespace(name="weights", verdict=verdict, found="d", remedy="fetch them")]

    stand_ins = {
        "ingest.batch.batch.ingest_paths": ingest_paths,
        "ingest.monitoring.batch_monitor.watching": lambda *_: nullcontext(),
        "ingest.rendering.page_pictures.draw_page": lambda archive, document, page: Path(
            f"/tmp/{document[:4]}-{page}.png"
        ),
        "ingest.rendering.page_pictures.save_stages": lambda archive, document, page, folder: [
            folder / f"01-page{page}.png"
        ],
        "ingest.diagnostics.doctor.diagnose": diagnose,
    }
    for name, stand_in in stand_ins.items():
        monkeypatch.setattr(name, stand_in)
    return calls


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "报告.pdf"
    path.write_bytes(b"%PDF")
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_shows_an_example_that_parses(guidang, command):
    shown = guidang(command, "--help")
    assert shown.code == 0
    example = shown.out.split("Example:\n")[1].splitlines()[0].split()
    assert example[:2] == ["guidang", command]
    named = [word for word in example if word.startswith("--")]
    assert all(f"{option} " in shown.out.split("Options:")[1] for option in named)


def test_no_command_is_without_a_test_of_its_own():
    written = Path(__file__).read_text(encoding="utf-8")
    assert [command for command in COMMANDS if f'guidang("{command}"' not in written] == []


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


def test_search_marks_the_hit_and_keeps_talk_apart(guidang, home):
    shown = guidang("search", "复议")
    assert shown.code == 0
    assert "【复议】申请11件" in shown.out
    assert "清河县水务局" in shown.out
    assert shown.err == "1 of 1 pages\n"


def test_search_in_json_gives_snippet_and_marks(guidang, home):
    (hit,) = json.loads(guidang("search", "复议", "--format", "json").out)
    assert [hit["snippet"][start:end] for start, end in hit["marks"]] == ["复议"]
    assert (hit["page"], hit["year"], hit["source"]) == (1, 2023, "scans/a.pdf")


def test_search_in_csv_gives_a_row_a_page(guidang, home):
    rows = list(csv.DictReader(io.StringIO(guidang("search", "情况", "--format", "csv").out)))
    assert sorted(row["page"] for row in rows) == ["1", "2"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "\udcff"],
        ["facts", "--organ", "\udcff"],
        ["facts", "--row", "\udcff"],
        ["show", "\udcff"],
        ["retry", "\udcff"],
        ["review", "list", "--document", "\udcff"],
        ["organs", "link", "\udcff", "x\udcff"],
        ["export", "bag", "\udcff", "--output", "bag"],
    ],
)
def test_odd_byte_of_a_shell_ends_in_one_line(guidang, home, arguments):
    shown = guidang(*arguments)
    assert (shown.code, shown.out) == (2, "")
    assert len(shown.err.splitlines()) == 1


def test_search_takes_all_filters(guidang, home):
    filters = ["--year", 2023, "--organ", "水务", "--form", 2021, "--flag", "unbalanced", "--row", "new"]
    assert json.loads(guidang("search", "复议", *filters, "--format", "json").out)
    filters[1] = 2022
    assert json.loads(guidang("search", "复议", *filters, "--format", "json").out) == []


def test_failures_are_chosen_by_name_and_exported_only_into_a_zip(guidang, home, tmp_path):
    assert "bad.pdf" in guidang("failures", "bad.pdf").out
    shown = guidang("failures", "a.pdf")
    assert (shown.code, shown.out, shown.err) == (0, "", "0 documents failed\n")
    assert guidang("failures", "strange.pdf").code == 2
    for options in (["--with-originals"], ["--export", tmp_path / "r.zip", "--format", "csv"]):
        shown = guidang("failures", *options)
        assert (shown.code, len(shown.err.splitlines())) == (2, 1)
    assert guidang("failures", "a.pdf", "--export", tmp_path / "r.zip").code == 0
    assert list(tmp_path.glob("r.zip*")) == []


def test_status_counts_and_failures_explain(guidang, home):
    shown = guidang("status")
    assert shown.code == 0
    assert "2 documents from 2 sources" in shown.out
    (failure,) = json.loads(guidang("failures", "--format", "json").out)
    assert (failure["source"], failure["code"]) == ("scans/bad.pdf", "not_pdf")


def test_retry_tells_its_log_how_many_documents_wait_again(guidang, home, tmp_path):
    log = tmp_path / "log.json"
    assert guidang("retry", "--log", log).code == 0
    told = json.loads(log.read_text(encoding="utf-8"))
    assert (told["event"], told["pending_again"], told["chosen"]) == ("retry", 1, "all")


def test_status_for_programs_holds_every_number_of_the_text(guidang, home):
    told = json.loads(guidang("status", "--format", "json").out)
    counted = {"pending": 0, "archived": 1, "failed": 1, "quarantined": 0}
    assert (told["documents"], told["sources"], told["crawls"]) == (counted, 2, None)
    assert told["size"]["originals_bytes"] == sum(
        one.stat().st_size for one in (home / "objects").rglob("*") if one.is_file()
    )
    rows = {
        one["name"]: one["value"]
        for one in csv.DictReader(io.StringIO(guidang("status", "--format", "csv").out))
    }
    assert (rows["documents.failed"], rows["needs_review"]) == ("1", str(told["needs_review"]))
    text = guidang("status").out
    assert all(f"{count:,}  {name}" in text for name, count in (told["values"] | told["flags"]).items())


def test_changes_of_sites_say_that_none_was_visited(guidang, home):
    shown = guidang("changes", "--since", "yesterday")
    assert (shown.code, shown.out) == (0, "")
    assert "no site was visited yet" in shown.err


def test_text_of_a_document_cannot_steer_the_terminal(guidang, home):
    shown = guidang("failures")
    assert "not a PDF" in shown.out
    assert "\x1b[31m" not in shown.out


def test_retry_makes_failed_documents_pending(guidang, home):
    shown = guidang("retry", "bad.pdf")
    assert (shown.code, shown.out) == (0, "")
    assert shown.err.startswith("1 documents are pending again")
    assert json.loads(guidang("failures", "--format", "json").out) == []


def test_show_draws_the_tables_with_their_printed_labels(guidang, home):
    shown = guidang("show", "a.pdf").out
    assert "一、本年新收政府信息公开申请数量" in shown
    assert "自然人" in shown
    assert "0*" in shown  # printed so, and wrong in the report
    assert "-3?" in shown  # doubtful
    assert "总计 is printed 0" in shown
    assert "@x" in shown  # the table of no known form
    assert "requests/granted/total" in shown


def test_show_page_gives_its_text_and_where_its_values_stand(guidang, home):
    shown = guidang("show", "a.pdf", "--page", 2).out
    assert "三、收到和处理政府信息公开申请情况" in shown
    assert "150 220 200 240" in shown
    assert "一、总体情况" not in shown


def test_show_of_a_failed_document_says_why(guidang, home):
    assert "open: HTML" in guidang("show", "bad.pdf").out


def test_show_image_prints_the_path_of_the_picture(guidang, home, batch):
    assert guidang("show", "a.pdf", "--page", 3, "--image").out.endswith("-3.png\n")


def test_show_stages_prints_the_path_of_each_picture(guidang, home, batch):
    assert guidang("show", "a.pdf", "--page", 2, "--stages", "debug").out == "debug/01-page2.png\n"


def test_facts_in_csv_are_the_export(guidang, home):
    listed = guidang("facts", "--format", "csv").out
    assert listed == guidang("export", "facts").out
    assert len(listed.splitlines()) == 1 + len(handmade.VALUES)


def test_facts_table_and_conditions(guidang, home):
    shown = guidang("facts", "--table", "requests", "--where", "value>100", "--where", "year=2023")
    assert "1,203" in shown.out
    assert "-3" not in shown.out


def test_long_table_of_facts_says_that_it_is_cut(guidang, home, monkeypatch):
    monkeypatch.setattr("console.delivery.LONGEST_TABLE", 2)
    shown = guidang("facts")
    assert "only the first 2 are shown" in shown.err
    assert "carried_in" not in shown.out


def test_facts_by_organ_are_added_up_and_count_their_inputs(guidang, home):
    (line,) = json.loads(
        guidang("facts", "--row", "carried_in", "--by", "organ", "--over", "column", "--format", "json").out
    )
    assert (line["organ"], line["sum"], line["blank"], line["dash"]) == ("清河县水务局", "", 1, 1)
    shown = guidang("facts", "--row", "new", "--column", "natural_person", "--by", "organ,year")
    assert (shown.code, shown.err) == (0, "")
    assert "1,203" in shown.out


def test_facts_across_years_show_changes_and_take_conditions_on_them(guidang, home):
    with Archive.open(home, write=True) as archive:
        more = handmade.report(year=2024, values=[handmade.value("new", "natural_person", "1,300")])
        handmade.archive_one(archive, "b.pdf", reading=more)
    row = ["facts", "--row", "new", "--across", "year"]
    assert "+97 (+8.1 %)" in guidang(*row, "--change").out
    assert "+97 (+8.1 %)" in guidang(*row, "--where", "change>90", "--where", "sum<1300.5").out
    assert json.loads(guidang(*row, "--where", "change>97", "--format", "json").out) == []


def test_facts_of_two_reports_on_one_year_are_told_of(guidang, home):
    with Archive.open(home, write=True) as archive:
        handmade.archive_one(archive, "again.pdf")
    shown = guidang("facts", "--row", "new", "--across", "year")
    assert "1,203 (2 reports)" in shown.out
    assert "--by document" in shown.err


def test_facts_plot_prints_the_path_of_the_picture(guidang, home, tmp_path):
    shown = guidang("facts", "--row", "new", "--plot", tmp_path / "out.png")
    assert (shown.code, shown.out) == (0, f"{tmp_path / 'out.png'}\n")
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("form", ["parquet", "xlsx"])
@pytest.mark.parametrize(
    "command",
    [
        ["facts"],
        ["facts", "--by", "organ"],
        *(["export", kind] for kind in ("tables", "text", "corrections")),
    ],
)
def test_binary_formats_go_to_a_file_whose_ending_may_name_them(guidang, home, tmp_path, command, form):
    guidang("review", "accept", "a.pdf", "requests/new/total")
    target = tmp_path / f"out.{form}"
    shown = guidang(*command, "--output", target)
    assert (shown.code, shown.out, shown.err) == (0, "", "")
    assert target.read_bytes()[:2] in (b"PK", b"PA")
    shown = guidang(*command, "--format", form)
    assert (shown.code, shown.out, shown.err) == (2, "", f"guidang: --format {form} needs --output FILE\n")


@pytest.mark.parametrize(
    ("command", "counted"),
    [
        (["facts", "--by", "year", "--output", "f.csv"], f"{len(handmade.VALUES)}/{len(handmade.VALUES)}"),
        (["export", "facts", "--output", "f.csv"], f"{len(handmade.VALUES)}/{len(handmade.VALUES)}"),
        (["export", "tables"], "2/2"),
        (["export", "text"], "3/3"),
    ],
)
def test_long_output_is_counted_on_a_terminal_only(guidang, home, tmp_path, monkeypatch, command, counted):
    monkeypatch.chdir(tmp_path)
    quiet = guidang(*command)
    assert quiet.err == ""
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich then takes stderr for a terminal
    shown = guidang(*command)
    assert counted in shown.err
    assert shown.out == quiet.out


def test_across_finds_nothing_to_compare_in_one_report(guidang, home):
    shown = guidang("across", "--format", "json")
    assert (shown.code, json.loads(shown.out)) == (0, [])
    assert shown.err.startswith("0 comparisons")


def test_coverage_shows_what_is_there_and_what_cannot_be_placed(guidang, home):
    shown = guidang("coverage")
    assert shown.code == 0
    assert "清河县水务局" in shown.out
    assert "scans/bad.pdf" in shown.out
    assert shown.err == "1 of 1 there; 1 more not expected or not placed\n"


def test_export_bag_writes_a_bag_and_says_what_is_in_it(guidang, home, tmp_path):
    done = guidang("export", "bag", "--output", tmp_path / "bag", "--organization", "档案馆")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines()[-1].startswith("2 documents, ")
    assert "Source-Organization: 档案馆\n" in (tmp_path / "bag" / "bag-info.txt").read_text(encoding="utf-8")


def test_export_bag_takes_the_documents_named_or_of_a_year(guidang, home, tmp_path):
    assert guidang("export", "bag", "bad.pdf", "--output", tmp_path / "one").code == 0
    assert guidang("export", "bag", "--year", 2023, "--output", tmp_path / "year").code == 0
    for bag, source in (("one", "scans/bad.pdf"), ("year", "scans/a.pdf")):
        listed = list(csv.DictReader((tmp_path / bag / "data" / "documents.csv").open(encoding="utf-8")))
        assert [one["source"] for one in listed] == [source]


def test_export_bag_of_a_damaged_archive_names_the_original(guidang, home, tmp_path):
    with Archive.open(home) as archive:
        damaged = archive.path(archive.find("a.pdf"))
    damaged.chmod(0o600)
    damaged.write_bytes(b"other")
    done = guidang("export", "bag", "--output", tmp_path / "bag")
    assert done.code == 4
    assert damaged.name in done.err
    assert not (tmp_path / "bag").exists()


@pytest.mark.parametrize("kind", ["bag", "pdf"])
def test_export_of_files_needs_a_place_for_them(guidang, home, kind):
    done = guidang("export", kind)
    assert (done.code, done.out) == (2, "")
    assert "--output" in done.err


def test_export_takes_no_option_that_it_would_not_heed(guidang, home, tmp_path):
    assert guidang("export", "facts", "a.pdf").code == 2
    assert guidang("export", "text", "--year", 2023).code == 2
    assert guidang("export", "bag", "--format", "csv", "--output", tmp_path / "bag").code == 2
    assert not (tmp_path / "bag").exists()


def test_export_pdf_says_which_documents_it_could_not_write(guidang, home, tmp_path):
    done = guidang("export", "pdf", "bad.pdf", "--output", tmp_path / "bad.pdf")
    assert (done.code, done.out) == (3, "")
    assert "failed, not read" in done.err
    assert list(tmp_path.glob("*.pdf*")) == []


@pytest.mark.parametrize("kind", ["facts", "tables", "text", "corrections"])
@pytest.mark.parametrize("form", ["csv", "json"])
def test_export_writes_a_file_or_stdout(guidang, home, tmp_path, kind, form):
    for _ in range(4):
        guidang("review", "accept", "a.pdf", "requests/new/total")
    target = tmp_path / "out"
    shown = guidang("export", kind, "--format", form, "--output", target)
    assert (shown.code, shown.out) == (0, "")
    assert target.read_text(encoding="utf-8") == guidang("export", kind, "--format", form).out
    assert len(target.read_text(encoding="utf-8").splitlines()) > 3


def test_ingest_makes_the_archive_and_sums_up_on_stderr(guidang, tmp_path, scan, batch):
    shown = guidang("ingest", scan, "--archive", tmp_path / "new")
    assert (shown.code, shown.out) == (0, "")
    assert "1 new, 0 kept before" in shown.err
    assert "archived" in shown.err
    assert "报告.pdf" in shown.err
    with Archive.open(tmp_path / "new") as archive:
        assert len(archive.pending()) == 1


def test_quiet_ingest_says_nothing(guidang, home, scan, batch):
    shown = guidang("ingest", scan, "--quiet")
    assert (shown.code, shown.out, shown.err) == (0, "", "")


def test_ingest_with_failed_documents_ends_with_3(guidang, home, scan, batch):
    batch.failed = 1
    shown = guidang("ingest", scan, "--quiet")
    assert (shown.code, shown.err) == (3, "guidang: 1 documents failed; `guidang failures` says why\n")


def test_ingest_without_paths_goes_on_with_what_is_pending(guidang, home, batch):
    assert guidang("ingest", "--quiet").code == 0
    assert batch.paths == []


def test_interrupted_ingest_says_how_to_go_on(guidang, home, scan, batch):
    batch.raises = KeyboardInterrupt()
    shown = guidang("ingest", scan)
    assert shown.code == 130
    assert "same command again" in shown.err
    with Archive.open(home, write=True):
        pass  # the lock is free


def test_verify_ends_with_4_when_an_original_has_changed(guidang, home):
    assert guidang("verify").code == 0
    with Archive.open(home) as archive:
        path = archive.document("a.pdf").path
    path.chmod(0o644)
    path.write_bytes(b"other")
    shown = guidang("verify")
    assert shown.code == 4
    assert "has changed" in shown.out


def test_rerun_of_what_cannot_be_read_ends_with_3_and_keeps_the_reading(guidang, home):
    before = guidang("facts", "--format", "csv").out
    shown = guidang("rerun", "a.pdf", "--format", "csv", "--quiet")
    assert (shown.code, len(shown.out.splitlines())) == (3, 1)
    assert "1 documents failed; their older readings stand" in shown.err
    assert guidang("facts", "--format", "csv").out == before


def test_review_list_needs_no_terminal(guidang, home):
    assert "requests/granted/total" in guidang("review", "list").out
    assert guidang("review").code == 2


def test_init_and_upgrade_leave_a_good_archive(guidang, tmp_path):
    for command in ("init", "upgrade", "init", "verify"):
        assert guidang(command, "--archive", tmp_path / "new").code == 0
    assert guidang("init", "--archive", tmp_path / "new").out == ""
    assert guidang("upgrade", "--archive", tmp_path / "new").code == 0


def test_doctor_ends_with_1_and_a_remedy_if_something_is_missing(guidang, home, batch):
    assert guidang("doctor").code == 0
    batch.failed = 1
    shown = guidang("doctor")
    assert shown.code == 1
    assert "fetch them" in shown.out
    (told,) = json.loads(guidang("doctor", "--format", "json").out)
    assert told == {"part": "weights", "verdict": "bad", "found": "d", "remedy": "fetch them"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["search"],
        ["search", "*"],
        ["search", "复议", "--flag", "no_such_flag"],
        ["search", "复议", "--format", "xml"],
        ["search", "复议", "--limit", "0"],
        ["facts", "--where", "value;1"],
        ["facts", "--year", "x"],
        ["facts", "--state", "unsure"],
        ["facts", "--flag", "unsure"],
        ["facts", "--by", "colour"],
        ["facts", "--over", "organ"],
        ["facts", "--change"],
        ["facts", "--by", "organ", "--where", "change>1"],
        ["facts", "--where", "sum>1"],
        ["facts", "--plot", "out.gif"],
        ["facts", "--plot", "out.png", "--format", "csv"],
        ["facts", "--output", "out.txt"],
        ["export", "facts", "--format", "xlsx"],
        ["show", "nothing.pdf"],
        ["show", "a.pdf", "--page", "9"],
        ["ingest", "no/such/file.pdf"],
        ["export", "everything"],
        ["export", "text", "--output", "/no/such/folder/x"],
        ["init", "--archive", "mysql://host/db"],
        ["across", "--relation", "R9"],
        ["coverage", "no/such/list.toml"],
        ["organs", "link", "甲局"],
        ["organs", "unlink", "甲局"],
        ["nonsense"],
    ],
)
def test_senseless_command_ends_with_2_and_no_data(guidang, home, arguments):
    shown = guidang(*arguments)
    assert (shown.code, shown.out) == (2, "")
    assert shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["search", "复议"],
        ["retry"],
        ["verify"],
        ["upgrade"],
        ["across"],
        ["coverage"],
        ["organs", "list"],
    ],
)
def test_missing_archive_ends_with_5(guidang, tmp_path, command):
    shown = guidang(*command, "--archive", tmp_path / "none")
    assert shown.code == 5
    assert len(shown.err.splitlines()) == 1


def test_locked_archive_ends_with_5_and_can_still_be_searched(guidang, home, scan, batch):
    with Archive.open(home, write=True):
        assert guidang("ingest", scan).code == 5
        assert guidang("retry").code == 5
        assert guidang("search", "复议").code == 0


def test_search_loads_nothing_that_reads_pages(home):
    script = (
        "import sys, cli; cli.main(['search', '复议']);"
        "heavy = {'cv2', 'paddleocr', 'onnxruntime', 'camelot', 'pypdfium2'};"
        "heavy |= {'numpy', 'alembic', 'ingest', 'reconcile', 'pyarrow', 'openpyxl', 'matplotlib'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_batch_loads_nothing_that_reads_pages_into_its_own_process(tmp_path):
    (tmp_path / "batch.py").write_text(
        "import sys, cli\n"
        "if __name__ == '__main__':\n"
        "    code = cli.main(['ingest', *sys.argv[1:]])\n"
        "    heavy = {'cv2', 'paddleocr', 'onnxruntime', 'camelot', 'pypdfium2', 'pikepdf', 'PIL', 'numpy'}\n"
        "    sys.exit(', '.join(heavy & {*sys.modules}) or code)"
    )
    words = [
        sys.executable,
        tmp_path / "batch.py",
        ROOT / "samples/webpage.html",
        "--archive",
        tmp_path / "new",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 archived" in done.stderr


def test_reader_that_has_seen_enough_ends_the_output_quietly(home):
    with Archive.open(home, write=True) as archive:
        for number in range(300):
            handmade.archive_one(archive, f"{number}.pdf")
    script = "import sys, cli; sys.exit(cli.main(['export', 'text']))"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"[\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_worker_reads_what_was_left_to_it_and_status_tells(guidang, server, tmp_path, monkeypatch):
    monkeypatch.setenv("GUIDANG_ENGINE", "null")
    address = server.new_database()
    assert guidang("init", "--archive", address, "--objects", tmp_path / "objects").code == 0
    report = ROOT / "samples" / "onepage.pdf"
    assert guidang("ingest", report, "--defer", "--quiet", "--archive", address).code == 0
    shown = guidang("status", "--archive", address)
    assert "1  waiting (ingest)" in shown.out
    assert guidang("worker", "--once", "--workers", 1, "--archive", address).code == 0
    shown = guidang("status", "--archive", address)
    assert "0 documents in the queue" in shown.out
    assert "within the last hour: 1 archived" in shown.out


def test_worker_of_an_archive_in_a_folder_is_refused(guidang, home):
    shown = guidang("worker", "--archive", home)
    assert shown.code == 2
    assert "has no workers" in shown.err
