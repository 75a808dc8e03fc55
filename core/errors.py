# ruff: noqa: N818 (the names say what is the case; they are public)
"""Every error this project raises on purpose; each class carries its exit code.

The table of exit codes in docs/operations.md says what to do about each; codes of documents that
cannot be read are in core/failure_codes.py.
"""

from __future__ import annotations

import errno

from core.failure_codes import Failure

# What a disk that is full, broken or read-only says; no file that is asked of it is to blame.
DISK_TROUBLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS})


class GuidangError(Exception):
    """Something went wrong; the message says what, with which document, and what to do."""

    exit_code = 1


class UsageError(GuidangError):
    """The command was asked for something that makes no sense."""

    exit_code = 2


class BatchIncomplete(GuidangError):
    """The batch finished, but some documents failed."""

    exit_code = 3


class ArchiveDamaged(GuidangError):
    """An original, the database or the index is not what it was."""

    exit_code = 4


class ArchiveUnavailable(GuidangError):
    """The archive is locked by another writer or cannot be reached."""

    exit_code = 5


class UnreadableDocument(GuidangError):
    """One document cannot be read; the batch goes on without it.

    `code` is a short word for programs, of `Failure`; `stage` where reading stopped.
    """

    exit_code = 3

    def __init__(self, code: Failure, reason: str, stage: str = "open") -> None:
        # All three go to args, so that the exception survives the way back from a worker process.
        super().__init__(code, reason, stage)
        self.code = str(code)  # a mere text: databases take enums for something else
        self.reason = reason
        self.stage = stage

    def __str__(self) -> str:
        return self.reason


class ReadingDied(UnreadableDocument):
    """A document ended the process that read it, or was stopped at a limit; it may be tried again."""
