"""Why a document cannot be read: every code with where reading stops, what it says and what helps.

The codes are stored and exported, so they stay; the table in docs/operations.md is made from them.
"""

from __future__ import annotations

from enum import StrEnum

_AGAIN = "Get the file again."


class Failure(StrEnum):
    """A code for programs, with `stages`, what the reason `says`, and the `remedy`, both for people."""

    stages: tuple[str, ...]
    says: str
    remedy: str

    def __new__(cls, code: str, stages: tuple[str, ...], says: str, remedy: str) -> Failure:
        """Make one; its value is the code alone."""
        made = str.__new__(cls, code)
        made._value_ = code
        made.stages, made.says, made.remedy = stages, says, remedy
        return made

    EMPTY = "empty", ("open",), "The file has no bytes.", _AGAIN
    NOT_A_DOCUMENT = (
        "not_a_document",
        ("open",),
        "It is a zip that is not opened (too deep inside others, or too large), a RAR or 7z where bsdtar is "
        "not installed, or a file of another kind.",
        "Get the real file; web servers often send an error page under the name of a PDF. "
        "For RAR and 7z install bsdtar (Debian's libarchive-tools) and ingest them again.",
    )
    ENCRYPTED = (
        "encrypted",
        ("open",),
        "It needs a password.",
        "Remove the password and ingest the new file.",
    )
    NO_PAGES = "no_pages", ("open",), "It opens and has no pages, or shows nothing.", _AGAIN
    DAMAGED = (
        "damaged",
        ("open", "page N", "export"),
        "It is damaged, cut short, or has no pages that can be found; or page N cannot "
        "be opened, and nothing of the document is recorded.",
        "Get the file again, or save it anew with a PDF program and ingest that.",
    )
    TOO_LARGE = (
        "too_large",
        ("open", "page N"),
        "It passes a limit, which the reason names: pixels of a picture, cells, text or pages of a web page.",
        "Save it at a lower resolution, or split it.",
    )
    XFA_FORM = (
        "xfa_form",
        ("open",),
        "A PDF form (XFA) that only Adobe's own programs draw; its page says so and shows nothing of it.",
        "Open it in Adobe Acrobat or Reader, print it to a PDF and ingest that.",
    )
    PORTFOLIO = (
        "portfolio",
        ("open",),
        "A PDF portfolio: its page is a cover, the documents are files in it.",
        "Nothing: the documents in it were taken in beside it, as `NAME.pdf!member`.",
    )
    NO_REPORT = (
        "no_report",
        ("open",),
        "A web page without a report in it: an error page, a form, a page that only a script would fill.",
        "Open the address in a browser and save the page (MHTML), or get the PDF.",
    )
    NEEDS_LIBREOFFICE = (
        "needs_libreoffice",
        ("open",),
        "A DOC, DOCX, RTF or the like, and LibreOffice is not installed.",
        "Install it (`guidang doctor`), then `guidang retry`.",
    )
    NOT_READABLE_YET = (
        "not_readable_yet",
        ("open",),
        "An office document of a kind that is kept and not read.",
        "Save it as PDF and ingest that too.",
    )
    NOT_CONVERTIBLE = (
        "not_convertible",
        ("open", "export"),
        "LibreOffice could not convert it; or no sound searchable PDF could be written (`export pdf` only: "
        "the archive is whole).",
        "Save it as PDF and ingest that too.",
    )
    TOO_SLOW = (
        "too_slow",
        ("open",),
        "LibreOffice took too long to convert it.",
        "`guidang retry` when the machine is quiet; else save it as PDF.",
    )
    TIMEOUT = (
        "timeout",
        ("read", "page N"),
        "Reading took longer than the limit that the reason names.",
        "`guidang retry`, then `guidang ingest` when the machine is quiet. Split very long files.",
    )
    MEMORY = (
        "memory",
        ("read", "page N"),
        "Reading wanted more memory than a worker may have.",
        "`guidang ingest --workers 1` after `guidang retry DOCUMENT`; save large pictures smaller.",
    )
    DISK = (
        "disk",
        (),
        "The temporary disk was full, though there is room now: reading it filled the disk by itself.",
        "`$TMPDIR` on a larger disk (`guidang doctor` says how much is free), then `guidang retry DOCUMENT`; "
        "else split it.",
    )
    # Never recorded: the document is not to blame.
    DISK_FAILS = (
        "disk_fails",
        (),
        "The disk does not give the bytes of an original. The command ends with code 5; no list has this.",
        "Look at the disk (`dmesg`), then give the same command again.",
    )
    CRASHED = (
        "crashed",
        ("read", "page N"),
        "Reading ended its process.",
        "`guidang retry DOCUMENT`, then `guidang ingest --workers 1`. If it happens again, report it.",
    )
    ERROR = (
        "error",
        ("read",),
        "Any other error, with its name.",
        "Report it with the document, if it may be shared.",
    )
