"""The inside of a child process: it reads one document after the other and hands back what it says.

It may die at any moment, of its document or by its parent's hand, and nothing is lost but that reading.
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
import tempfile
import warnings
from collections.abc import Callable
from contextlib import suppress
from ctypes import c_int64
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from core.errors import DISK_TROUBLE, ReadingDied, UnreadableDocument
from core.failure_codes import Failure
from core.limits import MEMORY, ChildLimits
from core.settings import adopt
from core.settings_schema import Settings
from ingest.reading import child_position

# Given a path, and what is known of the document beforehand if there is anything.
Read = Callable[..., Any]
# Done by a child while it waits for its first document.
Prepare = Callable[[], None]
READY = "ready"
# The signals that mean the batch, not its children; a child is started with them held back.
HELD = (signal.SIGINT, signal.SIGTERM)
_PR_SET_PDEATHSIG = 1
_CHUNK = 1 << 20
# How native code says that it found no memory; it has no class for it.
_NO_MEMORY = ("bad_alloc", "bad allocation", "Insufficient memory", "Failed to allocate memory")


def serve(
    pipe: Connection,
    word: c_int64,
    read: Read,
    limits: ChildLimits,
    given: Settings,
    parent: int,
    scratch: Path,
    prepare: Prepare | None = None,
) -> None:
    """Answer each document that comes through the pipe with what `read` gives, or an exception.

    The settings `given` are those of the parent. Temporary files go to the folder `scratch`.
    """
    _die_with(parent)
    adopt(given)
    _keep_within(limits)
    _prepare(scratch)
    child_position.tell_in(word)
    with suppress(EOFError, BrokenPipeError):  # the parent is gone
        pipe.send(READY)
        if prepare:
            prepare()
        while True:
            path, *known = pipe.recv()
            child_position.reached(child_position.OPENING)
            pipe.send(_read(path, read, limits, *known))


def _read(path: Path, read: Read, limits: ChildLimits, *known: Any) -> Any:
    """The reading of a document, or the UnreadableDocument that says why there is none."""
    try:
        return read(path, *known)
    except Exception as error:  # whatever a document brings about must not end the batch
        if fault := _of_the_disk(path, error):
            return fault
        if isinstance(error, UnreadableDocument):
            return error
        if isinstance(error, MemoryError) or any(sign in str(error) for sign in _NO_MEMORY):
            return ReadingDied(
                Failure.MEMORY, out_of_memory(limits), child_position.stage(child_position.here())
            )
        first_line = next(iter(str(error).splitlines()), "")
        reason = f"{type(error).__name__}: {first_line}"
        return UnreadableDocument(Failure.ERROR, reason, child_position.stage(child_position.here()))


def _of_the_disk(path: Path, error: Exception) -> UnreadableDocument | None:
    """The trouble of a disk behind a failure, if there is any.

    Libraries in C take a file that cannot be read for a damaged one: so it is read once more.
    """
    try:
        with path.open("rb") as file:
            while file.read(_CHUNK):
                pass
    except (FileNotFoundError, MemoryError):  # the parent finds out what is gone
        return None
    except OSError as trouble:
        return UnreadableDocument(Failure.DISK_FAILS, f"cannot read {path}: {trouble.strerror}")
    if cause := _disk_trouble(error):
        reason = f"{cause.strerror}: {cause.filename}" if cause.filename else f"{cause.strerror}"
        return UnreadableDocument(Failure.DISK, reason, child_position.stage(child_position.here()))
    return None


def _disk_trouble(error: BaseException | None) -> OSError | None:
    """What says that a disk is full or fails: an error itself, or one that it came from."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in DISK_TROUBLE:
            return error
        error = error.__cause__ or error.__context__
    return None


def out_of_memory(limits: ChildLimits) -> str:
    """The reason for a reading that asked for more memory than it may have."""
    return f"out of memory: more than {limits.memory_mb} MB (${MEMORY})"


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it is no more, however it ended."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:  # elsewhere than on Linux, a child ends when it finds its pipe closed
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _keep_within(limits: ChildLimits) -> None:
    """Bound the address space, and leave no core files of crashes."""
    size = limits.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _prepare(scratch: Path) -> None:
    """One thread, a folder for temporary files, signals left to the parent, and nothing said.

    Ctrl-C reaches the whole group of a terminal. What parsers log of a damaged document, whole
    streams sometimes, would go there too; what matters of it is in the reading or its failure.
    """
    from ocr.engine.threads import use_one_thread

    use_one_thread()
    logging.getLogger().addHandler(logging.NullHandler())
    warnings.simplefilter("ignore")
    os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
    for one in HELD:
        signal.signal(one, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
