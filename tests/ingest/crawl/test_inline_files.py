"""Files in a page's own source are taken byte by byte, whatever they stand in."""

from __future__ import annotations

import time
from base64 import b64encode

import pytest

from ingest.crawl.inline_files import inline_files

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 8
ZIP = b"PK\x03\x04\x14" + bytes(reversed(range(256))) * 8
SAID = b64encode(PDF)


@pytest.mark.parametrize(
    "page",
    [
        b'<script>var pdfData = "%s";</script>' % SAID,
        b"<textarea id=pdf>\r\n%s\r\n</textarea>"
        % b"\r\n".join(SAID[n : n + 76] for n in range(0, len(SAID), 76)),
        b'<embed src="data:application/pdf;base64,%s">' % SAID,
        b"<object data='data:application/pdf;base64,%s'></object>" % SAID.replace(b"=", b""),
        b'{"content": "%s"}' % SAID.replace(b"/", rb"\/"),
        b'"%s"' % SAID.replace(b"+", b"%2B").replace(b"/", b"%2F"),
        b'"%s" and again "%s"' % (SAID, SAID),
    ],
)
def test_a_file_in_base64_is_taken_as_it_was(page):
    assert inline_files(page) == [PDF]


def test_several_files_come_in_their_order_each_once():
    assert inline_files(b"'%s' '%s' '%s'" % (b64encode(ZIP), SAID, b64encode(ZIP))) == [ZIP, PDF]


@pytest.mark.parametrize(
    "page", [b"", b"JVBERi0xLjcK", b"xxJVBERi0" + b"A" * 900, b"data:image/png;base64,iVBORw0KGgo"]
)
def test_what_is_no_document_is_none(page):
    assert inline_files(page) == []


@pytest.mark.parametrize("piece", [b"JVBERi0 ", b"JVBERi0,", b"UEsDBA" + b"A" * 390 + b"-", b"\\n "])
def test_endless_beginnings_cost_little(piece):
    began = time.process_time()
    inline_files(piece * (4_000_000 // len(piece)))
    assert time.process_time() - began < 5
