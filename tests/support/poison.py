"""Readers for trials of the batch: a document's bytes say what becomes of its child."""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import tempfile
import time
from pathlib import Path

from core.errors import UnreadableDocument
from ingest.reading import child_position
from ingest.reading.pipeline import DocumentReading
from ocr.office.libreoffice import converted_to_pdf
from reconcile.model import Report, Volume

NOTHING = Report("", "", None, (), (), ())


def read(path: Path) -> DocumentReading:
    """Do what the first word says; a number sleeps so many seconds, anything else reads nothing."""
    word = path.read_bytes().split(maxsplit=1)[0].decode()
    child_position.reached(3)
    if word == "kill":
        os.kill(os.getpid(), 9)
    elif word == "abort":
        os.abort()
    elif word == "exit":
        os._exit(7)
    elif word == "hang":
        ctypes.PyDLL(None).sleep(600)  # native code that does not let go of the interpreter
    elif word == "eat":
        bytearray(1 << 40)
    elif word == "odd":
        raise ValueError("it is odd\nand more")
    elif word == "unreadable":
        raise UnreadableDocument("damaged", "it is damaged", "page 3")
    elif word == "full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/tmp/page.pdf")
    elif word == "hidden":
        raise UnreadableDocument("damaged", "it is damaged") from OSError(errno.EDQUOT, "Quota exceeded")
    elif word == "litter":
        Path(tempfile.mkdtemp(), "page").write_text("left by a child")
        os.kill(os.getpid(), 9)
    elif word == "warn":
        logging.getLogger("pdfminer").warning("a token that does not match")
    elif word == "{\\rtf1":
        converted_to_pdf(path)
    elif word[0].isdigit():
        time.sleep(float(word))
    return DocumentReading((), Volume((NOTHING,)), 0.0)
