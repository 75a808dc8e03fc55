"""What a command loads before it answers."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.support.paths import ROOT


def test_help_loads_nothing_but_the_command_line():
    script = (
        "import sys, cli; cli.main(['--help']);"
        "heavy = {'archive', 'ingest', 'reconcile', 'ocr', 'sqlalchemy', 'sqlmodel', 'pydantic'};"
        "heavy |= {'numpy', 'rich', 'scrapy', 'yaml', 'prometheus_client', 'structlog'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


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
